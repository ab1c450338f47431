"""What guards accounts: closing and opening them, further tries, links, and who must have a second factor."""

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form

from blueprints import database, signed
from blueprints.admin.base import READERS, WRITERS, may_write, pages
from blueprints.admin.handing_over import hand_over
from blueprints.admin.people import account_or_404, render_user
from blueprints.face import word
from blueprints.forms import choices_of, some_of
from casework import password_links, people, second_factor
from casework.errors import Refused
from queries.accounts import acts_upon_settings, obliged_roles
from queries.days import VIETNAM
from workflow.names import AdminAct, Role


class DutyForm(Form):
    """The offices whose holders must have a second factor; none is a choice too."""

    roles = some_of(_l("Người giữ các nhiệm vụ này phải bật xác thực hai lớp"), {}, optional=True)


@pages.page("/users/<int:person_id>/link", access=WRITERS, methods=("POST",))
def make_link(person_id: int) -> ResponseReturnValue:
    """Make a one-time link and show it, this once, to be handed over."""
    try:
        with database.act() as connection:
            secret = password_links.make_link(connection, person_id, signed.keeper(), g.now)
    except Refused as error:
        return render_user(person_id, error.refusals), 422
    return hand_over(account_or_404(person_id), secret)


@pages.page("/users/<int:person_id>/unlock", access=WRITERS, methods=("POST",))
def unlock_user(person_id: int) -> ResponseReturnValue:
    """Let somebody try again at once who failed to sign in too often."""
    return _do(people.unlock, person_id, _("Có thể đăng nhập lại ngay."))


@pages.page("/users/<int:person_id>/disable", access=WRITERS, methods=("POST",))
def disable_user(person_id: int) -> ResponseReturnValue:
    """Close an account: it cannot sign in, and its sessions end."""
    return _do(people.disable, person_id, _("Đã khóa tài khoản."))


@pages.page("/users/<int:person_id>/enable", access=WRITERS, methods=("POST",))
def enable_user(person_id: int) -> ResponseReturnValue:
    """Open a closed account again."""
    return _do(people.enable, person_id, _("Đã mở lại tài khoản."))


@pages.page("/users/<int:person_id>/second-factor", access=WRITERS, methods=("POST",))
def take_factor(person_id: int) -> ResponseReturnValue:
    """Take the second factor of somebody who has lost the telephone."""
    return _do(people.take_factor_away, person_id, _("Đã tắt xác thực hai lớp của người này."))


@pages.page("/second-factor", access=READERS)
def duty_page() -> ResponseReturnValue:
    """Show which offices oblige to a second factor."""
    return _duty_page(_duty_form(obliged_roles(database.reader())))


@pages.page("/second-factor", access=WRITERS, methods=("POST",))
def change_duty() -> ResponseReturnValue:
    """Lay down which offices oblige to a second factor, from each holder's next sign-in on."""
    form = _duty_form(None)
    if not form.validate():
        return _duty_page(form), 422
    with database.act() as connection:
        second_factor.oblige(connection, frozenset(map(Role, form.roles.data)), signed.keeper(), g.now)
    flash(_("Đã lưu. Quy định có hiệu lực từ lần đăng nhập sau của mỗi người."), "success")
    return redirect(url_for("admin.duty_page"), 303)


def _do(act: Callable[..., Any], person_id: int, done: str) -> ResponseReturnValue:
    try:
        with database.act() as connection:
            act(connection, person_id, signed.keeper(), g.now)
    except Refused as error:
        return render_user(person_id, error.refusals), 422
    flash(done, "success")
    return redirect(url_for("admin.user_page", person_id=person_id), 303)


def _duty_form(roles: frozenset[Role] | None) -> DutyForm:
    form = DutyForm(request.form) if roles is None else DutyForm(data={"roles": [role.value for role in roles]})
    form.roles.choices = choices_of({role.value: word("roles", role.value) for role in Role})
    return form


def _duty_page(form: DutyForm) -> str:
    acts = acts_upon_settings(database.reader(), AdminAct.DUTY_CHANGED)
    return render_template("admin/second_factor.html", form=form, acts=acts, zone=VIETNAM, may=may_write())
