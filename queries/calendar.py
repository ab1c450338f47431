"""The calendar of working days between two dates, from the table that the office keeps, and the days of a year."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, case, extract, func, select

from models.base import table_of
from models.places import Holiday
from workflow.deadlines import Calendar

H = table_of(Holiday)
_BETWEEN = select(H.c.day, H.c.effect, H.c.name_vi, H.c.official).where(
    H.c.day.between(bindparam("first"), bindparam("last"))
)


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A day that differs from the week's rule, as the office keeps it."""

    day: date
    effect: str
    kind: str
    name_vi: str
    name_en: str
    official: bool


def calendar_between(connection: Connection, first: date, last: date) -> Calendar:
    """The calendar from the first day to the last; without any holiday on record the week's rule alone holds."""
    rows = connection.execute(_BETWEEN.order_by(H.c.day), {"first": first, "last": last}).all()
    if not rows:
        return Calendar({}, {}, first.year, last.year)
    return calendar_of((row.day, row.effect, row.name_vi, row.official) for row in rows)


def calendar_of(rows: Iterable[tuple[date, str, str, bool]]) -> Calendar:
    """The calendar of rows (day, effect, name, official): known until the first year that is not yet announced."""
    listed = list(rows)
    computed = [day.year for day, _, _, official in listed if not official]
    known_to = min(computed) - 1 if computed else None
    return Calendar.of(((day, effect, name) for day, effect, name, _ in listed), known_to)


def days_of_year(connection: Connection, year: int) -> tuple[KnownDay, ...]:
    """The days of a year that differ from the week's rule, in their order."""
    between = H.c.day.between(date(year, 1, 1), date(year, 12, 31))
    columns = (H.c.day, H.c.effect, H.c.kind, H.c.name_vi, H.c.name_en, H.c.official)
    rows = connection.execute(select(*columns).where(between).order_by(H.c.day))
    return tuple(KnownDay(*row) for row in rows)


def years_known(connection: Connection) -> dict[int, bool]:
    """Every year that has days on record, and whether all of them are officially announced."""
    year = extract("year", H.c.day)
    announced = func.min(case((H.c.official, 1), else_=0))
    rows = connection.execute(select(year, announced).group_by(year).order_by(year)).all()
    return {int(row[0]): bool(row[1]) for row in rows}
