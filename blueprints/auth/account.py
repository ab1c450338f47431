"""One's own account: the offices held, what guards it, and the sessions in which one is signed in."""

import re

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import database, signed
from blueprints.access import SIGNED_IN
from blueprints.auth.base import pages
from casework import signing_in
from queries.accounts import second_factor_of
from queries.days import VIETNAM
from queries.people import read_mailing
from queries.sessions import OwnSession, own_sessions

BROWSERS = (
    ("Cốc Cốc", "coc_coc_browser/"),
    ("Edge", "Edg"),
    ("Opera", "OPR/"),
    ("Samsung Internet", "SamsungBrowser/"),
    ("Firefox", "Firefox/|FxiOS/"),
    ("Chrome", "Chrome/|CriOS/"),
    ("Safari", "Safari/"),
)
MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac", "Macintosh"),
    ("Linux", "Linux|X11"),
)


@pages.page("/account", access=SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show one's own offices and until when they are held, and how the account is guarded."""
    person = signed.require_person()
    factor = second_factor_of(database.reader(), person.person_id)
    sessions = own_sessions(database.reader(), person.person_id, g.now)
    guarded = factor is not None and factor.confirmed_at is not None
    mailing, email = read_mailing(database.reader(), person.person_id)
    told = {"mailing": mailing, "email": email}
    return render_template(
        "auth/account.html", person=person, today=g.today, guarded=guarded, sessions=len(sessions), **told
    )


@pages.page("/account/sessions", access=SIGNED_IN)
def sessions_page() -> ResponseReturnValue:
    """Show where one is signed in, and which of these sessions is the one that asks."""
    person = signed.require_person()
    listed = [_shown(one) for one in own_sessions(database.reader(), person.person_id, g.now)]
    return render_template("auth/sessions.html", listed=listed, own=person.session_id)


@pages.page("/account/sessions", access=SIGNED_IN, methods=("POST",))
def end_session() -> ResponseReturnValue:
    """End one of one's sessions; ending the one that asks is signing out."""
    person = signed.require_person()
    with database.act() as connection:
        signing_in.revoke_own(connection, person.person_id, request.form.get("session", ""), g.now)
    flash(_("Đã kết thúc phiên."), "success")
    return redirect(url_for("auth.sessions_page"), 303)


@pages.page("/account/sessions/others", access=SIGNED_IN, methods=("POST",))
def end_other_sessions() -> ResponseReturnValue:
    """End all of one's sessions but this one."""
    person = signed.require_person()
    with database.act() as connection:
        signing_in.end_sessions(connection, person.person_id, g.now, but=person.session_id)
    flash(_("Đã kết thúc mọi phiên khác."), "success")
    return redirect(url_for("auth.sessions_page"), 303)


def _shown(session: OwnSession) -> dict[str, object]:
    moments = {"since": session.created_at.astimezone(VIETNAM), "last": session.last_seen_at.astimezone(VIETNAM)}
    return {"id": session.id, "device": device_of(session.browser), "address": session.address, **moments}


def device_of(browser: str) -> str:
    """Browser and machine in words, as far as the browser says what it is."""
    name = next((words for words, sign in BROWSERS if re.search(sign, browser)), _("Trình duyệt không rõ"))
    machine = next((words for words, sign in MACHINES if re.search(sign, browser)), "")
    return _("%(browser)s trên %(machine)s", browser=name, machine=machine) if machine else name
