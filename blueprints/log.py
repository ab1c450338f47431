"""One line in the log for each request: no values of a form, no address's parameters."""

import re
import time
from re import Pattern
from secrets import token_hex

from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy import event

from casework.log import log

GIVEN: Pattern[str] = re.compile(r"[A-Za-z0-9-]{8,64}")


def prepare(app: Flask) -> None:
    """Give every request an id and a line in the log."""
    app.before_request(_begin)
    app.after_request(_end)
    event.listen(app.extensions["engine"], "before_cursor_execute", _count)


def request_id() -> str:
    """The id of this request, given by the proxy or made here."""
    found: str = g.get("request_id", "")
    return found


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if GIVEN.fullmatch(given) else token_hex(8)
    g.began, g.queries = time.perf_counter(), 0


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    if current_app.extensions["settings"].log_requests:
        _tell(response)
    return response


def _tell(response: Response) -> None:
    user = g.get("_login_user")
    log.info(
        "request",
        request_id=g.request_id,
        person=user.person.person_id if user is not None and user.is_authenticated else None,
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        ms=round((time.perf_counter() - g.began) * 1e3, 1),
        queries=g.queries,
    )


def _count(*_args: object) -> None:
    if has_request_context() and "queries" in g:
        g.queries += 1
