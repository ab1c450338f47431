"""The calendar of working days as the office keeps it; deadlines that a change touches are counted anew with it.

A deadline is kept beside its dossier as a copy (`Dossier.due_on`): whoever changes the calendar changes the copies in
the same transaction, by the rule that made them (`casework.standing.due_on`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, delete, extract, func, insert, select, update

from casework.admin_record import Keeper, keep
from casework.errors import NotFound, Refused
from casework.standing import due_on
from models.base import table_of
from models.dossiers import Dossier
from models.places import Holiday
from queries.calendar import calendar_between
from queries.clocks import RunningClock, clocks_reaching
from queries.days import day_of
from queries.facts import FAR_AHEAD_DAYS
from workflow.deadlines import SATURDAY
from workflow.names import AdminAct
from workflow.refusal import Refusal, refuse

H, D = table_of(Holiday), table_of(Dossier)
OFF, WORKED = "off", "worked"
KINDS = {OFF: "public", WORKED: "swap"}
FIRST_YEAR, LAST_YEAR = 2000, 2100
_NEW_DEADLINE = update(D).where(D.c.id == bindparam("this_id")).values(due_on=bindparam("new_day"))


@dataclass(frozen=True, slots=True)
class NewDay:
    """A day off, or a Saturday or Sunday that is worked, with its name in both languages."""

    day: date
    effect: str
    name_vi: str
    name_en: str


def add_day(connection: Connection, new: NewDay, by: Keeper, now: datetime) -> int:
    """Add a day to the calendar, and give how many deadlines have moved with it."""
    _hold_open_dossiers(connection)
    known = connection.execute(select(H.c.effect).where(H.c.day == new.day)).first() is not None
    if faults := _faults(new, known=known):
        raise Refused(faults)
    named = {"name_vi": new.name_vi.strip(), "name_en": new.name_en.strip()}
    row = {"day": new.day, "effect": new.effect, "kind": KINDS[new.effect], "official": True}
    connection.execute(insert(H), {**row, **named})
    keep(connection, by, AdminAct.DAY_ADDED, now, day=new.day.isoformat(), effect=new.effect, name=named["name_vi"])
    return _count_anew(connection, new.day, day_of(now))


def _faults(new: NewDay, *, known: bool) -> tuple[Refusal, ...]:
    faults = []
    if known:
        faults.append(refuse("calendar.known", on=new.day))
    if not FIRST_YEAR <= new.day.year <= LAST_YEAR:
        faults.append(refuse("calendar.far", first=FIRST_YEAR, last=LAST_YEAR))
    if not new.name_vi.strip() or not new.name_en.strip():
        faults.append(refuse("calendar.unnamed"))
    if new.effect == WORKED and new.day.isoweekday() < SATURDAY:
        faults.append(refuse("calendar.worked_anyway", on=new.day))
    return tuple(faults)


def remove_day(connection: Connection, day: date, by: Keeper, now: datetime) -> int:
    """Take a day out of the calendar, and give how many deadlines have moved with it."""
    _hold_open_dossiers(connection)
    if connection.execute(delete(H).where(H.c.day == day)).rowcount != 1:
        raise NotFound(f"day {day}")
    keep(connection, by, AdminAct.DAY_REMOVED, now, day=day.isoformat())
    return _count_anew(connection, day, day_of(now))


def announce_year(connection: Connection, year: int, basis: str, by: Keeper, now: datetime) -> None:
    """Record that the days of a year are those of the official announcement; refused while the year has none."""
    if not basis.strip():
        raise Refused((refuse("calendar.no_basis"),))
    in_year = extract("year", H.c.day) == year
    if connection.execute(update(H).where(in_year).values(official=True)).rowcount == 0:
        raise Refused((refuse("calendar.empty_year", year=year),))
    keep(connection, by, AdminAct.YEAR_ANNOUNCED, now, year=str(year), basis=basis.strip())


def _hold_open_dossiers(connection: Connection) -> None:
    """Hold every open dossier until the end, in one order: nobody moves one by a calendar that is being changed.

    A dossier that is opened meanwhile has no last day yet, and needs two more steps to get one.
    """
    held = select(D.c.id).where(D.c.is_open).order_by(D.c.id).with_for_update(key_share=True).subquery()
    connection.execute(select(func.count()).select_from(held))


def _count_anew(connection: Connection, changed: date, today: date) -> int:
    """Count the deadlines anew that reach to a changed day or beyond, and give how many are another day now."""
    clocks = list(clocks_reaching(connection, changed))
    if not clocks:
        return 0
    first = min(clock.stays[0].entered for clock in clocks)
    last = date.fromordinal(today.toordinal() + FAR_AHEAD_DAYS)
    calendar = calendar_between(connection, date(first.year, 1, 1), date(last.year, 12, 31))

    def counted(clock: RunningClock) -> date:
        return due_on(clock.procedure, clock.state, clock.stays, calendar, today)

    moved = [(clock.dossier_id, day) for clock in clocks if (day := counted(clock)) != clock.due_on]
    if moved:
        connection.execute(_NEW_DEADLINE, [{"this_id": dossier_id, "new_day": day} for dossier_id, day in moved])
    return len(moved)
