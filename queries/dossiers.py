"""Finding dossiers: those within a person's reach, the newest first, and by code or by the name of the unit."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, true

from models.base import table_of
from models.council import AgendaItem, CouncilSession
from models.documents import Paper
from models.dossiers import Condition, Dossier, DossierPart, Survey, Vote
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from models.places import AdminUnit
from queries.about import all_dossiers, ids_in, within_reach
from queries.inbox import COLUMNS, PAGE, Count, Line, dossiers_named, labelled, line_of
from queries.rulebook import procedures
from queries.scope import visible_to
from queries.signatures import shown_file
from workflow.facts import Actor
from workflow.names import EventType, Tier

D, U, PAPER, F = table_of(Dossier), table_of(AdminUnit), table_of(Paper), table_of(StoredFile)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of dossiers, and from which id on the next page goes, None at the end."""

    rows: tuple[Line, ...]
    following: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of dossiers is narrowed to; nothing said is everything within reach."""

    wanted: str = ""
    state: str = ""
    level: str = ""
    district: int | None = None
    commune: int | None = None
    year: int | None = None
    overdue: bool = False
    paused: bool = False
    open: bool = False

    def conditions(self, today: date) -> Iterator[ColumnElement[Any]]:
        """The conditions that it puts."""
        if self.wanted.strip():
            yield dossiers_named(self.wanted)
        chosen = (
            (D.c.state, self.state),
            (D.c.level, self.level),
            (D.c.district_id, self.district),
            (D.c.unit_id, self.commune),
            (D.c.criteria_year, self.year),
        )
        yield from (column == value for column, value in chosen if value)
        if self.overdue:
            yield D.c.due_on < today
        if self.open:
            yield D.c.is_open
        if self.paused:
            yield D.c.state.in_(returned_states())


EVERY = Filter()


@cache
def returned_states() -> frozenset[str]:
    """The states in which a dossier waits for the commune's supplement and its clocks stand still."""
    actions = (action for one in procedures().values() for action in one.actions.values())
    branches = (branch for action in actions for branch in action.branches)
    return frozenset(branch.to for branch in branches if branch.records is EventType.RETURNED)


def dossiers_seen(
    connection: Connection, actor: Actor, today: date, chosen: Filter = EVERY, before: int | None = None
) -> Found:
    """Up to 25 dossiers within the actor's reach that the filter lets through, newest first."""
    statement = (
        select(*COLUMNS)
        .join(U, U.c.id == D.c.unit_id)
        .where(visible_to(actor, today), *chosen.conditions(today))
        .order_by(D.c.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        statement = statement.where(D.c.id < before)
    rows = [line_of(row) for row in connection.execute(statement)]
    return Found(tuple(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many dossiers a filter lets through, whatever their state: by state, open and late, in all."""

    states: tuple[Count, ...]
    open: int
    late: int
    paused: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(one.number for one in self.states)


def numbers_seen(connection: Connection, actor: Actor, today: date, chosen: Filter = EVERY) -> Numbers:
    """The dossiers within the actor's reach that the filter lets through, counted in one statement."""
    every = replace(chosen, state="", overdue=False, paused=False, open=False)
    late = func.sum(case((D.c.due_on < today, 1), else_=0))
    counted = (D.c.state, D.c.is_open, func.count(), late)
    statement = select(*counted).where(visible_to(actor, today), *every.conditions(today))
    rows = connection.execute(statement.group_by(D.c.state, D.c.is_open)).all()
    states = labelled([(state, number) for state, _open, number, _late in rows])
    open_ones = sum(number for _state, is_open, number, _late in rows if is_open)
    paused = sum(number for state, _open, number, _late in rows if state in returned_states())
    return Numbers(states, open_ones, sum(late for *_counted, late in rows), paused)


class Area(NamedTuple):
    """A unit that a list can be narrowed to."""

    id: int
    name: str
    tier: str


def areas(connection: Connection, today: date, districts: Collection[int]) -> tuple[Area, ...]:
    """Every district that there is or was; with the communes of the chosen ones, or those that lie in none."""
    above = U.alias("above")
    standing = and_(U.c.valid_from <= today, or_(U.c.valid_to.is_(None), U.c.valid_to >= today))
    within = above.c.id.in_(districts) if districts else above.c.tier == Tier.PROVINCE
    communes = and_(U.c.tier == Tier.COMMUNE, within, true() if districts else standing)
    listed = select(U.c.id, U.c.full_name, U.c.tier).select_from(U.outerjoin(above, above.c.id == U.c.parent_id))
    rows = connection.execute(listed.where(or_(U.c.tier == Tier.DISTRICT, communes)).order_by(U.c.sort_key))
    return tuple(Area(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class Download:
    """A stored file with the name under which it is handed out, its media type, and the dossiers that it belongs to."""

    digest: str
    name: str
    media_type: str
    dossiers: tuple[int, ...]


def rendered_pdf(connection: Connection, actor: Actor, today: date, paper_id: int) -> Download | None:
    """The PDF of a paper within the actor's reach with the signatures that it has; None when it is not rendered.

    As long as no signature stands on it, it is shown as a draft.
    """
    return _pdf(connection, actor, today, paper_id, shown_file())


def issued_pdf(connection: Connection, actor: Actor, today: date, paper_id: int) -> Download | None:
    """The PDF of a paper as it was issued, without any signature."""
    return _pdf(connection, actor, today, paper_id, PAPER.c.sha256)


def _pdf(connection: Connection, actor: Actor, today: date, paper_id: int, file: ColumnElement[Any]) -> Download | None:
    seen = within_reach(actor, today).label("dossier_id")
    named = (PAPER.c.number, PAPER.c.symbol, PAPER.c.year, PAPER.c.id, all_dossiers().label("dossiers"))
    wanted = select(file.label("digest"), *named, seen).where(PAPER.c.id == paper_id, PAPER.c.sha256.is_not(None))
    row = connection.execute(wanted).first()
    if row is None or row.dossier_id is None:
        return None
    name = f"{row.symbol}-du-thao-{row.id}" if row.number is None else f"{row.number:02d}-{row.symbol}-{row.year}"
    return Download(row.digest, f"{name}.pdf", "application/pdf", ids_in(row.dossiers))


def file_of_dossier(connection: Connection, actor: Actor, today: date, dossier_id: int, digest: str) -> Download | None:
    """A file that belongs to a dossier within the actor's reach; None for any other."""
    part, use, item = table_of(DossierPart), table_of(EvidenceUse), table_of(EvidenceItem)
    survey, vote, condition = table_of(Survey), table_of(Vote), table_of(Condition)
    agenda, session = table_of(AgendaItem), table_of(CouncilSession)
    ways = (
        select(part.c.id).where(part.c.dossier_id == dossier_id, part.c.file_sha256 == digest),
        select(use.c.item_id)
        .join(item, item.c.id == use.c.item_id)
        .where(use.c.dossier_id == dossier_id, use.c.removed_at.is_(None), item.c.file_sha256 == digest),
        select(survey.c.round).where(survey.c.dossier_id == dossier_id, survey.c.minutes_sha256 == digest),
        select(vote.c.round).where(vote.c.dossier_id == dossier_id, vote.c.minutes_sha256 == digest),
        select(condition.c.dossier_id).where(
            condition.c.dossier_id == dossier_id,
            or_(condition.c.debt_sha256 == digest, condition.c.security_sha256 == digest),
        ),
        select(agenda.c.session_id)
        .join(session, session.c.id == agenda.c.session_id)
        .where(agenda.c.dossier_id == dossier_id, session.c.minutes_sha256 == digest),
    )
    row = connection.execute(
        select(F.c.sha256, F.c.media_type)
        .join(D, D.c.id == dossier_id)
        .where(F.c.sha256 == digest, visible_to(actor, today), or_(*(way.exists() for way in ways)))
    ).first()
    if row is None:
        return None
    return Download(row.sha256, f"{digest[:12]}{ENDINGS.get(row.media_type, '')}", row.media_type, (dossier_id,))


_OFFICE = "application/vnd.openxmlformats-officedocument."
ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    _OFFICE + "wordprocessingml.document": ".docx",
    _OFFICE + "spreadsheetml.sheet": ".xlsx",
}
