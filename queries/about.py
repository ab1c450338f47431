"""What a paper is about: mostly one dossier, several where one decision is made on several units at once."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, select

from models.base import table_of
from models.documents import Paper, PaperDossier
from models.dossiers import Dossier
from queries.fused import row_list, rows_of
from queries.scope import visible_to
from workflow.facts import Actor

P, OF, D = table_of(Paper), table_of(PaperDossier), table_of(Dossier)


def within_reach(actor: Actor, today: date) -> ColumnElement[Any]:
    """The id of the first dossier of a paper that is within the actor's reach; nothing where none is."""
    seen = select(func.min(OF.c.dossier_id)).select_from(OF.join(D, D.c.id == OF.c.dossier_id))
    return seen.where(OF.c.paper_id == P.c.id, visible_to(actor, today)).correlate(P).scalar_subquery()


def first_dossier() -> ColumnElement[Any]:
    """The id of the first dossier of a paper, whoever looks."""
    return select(func.min(OF.c.dossier_id)).where(OF.c.paper_id == P.c.id).correlate(P).scalar_subquery()


def how_many() -> ColumnElement[Any]:
    """How many dossiers a paper is about."""
    return select(func.count()).where(OF.c.paper_id == P.c.id).correlate(P).scalar_subquery()


def all_dossiers() -> ColumnElement[Any]:
    """The ids of all dossiers of a paper, whoever looks, as `ids_in` reads them."""
    return row_list(OF.c.dossier_id).where(OF.c.paper_id == P.c.id).correlate(P).scalar_subquery()


def ids_in(text: str | None) -> tuple[int, ...]:
    """The ids in such a list, in their order."""
    return tuple(sorted(one for (one,) in rows_of(text)))


def papers_of(dossier_id: Any) -> FromClause:
    """The papers of a dossier, each with the event of this dossier's chain that it belongs to."""
    return P.join(OF, (OF.c.paper_id == P.c.id) & (OF.c.dossier_id == dossier_id))
