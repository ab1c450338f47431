"""The offices of a person: granting one at a unit that is found by its name, and ending one."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, SelectField, StringField

from blueprints import database, signed
from blueprints.admin.base import WRITERS, beside, pages
from blueprints.admin.people import account_or_404
from blueprints.face import lang, word
from blueprints.forms import OPTIONAL, DayField, choices_of, dated, from_list
from casework import people
from casework.errors import NotFound, Refused
from casework.people import WORDINGS, NewGrant
from queries.accounts import Account, HeldOffice
from queries.units import units_on
from queries.wording import departments
from workflow.names import Role

MOST_SHOWN = 20
PLACES = {
    "grant.other_tier": "role",
    "grant.unit_not_then": "valid_from",
    "grant.to_oneself": "role",
    "grant.held_already": "role",
    "grant.no_department": "department",
    "grant.unknown_department": "department",
    "grant.unknown_wording": "wording",
    "grant.dates": "valid_to",
}
ENDED = {"grant.dates": "last_day", "grant.ended_already": "last_day", "person.last_administrator": "last_day"}


class GrantForm(Form):
    """Which office, where, from when until when, and how it is signed."""

    role = from_list(_l("Nhiệm vụ"), {})
    unit = StringField(_l("Đơn vị"))
    unit_id = SelectField(_l("Chọn đơn vị"), coerce=lambda value: int(value or 0), validate_choice=False)
    department = from_list(_l("Sở, ngành"), {}, default="")
    valid_from = DayField(_l("Từ ngày"), [dated()])
    valid_to = DayField(_l("Đến hết ngày"), [OPTIONAL])
    wording = from_list(_l("Thẩm quyền ký"), {}, default="")


class EndForm(Form):
    """The last day of an office."""

    last_day = DayField(_l("Ngày cuối cùng"), [dated()])


@pages.page("/users/<int:person_id>/offices/new", access=WRITERS)
def grant_page(person_id: int) -> ResponseReturnValue:
    """Show the form by which an office is granted."""
    form = _form()
    form.valid_from.data = g.today
    return _page(person_id, form)


@pages.page("/users/<int:person_id>/offices/new", access=WRITERS, methods=("POST",))
def grant_office(person_id: int) -> ResponseReturnValue:
    """Grant the office, or say beside each field what is wrong; of several units that fit one is chosen."""
    form = _form()
    whole, unit_id = form.validate(), _find_unit(form)
    if not whole or unit_id is None or form.valid_from.data is None:
        return _page(person_id, form, 422)
    first, last, department = form.valid_from.data, form.valid_to.data, form.department.data or None
    new = NewGrant(Role(form.role.data), unit_id, first, last, department, form.wording.data or "")
    try:
        with database.act() as connection:
            people.grant_office(connection, person_id, new, signed.keeper(), g.now)
    except Refused as error:
        beside(form, error.refusals, PLACES)
        return _page(person_id, form, 422)
    flash(_("Đã giao nhiệm vụ."), "success")
    return redirect(url_for("admin.user_page", person_id=person_id), 303)


@pages.page("/users/<int:person_id>/offices/<int:grant_id>/end", access=WRITERS)
def end_page(person_id: int, grant_id: int) -> ResponseReturnValue:
    """Show the form by which an office is ended."""
    form = EndForm()
    form.last_day.data = g.today
    return _end_page(person_id, grant_id, form)


@pages.page("/users/<int:person_id>/offices/<int:grant_id>/end", access=WRITERS, methods=("POST",))
def end_office(person_id: int, grant_id: int) -> ResponseReturnValue:
    """End the office with its last day, or say why not."""
    form = EndForm(request.form)
    _office(account_or_404(person_id), grant_id)
    if not form.validate() or form.last_day.data is None:
        return _end_page(person_id, grant_id, form, 422)
    try:
        with database.act() as connection:
            people.end_grant(connection, grant_id, form.last_day.data, signed.keeper(), g.now)
    except Refused as error:
        beside(form, error.refusals, ENDED)
        return _end_page(person_id, grant_id, form, 422)
    flash(_("Đã ghi ngày kết thúc nhiệm vụ."), "success")
    return redirect(url_for("admin.user_page", person_id=person_id), 303)


def _form() -> GrantForm:
    form = GrantForm(request.form if request.method == "POST" else None)
    form.role.choices = choices_of({role.value: word("roles", role.value) for role in Role})
    named = {code: one.name_vi if lang() == "vi" else one.name_en for code, one in departments().items()}
    form.department.choices = choices_of({"": _("Không"), **named})
    form.wording.choices = choices_of({name: _WORDINGS[name] for name in WORDINGS})
    form.unit_id.choices = []
    return form


_WORDINGS = {
    "": _l("Ký chính danh"),
    "Q.": _l("Q. – quyền"),
    "KT.": _l("KT. – ký thay"),
    "TL.": _l("TL. – thừa lệnh"),
    "TUQ.": _l("TUQ. – thừa ủy quyền"),
}


def _find_unit(form: GrantForm) -> int | None:
    """The unit that was chosen or the only one that fits; else what to do is said, and those that fit are offered."""
    if form.role.data not in set(Role):
        return None
    tier, day, reader = Role(form.role.data).tier, form.valid_from.data or g.today, database.reader()
    every = units_on(reader, tier, day)
    if form.unit_id.data in every:
        return int(form.unit_id.data)
    if len(every) == 1:
        return next(iter(every))
    wanted = (form.unit.data or "").strip()
    fitting = units_on(reader, tier, day, wanted) if wanted else {}
    if len(fitting) == 1:
        return next(iter(fitting))
    form.unit_id.choices = choices_of(fitting) if len(fitting) <= MOST_SHOWN else []
    form.unit.errors = [_missing(wanted, len(fitting), word("tiers", tier.value).lower())]
    return None


def _missing(wanted: str, number: int, tier: str) -> str:
    if not wanted:
        return _("Hãy nhập tên hoặc mã của đơn vị cấp %(tier)s.", tier=tier)
    if number == 0:
        return _("Không có đơn vị cấp %(tier)s nào khớp. Hãy thử một phần của tên.", tier=tier)
    if number <= MOST_SHOWN:
        return _("Có %(number)s đơn vị khớp. Hãy chọn một.", number=number)
    return _("Có %(number)s đơn vị khớp. Hãy nhập rõ hơn.", number=number)


def _page(person_id: int, form: GrantForm, status: int = 200) -> ResponseReturnValue:
    return render_template("admin/office_grant.html", form=form, found=account_or_404(person_id)), status


def _office(found: Account, grant_id: int) -> HeldOffice:
    for office in found.offices:
        if office.id == grant_id:
            return office
    raise NotFound(f"grant {grant_id}")


def _end_page(person_id: int, grant_id: int, form: EndForm, status: int = 200) -> ResponseReturnValue:
    found = account_or_404(person_id)
    return render_template("admin/office_end.html", form=form, found=found, office=_office(found, grant_id)), status
