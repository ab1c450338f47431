"""The papers that could not be rendered yet, for the administrator: of which dossier, since when, why, what next."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from models.base import table_of
from models.documents import Paper
from models.dossiers import Dossier
from models.events import EffectRow
from models.places import AdminUnit
from queries.about import within_reach
from queries.days import VIETNAM
from workflow.facts import Actor
from workflow.names import Effect

P, D, X, U = table_of(Paper), table_of(Dossier), table_of(EffectRow), table_of(AdminUnit)
MOST = 200


@dataclass(frozen=True, slots=True)
class Late:
    """One paper in trouble: since when and why, how often it was tried, and whether it is tried again by itself."""

    id: int
    kind: str
    dossier_id: int
    code: str
    unit_name: str
    trouble: str
    since: datetime
    attempts: int
    given_up: bool
    error: str


def late_papers(connection: Connection, actor: Actor, today: date) -> tuple[Late, ...]:
    """The papers in trouble within reach, those that were given up first, then the oldest."""
    its_effect = (X.c.event_id == P.c.event_id) & (X.c.kind == Effect.RENDER_PAPERS.value)
    joined = P.join(X, its_effect).join(D, D.c.id == within_reach(actor, today)).join(U, U.c.id == D.c.unit_id)
    found = (P.c.id, P.c.kind, D.c.id.label("dossier_id"), D.c.code, U.c.full_name, P.c.trouble, P.c.troubled_at)
    rows = connection.execute(
        select(*found, X.c.attempts, X.c.status, X.c.last_error)
        .select_from(joined)
        .where(P.c.trouble.is_not(None))
        .order_by(X.c.status != "failed", P.c.troubled_at, P.c.id)
        .limit(MOST)
    )
    return tuple(
        Late(
            *(row.id, row.kind, row.dossier_id, row.code, row.full_name, row.trouble),
            since=row.troubled_at.astimezone(VIETNAM),
            attempts=row.attempts,
            given_up=row.status == "failed",
            error=row.last_error,
        )
        for row in rows
    )
