"""Whose address a request is said to come from: what the trusted proxies add, and nothing that a browser claims."""

import pytest
from flask import Flask, request

from app import trust_proxies
from settings import SettingsError, load


@pytest.mark.parametrize(("count", "address"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_only_the_proxies_that_are_named_are_believed(count: int, address: str) -> None:
    app = Flask("behind")
    app.add_url_rule("/", view_func=lambda: f"{request.remote_addr} {request.host}")
    trust_proxies(app, count)
    claimed = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9, 198.51.100.7", "X-Forwarded-Host": "lure.example"}
    assert app.test_client().get("/", headers=claimed).text == f"{address} localhost"


@pytest.mark.parametrize("wrong", ["-1", "6", "one", ""])
def test_a_number_of_proxies_that_cannot_be_stops_the_start(wrong: str) -> None:
    with pytest.raises(SettingsError):
        load({"PROXIES": wrong})
