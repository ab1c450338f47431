"""Who reads what in the whole province, by day, by office and by person: for whoever watches over the record's use."""

from datetime import date, timedelta
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectField, ValidationError

from blueprints import database, signed
from blueprints.admin.base import READERS, pages
from blueprints.face import word
from blueprints.forms import OPTIONAL, DayField, NotBefore, choices_of
from blueprints.incoming import page_in
from queries.access import MOST_DAYS, PAGE, Access, Wanted, read_access
from workflow.names import Role

USUAL_DAYS, MOST_PAGES = 7, 1_000
NAMES = ("since", "until", "role", "person")


class PeriodForm(Form):
    """What narrows the statistics: a period of at most a month, and an office."""

    since = DayField(_l("Từ ngày"), [OPTIONAL])
    until = DayField(_l("Đến hết ngày"), [OPTIONAL, NotBefore("since")])
    role = SelectField(_l("Nhiệm vụ"), validate_choice=False)

    def validate_until(self, field: DayField) -> None:
        """Refuse a period that is longer than a month."""
        first, last = self.since.data, field.data
        if first and last and (last - first).days >= MOST_DAYS:
            raise ValidationError(_("Hãy chọn nhiều nhất %(num)s ngày.", num=MOST_DAYS))


@pages.page("/viewings", access=READERS)
def viewings_page() -> ResponseReturnValue:
    """Show how dossiers were read in a period, and each look, the latest first; a wrong period leaves the usual one."""
    form = PeriodForm(MultiDict(request.args))
    fits = form.validate()
    wanted = _wanted(form)
    form.role.choices = choices_of({"": _l("Tất cả")} | {role.value: word("roles", role.value) for role in Role})
    form.since.data, form.until.data, form.role.data = wanted.since, wanted.until, wanted.role
    found = read_access(database.reader(), wanted)
    last = max(1, -(-found.total // PAGE))
    ways = {way: _page(to, last) for way, to in (("previous", wanted.page - 1), ("following", wanted.page + 1))}
    opens = Role.INSPECTOR in signed.require_person().roles_on(g.today)
    shown: dict[str, Any] = {"form": form, "wanted": wanted, "found": found, "last": last, "at": _at, "opens": opens}
    page = render_template("admin/viewings.html", whose=_whose(found, wanted), **shown, **ways)
    return page, 200 if fits else 422


def _wanted(form: PeriodForm) -> Wanted:
    since, until = _period(form)
    role = request.args.get("role", "")
    return Wanted(
        since,
        until,
        role if role in set(Role) else "",
        request.args.get("person", type=int),
        min(max(page_in(request.args), 1), MOST_PAGES),
    )


def _period(form: PeriodForm) -> tuple[date, date]:
    """The period that was typed, as much of it as fits; without one the last seven days."""
    first, last = (None if field.errors else field.data for field in (form.since, form.until))
    until: date = last or (min(g.today, first + timedelta(days=MOST_DAYS - 1)) if first else g.today)
    since: date = first or until - timedelta(days=USUAL_DAYS - 1)
    if not since <= until < since + timedelta(days=MOST_DAYS):
        return until - timedelta(days=USUAL_DAYS - 1), until
    return since, until


def _whose(found: Access, wanted: Wanted) -> str:
    """The name of the one person whose looks are shown, if it is one."""
    return found.readers[0].name if wanted.person_id is not None and found.readers else ""


def _at(**more: Any) -> str:
    """The address of the same statistics with something more or else, from their first page."""
    kept: dict[str, Any] = {name: request.args[name] for name in NAMES if request.args.get(name)}
    return url_for("admin.viewings_page", **{**kept, **more})


def _page(page: int, last: int) -> str:
    return _at(page=page) if 1 <= page <= last else ""
