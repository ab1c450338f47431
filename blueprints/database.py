"""The database of a request: one connection that reads, opened when first asked for; each act has its own."""

from contextlib import AbstractContextManager, ExitStack

from flask import Flask, current_app, g
from sqlalchemy import Connection

from casework import clock
from casework.unit_of_work import reading, unit_of_work
from queries.days import VIETNAM, day_of


def prepare(app: Flask) -> None:
    """Give every request its moment, and close its connection at the end."""
    app.before_request(_set_time)
    app.teardown_request(_close)


def reader() -> Connection:
    """The connection by which this request reads."""
    if "reader" not in g:
        g.stack = ExitStack()
        g.reader = g.stack.enter_context(reading(current_app.extensions["engine"]))
    connection: Connection = g.reader
    return connection


def act() -> AbstractContextManager[Connection]:
    """A transaction for one act; what this request has read before is let go first."""
    _close(None)
    return unit_of_work(current_app.extensions["engine"])


def _set_time() -> None:
    g.now = clock.now(reader())
    g.today = day_of(g.now)
    g.local_now = g.now.astimezone(VIETNAM)


def _close(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("stack", None)
    g.pop("reader", None)
    if stack is not None:
        stack.close()
