"""The outgoing register of an authority and a year, with what waits to be entered in it; as pages, PDF and a sheet."""

from contextlib import suppress
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, SearchField, SelectField

from blueprints import database, signed
from blueprints.access import Pages
from blueprints.face import word
from blueprints.forms import OPTIONAL, DayField, choices_of
from blueprints.incoming import page_in
from casework.errors import NotFound
from casework.issuing import FIRST_YEAR, LAST_YEAR
from queries.calendar import calendar_between
from queries.outgoing import Register, Wanted, keeping_units, register, register_lines, waiting
from workflow.deadlines import Calendar, working_days_between
from workflow.names import Role
from workflow.policy import PAPER_KEEPERS

if TYPE_CHECKING:
    from documents.kinds import RegisterPage

pages = Pages("outgoing", __name__)

READERS = PAPER_KEEPERS | {Role.INSPECTOR}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST, MOST_PAGES = 100, 100_000
DAYS_TO_SEND = 1
PRINTED_AT_ONCE = 1000
"""Lines of the register that one PDF takes: about 110 of the 120 pages that are printed at most."""


class RegisterForm(Form):
    """What narrows the register; whatever is no choice narrows nothing."""

    unit = SelectField(_l("Cơ quan"), validate_choice=False)
    year = SelectField(_l("Năm"), validate_choice=False)
    q = SearchField(_l("Số, trích yếu, người ký hoặc nơi nhận"))
    symbol = SelectField(_l("Ký hiệu"), validate_choice=False)
    kind = SelectField(_l("Loại văn bản"), validate_choice=False)
    since = DayField(_l("Ký từ ngày"), [OPTIONAL])
    until = DayField(_l("Ký đến ngày"), [OPTIONAL])


NAMES = ("unit", "year", "q", "symbol", "kind", "since", "until")


@pages.page("/outgoing", access=PAPER_KEEPERS)
def waiting_page() -> ResponseReturnValue:
    """Show which papers wait for a number, for dispatch or for the announcement, each with what to do next."""
    found = waiting(database.reader(), _own_units())
    since = [one.since for one in found.dispatches]
    calendar = calendar_between(database.reader(), min(since, default=g.today), g.today)
    days = {one.paper_id: _days_left(one.since, calendar) for one in found.dispatches}
    return render_template("outgoing/waiting.html", found=found, days=days)


def _days_left(signed_on: date, calendar: Calendar) -> int:
    """The working days until a paper must be sent: the day of signing or the next working day (Art. 18.1)."""
    return DAYS_TO_SEND - working_days_between(signed_on, g.today, calendar)


@pages.page("/outgoing/register", access=READERS)
def register_page() -> ResponseReturnValue:
    """Show the register of an authority and a year, narrowed by what is wanted, a page at a time."""
    units = keeping_units(database.reader(), _units())
    if not units:
        return render_template("outgoing/none.html", waits=_waits())
    form = RegisterForm(MultiDict(request.args))
    fits = form.validate()
    wanted = _wanted(form, units)
    found = register(database.reader(), wanted)
    _offer(form, units, found, wanted)
    page = render_template(
        "outgoing/register.html",
        form=form,
        found=found,
        wanted=wanted,
        unit_name=units[wanted.unit_id],
        waits=_waits(),
        previous=_at("outgoing.register_page", page=found.page - 1) if found.page > 1 else "",
        following=_at("outgoing.register_page", page=found.page + 1) if found.page < found.pages else "",
        pdf=_at("outgoing.register_pdf"),
        printed_at_once=PRINTED_AT_ONCE,
        quarters=_quarters(wanted) if found.total > PRINTED_AT_ONCE else (),
        sheet=_at("outgoing.register_sheet"),
    )
    return page if fits else (page, 422)


@pages.page("/outgoing/register.xlsx", access=READERS)
def register_sheet() -> ResponseReturnValue:
    """Hand out what is wanted of the register as a sheet."""
    from casework.register_files import as_xlsx  # what makes files is loaded for the first one

    facts = _facts()
    return _hand_out(as_xlsx(facts), XLSX, f"so-van-ban-di-{facts.year}.xlsx")


@pages.page("/outgoing/register.pdf", access=READERS)
def register_pdf() -> ResponseReturnValue:
    """Hand out what is wanted of the register as pages; when they are too many, say how to get fewer."""
    from casework.register_files import PressFault, as_pdf

    facts, content = _facts(), None
    if len(facts.lines) <= PRINTED_AT_ONCE:
        with suppress(PressFault):
            content = as_pdf(facts)
    if content is None:
        flash(_("Sổ quá dài để in một lần; hãy chọn khoảng ngày ngắn hơn rồi in lại."), "danger")
        return redirect(_at("outgoing.register_page"), 303)
    return _hand_out(content, "application/pdf", f"so-van-ban-di-{facts.year}.pdf")


def _quarters(wanted: Wanted) -> tuple[tuple[str, str], ...]:
    """The quarters of the year with the address that prints each; none where days are chosen already."""
    if wanted.since or wanted.until:
        return ()
    firsts = [date(wanted.year, month, 1) for month in (1, 4, 7, 10)]
    lasts = [date(wanted.year, month, day) for month, day in ((3, 31), (6, 30), (9, 30), (12, 31))]
    names = (_("In quý I"), _("In quý II"), _("In quý III"), _("In quý IV"))
    days = [{"since": f"{one:%d/%m/%Y}", "until": f"{end:%d/%m/%Y}"} for one, end in zip(firsts, lasts, strict=True)]
    return tuple((name, _at("outgoing.register_pdf", **its)) for name, its in zip(names, days, strict=True))


def _facts() -> "RegisterPage":
    from casework.register_files import page_of

    units = keeping_units(database.reader(), _units())
    form = RegisterForm(MultiDict(request.args))
    form.validate()
    wanted = _wanted(form, units)
    lines = register_lines(database.reader(), wanted)
    practice = bool(current_app.config["PRACTICE"])
    return page_of(units[wanted.unit_id], wanted.year, lines, g.today, practice=practice)


def _hand_out(content: bytes, media_type: str, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)


def _own_units() -> set[int]:
    """The units in which the person keeps the outgoing papers today."""
    held = (grant for grant in signed.require_person().actor.grants if grant.holds_on(g.today))
    return {grant.unit_id for grant in held if grant.role in PAPER_KEEPERS}


def _units() -> set[int] | None:
    """The units whose register the person may read; None is all of them."""
    return None if Role.INSPECTOR in signed.require_person().roles_on(g.today) else _own_units()


def _waits() -> bool:
    """Whether the person has a list of papers that wait."""
    return bool(PAPER_KEEPERS & signed.require_person().roles_on(g.today))


def _wanted(form: RegisterForm, units: dict[int, str]) -> Wanted:
    """What the address asks for; NotFound for the register of a unit that is out of reach."""
    asked = request.args
    unit_id = asked.get("unit", next(iter(units), 0), type=int)
    if unit_id not in units:
        raise NotFound(f"register of unit {unit_id}")
    year = asked.get("year", g.today.year, type=int)
    return Wanted(
        unit_id,
        min(max(year, FIRST_YEAR), LAST_YEAR),
        asked.get("q", "")[:LONGEST],
        asked.get("symbol", ""),
        asked.get("kind", ""),
        _day(form.since),
        _day(form.until),
        min(page_in(asked), MOST_PAGES),
    )


def _day(field: DayField) -> date | None:
    """The day of a field; none where it was typed wrong, which its message says."""
    return None if field.errors else field.data


def _offer(form: RegisterForm, units: dict[int, str], found: Register, wanted: Wanted) -> None:
    """What each field offers, and what stands in it."""
    years = sorted({*found.years, wanted.year, g.today.year}, reverse=True)
    everything = {"": _l("Tất cả")}
    form.unit.choices = choices_of({str(unit_id): name for unit_id, name in units.items()})
    form.year.choices = choices_of({str(year): str(year) for year in years})
    form.symbol.choices = choices_of(everything | {symbol: symbol for symbol in found.symbols})
    form.kind.choices = choices_of(everything | {kind: word("documents", kind) for kind in found.kinds})
    form.unit.data, form.year.data = str(wanted.unit_id), str(wanted.year)


def _at(endpoint: str, **more: Any) -> str:
    kept: dict[str, Any] = {name: request.args[name] for name in NAMES if request.args.get(name)}
    return url_for(endpoint, **{**kept, **more})
