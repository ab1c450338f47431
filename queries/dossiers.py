"""Finding dossiers: those within a person's reach, the newest first, and by code or by the name of the unit."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, or_, select

from models.base import table_of
from models.council import AgendaItem, CouncilSession
from models.documents import Paper
from models.dossiers import Condition, Dossier, DossierPart, Survey, Vote
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from models.places import AdminUnit
from queries.inbox import PAGE, Line, line_of
from queries.scope import visible_to
from queries.search import has_words
from workflow.facts import Actor

D, U, PAPER, F = table_of(Dossier), table_of(AdminUnit), table_of(Paper), table_of(StoredFile)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of dossiers, and from which id on the next page goes, None at the end."""

    rows: tuple[Line, ...]
    following: int | None


def dossiers_seen(
    connection: Connection, actor: Actor, today: date, wanted: str = "", before: int | None = None
) -> Found:
    """Up to 25 dossiers within the actor's reach, newest first, whose code or unit contains the wanted words."""
    statement = (
        select(D.c.id, D.c.code, U.c.full_name, D.c.level, D.c.procedure_id, D.c.state, D.c.due_on)
        .join(U, U.c.id == D.c.unit_id)
        .where(visible_to(actor, today))
        .order_by(D.c.id.desc())
        .limit(PAGE + 1)
    )
    if wanted.strip():
        of_code = D.c.code.icontains(wanted.strip(), autoescape=True)
        statement = statement.where(or_(of_code, has_words(wanted, U.c.search_key)))
    if before is not None:
        statement = statement.where(D.c.id < before)
    rows = [line_of(*row) for row in connection.execute(statement)]
    return Found(tuple(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


@dataclass(frozen=True, slots=True)
class Download:
    """A stored file with the name under which it is handed out and its media type."""

    digest: str
    name: str
    media_type: str


def rendered_pdf(connection: Connection, actor: Actor, today: date, paper_id: int) -> Download | None:
    """The rendered PDF of a paper of a dossier within the actor's reach; None when there is none."""
    row = connection.execute(
        select(PAPER.c.sha256, PAPER.c.number, PAPER.c.symbol, PAPER.c.year, PAPER.c.id)
        .join(D, D.c.id == PAPER.c.dossier_id)
        .where(PAPER.c.id == paper_id, PAPER.c.sha256.is_not(None), visible_to(actor, today))
    ).first()
    if row is None:
        return None
    name = f"{row.symbol}-du-thao-{row.id}" if row.number is None else f"{row.number:02d}-{row.symbol}-{row.year}"
    return Download(row.sha256, f"{name}.pdf", "application/pdf")


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
