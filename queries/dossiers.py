"""Finding dossiers: those within a person's reach, the newest first, and by code or by the name of the unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from models.base import table_of
from models.council import AgendaItem, CouncilSession
from models.documents import Paper
from models.dossiers import Condition, Dossier, DossierPart, Survey, Vote
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from models.places import AdminUnit
from queries.inbox import COLUMNS, PAGE, Line, dossiers_named, line_of
from queries.rulebook import procedures
from queries.scope import visible_to
from queries.signatures import last_file
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
    year: int | None = None
    overdue: bool = False
    paused: bool = False

    def conditions(self, today: date) -> Iterator[ColumnElement[Any]]:
        """The conditions that it puts."""
        if self.wanted.strip():
            yield dossiers_named(self.wanted)
        chosen = ((D.c.state, self.state), (D.c.level, self.level), (D.c.district_id, self.district))
        yield from (column == value for column, value in (*chosen, (D.c.criteria_year, self.year)) if value)
        if self.overdue:
            yield D.c.due_on < today
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


def districts(connection: Connection) -> dict[int, str]:
    """Every district that there is or was, by name."""
    rows = connection.execute(select(U.c.id, U.c.full_name).where(U.c.tier == Tier.DISTRICT).order_by(U.c.sort_key))
    return {row.id: row.full_name for row in rows}


@dataclass(frozen=True, slots=True)
class Download:
    """A stored file with the name under which it is handed out and its media type."""

    digest: str
    name: str
    media_type: str


def rendered_pdf(connection: Connection, actor: Actor, today: date, paper_id: int) -> Download | None:
    """The PDF of a paper within the actor's reach with the signatures that it has; None when it is not rendered."""
    return _pdf(connection, actor, today, paper_id, last_file())


def issued_pdf(connection: Connection, actor: Actor, today: date, paper_id: int) -> Download | None:
    """The PDF of a paper as it was issued, without any signature."""
    return _pdf(connection, actor, today, paper_id, PAPER.c.sha256)


def _pdf(connection: Connection, actor: Actor, today: date, paper_id: int, file: ColumnElement[Any]) -> Download | None:
    row = connection.execute(
        select(file.label("digest"), PAPER.c.number, PAPER.c.symbol, PAPER.c.year, PAPER.c.id)
        .join(D, D.c.id == PAPER.c.dossier_id)
        .where(PAPER.c.id == paper_id, PAPER.c.sha256.is_not(None), visible_to(actor, today))
    ).first()
    if row is None:
        return None
    name = f"{row.symbol}-du-thao-{row.id}" if row.number is None else f"{row.number:02d}-{row.symbol}-{row.year}"
    return Download(row.digest, f"{name}.pdf", "application/pdf")


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
    return Download(row.sha256, f"{digest[:12]}{ENDINGS.get(row.media_type, '')}", row.media_type) if row else None


_OFFICE = "application/vnd.openxmlformats-officedocument."
ENDINGS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    _OFFICE + "wordprocessingml.document": ".docx",
    _OFFICE + "spreadsheetml.sheet": ".xlsx",
}
