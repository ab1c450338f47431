"""Signing in and out, the language of the pages, and one's own account."""

from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from wtforms import Form, PasswordField, StringField

from blueprints import database, signed
from blueprints.access import PUBLIC, SIGNED_IN, Pages
from blueprints.forms import typed
from casework import signing_in
from practice.accounts import accounts_of
from queries.sessions import Account, practice_accounts
from queries.wording import LANGUAGES
from workflow.names import Role

pages = Pages("auth", __name__)


class SignInForm(Form):
    """A name and a password."""

    login = StringField(_l("Tên đăng nhập"), [typed(_l("Hãy nhập tên đăng nhập."))])
    password = PasswordField(_l("Mật khẩu"), [typed(_l("Hãy nhập mật khẩu."))])


@pages.page("/sign-in", access=PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page, with the accounts of a practice province."""
    if signed.person() is not None:
        return redirect(_wanted())
    return _sign_in_page(SignInForm())


@pages.page("/sign-in", access=PUBLIC, methods=("POST",))
def try_sign_in() -> ResponseReturnValue:
    """Try a name and a password; the same answer for an unknown name as for a wrong password."""
    form = SignInForm(request.form)
    if not form.validate():
        return _sign_in_page(form), 422
    address, browser = request.remote_addr or "", request.user_agent.string
    tried = signing_in.check(database.reader(), form.login.data or "", form.password.data or "", address, g.now)
    with database.act() as connection:
        secret = signing_in.record(connection, tried, browser, g.now)
    if secret is None:
        form.password.errors = [_locked() if tried.locked else _("Tên đăng nhập hoặc mật khẩu không đúng.")]
        return _sign_in_page(form), 422
    return _enter(secret)


@pages.page("/sign-in/practice", access=PUBLIC, methods=("POST",))
def practice_sign_in() -> ResponseReturnValue:
    """Become a practice account by one press; there is no such page outside a practice province."""
    if not current_app.config["PRACTICE"]:
        abort(404)
    login = request.form.get("login", "")
    with database.act() as connection:
        secret = signing_in.enter_practice(
            connection, login, request.remote_addr or "", request.user_agent.string, g.now
        )
    return _enter(secret)


@pages.page("/sign-out", access=PUBLIC, methods=("POST",))
def sign_out() -> ResponseReturnValue:
    """End the session here and on the server."""
    person = signed.person()
    if person is not None:
        with database.act() as connection:
            signing_in.revoke(connection, person.session_id, g.now)
    logout_user()
    session.clear()
    flash(_("Đã đăng xuất."), "success")
    return redirect(url_for("auth.sign_in"), 303)


@pages.page("/language", access=PUBLIC, methods=("POST",))
def choose_language() -> ResponseReturnValue:
    """Keep the chosen language, for a signed-in person with the account."""
    language = request.form.get("lang", "")
    if language not in LANGUAGES:
        abort(404)
    session["language"] = language
    person = signed.person()
    if person is not None:
        with database.act() as connection:
            signing_in.set_language(connection, person.person_id, language)
    came_from = urlsplit(request.referrer or "")
    back = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return redirect(_safe(back if came_from.netloc == request.host else ""), 303)


@pages.page("/account", access=SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show one's own offices and until when they are held."""
    return render_template("auth/account.html", person=signed.require_person(), today=g.today)


def _sign_in_page(form: SignInForm) -> str:
    listed = {one.login for one in accounts_of(current_app.extensions["settings"].scenario)}
    accounts = practice_accounts(database.reader(), listed, g.today) if current_app.config["PRACTICE"] else ()
    grouped: dict[Role, list[Account]] = {}
    for one in accounts:
        grouped.setdefault(one.role, []).append(one)
    return render_template("auth/sign_in.html", form=form, accounts=grouped, wanted=_wanted())


def _enter(secret: str) -> ResponseReturnValue:
    language = session.get("language")
    session.clear()  # what an attacker may have planted before must not live on
    if language:
        session["language"] = language
    person = signed.load(secret)
    login_user(person)
    return redirect(_wanted(), 303)


def _wanted() -> str:
    return _safe(request.values.get("next", ""))


def _safe(address: str) -> str:
    """The address when it is one of our own pages, else the first page."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside else "/"


def _locked() -> str:
    minutes = int(signing_in.LOCK_FOR.total_seconds() // 60)
    return _(
        "Đăng nhập sai quá nhiều lần. Hãy chờ %(minutes)s phút rồi thử lại, "
        "hoặc liên hệ cán bộ quản trị của đơn vị để đặt lại mật khẩu.",
        minutes=minutes,
    )
