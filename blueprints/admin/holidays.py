"""The calendar of working days, a year at a time: days off, weekend days that are worked, which years are announced."""

from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import Form, StringField

from blueprints import database
from blueprints.admin.base import READERS, WRITERS, beside, keeper, may_write, pages
from blueprints.forms import DayField, at_most, dated, one_of, typed
from casework import calendar
from casework.errors import Refused
from queries.calendar import days_of_year, years_known

PLACES = {
    "calendar.known": "day",
    "calendar.far": "day",
    "calendar.worked_anyway": "day",
    "calendar.unnamed": "name_vi",
    "calendar.no_basis": "basis",
    "calendar.empty_year": "basis",
}
WEEKDAYS = (
    *(_l("Thứ Hai"), _l("Thứ Ba"), _l("Thứ Tư"), _l("Thứ Năm"), _l("Thứ Sáu")),
    *(_l("Thứ Bảy"), _l("Chủ nhật")),
)
EFFECTS = {calendar.OFF: _l("Ngày nghỉ"), calendar.WORKED: _l("Thứ Bảy, Chủ nhật làm bù")}


class DayForm(Form):
    """A day that differs from the week's rule."""

    day = DayField(_l("Ngày"), [dated()])
    effect = one_of(_l("Là"), EFFECTS)
    name_vi = StringField(_l("Tên bằng tiếng Việt"), [typed(), at_most(120)])
    name_en = StringField(_l("Tên bằng tiếng Anh"), [typed(), at_most(120)])


class YearForm(Form):
    """By which paper the calendar of a year was announced."""

    basis = StringField(_l("Số, ngày của văn bản thông báo"), [typed(), at_most(200)])


@pages.page("/holidays", access=READERS)
def holidays_page() -> ResponseReturnValue:
    """Show the days of a year, and which years have no official calendar yet."""
    year = request.args.get("year", g.today.year, type=int)
    return _page(_plausible(year), DayForm(), YearForm())


@pages.page("/holidays", access=WRITERS, methods=("POST",))
def add_holiday() -> ResponseReturnValue:
    """Add a day; the deadlines that it touches move with it."""
    form = DayForm(request.form)
    shown = _plausible(request.args.get("year", g.today.year, type=int))
    if not form.validate():
        return _page(shown, form, YearForm()), 422
    day = form.day.data or g.today
    new = calendar.NewDay(day, form.effect.data, form.name_vi.data or "", form.name_en.data or "")
    try:
        with database.act() as connection:
            moved = calendar.add_day(connection, new, keeper(), g.now)
    except Refused as error:
        beside(form, error.refusals, PLACES)
        return _page(shown, form, YearForm()), 422
    said = _("Đã thêm ngày %(day)s.", day=day.strftime("%d/%m/%Y"))
    flash(f"{said} {_moved(moved)}", "success")
    return redirect(url_for("admin.holidays_page", year=day.year), 303)


@pages.page("/holidays/<day:day>/remove", access=WRITERS, methods=("POST",))
def remove_holiday(day: date) -> ResponseReturnValue:
    """Take a day out of the calendar; the deadlines that it touched move back."""
    with database.act() as connection:
        moved = calendar.remove_day(connection, day, keeper(), g.now)
    said = _("Đã bỏ ngày %(day)s khỏi lịch.", day=day.strftime("%d/%m/%Y"))
    flash(f"{said} {_moved(moved)}", "success")
    return redirect(url_for("admin.holidays_page", year=day.year), 303)


@pages.page("/holidays/<int:year>/announced", access=WRITERS, methods=("POST",))
def announce_year(year: int) -> ResponseReturnValue:
    """Record that the calendar of a year is the one officially announced."""
    form = YearForm(request.form)
    if not form.validate():
        return _page(_plausible(year), DayForm(), form), 422
    try:
        with database.act() as connection:
            calendar.announce_year(connection, year, form.basis.data or "", keeper(), g.now)
    except Refused as error:
        beside(form, error.refusals, PLACES)
        return _page(_plausible(year), DayForm(), form), 422
    flash(_("Đã ghi nhận lịch chính thức của năm %(year)s.", year=year), "success")
    return redirect(url_for("admin.holidays_page", year=year), 303)


@pages.app_template_global()
def weekday(day: date) -> Any:
    """The day of the week in the language of the page."""
    return WEEKDAYS[day.weekday()]


def _plausible(year: int) -> int:
    return min(max(year, calendar.FIRST_YEAR), calendar.LAST_YEAR)


def _moved(count: int) -> str:
    """What became of the deadlines."""
    if count == 0:
        return _("Không có thời hạn nào thay đổi.")
    return ngettext(
        "Thời hạn của %(num)s hồ sơ đã được tính lại.", "Thời hạn của %(num)s hồ sơ đã được tính lại.", count
    )


def _page(year: int, form: DayForm, year_form: YearForm) -> str:
    known = years_known(database.reader())
    listed = sorted({*known, g.today.year, g.today.year + 1, year})
    shown: dict[str, Any] = {
        "days": days_of_year(database.reader(), year),
        "years": [(str(one), url_for("admin.holidays_page", year=one), one == year) for one in listed],
        "open_years": [one for one in listed if one >= g.today.year and not known.get(one)],
        "announced": known.get(year, False),
    }
    return render_template(
        "admin/holidays.html", year=year, form=form, year_form=year_form, writes=may_write(), **shown
    )
