"""The papers of an act: drawn up before it is written, from what is known at that moment, and kept with its event."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, insert, select, update

from casework import outgoing
from casework.errors import NotFound
from casework.issuing import Issued
from models.base import table_of
from models.documents import Paper, PaperDossier, PaperRelation, UnsignedView
from models.events import EffectRow
from queries.about import within_reach
from queries.days import day_of
from queries.facts import CaseFile
from workflow.facts import Actor
from workflow.names import DocumentKind, Effect, Relation, Trouble

P, OF, X, B, V = (table_of(one) for one in (Paper, PaperDossier, EffectRow, PaperRelation, UnsignedView))
_KEEP = insert(P)
_LINE: tuple[ColumnElement[Any], ...] = (
    P.c.id,
    bindparam("its_dossier").label("dossier_id"),
    bindparam("its_event").label("event_id"),
)
_COLUMNS = ("paper_id", "dossier_id", "event_id")
_BELONGS = insert(OF).from_select(_COLUMNS, select(*_LINE).where(P.c.event_id == bindparam("its_event")))
_SHARES = insert(OF).from_select(
    _COLUMNS, select(*_LINE).where(P.c.event_id == bindparam("first_event"), P.c.number.is_not(None))
)


class Bond(NamedTuple):
    """What a paper says of an earlier one."""

    relation: Relation
    paper_id: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper as it was drawn up: its kind, the issuing unit with its symbol, its frozen context, and its number."""

    kind: DocumentKind
    unit_id: int
    symbol: str
    context: str
    issued: Issued | None = None
    bonds: tuple[Bond, ...] = ()

    @property
    def digest(self) -> str:
        """The SHA-256 over the context, which the event keeps, so that no change of it goes unseen."""
        return sha256(self.context.encode()).hexdigest()


def keep(
    connection: Connection,
    file: CaseFile,
    drawn: Collection[Drawn],
    event_id: int,
    now: datetime,
    first_event: int | None = None,
) -> None:
    """Keep the papers of an event, now and ever after; the worker renders them after the commit.

    A numbered paper that was kept with an earlier event of the same decision (`first_event`) is this dossier's too.
    """
    own = [paper for paper in drawn if first_event is None or paper.issued is None]
    frame = {"event_id": event_id, "person_id": file.actor.person_id, "at": now}
    if own:
        connection.execute(_KEEP, [{**frame, **_row(paper)} for paper in own])
    if drawn:
        its = {"its_dossier": file.row.id, "its_event": event_id}
        connection.execute(_BELONGS, its)
        if first_event is not None:
            connection.execute(_SHARES, {**its, "first_event": first_event})
    for paper in own:
        if paper.issued:
            outgoing.enter(connection, paper.issued, paper.context)
    _bind(connection, drawn, event_id)


def _bind(connection: Connection, drawn: Collection[Drawn], event_id: int) -> None:
    """Keep what these papers say of earlier ones."""
    bonds = {paper.kind.value: paper.bonds for paper in drawn if paper.bonds}
    if not bonds:
        return
    mine = select(P.c.id, P.c.kind).where(P.c.event_id == event_id, P.c.kind.in_(bonds)).order_by(P.c.id)
    rows = [
        {"paper_id": row.id, "other_id": bond.paper_id, "relation": bond.relation.value}
        for row in connection.execute(mine)
        for bond in bonds[row.kind]
    ]
    connection.execute(insert(B), rows)


def unrendered(connection: Connection, event_id: int) -> list[Row[Any]]:
    """The papers of an event that are still to be rendered, in the order in which they were drawn up."""
    mine = (P.c.event_id == event_id) & P.c.sha256.is_(None)
    return list(
        connection.execute(select(P.c.id, P.c.event_id, P.c.kind, P.c.context, P.c.code).where(mine).order_by(P.c.id))
    )


def record_rendering(
    connection: Connection, paper_id: int, sha256: str, pages: int, now: datetime, view: str | None = None
) -> None:
    """Record the bytes of a paper once, which ends its trouble; one that has them already keeps them.

    With them is recorded what is shown of it as long as no signature stands on it, if that is something else.
    """
    made = {"sha256": sha256, "pages": pages, "rendered_at": now, "trouble": None, "troubled_at": None}
    recorded = connection.execute(update(P).where(_still(paper_id)).values(made)).rowcount
    if recorded and view:
        connection.execute(insert(V), {"paper_id": paper_id, "sha256": view})


def record_trouble(connection: Connection, paper_id: int, trouble: Trouble, now: datetime) -> None:
    """Keep why a paper could not be rendered, for whoever looks at the dossier and for the administrator."""
    connection.execute(update(P).where(_still(paper_id)).values(trouble=trouble.value, troubled_at=now))


def _still(paper_id: int) -> ColumnElement[bool]:
    return and_(P.c.id == paper_id, P.c.sha256.is_(None))


def owe_rendering(connection: Connection, event_id: int, now: datetime) -> None:
    """Owe once more what renders the papers of an event, after another one was put beside them."""
    its_effect = and_(X.c.event_id == event_id, X.c.kind == Effect.RENDER_PAPERS.value)
    again = {"status": "queued", "run_at": now, "attempts": 0, "done_at": None, "lease_until": None}
    connection.execute(update(X).where(its_effect).values(again))


def ask_again(connection: Connection, actor: Actor, paper_id: int, now: datetime) -> int:
    """Have a paper rendered at once, also one that was given up, and give its dossier; NotFound outside one's reach."""
    seen = within_reach(actor, day_of(now)).label("dossier_id")
    row = connection.execute(select(P.c.event_id, seen).where(P.c.id == paper_id)).first()
    if row is None or row.dossier_id is None:
        raise NotFound(f"paper {paper_id}")
    owed = and_(X.c.event_id == row.event_id, X.c.kind == Effect.RENDER_PAPERS.value, X.c.status != "running")
    again = {"status": "queued", "run_at": now, "attempts": 0, "done_at": None}
    connection.execute(update(X).where(owed, X.c.status != "done").values(again))
    return int(row.dossier_id)


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
