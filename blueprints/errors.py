"""The pages of what goes wrong: each says what happened, that nothing was changed, and what to do next.

They are written in the language of the page; in both, one after the other, only where no language can be known.
"""

from collections.abc import Callable
from secrets import token_hex
from typing import Any

from flask import Flask, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge, TooManyRequests

from blueprints import again, signed
from blueprints.access import PUBLIC
from blueprints.face import lang
from blueprints.log import request_id
from casework.errors import KeyReused, NotFound, Refused, Stale
from casework.log import log
from queries.days import VIETNAM
from queries.wording import LANGUAGES, sentence

LARGEST_REQUEST = 21 * 1024 * 1024


def prepare(app: Flask) -> None:
    """Register a page for everything that can go wrong."""
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(401, signed_out)
    app.register_error_handler(403, forbidden)
    app.register_error_handler(404, not_found)
    app.register_error_handler(MethodNotAllowed, wrong_method)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(Stale, stale)
    app.register_error_handler(KeyReused, key_reused)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(RequestEntityTooLarge, too_large)
    app.register_error_handler(TooManyRequests, too_often)
    app.register_error_handler(DBAPIError, away_or_broken)
    app.register_error_handler(HTTPException, other)
    app.register_error_handler(Exception, broken)


def page(name: str, **values: Any) -> str:
    """The page of an error, in one language where it is known, else in both."""
    return render_template(f"errors/{name}.html", twice=not _language_known(), in_english=in_english, **values)


def _language_known() -> bool:
    if session.get("language") in LANGUAGES or request.args.get("lang") in LANGUAGES:
        return True
    return not g.get("broken") and signed.person() is not None


def in_english(block: Callable[[], str]) -> str:
    """A part of the page once more, in English."""
    before, g.language = g.language, "en"
    with force_locale(g.language):
        text = block()
    g.language = before
    return text


def not_found(_error: Exception) -> ResponseReturnValue:
    """There is no such page, or not for this person: both look the same."""
    return page("404"), 404


def wrong_method(error: MethodNotAllowed) -> ResponseReturnValue:
    """The address is there, but not for this way of asking."""
    return page("405"), 405, {"Allow": ", ".join(sorted(error.valid_methods or ()))}


def signed_out(_error: Exception) -> ResponseReturnValue:
    """The session ended while the page was open."""
    return page("401"), 401


def forbidden(_error: Exception) -> ResponseReturnValue:
    """The page belongs to other offices."""
    return page("403"), 403


def grown_old(_error: Exception) -> ResponseReturnValue:
    """The form was open for too long, or was not written by us."""
    return page("expired"), 403


def forged(error: CSRFError) -> ResponseReturnValue:
    """A form without the token of this browser's session: its maker signs in again, any other is refused."""
    if getattr(current_app.view_functions.get(request.endpoint or ""), "access", None) is not PUBLIC:
        return again.ask_maker() or grown_old(error)
    if not again.is_ours(again.token_sent()):
        return grown_old(error)
    flash(_("Trang đã mở quá lâu nên chưa có gì được gửi. Hãy thử lại."), "warning")
    return redirect(url_for("auth.sign_in"), 303)


def stale(error: Stale) -> ResponseReturnValue:
    """Somebody changed the dossier meanwhile: who and when, and what was typed."""
    return page("409", changed_by=error.by, changed_at=error.at.astimezone(VIETNAM), **_typed()), 409


def key_reused(_error: KeyReused) -> ResponseReturnValue:
    """The form was used for another act already."""
    return page("409", **_typed()), 409


def _typed() -> dict[str, Any]:
    return {"typed": g.get("typed", ()), "current_url": g.get("current_url", request.path)}


def refused(error: Refused) -> ResponseReturnValue:
    """An act that the rules do not allow, on a page that has no form of its own to show it beside."""
    return page("422", reasons=lambda: [sentence(one, lang()) for one in error.refusals]), 422


def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """What was sent is larger than a request may be."""
    return page("413", limit="20 MB", back_url=request.full_path.rstrip("?")), 413


def too_often(_error: TooManyRequests) -> ResponseReturnValue:
    """Somebody asks a public page more often than people do."""
    return page("429"), 429, {"Retry-After": "60"}


def other(error: HTTPException) -> ResponseReturnValue:
    """Whatever else a browser can do wrong; a redirection is none of it."""
    code = error.code or 500
    if code < 400:
        return error
    return page("400"), code


def away_or_broken(error: DBAPIError) -> ResponseReturnValue:
    """The database is away or cannot take more; anything else of it is an error of ours."""
    away = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    if not away:
        return broken(error)
    g.broken = True
    log.error("database away", request_id=request_id(), path=request.path, error=str(error.orig))
    return page("503"), 503, {"Retry-After": "30"}


def broken(error: Exception) -> ResponseReturnValue:
    """An error of ours, with a number that finds it in the log."""
    g.broken = True
    reference = token_hex(4).upper()
    log.error(
        "request failed",
        reference=reference,
        request_id=request_id(),
        method=request.method,
        path=request.path,
        exc_info=error,
    )
    return page("500", reference=reference), 500
