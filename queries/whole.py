"""A dossier as a whole, in time order: every document that belongs to it, replaced ones too, and every event."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, literal, select

from models.base import table_of
from models.council import AgendaItem, CouncilSession
from models.documents import EditedPaper, Installation, Paper
from models.dossiers import Condition, Dossier, DossierPart, Survey, Vote
from models.events import DossierEvent
from models.evidence import EvidenceItem, EvidenceUse, StoredFile
from models.people import Person
from models.places import AdminUnit
from models.signatures import PaperSignature
from queries.about import papers_of
from queries.days import VIETNAM
from queries.rulebook import procedures
from queries.signatures import shown_file
from queries.wording import label, state_label

D, E, U, P, F = (table_of(one) for one in (Dossier, DossierEvent, AdminUnit, Person, StoredFile))
PAPER, EDITED, PART = table_of(Paper), table_of(EditedPaper), table_of(DossierPart)
SIGNED = table_of(PaperSignature)
USE, ITEM = table_of(EvidenceUse), table_of(EvidenceItem)
PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Item:
    """One document: its group and kind, what it is called, by whom it was made or filed and when, and its bytes."""

    group: str
    kind: str
    title: str
    at: datetime
    person: str
    organ: str
    digest: str | None
    media_type: str
    number: int | None = None
    symbol: str = ""
    signed_on: date | None = None
    pages: int | None = None

    @property
    def local(self) -> datetime:
        """When, by the clock of Vietnam."""
        return self.at.astimezone(VIETNAM)


@dataclass(frozen=True, slots=True)
class Step:
    """One event as it is read: when, what, who in which office, the reason, and the state it led to."""

    seq: int
    at: datetime
    type: str
    what: str
    person: str
    office: str
    unit: str
    reason: str
    state: str

    @property
    def local(self) -> datetime:
        """When, by the clock of Vietnam."""
        return self.at.astimezone(VIETNAM)


@dataclass(frozen=True, slots=True)
class Whole:
    """A dossier with its documents and its events, each in time order."""

    id: int
    code: str
    unit: str
    unit_code: str
    title: str
    state: str
    procedure: str
    opened_at: datetime
    practice: bool
    items: tuple[Item, ...]
    steps: tuple[Step, ...]


def read_whole(connection: Connection, dossier_id: int) -> Whole:
    """Everything of one dossier."""
    row = connection.execute(
        select(D, U.c.full_name, U.c.code.label("unit_code")).join(U, U.c.id == D.c.unit_id).where(D.c.id == dossier_id)
    ).one()
    procedure = procedures()[row.procedure_id]
    items = sorted(_items(connection, dossier_id), key=lambda item: (item.at, item.group, item.kind, item.title))
    practice = connection.execute(select(table_of(Installation).c.practice)).scalar()
    return Whole(
        id=row.id,
        code=row.code,
        unit=row.full_name,
        unit_code=row.unit_code,
        title=label("levels", row.level, "vi"),
        state=state_label(procedure.states[row.state], "vi"),
        procedure=procedure.title_vi,
        opened_at=row.opened_at,
        practice=practice is not False,
        items=tuple(items),
        steps=tuple(_step(event) for event in connection.execute(_steps(dossier_id))),
    )


def _items(connection: Connection, dossier_id: int) -> Iterator[Item]:
    for row in connection.execute(_papers(dossier_id)):
        name = label("documents", row.kind, "vi")
        named = f"{name} {row.number:02d}/{row.symbol}" if row.number else f"{name} (dự thảo)"
        made = (row.at, row.person, row.organ, row.sha256, PDF, row.number, row.symbol, row.signed_on, row.pages)
        yield Item("papers", row.kind, named, *made)
    for row in connection.execute(_signed(dossier_id)):
        title = f"{label('documents', row.kind, 'vi')} {row.number:02d}/{row.symbol}: bản ký số của {row.subject}"
        yield Item("papers", row.kind, title, row.at, row.person, row.organ, row.sha256, PDF)
    for row in connection.execute(_edited(dossier_id)):
        title = f"{label('documents', row.kind, 'vi')}: bản sửa tay"
        yield Item("papers", row.kind, title, row.at, row.person, row.organ, row.sha256, row.media_type)
    for row in connection.execute(_parts(dossier_id)):
        replaced = " (đã được thay thế)" if row.replaced_at else ""
        title = f"{label('parts', row.part, 'vi')}: {row.title}{replaced}"
        yield Item("parts", row.part, title, row.at, row.person, "", row.sha256, row.media_type)
    for (_, title), rows in _by_item(connection.execute(_evidence(dossier_id)).all()).items():
        codes = ", ".join(sorted({row.indicator for row in rows}))
        first = rows[0]
        named = f"Minh chứng chỉ tiêu {codes}: {title}"
        yield Item("evidence", codes, named, first.at, first.person, "", first.sha256, first.media_type)
    for title, statement in _minutes(dossier_id):
        for row in connection.execute(statement):
            yield Item("minutes", "minutes", title, row.at, row.person, "", row.sha256, row.media_type)


def _by_item(rows: Any) -> dict[tuple[int, str], list[Row[Any]]]:
    found: dict[tuple[int, str], list[Row[Any]]] = {}
    for row in rows:
        found.setdefault((row.id, row.title), []).append(row)
    return found


def _papers(dossier_id: int) -> Select[Any]:
    digest = shown_file(PAPER.c.sha256).label("sha256")
    shown = (PAPER.c.kind, PAPER.c.at, digest, PAPER.c.number, PAPER.c.symbol, PAPER.c.signed_on, PAPER.c.pages)
    joined = papers_of(dossier_id).join(P, P.c.id == PAPER.c.person_id).join(U, U.c.id == PAPER.c.unit_id)
    named = (P.c.name.label("person"), U.c.full_name.label("organ"))
    return select(*shown, *named).select_from(joined).order_by(PAPER.c.id)


def _signed(dossier_id: int) -> Select[Any]:
    joined = papers_of(dossier_id).join(SIGNED, PAPER.c.id == SIGNED.c.paper_id).join(P, P.c.id == SIGNED.c.person_id)
    joined = joined.join(U, U.c.id == PAPER.c.unit_id)
    shown = (PAPER.c.kind, PAPER.c.number, PAPER.c.symbol, SIGNED.c.subject, SIGNED.c.signed_at.label("at"))
    named = (SIGNED.c.file_sha256.label("sha256"), P.c.name.label("person"), U.c.full_name.label("organ"))
    there = SIGNED.c.file_sha256.is_not(None)
    return select(*shown, *named).select_from(joined).where(there).order_by(SIGNED.c.id)


def _edited(dossier_id: int) -> Select[Any]:
    joined = (
        papers_of(dossier_id).join(EDITED, PAPER.c.id == EDITED.c.paper_id).join(F, F.c.sha256 == EDITED.c.file_sha256)
    )
    joined = joined.join(P, P.c.id == EDITED.c.person_id).join(U, U.c.id == PAPER.c.unit_id)
    named = (P.c.name.label("person"), U.c.full_name.label("organ"))
    shown = (PAPER.c.kind, EDITED.c.at, F.c.sha256, F.c.media_type, *named)
    return select(*shown).select_from(joined).order_by(EDITED.c.id)


def _parts(dossier_id: int) -> Select[Any]:
    joined = PART.join(F, F.c.sha256 == PART.c.file_sha256).join(P, P.c.id == PART.c.person_id)
    shown = (PART.c.part, PART.c.title, PART.c.at, PART.c.replaced_at, F.c.sha256, F.c.media_type)
    named = select(*shown, P.c.name.label("person")).select_from(joined)
    return named.where(PART.c.dossier_id == dossier_id).order_by(PART.c.id)


def _evidence(dossier_id: int) -> Select[Any]:
    joined = USE.join(ITEM, ITEM.c.id == USE.c.item_id).join(F, F.c.sha256 == ITEM.c.file_sha256)
    joined = joined.join(P, P.c.id == ITEM.c.person_id)
    shown = (ITEM.c.id, ITEM.c.title, ITEM.c.at, USE.c.indicator, F.c.sha256, F.c.media_type)
    used = (USE.c.dossier_id == dossier_id, USE.c.removed_at.is_(None))
    named = select(*shown, P.c.name.label("person")).select_from(joined)
    return named.where(*used).order_by(ITEM.c.id, USE.c.indicator)


def _minutes(dossier_id: int) -> Iterator[tuple[str, Select[Any]]]:
    """The papers behind survey, votes, statements and the council's sessions."""
    survey, vote, stated = table_of(Survey), table_of(Vote), table_of(Condition)
    ways = (
        ("Biên bản lấy ý kiến hài lòng", survey, survey.c.minutes_sha256),
        ("Biên bản bỏ phiếu của Ban Chỉ đạo", vote, vote.c.minutes_sha256),
        ("Xác nhận về nợ đọng xây dựng cơ bản", stated, stated.c.debt_sha256),
        ("Xác nhận về an ninh, trật tự", stated, stated.c.security_sha256),
    )
    for title, table, column in ways:
        joined = table.join(F, F.c.sha256 == column).join(P, P.c.id == table.c.person_id)
        shown = select(table.c.at, F.c.sha256, F.c.media_type, P.c.name.label("person")).select_from(joined)
        yield title, shown.where(table.c.dossier_id == dossier_id).order_by(*table.primary_key.columns)
    item, session = table_of(AgendaItem), table_of(CouncilSession)
    joined = item.join(session, session.c.id == item.c.session_id).join(F, F.c.sha256 == session.c.minutes_sha256)
    shown = select(session.c.closed_at.label("at"), F.c.sha256, F.c.media_type, literal("").label("person"))
    mine = (item.c.dossier_id == dossier_id, session.c.closed_at.is_not(None))
    yield "Biên bản họp Hội đồng", shown.select_from(joined).where(*mine).order_by(session.c.id)


def _steps(dossier_id: int) -> Select[Any]:
    joined = select(E, U.c.full_name).join(U, U.c.id == E.c.unit_id)
    return joined.where(E.c.dossier_id == dossier_id).order_by(E.c.seq)


def _step(row: Row[Any]) -> Step:
    procedure = procedures()[row.procedure_id]
    return Step(
        seq=row.seq,
        at=row.at,
        type=row.type,
        what=label("events", row.type, "vi"),
        person=row.person_name,
        office=label("roles", row.role, "vi"),
        unit=row.full_name,
        reason=row.reason,
        state=state_label(procedure.states[row.to_state], "vi") if row.to_state in procedure.states else row.to_state,
    )
