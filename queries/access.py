"""How dossiers are read in the province: by day, by office, by person, and each look; from the record of looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from models.base import table_of
from models.dossiers import Dossier
from models.people import Person, RoleGrant
from models.places import AdminUnit
from models.record import Viewing
from queries.days import VIETNAM

V, P, D, G, U = (table_of(one) for one in (Viewing, Person, Dossier, RoleGrant, AdminUnit))
PAGE = 50
MOST_PEOPLE = 500
MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: a period of whole days, and of it all, one office or one person."""

    since: date
    until: date
    role: str = ""
    person_id: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class OnDay:
    """What was read on one day: pages of dossiers, papers and files, of how many dossiers, by how many people."""

    day: date
    pages: int
    files: int
    dossiers: int
    people: int


@dataclass(frozen=True, slots=True)
class Reader:
    """What one person read in the period, with the office held then."""

    person_id: int
    name: str
    role: str
    unit: str
    pages: int
    files: int
    dossiers: int


@dataclass(frozen=True, slots=True)
class OfOffice:
    """What the people of one office read in the period."""

    role: str
    people: int
    pages: int
    files: int


@dataclass(frozen=True, slots=True)
class Look:
    """One look: who, when, at which dossier of which unit, and what of it."""

    person: str
    at: datetime
    dossier_id: int
    code: str
    unit: str
    seen: str
    item: str


@dataclass(frozen=True, slots=True)
class Access:
    """The period by day, by office and by person, and a page of its looks, the latest first, with their number."""

    days: tuple[OnDay, ...]
    offices: tuple[OfOffice, ...]
    readers: tuple[Reader, ...]
    looks: tuple[Look, ...]
    total: int


PAGES = func.count().filter(V.c.seen == "dossier")
FILES = func.count().filter(V.c.seen != "dossier")


def read_access(connection: Connection, wanted: Wanted) -> Access:
    """What was read in a period, in four statements."""
    asked = _asked(wanted)
    days = tuple(_days(connection, wanted, asked))
    readers = tuple(_readers(connection, wanted, asked))
    looks = tuple(_looks(connection, wanted, asked))
    return Access(days, _offices(readers), readers, looks, sum(one.pages + one.files for one in days))


def _asked(wanted: Wanted) -> ColumnElement[bool]:
    """The looks of the period that are asked for."""
    found = [V.c.at >= _beginning(wanted.since), V.c.at < _beginning(wanted.until + timedelta(days=1))]
    if wanted.role:
        held = and_(G.c.role == wanted.role, _overlaps(wanted))
        found.append(V.c.person_id.in_(select(G.c.person_id).where(held)))
    if wanted.person_id is not None:
        found.append(V.c.person_id == wanted.person_id)
    return and_(*found)


def _beginning(day: date) -> datetime:
    """When a day begins in Vietnam."""
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM)


def _overlaps(wanted: Wanted) -> ColumnElement[bool]:
    return and_(G.c.valid_from <= wanted.until, or_(G.c.valid_to.is_(None), G.c.valid_to >= wanted.since))


def _days(connection: Connection, wanted: Wanted, asked: ColumnElement[bool]) -> Iterator[OnDay]:
    """Every day of the period, the latest first, also those on which nobody looked."""
    days = [wanted.since + timedelta(days=number) for number in range((wanted.until - wanted.since).days + 1)]
    ends = [(V.c.at < _beginning(day + timedelta(days=1)), place) for place, day in enumerate(days)]
    day_of = select(V, case(*ends).label("place")).where(asked).subquery()
    pages, files = (func.count().filter(one) for one in (day_of.c.seen == "dossier", day_of.c.seen != "dossier"))
    several = [func.count(each.distinct()) for each in (day_of.c.dossier_id, day_of.c.person_id)]
    counted = select(day_of.c.place, pages, files, *several).group_by(day_of.c.place).order_by(day_of.c.place)
    found = {place: counts for place, *counts in connection.execute(counted)}
    return (OnDay(day, *found.get(place, (0, 0, 0, 0))) for place, day in reversed(list(enumerate(days))))


def _readers(connection: Connection, wanted: Wanted, asked: ColumnElement[bool]) -> Iterator[Reader]:
    """Everybody who looked, who looked most first."""
    dossiers = func.count(V.c.dossier_id.distinct())
    counted = select(P.c.id, P.c.name, PAGES, FILES, dossiers).join(P, P.c.id == V.c.person_id).where(asked)
    grouped = counted.group_by(P.c.id, P.c.name).order_by(func.count().desc(), P.c.name, P.c.id).limit(MOST_PEOPLE)
    rows = connection.execute(grouped).all()
    held = select(G.c.person_id, G.c.role, U.c.full_name).join(U, U.c.id == G.c.unit_id).where(_overlaps(wanted))
    mine = held.where(G.c.person_id.in_([row.id for row in rows])).order_by(G.c.person_id, G.c.id.desc())
    if wanted.role:
        mine = mine.where(G.c.role == wanted.role)
    offices = {person_id: (role, unit) for person_id, role, unit in connection.execute(mine)}
    return (Reader(person_id, name, *offices.get(person_id, ("", "")), *counts) for person_id, name, *counts in rows)


def _offices(readers: tuple[Reader, ...]) -> tuple[OfOffice, ...]:
    """What was read by office, the most first."""
    found: dict[str, list[Reader]] = {}
    for one in readers:
        found.setdefault(one.role, []).append(one)
    offices = [
        OfOffice(role, len(people), sum(one.pages for one in people), sum(one.files for one in people))
        for role, people in found.items()
    ]
    return tuple(sorted(offices, key=lambda one: (-one.pages - one.files, one.role)))


def _looks(connection: Connection, wanted: Wanted, asked: ColumnElement[bool]) -> Iterator[Look]:
    """A page of 50 looks, the latest first."""
    what = select(P.c.name, V.c.at, D.c.id, D.c.code, U.c.full_name, V.c.seen, V.c.item)
    joined = what.select_from(V.join(P, P.c.id == V.c.person_id).join(D, D.c.id == V.c.dossier_id))
    newest = joined.join(U, U.c.id == D.c.unit_id).where(asked).order_by(V.c.at.desc(), V.c.id)
    rows: Any = connection.execute(newest.limit(PAGE).offset((wanted.page - 1) * PAGE))
    return (Look(name, at.astimezone(VIETNAM), *rest) for name, at, *rest in rows)
