"""What papers say of each other: which one replaces, revokes or corrects which, with the names of both."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select

from models.base import table_of
from models.documents import Paper, PaperDossier, PaperRelation
from queries.fused import row_list
from workflow.events import GIVES_TITLE
from workflow.names import DocumentKind, Relation

P, OF, B = table_of(Paper), table_of(PaperDossier), table_of(PaperRelation)
OTHER = P.alias("other_paper")
ENDING = (Relation.REPLACES, Relation.REVOKES)
SAID = (OTHER.c.id, OTHER.c.kind, OTHER.c.number, OTHER.c.symbol, OTHER.c.signed_on, OTHER.c.code)


class Said(NamedTuple):
    """Another paper that stands in a relation to this one: of this one (`of_this`), or this one of it."""

    relation: Relation
    of_this: bool
    id: int
    kind: DocumentKind
    number: int | None
    symbol: str
    signed_on: date | None
    code: str | None

    @property
    def name(self) -> str:
        """The number as it is written, such as 07/QĐ-UBND; empty where it bears none."""
        return f"{self.number:02d}/{self.symbol}" if self.number is not None else ""


def correctable() -> ColumnElement[bool]:
    """The condition that a paper is a decision that gives a title, or its certificate, and is in force."""
    ended = select(B.c.paper_id).where(B.c.other_id == P.c.id, B.c.relation.in_(ENDING)).exists()
    return P.c.kind.in_((*GIVES_TITLE, DocumentKind.CERTIFICATE)) & ~ended


def said_of(papers: Any, dossier_id: int | None = None) -> tuple[Select[Any], Select[Any]]:
    """Two lists of rows: what later papers say of these (a list of ids, or one), and what these say of earlier ones.

    Of a decision on several units, what is said of one dossier is said by papers that are about that dossier.
    """
    later = row_list(B.c.relation, *SAID).select_from(B.join(OTHER, OTHER.c.id == B.c.paper_id))
    earlier = row_list(B.c.relation, *SAID).select_from(B.join(OTHER, OTHER.c.id == B.c.other_id))
    if dossier_id is not None:
        later = later.where(OTHER.c.id.in_(select(OF.c.paper_id).where(OF.c.dossier_id == dossier_id)))
    return later.where(B.c.other_id.in_(papers)), earlier.where(B.c.paper_id.in_(papers))


def relations_of(later: Iterable[list[Any]], earlier: Iterable[list[Any]]) -> tuple[Said, ...]:
    """Both lists as they were read, each paper once, the latest first."""
    rows = [(True, row) for row in later] + [(False, row) for row in earlier]
    found = {_said(of_this, row) for of_this, row in rows}
    return tuple(sorted(found, key=lambda one: (-one.id, one.relation)))


def public(relations: Iterable[Said]) -> tuple[Said, ...]:
    """Those that a stranger is told of: a certificate follows its decision, unless it is corrected itself."""
    return tuple(one for one in relations if one.code or (one.relation is Relation.CORRECTS and not one.of_this))


def _said(of_this: bool, row: list[Any]) -> Said:  # noqa: FBT001 - one of the columns
    relation, paper_id, kind, number, symbol, signed_on, code = row
    day = date.fromisoformat(signed_on) if signed_on else None
    return Said(Relation(relation), of_this, paper_id, DocumentKind(kind), number, symbol, day, code)
