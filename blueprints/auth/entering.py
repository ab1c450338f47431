"""Signing in, again and out, becoming a practice account, and the language of the pages."""

from urllib.parse import urlsplit

from flask import abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import logout_user
from wtforms import Form, PasswordField, StringField

from blueprints import again, database, signed
from blueprints.access import PUBLIC
from blueprints.auth.base import pages, safe, wanted
from blueprints.forgery import padded
from blueprints.forms import typed
from casework import signing_in
from practice.accounts import accounts_of
from queries.sessions import Account, practice_accounts
from queries.wording import LANGUAGES
from workflow.names import Role


class SignInForm(Form):
    """A name and a password."""

    login = StringField(_l("Tên đăng nhập"), [typed(_l("Hãy nhập tên đăng nhập."))])
    password = PasswordField(_l("Mật khẩu"), [typed(_l("Hãy nhập mật khẩu."))])


@pages.page("/sign-in", access=PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Show the sign-in page, with the accounts of a practice province."""
    if signed.person() is not None:
        return redirect(wanted())
    return _sign_in_page(SignInForm())


@pages.page("/sign-in", access=PUBLIC, methods=("POST",))
def try_sign_in() -> ResponseReturnValue:
    """Try a name and a password; the same answer for an unknown name as for a wrong password."""
    form = SignInForm(request.form)
    if not form.validate():
        return _sign_in_page(form), 422
    entered = again.try_to_enter(form.login.data or "", form.password.data or "")
    if entered.secret is None:
        form.password.errors = [again.say(entered.outcome)]
        return _sign_in_page(form), 422
    return _enter(entered.secret)


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


@pages.page("/sign-in/again", access=PUBLIC, methods=("POST",))
def sign_in_again() -> ResponseReturnValue:
    """Let a script sign the maker of its page in again, and give it the page's new token; or say why not."""
    login = request.form.get("login", "")
    maker = again.maker_of(again.token_sent())
    if not maker or signing_in.login_of(login) != maker:
        return {"message": _("Trang này do một tài khoản khác mở. Hãy mở lại trang rồi đăng nhập.")}, 422
    entered = again.try_to_enter(login, request.form.get("password", ""))
    if entered.secret is None:
        return {"message": again.say(entered.outcome)}, 422
    again.begin(entered.secret)
    return {"csrf_token": padded()}


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
    return redirect(safe(back if came_from.netloc == request.host else ""), 303)


def _sign_in_page(form: SignInForm) -> str:
    listed = {one.login for one in accounts_of(current_app.extensions["settings"].scenario)}
    accounts = practice_accounts(database.reader(), listed, g.today) if current_app.config["PRACTICE"] else ()
    grouped: dict[Role, list[Account]] = {}
    for one in accounts:
        grouped.setdefault(one.role, []).append(one)
    language = request.values.get("lang") or session.get("language", "")
    return render_template("auth/sign_in.html", form=form, accounts=grouped, wanted=wanted(), chosen=language)


def _enter(secret: str) -> ResponseReturnValue:
    """Let the person in, in the language that was chosen before signing in, if one was."""
    language = request.form.get("lang") or session.get("language")
    again.begin(secret)
    person = signed.person()
    if person is not None and language in LANGUAGES and language != person.language:
        with database.act() as connection:
            signing_in.set_language(connection, person.person_id, language)
    return redirect(wanted(), 303)
