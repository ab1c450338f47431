"""Setting up one's own second factor, new recovery codes for it, and turning it off."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Form, StringField

from blueprints import again, database, signed
from blueprints.access import SETTING_UP, SIGNED_IN
from blueprints.auth.base import ConfirmForm, beside, confirmed, pages, unkept
from blueprints.forms import typed
from casework import second_factor as factors
from casework import signing_in
from casework.errors import Refused
from queries.accounts import second_factor_of


class SetUpForm(Form):
    """The first code of the telephone."""

    code = StringField(_l("Mã 6 số đang hiện trên điện thoại"), [typed(_l("Hãy nhập mã 6 số."))])


@pages.page("/account/second-factor", access=SETTING_UP)
def second_factor() -> ResponseReturnValue:
    """Show how the second factor stands, and the next step of setting it up."""
    return _page(SetUpForm())


@pages.page("/account/second-factor/begin", access=SETTING_UP, methods=("POST",))
def begin_second_factor() -> ResponseReturnValue:
    """Make a secret, whose picture the page then shows."""
    with database.act() as connection:
        factors.begin(connection, signed.require_person().person_id, g.now)
    return redirect(url_for("auth.second_factor"), 303)


@pages.page("/account/second-factor", access=SETTING_UP, methods=("POST",))
def confirm_second_factor() -> ResponseReturnValue:
    """Let the secret count from the first right code on, and show the recovery codes, this once."""
    form, person = SetUpForm(request.form), signed.require_person()
    if not form.validate():
        return _page(form, 422)
    try:
        with database.act() as connection:
            codes = factors.confirm(connection, signed.keeper(), again.code(form.code.data or ""), g.now)
            signing_in.open_up(connection, person.session_id)
    except Refused as error:
        beside(form.code, error.refusals)
        return _page(form, 422)
    return _codes(codes)


@pages.page("/account/second-factor/codes", access=SIGNED_IN)
def codes_page() -> ResponseReturnValue:
    """Ask for password and code before new recovery codes are made."""
    return _ask(ConfirmForm(), "auth/new_codes.html")


@pages.page("/account/second-factor/codes", access=SIGNED_IN, methods=("POST",))
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes, which are shown this once; the old ones are good no longer."""
    form = ConfirmForm(request.form)
    if not form.validate() or not confirmed(form):
        return _ask(form, "auth/new_codes.html", 422)
    with database.act() as connection:
        codes = factors.renew_codes(connection, signed.require_person().person_id)
    return _codes(codes)


@pages.page("/account/second-factor/off", access=SIGNED_IN)
def off_page() -> ResponseReturnValue:
    """Ask for password and code before the second factor is turned off."""
    return _ask(ConfirmForm(), "auth/factor_off.html")


@pages.page("/account/second-factor/off", access=SIGNED_IN, methods=("POST",))
def turn_off() -> ResponseReturnValue:
    """Turn the second factor off; whoever is obliged to it cannot."""
    form = ConfirmForm(request.form)
    if not form.validate() or not confirmed(form):
        return _ask(form, "auth/factor_off.html", 422)
    with database.act() as connection:
        factors.turn_off(connection, signed.keeper(), g.now)
    flash(_("Đã tắt xác thực hai lớp."), "success")
    return redirect(url_for("auth.account"), 303)


def _page(form: SetUpForm, status: int = 200) -> ResponseReturnValue:
    person = signed.require_person()
    factor = second_factor_of(database.reader(), person.person_id)
    obliged = factors.is_obliged(database.reader(), person.person_id, g.today)
    shown: dict[str, Any] = {"form": form, "factor": factor, "obliged": obliged, "must": person.must_set_up}
    if factor is not None and factor.confirmed_at is None:
        import segno  # it loads slowly, and only this page draws

        picture = segno.make(factors.address_of(factor.secret, person.login), error="m", micro=False)
        drawn = picture.svg_inline(border=2, light="#fff", omitsize=True, svgclass=None, lineclass=None)
        shown["picture"] = Markup(drawn)  # noqa: S704 - drawn by the library, from what it encoded
        shown["secret"] = " ".join(factor.secret[place : place + 4] for place in range(0, len(factor.secret), 4))
    return unkept(render_template("auth/second_factor.html", **shown), status)


def _ask(form: ConfirmForm, template: str, status: int = 200) -> ResponseReturnValue:
    factor = second_factor_of(database.reader(), signed.require_person().person_id)
    if factor is None or factor.confirmed_at is None:
        return redirect(url_for("auth.second_factor"), 303)
    return render_template(template, form=form, factor=factor), status


def _codes(codes: tuple[str, ...]) -> ResponseReturnValue:
    return unkept(render_template("auth/codes.html", codes=codes, person=signed.require_person()))
