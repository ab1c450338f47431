"""One entry of the public book, one unit with its titles and history, and decisions by their number."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Select, String, cast, literal, select

from models.base import table_of
from models.documents import Paper
from models.keys import DecisionNumber
from models.places import AdminUnit, Recognition
from queries.about import papers_of
from queries.fused import row_list, rows_of
from queries.lineage import Step, by_unit, descent, heirs_of, steps_around, steps_of
from queries.register import FROM, TITLE, Title, titles_of
from queries.relations import Said, letters_alone, public, relations_of, said_of
from workflow.events import GIVES_TITLE
from workflow.names import DocumentKind, Tier

R, U, P = table_of(Recognition), table_of(AdminUnit), table_of(Paper)
RECOGNISABLE = (Tier.COMMUNE.value, Tier.HAMLET.value)
MOST_TITLES = 200


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit with its period and the names of the units above it."""

    id: int
    code: str
    full_name: str
    valid_from: date
    valid_to: date | None
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TitlePage:
    """A title with the unit that held it (None: it ended before units were recorded), its PDF and its history."""

    title: Title
    unit: UnitNow | None
    source: str
    digest: str | None
    steps: tuple[Step, ...]
    announced: "Announced | None" = None
    relations: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Announced:
    """When and where a decision was announced, and the body that did so."""

    on: date
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit with its own titles, those of the units that came before it, and its history."""

    unit: UnitNow
    own: tuple[Title, ...]
    earlier: tuple[Title, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A decision that was found by its number, with what it gave and the hash of its PDF."""

    name: str
    signed_on: date
    authority: str
    digest: str | None
    titles: tuple[Title, ...]


def title_page(connection: Connection, title_id: int, today: date) -> TitlePage | None:
    """One entry of the book; None when there is none."""
    more = (R.c.source, R.c.dossier_id, _giving(P.c.sha256), _announced(), _giving(P.c.id))
    statement = select(*TITLE, *more).select_from(FROM).where(R.c.id == title_id)
    row = connection.execute(statement).first()
    if row is None:
        return None
    *columns, source, dossier_id, digest, announced, paper_id = row
    unit, heirs, steps, *bound = connection.execute(
        select(
            _unit_rows(row.unit_id).scalar_subquery(),
            heirs_of(select(R.c.unit_id).where(R.c.id == title_id), today).scalar_subquery(),
            steps_around(row.unit_id, today).scalar_subquery(),
            *(one.scalar_subquery() for one in _said(paper_id, dossier_id)),
        )
    ).one()
    (title,) = titles_of([columns], by_unit(rows_of(heirs)), today)
    shown = "" if dossier_id is not None else source
    history = steps_of(rows_of(steps))
    relations = public(relations_of(*map(rows_of, bound)))
    return TitlePage(title, _unit_of(rows_of(unit)), shown, digest, history, _announcement(announced, title), relations)


def _said(paper_id: int | None, dossier_id: int | None) -> tuple[Select[Any], Select[Any]]:
    """What papers say of the decision that gave a title; of one that only the book knows, its letters of correction."""
    later, earlier = said_of([paper_id], dossier_id)
    return (later if paper_id else letters_alone(dossier_id)), earlier


def unit_page(connection: Connection, unit_id: int, today: date) -> UnitPage | None:
    """A commune or hamlet that exists or existed, with its titles and its history; None for any other unit."""
    pairs = descent()
    before = select(pairs.c.old_id).where(pairs.c.new_id == unit_id)
    mine = select(R.c.unit_id).where((R.c.unit_id == unit_id) | R.c.unit_id.in_(before))
    titles = row_list(*TITLE).select_from(FROM).where(R.c.unit_id.in_(mine))
    unit, rows, heirs, steps = connection.execute(
        select(
            _unit_rows(unit_id).scalar_subquery(),
            titles.scalar_subquery(),
            heirs_of(mine, today).scalar_subquery(),
            steps_around(unit_id, today).scalar_subquery(),
        )
    ).one()
    found = _unit_of(rows_of(unit))
    if found is None or found.valid_from > today:
        return None
    held = sorted(titles_of(rows_of(rows), by_unit(rows_of(heirs)), today), key=_newest_first)
    own = tuple(one for one in held if one.unit_id == unit_id)
    return UnitPage(found, own, tuple(one for one in held if one.unit_id != unit_id), steps_of(rows_of(steps)))


def decisions(connection: Connection, number: DecisionNumber, year: int | None, today: date) -> tuple[Found, ...]:
    """The decisions that bear a number (and were signed in a year, if one is said), the latest first."""
    fitting = R.c.decision_key.startswith(number.key, autoescape=True)
    if year is not None:
        fitting &= R.c.signed_on.between(date(year, 1, 1), date(year, 12, 31))
    lines = (
        select(*TITLE, R.c.sort_key, _giving(P.c.sha256).label("digest"))
        .select_from(FROM)
        .where(fitting)
        .order_by(R.c.signed_on.desc(), R.c.id)
        .limit(MOST_TITLES)
        .subquery()
    )
    rows, heirs = connection.execute(
        select(row_list(*lines.c).scalar_subquery(), heirs_of(select(lines.c.unit_id), today).scalar_subquery())
    ).one()
    ordered = sorted(rows_of(rows), key=lambda row: row[-2])
    titles = titles_of([row[:-2] for row in ordered], by_unit(rows_of(heirs)), today)
    digests = {row[0]: row[-1] for row in ordered}
    named = sorted(titles, key=_decision)
    return tuple(
        Found(name, signed_on, authority, next(filter(None, (digests[one.id] for one in given)), None), given)
        for (_, name, signed_on, authority), group in groupby(named, key=_decision)
        for given in [tuple(group)]
    )


def _decision(title: Title) -> tuple[int, str, date, str]:
    return -title.signed_on.toordinal(), title.decision, title.signed_on, title.authority


def _newest_first(title: Title) -> tuple[int, int]:
    return -title.signed_on.toordinal(), title.id


def _giving(column: Any) -> Any:
    """A column of the decision that gave a title: of the one with its number and day, where there were several."""
    name = cast(P.c.number, String) + "/" + P.c.symbol
    return (
        select(column)
        .select_from(papers_of(R.c.dossier_id))
        .where(P.c.kind.in_(GIVES_TITLE), P.c.signed_on == R.c.signed_on)
        .where(R.c.decision.in_((name, literal("0") + name)))
        .order_by(P.c.edition.desc())
        .limit(1)
        .correlate(R)
        .scalar_subquery()
    )


def _announced() -> Any:
    """The facts of the last record of an announcement in the dossier of a title."""
    records = select(P.c.context).select_from(papers_of(R.c.dossier_id))
    latest = records.where(P.c.kind == DocumentKind.ANNOUNCEMENT_RECORD.value).order_by(P.c.id.desc()).limit(1)
    return latest.correlate(R).scalar_subquery()


def _announcement(context: str | None, title: Title) -> Announced | None:
    """The announcement in a record, if it was this title's decision that was announced."""
    told = json.loads(context) if context else None
    if told is None or told["decision"]["signed_on"] != title.signed_on.isoformat() or _name(told) != title.decision:
        return None
    return Announced(date.fromisoformat(told["announced_on"]), told["announced_at"], told["issuing_body"])


def _name(told: Mapping[str, Any]) -> str:
    return f"{told['decision']['number']:02d}/{told['decision']['symbol']}"


def _unit_rows(unit_id: Any) -> Any:
    above, top = U.alias("above"), U.alias("top")
    return (
        row_list(U.c.id, U.c.code, U.c.full_name, U.c.valid_from, U.c.valid_to, above.c.full_name, top.c.full_name)
        .select_from(U.outerjoin(above, above.c.id == U.c.parent_id).outerjoin(top, top.c.id == above.c.parent_id))
        .where(U.c.id == unit_id, U.c.tier.in_(RECOGNISABLE))
    )


def _unit_of(rows: list[list[Any]]) -> UnitNow | None:
    if not rows:
        return None
    unit_id, code, name, first, last, *above = rows[0]
    ended = date.fromisoformat(last) if last else None
    return UnitNow(unit_id, code, name, date.fromisoformat(first), ended, tuple(filter(None, above)))
