"""What a person did last: steps taken, conclusions written, ballots cast; the newest first."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, literal, select, union_all

from models.base import table_of
from models.council import Ballot
from models.dossiers import Conclusion, Dossier
from models.events import DossierEvent
from models.places import AdminUnit

E, C, B, D, U = (table_of(one) for one in (DossierEvent, Conclusion, Ballot, Dossier, AdminUnit))
MOST = 50


class Deed(NamedTuple):
    """One thing done: when, on which dossier, of what kind, and the event, criterion or nothing more that it names."""

    at: datetime
    dossier_id: int
    code: str
    unit_name: str
    level: str
    kind: str
    name: str


def _latest(table: Any, kind: str, name: Any, last: Any) -> Select[Any]:
    listed = select(table.c.at, table.c.dossier_id, literal(kind).label("kind"), name.label("name"))
    newest = listed.where(table.c.person_id == bindparam("person_id")).order_by(last.desc()).limit(MOST).subquery()
    return select(newest)


_DEEDS = union_all(
    _latest(E, "event", E.c.type, E.c.id),
    _latest(C, "conclusion", C.c.criterion, C.c.at),
    _latest(B, "ballot", literal(""), B.c.at),
).subquery()
_DONE = (
    select(_DEEDS.c.at, D.c.id, D.c.code, U.c.full_name, D.c.level, _DEEDS.c.kind, _DEEDS.c.name)
    .join(D, D.c.id == _DEEDS.c.dossier_id)
    .join(U, U.c.id == D.c.unit_id)
    .order_by(_DEEDS.c.at.desc(), D.c.id)
    .limit(MOST)
)


def done_by(connection: Connection, person_id: int) -> tuple[Deed, ...]:
    """Up to fifty things that a person did, the newest first; how a ballot was cast is not among them."""
    return tuple(Deed(*row) for row in connection.execute(_DONE, {"person_id": person_id}))
