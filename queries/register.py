"""The public book of recognitions: titles that were decided, found by words, level, year and place, a page at a time.

It reads the book alone, never a dossier: what is not decided does not exist here.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, true

from models.base import table_of
from models.places import AdminUnit, Recognition, TitleEnd
from queries.fused import row_list, rows_of
from queries.lineage import Heir, by_unit, descent, heirs_of, in_force
from queries.search import has_words
from workflow.names import Level, Tier

R, U, T = table_of(Recognition), table_of(AdminUnit), table_of(TitleEnd)
PAGE = 25
MOST_OTHERS = 10


class Standing(StrEnum):
    """What a title is worth today."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    MERGED = "merged"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Ending:
    """The decision by which a title was revoked or replaced."""

    decision: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it was given, what it is worth today, and the units that took over the one that held it."""

    id: int
    unit_id: int | None
    unit_name: str
    place_then: str
    level: Level
    year: int
    decision: str
    signed_on: date
    authority: str
    standing: Standing
    ended_on: date | None
    heirs: tuple[Heir, ...]
    ended_by: Ending | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for in the book; nothing narrows it as long as it is empty."""

    words: str = ""
    level: str = ""
    year: int | None = None
    place: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.words.strip() or self.level or self.year or self.place)


@dataclass(frozen=True, slots=True)
class Book:
    """One page of the book, what can be chosen from, and units of today that fit the words but hold no title."""

    rows: tuple[Title, ...]
    total: int
    page: int
    pages: int
    years: tuple[int, ...]
    places: tuple[str, ...]
    others: tuple[tuple[int, str, str], ...]


TITLE = (
    *(R.c.id, R.c.unit_id, R.c.unit_name, R.c.place_then, R.c.level, R.c.year_recognised, R.c.decision),
    *(R.c.signed_on, R.c.authority, R.c.status, U.c.valid_to),
    *(T.c.decision.label("end_decision"), T.c.signed_on.label("end_signed_on")),
)
FROM = R.outerjoin(U, U.c.id == R.c.unit_id).outerjoin(T, T.c.recognition_id == R.c.id)


def book(connection: Connection, wanted: Wanted, today: date) -> Book:
    """Page `wanted.page` (from 1) of 25 titles by the names of their units, in one statement."""
    fitting, page = _fitting(wanted), max(1, wanted.page)
    lines = (
        select(*TITLE, R.c.sort_key)
        .select_from(FROM)
        .where(fitting)
        .order_by(R.c.sort_key, R.c.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
        .subquery()
    )
    total, rows, heirs, years, places, others = connection.execute(
        select(
            select(func.count()).select_from(R).where(fitting).scalar_subquery(),
            row_list(*lines.c).scalar_subquery(),
            heirs_of(select(lines.c.unit_id), today).scalar_subquery(),
            row_list(select(R.c.year_recognised).distinct().subquery().c.year_recognised).scalar_subquery(),
            row_list(select(R.c.place_then).distinct().subquery().c.place_then).scalar_subquery(),
            _others(wanted, today).scalar_subquery(),
        )
    ).one()
    pages = max(1, -(-total // PAGE))
    if page > pages:
        return book(connection, Wanted(wanted.words, wanted.level, wanted.year, wanted.place, pages), today)
    ordered = sorted(rows_of(rows), key=lambda row: (row[-1], row[0]))
    return Book(
        titles_of([row[:-1] for row in ordered], by_unit(rows_of(heirs)), today),
        total,
        page,
        pages,
        tuple(sorted((year for (year,) in rows_of(years)), reverse=True)),
        tuple(sorted(place for (place,) in rows_of(places))),
        tuple((unit_id, name, above or "") for key, unit_id, name, above in sorted(rows_of(others))),
    )


def counts_by_level(connection: Connection) -> dict[Level, int]:
    """How many titles of each level the book holds, in the order of the levels; one that was replaced counts once."""
    given = select(R.c.level, func.count()).where(R.c.status != Standing.REPLACED.value)
    counted = connection.execute(given.group_by(R.c.level).order_by(R.c.level)).all()
    found = {row[0]: row[1] for row in counted}
    return {level: found.get(level.value, 0) for level in Level}


def titles_of(
    rows: list[list[Any]] | list[Row[Any]], heirs: dict[int, tuple[Heir, ...]], today: date
) -> tuple[Title, ...]:
    """The titles of rows of TITLE, as a statement or a list of JSON gives them."""
    return tuple(_title(row, heirs, today) for row in rows)


def _title(row: Any, heirs: dict[int, tuple[Heir, ...]], today: date) -> Title:
    *named, level, year, decision, signed_on, authority, status, valid_to, end_decision, end_signed_on = row
    title_id, unit_id, unit_name, place = named
    ended_on = _day(valid_to) if valid_to and _day(valid_to) < today else None
    heirs_now = heirs.get(unit_id, ()) if ended_on else ()
    standing = Standing(status)
    if standing is Standing.VALID and (ended_on or unit_id is None):
        standing = Standing.MERGED if heirs_now else Standing.ENDED
    given = (Level(level), year, decision, _day(signed_on), authority)
    ending = Ending(end_decision, _day(end_signed_on)) if end_decision else None
    return Title(title_id, unit_id, unit_name, place, *given, standing, ended_on, heirs_now, ending)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _fitting(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.words.strip():
        conditions.append(or_(has_words(wanted.words, R.c.search_key), R.c.unit_id.in_(_now_named(wanted.words))))
    if wanted.level:
        conditions.append(R.c.level == wanted.level)
    if wanted.year is not None:
        conditions.append(R.c.year_recognised == wanted.year)
    if wanted.place:
        conditions.append(R.c.place_then == wanted.place)
    return and_(true(), *conditions)


def _now_named(words: str) -> Select[Any]:
    """The units of earlier days that lie in one whose name fits the words."""
    pairs = descent()
    return select(pairs.c.old_id).join(U, U.c.id == pairs.c.new_id).where(has_words(words, U.c.search_key))


def _others(wanted: Wanted, today: date) -> Select[Any]:
    """Communes of today whose name fits the words and that hold no title: rows (sorting key, id, name, unit above)."""
    above = U.alias("above")
    titled = select(R.c.id).where(R.c.unit_id == U.c.id).exists()
    fitting = and_(has_words(wanted.words, U.c.search_key), ~titled, in_force(today), U.c.tier == Tier.COMMUNE.value)
    found = (
        select(U.c.sort_key, U.c.id, U.c.full_name, above.c.full_name.label("above"))
        .select_from(U.outerjoin(above, above.c.id == U.c.parent_id))
        .where(fitting)
        .order_by(U.c.sort_key, U.c.id)
        .limit(MOST_OTHERS)
        .subquery()
    )
    return row_list(*found.c)
