"""The pages of what goes wrong: each says what happened, that nothing was changed, and what to do next."""

from secrets import token_hex
from typing import Any

import structlog
from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from blueprints import again
from blueprints.access import PUBLIC
from casework.errors import KeyReused, NotFound, Refused, Stale
from queries.days import VIETNAM
from queries.wording import sentence

LARGEST_REQUEST = 21 * 1024 * 1024
log = structlog.get_logger()


def prepare(app: Flask) -> None:
    """Register a page for everything that can go wrong."""
    app.register_error_handler(NotFound, not_found)
    app.register_error_handler(404, not_found)
    app.register_error_handler(405, not_found)
    app.register_error_handler(403, forbidden)
    app.register_error_handler(CSRFError, forged)
    app.register_error_handler(Stale, stale)
    app.register_error_handler(KeyReused, key_reused)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(RequestEntityTooLarge, too_large)
    app.register_error_handler(DBAPIError, away_or_broken)
    app.register_error_handler(Exception, broken)


def not_found(_error: Exception) -> ResponseReturnValue:
    """There is no such page, or not for this person: both look the same."""
    return render_template("errors/404.html"), 404


def forbidden(_error: Exception) -> ResponseReturnValue:
    """The page belongs to other offices, or it was open for too long."""
    return render_template("errors/403.html"), 403


def forged(error: CSRFError) -> ResponseReturnValue:
    """A form without the token of this browser's session: its maker signs in again, any other is refused."""
    if getattr(current_app.view_functions.get(request.endpoint or ""), "access", None) is not PUBLIC:
        return again.ask_maker() or forbidden(error)
    if not again.is_ours(again.token_sent()):
        return forbidden(error)
    flash(_("Trang đã mở quá lâu nên chưa có gì được gửi. Hãy thử lại."), "warning")
    return redirect(url_for("auth.sign_in"), 303)


def stale(error: Stale) -> ResponseReturnValue:
    """Somebody changed the dossier meanwhile: who and when, and what was typed."""
    shown = {"changed_by": error.by, "changed_at": error.at.astimezone(VIETNAM)}
    return render_template("errors/409.html", **shown, **_typed()), 409


def key_reused(_error: KeyReused) -> ResponseReturnValue:
    """The form was used for another act already."""
    return render_template("errors/409.html", **_typed()), 409


def _typed() -> dict[str, Any]:
    return {"typed": g.get("typed", ()), "current_url": g.get("current_url", request.path)}


def refused(error: Refused) -> ResponseReturnValue:
    """An act that the rules do not allow, on a page that has no form of its own to show it beside."""
    reasons = [(sentence(one, "vi"), sentence(one, "en")) for one in error.refusals]
    return render_template("errors/422.html", reasons=reasons), 422


def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """What was sent is larger than a request may be."""
    return render_template("errors/413.html", limit="20 MB", back_url=request.full_path.rstrip("?")), 413


def away_or_broken(error: DBAPIError) -> ResponseReturnValue:
    """The database is away or cannot take more; anything else of it is an error of ours."""
    away = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    if not away:
        return broken(error)
    g.broken = True
    log.error("database away", path=request.path, error=str(error.orig))
    return render_template("errors/503.html"), 503, {"Retry-After": "30"}


def broken(error: Exception) -> ResponseReturnValue:
    """An error of ours, with a number that finds it in the log."""
    if isinstance(error, HTTPException):
        return error
    g.broken = True
    reference = token_hex(4).upper()
    log.error("request failed", reference=reference, method=request.method, path=request.path, exc_info=error)
    return render_template("errors/500.html", reference=reference), 500
