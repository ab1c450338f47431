"""Signing in, again and out, becoming a practice account, and the language of the pages."""

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
from blueprints.incoming import parts_of
from casework import signing_in
from casework.signing_in import Outcome
from practice.accounts import accounts_of
from queries.sessions import Account, Waiting, practice_accounts, waiting_for_code
from queries.wording import LANGUAGES
from workflow.names import Role, Tier

WAITING = "waiting"


class SignInForm(Form):
    """A name and a password."""

    login = StringField(_l("Tên đăng nhập"), [typed(_l("Hãy nhập tên đăng nhập."))])
    password = PasswordField(_l("Mật khẩu"), [typed(_l("Hãy nhập mật khẩu."))])


class CodeForm(Form):
    """A code of the second factor."""

    code = StringField(
        _l("Mã xác thực"), [typed(_l("Hãy nhập mã 6 số đang hiện trên điện thoại, hoặc một mã dự phòng."))]
    )


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
    tried = signing_in.check(database.reader(), form.login.data or "", form.password.data or "", again.browser())
    with database.act() as connection:
        entered = signing_in.enter(connection, tried, again.code(""), g.now)
        waiting = entered.outcome is Outcome.CODE_WANTED
        secret = signing_in.wait_for_code(connection, tried, g.now) if waiting else entered.secret
    if secret is None:
        form.password.errors = [again.say(entered.outcome)]
        return _sign_in_page(form), 422
    return _wait(secret) if waiting else _enter(secret)


@pages.page("/sign-in/code", access=PUBLIC)
def code_page() -> ResponseReturnValue:
    """Ask for the code of the telephone, once the password was right."""
    if _waiting() is None:
        return redirect(url_for("auth.sign_in", next=wanted()))
    return render_template("auth/code.html", form=CodeForm(), wanted=wanted())


@pages.page("/sign-in/code", access=PUBLIC, methods=("POST",))
def give_code() -> ResponseReturnValue:
    """Let somebody in whose code is right; a wrong one counts like a wrong password."""
    waiting, form = _waiting(), CodeForm(request.form)
    if waiting is None:
        flash(_("Đã quá thời gian nhập mã. Hãy đăng nhập lại."), "warning")
        return redirect(url_for("auth.sign_in", next=wanted()), 303)
    if not form.validate():
        return render_template("auth/code.html", form=form, wanted=wanted()), 422
    with database.act() as connection:
        entered = signing_in.give_code(connection, waiting, again.code(form.code.data or ""), again.browser(), g.now)
    if entered.secret is None:
        form.code.errors = [again.say(entered.outcome)]
        return render_template("auth/code.html", form=form, wanted=wanted()), 422
    return _enter(entered.secret)


@pages.page("/sign-in/practice", access=PUBLIC, methods=("POST",))
def practice_sign_in() -> ResponseReturnValue:
    """Become a practice account by one press; there is no such page outside a practice province."""
    if not current_app.config["PRACTICE"]:
        abort(404)
    login = request.form.get("login", "")
    with database.act() as connection:
        secret = signing_in.enter_practice(connection, login, again.browser(), g.now)
    return _enter(secret)


@pages.page("/sign-in/again", access=PUBLIC, methods=("POST",))
def sign_in_again() -> ResponseReturnValue:
    """Let a script sign the maker of its page in again, and give it the page's new token; or say why not.

    It brings no token of a session. That it is our script says its header, which no form of another site can send.
    """
    login = request.form.get("login", "")
    maker = again.maker_of(again.token_sent())
    if not again.by_script() or not maker or signing_in.login_of(login) != maker:
        return {"message": _("Trang này do một tài khoản khác mở. Hãy mở lại trang rồi đăng nhập.")}, 422
    entered = again.try_to_enter(login, request.form.get("password", ""), request.form.get("code", ""))
    if entered.secret is None:
        return {"message": again.say(entered.outcome), "code": entered.outcome in again.CODE_OUTCOMES}, 422
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
    came_from = parts_of(request.referrer or "")
    back = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return redirect(safe(back if came_from.netloc == request.host else ""), 303)


def _sign_in_page(form: SignInForm) -> str:
    listed = {one.login for one in accounts_of(current_app.extensions["settings"].scenario)}
    accounts = practice_accounts(database.reader(), listed, g.today) if current_app.config["PRACTICE"] else ()
    tiers: dict[Tier, dict[Role, list[Account]]] = {}
    for one in accounts:
        tiers.setdefault(one.role.tier, {}).setdefault(one.role, []).append(one)
    language = request.values.get("lang") or session.get("language", "")
    return render_template("auth/sign_in.html", form=form, tiers=tiers, wanted=wanted(), chosen=language)


def _wait(secret: str) -> ResponseReturnValue:
    session[WAITING] = secret
    return redirect(url_for("auth.code_page", next=wanted()), 303)


def _waiting() -> Waiting | None:
    secret = session.get(WAITING)
    return waiting_for_code(database.reader(), signing_in.id_of(secret), g.now) if secret else None


def _enter(secret: str) -> ResponseReturnValue:
    """Let the person in, in the language that was chosen before signing in, if one was."""
    language = request.form.get("lang") or session.get("language")
    again.begin(secret)
    person = signed.person()
    if person is not None and language in LANGUAGES and language != person.language:
        with database.act() as connection:
            signing_in.set_language(connection, person.person_id, language)
    return redirect(wanted(), 303)
