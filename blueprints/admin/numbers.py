"""The number series of the authorities: opened for a year where the paper register stands, corrected until used."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, StringField

from blueprints import database
from blueprints.admin.base import READERS, WRITERS, beside, keeper, may_write, pages
from blueprints.forms import CountField, YearField, at_most, choices_of, counted, one_of, typed
from casework.errors import NotFound, Refused
from casework.issuing import Series, correct_series, open_series
from queries.numbers import SeriesLine, all_series, authorities

PLACES = {
    "number.series_open": "year",
    "number.series_used": "paper_last",
    "number.not_plausible": "paper_last",
    "number.far": "year",
    "number.symbol_unfit": "symbol",
}
DEFAULT_SYMBOL = "QĐ-UBND"


class OpenForm(Form):
    """A new series: whose, under which symbol, for which year, and where the paper register stands."""

    unit = one_of(_l("Cơ quan ban hành"), {}, coerce=int)
    symbol = StringField(_l("Ký hiệu"), [typed(), at_most(30)])
    year = YearField(_l("Năm"), [counted(_l("Hãy nhập năm, ví dụ 2026."))])
    paper_last = CountField(_l("Số cuối cùng đã cấp trong sổ giấy"), [counted()])
    by_hand = BooleanField(_l("Văn thư cấp số trong sổ giấy và nhập vào đây"))


class CorrectForm(Form):
    """Where the paper register really stood."""

    paper_last = CountField(_l("Số cuối cùng đã cấp trong sổ giấy"), [counted()])


@pages.page("/numbers", access=READERS)
def numbers_page() -> ResponseReturnValue:
    """Show every series with its start and how far it has come, and which are not open for next year."""
    listed = all_series(database.reader())
    return render_template("admin/numbers.html", lines=listed, next_years=_next_years(listed), writes=may_write())


@pages.page("/numbers/new", access=WRITERS)
def new_series() -> ResponseReturnValue:
    """Show the form by which a series is opened."""
    asked = request.args
    values = {"unit": asked.get("unit", type=int), "symbol": asked.get("symbol", DEFAULT_SYMBOL)[:30]}
    form = OpenForm(data={**values, "year": asked.get("year", g.today.year, type=int), "paper_last": 0})
    return _open_page(form)


@pages.page("/numbers/new", access=WRITERS, methods=("POST",))
def open_new_series() -> ResponseReturnValue:
    """Open a series, or say why not."""
    form = OpenForm(request.form)
    listed = authorities(database.reader(), g.today)
    form.unit.choices = choices_of(listed)
    if not form.validate():
        return _open_page(form), 422
    series = Series(form.unit.data, str(form.symbol.data).upper(), form.year.data or 0)
    try:
        with database.act() as connection:
            open_series(connection, series, form.paper_last.data or 0, keeper(), g.now, by_hand=form.by_hand.data)
    except Refused as error:
        beside(form, error.refusals, PLACES)
        return _open_page(form), 422
    flash(_("Đã mở sổ %(symbol)s năm %(year)s.", symbol=series.symbol, year=series.year), "success")
    return redirect(url_for("admin.numbers_page"), 303)


@pages.page("/numbers/correct", access=WRITERS)
def correct_page() -> ResponseReturnValue:
    """Show the form by which the start of an unused series is corrected."""
    line = _line_of(request.args.get("unit", 0, type=int), request.args.get("symbol", ""), _year(request.args))
    form = CorrectForm(data={"paper_last": line.paper_last})
    return render_template("admin/number_correct.html", form=form, line=line)


@pages.page("/numbers/correct", access=WRITERS, methods=("POST",))
def correct_start() -> ResponseReturnValue:
    """Correct where a series starts, or say why not."""
    form = CorrectForm(request.form)
    line = _line_of(request.form.get("unit", 0, type=int), request.form.get("symbol", ""), _year(request.form))
    if not form.validate():
        return render_template("admin/number_correct.html", form=form, line=line), 422
    series = Series(line.unit_id, line.symbol, line.year)
    try:
        with database.act() as connection:
            correct_series(connection, series, form.paper_last.data or 0, keeper(), g.now)
    except Refused as error:
        beside(form, error.refusals, PLACES)
        return render_template("admin/number_correct.html", form=form, line=line), 422
    flash(_("Đã sửa số bắt đầu của sổ %(symbol)s năm %(year)s.", symbol=line.symbol, year=line.year), "success")
    return redirect(url_for("admin.numbers_page"), 303)


def _year(given: MultiDict[str, str]) -> int:
    return given.get("year", 0, type=int)


def _line_of(unit_id: int, symbol: str, year: int) -> SeriesLine:
    """The series with this authority, symbol and year; NotFound when there is none."""
    for line in all_series(database.reader()):
        if (line.unit_id, line.symbol, line.year) == (unit_id, symbol, year):
            return line
    raise NotFound(f"series {symbol} {year}")


def _open_page(form: OpenForm) -> str:
    listed = authorities(database.reader(), g.today)
    form.unit.choices = choices_of(listed)
    if form.unit.data is None and len(listed) == 1:
        form.unit.data = next(iter(listed))
    return render_template("admin/number_open.html", form=form)


def _next_years(listed: tuple[SeriesLine, ...]) -> list[SeriesLine]:
    """The latest series of each authority and symbol, where the one of this year or the next is still to be opened."""
    latest: dict[tuple[int, str], SeriesLine] = {}
    for line in listed:
        latest.setdefault((line.unit_id, line.symbol), line)
    return [line for line in latest.values() if line.year <= g.today.year]
