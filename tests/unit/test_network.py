"""The tests' own promise: no test reaches beyond this machine."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.invalid"])
def test_no_test_reaches_beyond_this_machine(host: str) -> None:
    with pytest.raises(PermissionError, match="beyond this machine"):
        socket.create_connection((host, 80), timeout=1)


def test_a_plain_socket_is_held_back_too() -> None:
    with socket.socket() as plain, pytest.raises(PermissionError, match="beyond this machine"):
        plain.connect(("192.0.2.1", 80))


def test_this_machine_is_reached() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        socket.create_connection(("localhost", listening.getsockname()[1]), timeout=5).close()
