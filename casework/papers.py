"""The papers of an act: drawn up before it is written, from what is known at that moment, and kept with its event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from casework.issuing import Issued
from models.base import table_of
from models.documents import Paper
from queries.facts import CaseFile
from workflow.names import DocumentKind

P = table_of(Paper)
_KEEP = insert(P)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper as it was drawn up: its kind, the issuing unit with its symbol, its frozen context, and its number."""

    kind: DocumentKind
    unit_id: int
    symbol: str
    context: str
    issued: Issued | None = None

    @property
    def digest(self) -> str:
        """The SHA-256 over the context, which the event keeps, so that no change of it goes unseen."""
        return sha256(self.context.encode()).hexdigest()


def keep(connection: Connection, file: CaseFile, drawn: Iterable[Drawn], event_id: int, now: datetime) -> None:
    """Keep the papers of an event, now and ever after; the worker renders them after the commit."""
    frame = {"event_id": event_id, "dossier_id": file.row.id, "person_id": file.actor.person_id, "at": now}
    rows = [{**frame, **_row(paper)} for paper in drawn]
    if rows:
        connection.execute(_KEEP, rows)


def unrendered(connection: Connection, event_id: int) -> list[Row[Any]]:
    """The papers of an event that are still to be rendered, in the order in which they were drawn up."""
    mine = (P.c.event_id == event_id) & P.c.sha256.is_(None)
    return list(connection.execute(select(P.c.id, P.c.kind, P.c.context, P.c.code).where(mine).order_by(P.c.id)))


def record_rendering(connection: Connection, paper_id: int, sha256: str, pages: int, now: datetime) -> None:
    """Record the bytes of a paper once; one that has them already keeps them."""
    still = (P.c.id == paper_id) & P.c.sha256.is_(None)
    connection.execute(update(P).where(still).values(sha256=sha256, pages=pages, rendered_at=now))


def _row(paper: Drawn) -> dict[str, object]:
    issued = paper.issued
    return {
        "kind": paper.kind.value,
        "edition": 1,
        "unit_id": paper.unit_id,
        "symbol": paper.symbol,
        "year": issued.signed_on.year if issued else None,
        "number": issued.number if issued else None,
        "signed_on": issued.signed_on if issued else None,
        "code": issued.code if issued else None,
        "context": paper.context,
        "template_version": 1,
    }
