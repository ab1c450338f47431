"""A time-stamp authority by RFC 3161 as a server on this machine, for tests: it stamps, refuses, is late, or lies."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from asn1crypto import cms, tsp

from tests.signing_office import Office

REPLY = "application/timestamp-reply"


class Server(ThreadingHTTPServer):
    """Answers each request in the way that is set, and counts them."""

    daemon_threads = True

    def __init__(self, office: Office) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.stamper, self.way, self.asked, self.over = office.stamper(), "stamp", 0, threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/tsa"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the test."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked += 1
        status, kind, content = answer(self.server, asked)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def answer(server: Server, asked: Any) -> tuple[int, str, bytes]:
    """What the authority answers, by the way that is set."""
    if server.way == "late":
        server.over.wait(5)
    if server.way == "down":
        return 503, "text/plain", b"closed"
    if server.way == "page":
        return 200, "text/html", b"<h1>Welcome</h1>"
    if server.way == "noise":
        return 200, REPLY, b"\x30\x03no"
    if server.way == "refuse":
        status = tsp.PKIStatusInfo({"status": "rejection", "status_string": ["no"]}).dump()
        return (
            200,
            REPLY,
            bytes([0x30, len(status)]) + status,
        )  # no stamp, so the library cannot write it
    if server.way == "other moment":
        asked["nonce"] = cms.Integer(7)
    if server.way == "other bytes":
        asked["message_imprint"]["hashed_message"] = b"\x00" * 32
    return 200, REPLY, server.stamper.request_tsa_response(asked).dump()


@contextmanager
def serving(office: Office) -> Iterator[Server]:
    """The authority at work, until the test is over."""
    server = Server(office)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
