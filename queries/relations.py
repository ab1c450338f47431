"""What papers say of each other: which one replaces, revokes or corrects which, with the names of both."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, case, distinct, func, literal, select

from models.base import table_of
from models.documents import Paper, PaperDossier, PaperRelation
from models.dossiers import Dossier
from models.places import AdminUnit
from queries.about import papers_of
from queries.fused import row_list
from workflow.events import GIVES_TITLE
from workflow.names import DocumentKind, Relation

P, OF, B = table_of(Paper), table_of(PaperDossier), table_of(PaperRelation)
D, U = table_of(Dossier), table_of(AdminUnit)
OTHER, BY = P.alias("other_paper"), OF.alias("about_by")
ENDING = (Relation.REPLACES, Relation.REVOKES)
SAID = (OTHER.c.id, OTHER.c.kind, OTHER.c.number, OTHER.c.symbol, OTHER.c.signed_on, OTHER.c.code)


def _only_unit() -> ColumnElement[Any]:
    """The name of the one unit that the other paper is about; nothing where they are several."""
    about = BY.join(D, D.c.id == BY.c.dossier_id).join(U, U.c.id == D.c.unit_id)
    one = select(case((func.count() == 1, func.min(U.c.full_name)))).select_from(about)
    return one.where(BY.c.paper_id == OTHER.c.id).correlate(OTHER).scalar_subquery()


class Held(NamedTuple):
    """A dossier for which a decision is in force: its unit, and the last day of that unit if it has ended."""

    paper_id: int
    dossier_id: int
    unit_name: str
    unit_ended: date | None

    def stands(self, today: date) -> bool:
        """Whether the unit exists on a day, so that a decision in place of this one is about it too."""
        return self.unit_ended is None or self.unit_ended >= today


class Said(NamedTuple):
    """Another paper that stands in a relation to this one: of this one (`of_this`), or this one of it.

    `unit` is the name of the one unit that the other paper is about, empty where they are several.
    """

    relation: Relation
    of_this: bool
    id: int
    kind: DocumentKind
    number: int | None
    symbol: str
    signed_on: date | None
    code: str | None
    unit: str

    @property
    def name(self) -> str:
        """The number as it is written, such as 07/QĐ-UBND; empty where it bears none."""
        return f"{self.number:02d}/{self.symbol}" if self.number is not None else ""


def correctable() -> ColumnElement[bool]:
    """The condition that a paper of a dossier gives its title, or is its certificate, and is in force for it."""
    ended = _ending(BY.c.paper_id).where(BY.c.dossier_id == OF.c.dossier_id).correlate(P, OF)
    return P.c.kind.in_((*GIVES_TITLE, DocumentKind.CERTIFICATE)) & ~ended.exists()


def held_by(connection: Connection, paper_id: Any) -> tuple[Held, ...]:
    """Every dossier for which a decision (its id, or a statement that gives it) is in force, in the order of ids."""
    joined = P.join(OF, OF.c.paper_id == P.c.id).join(D, D.c.id == OF.c.dossier_id).join(U, U.c.id == D.c.unit_id)
    held = select(P.c.id, OF.c.dossier_id, U.c.full_name, U.c.valid_to).select_from(joined).order_by(OF.c.dossier_id)
    rows = connection.execute(held.where(P.c.id == paper_id, P.c.kind.in_(GIVES_TITLE), correctable()))
    return tuple(Held(*row) for row in rows)


def title_of(dossier_id: int) -> Any:
    """The id of the decision by which the unit of a dossier holds its title."""
    giving = select(func.max(P.c.id)).select_from(papers_of(dossier_id))
    return giving.where(P.c.kind.in_(GIVES_TITLE), correctable()).correlate(None).scalar_subquery()


def ended_units() -> ColumnElement[int]:
    """For how many of the dossiers that a paper is about a later paper has replaced or revoked it."""
    return _ending(func.count(distinct(BY.c.dossier_id))).correlate(P).scalar_subquery()


def _ending(what: Any) -> Select[Any]:
    ending = select(what).select_from(B.join(BY, BY.c.paper_id == B.c.paper_id))
    return ending.where(B.c.other_id == P.c.id, B.c.relation.in_(ENDING))


def said_of(papers: Any, dossier_id: int | None = None) -> tuple[Select[Any], Select[Any]]:
    """Two lists of rows: what later papers say of these (a list of ids, or one), and what these say of earlier ones.

    Of a decision on several units, what is said of one dossier is said by papers that are about that dossier; what
    corrects the decision itself is said of all of them.
    """
    later = row_list(B.c.relation, *SAID, _only_unit()).select_from(B.join(OTHER, OTHER.c.id == B.c.paper_id))
    earlier = row_list(B.c.relation, *SAID, _only_unit()).select_from(B.join(OTHER, OTHER.c.id == B.c.other_id))
    if dossier_id is not None:
        about_it = OTHER.c.id.in_(select(OF.c.paper_id).where(OF.c.dossier_id == dossier_id))
        later = later.where(about_it | (B.c.relation == Relation.CORRECTS.value))
    return later.where(B.c.other_id.in_(papers)), earlier.where(B.c.paper_id.in_(papers))


def letters_alone(dossier_id: Any) -> Select[Any]:
    """The letters of a dossier that correct a decision of which there is no paper here, as rows of `said_of`."""
    alone = ~select(B.c.paper_id).where(B.c.paper_id == OTHER.c.id).correlate(OTHER).exists()
    mine = OTHER.join(OF, (OF.c.paper_id == OTHER.c.id) & (OF.c.dossier_id == dossier_id))
    rows = row_list(literal(Relation.CORRECTS.value), *SAID, _only_unit()).select_from(mine)
    return rows.where(OTHER.c.kind == DocumentKind.CORRECTION_LETTER.value, alone)


def relations_of(later: Iterable[list[Any]], earlier: Iterable[list[Any]]) -> tuple[Said, ...]:
    """Both lists as they were read, each paper once, the latest first."""
    rows = [(True, row) for row in later] + [(False, row) for row in earlier]
    found = {_said(of_this, row) for of_this, row in rows}
    return tuple(sorted(found, key=lambda one: (-one.id, one.relation)))


def public(relations: Iterable[Said]) -> tuple[Said, ...]:
    """Those that a stranger is told of: a certificate follows its decision, unless it is corrected itself.

    Which copies were made of a paper, and for whom, is no concern of a stranger's.
    """
    told = (one for one in relations if not (one.relation is Relation.COPIES and one.of_this))
    return tuple(one for one in told if one.code or (one.relation is Relation.CORRECTS and not one.of_this))


def _said(of_this: bool, row: list[Any]) -> Said:  # noqa: FBT001 - one of the columns
    relation, paper_id, kind, number, symbol, signed_on, code, unit = row
    day = date.fromisoformat(signed_on) if signed_on else None
    return Said(Relation(relation), of_this, paper_id, DocumentKind(kind), number, symbol, day, code, unit or "")
