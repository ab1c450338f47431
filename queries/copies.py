"""A paper before it is copied: whether it was issued and holds, who may sign a copy, and what was copied of it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from models.base import table_of
from models.documents import CopyMade, Dispatch, EditedPaper, NumberSeries, Paper, PaperRelation
from models.dossiers import Dossier
from models.people import Person, RoleGrant
from models.places import AdminUnit
from queries.about import how_many, within_reach
from queries.fused import row_list, rows_of
from queries.issued_papers import dealt_with, last_edited, seal_of
from queries.relations import ENDING, Said, ended_units, relations_of, said_of
from queries.signatures import last_file
from workflow.copies import SERIES
from workflow.facts import Actor
from workflow.names import DocumentKind, Relation, Role, Tier

P, D, U, B = (table_of(one) for one in (Paper, Dossier, AdminUnit, PaperRelation))
E, S, N, M = (table_of(one) for one in (EditedPaper, Dispatch, NumberSeries, CopyMade))
G, W = table_of(RoleGrant), table_of(Person)
HEADS = {
    Tier.PROVINCE: Role.PROVINCIAL_CHAIRMAN,
    Tier.DISTRICT: Role.DISTRICT_CHAIRMAN,
    Tier.COMMUNE: Role.COMMUNE_CHAIRMAN,
}


class Head(NamedTuple):
    """Who holds the office of a unit's head on a day, and the wording by which: TL., KT. or none."""

    person_id: int
    name: str
    wording: str


@dataclass(frozen=True, slots=True)
class Original:
    """A paper that is to be copied, with its last file, and by which later papers it has ended for which units.

    It is digitally signed in full (`sealed`), or was sent out on a day, signed by hand. `copied_last` is the last copy
    that was made of it, with whose hand. Of a true copy the standing is that of the paper which it copies. `dealt` are
    the dossiers within reach that it is about, with their units.
    """

    id: int
    event_id: int
    kind: DocumentKind
    version: int
    number: int | None
    symbol: str
    signed_on: date | None
    unit_id: int
    context: str
    pages: int | None
    file: str | None
    sealed: bool
    sent_on: date | None
    edited: bool
    procedure_id: str
    dossier_unit: str
    units: int
    ended_units: int
    ended_by: tuple[Said, ...]
    copied_last: tuple[int, str, str] | None
    dealt: tuple[tuple[int, str], ...]

    @property
    def issued(self) -> bool:
        """Whether it was signed in full, or went out signed by hand."""
        return self.number is not None and (self.sealed or self.sent_on is not None)

    @property
    def has_file(self) -> bool:
        """Whether the file here is what was signed; what was signed by hand lies with the clerk, on paper."""
        return self.sealed and self.file is not None

    @property
    def name(self) -> str:
        """The number as it is written, such as 07/QĐ-UBND; empty for a draft."""
        return f"{self.number:02d}/{self.symbol}" if self.number is not None else ""

    @property
    def known_pages(self) -> int | None:
        """How many pages it has; unknown of one whose text was edited by hand."""
        return None if self.edited else self.pages


def original(
    connection: Connection, actor: Actor, today: date, paper_id: int, *, lock: bool = False
) -> Original | None:
    """A paper within the actor's reach, in three statements; None outside it."""
    seen = select(P.c.id).where(P.c.id == paper_id, within_reach(actor, today).is_not(None))
    if connection.execute(seen.with_for_update(key_share=True) if lock else seen).first() is None:
        return None
    row = connection.execute(_paper(actor, today).where(P.c.id == paper_id)).one()
    later, _ = said_of([row.root])
    count = select(ended_units()).where(P.c.id == row.root).scalar_subquery()
    ended, said = connection.execute(select(count, later.scalar_subquery())).one()
    ending = tuple(one for one in relations_of(rows_of(said), ()) if one.relation in ENDING)
    found = max(rows_of(row.copies), default=None)
    last = (found[0], f"{found[1]:02d}/{found[2]}", found[3]) if found else None
    named = (row.id, row.event_id, DocumentKind(row.kind), row.template_version, row.number, row.symbol, row.signed_on)
    held = (row.unit_id, row.context, row.pages, row.file, row.sealed is not None, row.sent_on, row.edited is not None)
    return Original(*named, *held, row.procedure_id, row.full_name, row.units, ended, ending, last, _dealt(row))


def _dealt(row: Any) -> tuple[tuple[int, str], ...]:
    return tuple((dossier_id, name) for dossier_id, _, name in sorted(rows_of(row.dealt), key=lambda one: one[2]))


def _paper(actor: Actor, today: date) -> Any:
    root = select(B.c.other_id).where(B.c.paper_id == P.c.id, B.c.relation == Relation.COPIES.value)
    joined = P.join(D, D.c.id == within_reach(actor, today)).join(U, U.c.id == D.c.unit_id)
    joined = joined.outerjoin(S, S.c.paper_id == P.c.id)
    said = (P.c.id, P.c.event_id, P.c.kind, P.c.template_version, P.c.number, P.c.symbol, P.c.signed_on, P.c.unit_id)
    more = (P.c.context, P.c.pages, last_file().label("file"), S.c.sent_on, D.c.procedure_id, U.c.full_name)
    asked = (
        seal_of().label("sealed"),
        func.coalesce(root.correlate(P).scalar_subquery(), P.c.id).label("root"),
        last_edited().label("edited"),
        how_many().label("units"),
        dealt_with(actor, today).label("dealt"),
        _copies().correlate(P).scalar_subquery().label("copies"),
    )
    return select(*said, *more, *asked).select_from(joined)


def _copies() -> Any:
    """Each copy that was made of a paper, with who made it."""
    copy = P.alias("copy")
    joined = B.join(copy, copy.c.id == B.c.paper_id).join(M, M.c.paper_id == copy.c.id)
    listed = row_list(copy.c.id, copy.c.number, copy.c.symbol, W.c.name)
    listed = listed.select_from(joined.join(W, W.c.id == M.c.person_id))
    return listed.where(B.c.other_id == P.c.id, B.c.relation == Relation.COPIES.value)


def heads_of(connection: Connection, unit_id: int, day: date) -> tuple[Head, ...]:
    """Who holds the office of a unit's head on a day, each wording by itself, in the order in which it was granted."""
    joined = G.join(W, W.c.id == G.c.person_id).join(U, U.c.id == G.c.unit_id)
    roles = [(U.c.tier == tier.value) & (G.c.role == role.value) for tier, role in HEADS.items()]
    held = (G.c.valid_from <= day) & (G.c.valid_to.is_(None) | (G.c.valid_to >= day))
    listed = select(W.c.id, W.c.name, G.c.wording).select_from(joined)
    listed = listed.where(G.c.unit_id == unit_id, held, roles[0] | roles[1] | roles[2], W.c.disabled_at.is_(None))
    return tuple(dict.fromkeys(Head(*row) for row in connection.execute(listed.order_by(G.c.id))))


def copies_by_hand(connection: Connection, unit_id: int, year: int) -> bool:
    """Whether the clerk of a unit types the numbers of copies of a year; so where no series was opened."""
    series = select(N.c.by_hand).where(N.c.unit_id == unit_id, N.c.symbol == SERIES, N.c.year == year)
    row = connection.execute(series).first()
    return bool(row.by_hand) if row else True
