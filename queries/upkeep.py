"""What the house does by itself, for the administrator: what waits, what was given up and why, and the daily work."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, literal, null, select, union_all

from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent, EffectRow
from models.notices import DailyJob, Message, Notice
from models.people import Person
from models.record import Bundle

D, E, X = table_of(Dossier), table_of(DossierEvent), table_of(EffectRow)
J, M, N, P = table_of(DailyJob), table_of(Message), table_of(Notice), table_of(Person)
B = table_of(Bundle)
MOST = 50
OPEN = ("queued", "running")


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Something that was given up: in which queue, what it was, of which dossier, for whom, and the last error."""

    queue: str
    id: int
    what: str
    dossier: str
    person: str
    run_at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Daily:
    """A piece of daily work on one day."""

    name: str
    day: date
    run_at: datetime
    status: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Upkeep:
    """How much waits in each queue, the last things that were given up, and the daily work of the last days."""

    waiting: dict[str, int]
    given_up: tuple[GivenUp, ...]
    daily: tuple[Daily, ...]


_EFFECTS = (
    select(literal("effects").label("queue"), X.c.id, X.c.kind.label("what"), D.c.code.label("dossier"))
    .add_columns(null().label("person"), X.c.run_at, X.c.attempts, X.c.last_error)
    .join(E, E.c.id == X.c.event_id)
    .join(D, D.c.id == E.c.dossier_id)
    .where(X.c.status == "failed")
)
_MESSAGES = (
    select(literal("messages").label("queue"), M.c.id, func.coalesce(N.c.kind, "daily").label("what"))
    .add_columns(D.c.code.label("dossier"), P.c.name.label("person"), M.c.run_at, M.c.attempts, M.c.last_error)
    .join(P, P.c.id == M.c.person_id)
    .outerjoin(N, N.c.id == M.c.notice_id)
    .outerjoin(E, E.c.id == N.c.event_id)
    .outerjoin(D, D.c.id == E.c.dossier_id)
    .where(M.c.status == "failed")
)
_DAILY = (
    select(literal("daily").label("queue"), J.c.id, J.c.name.label("what"), null().label("dossier"))
    .add_columns(null().label("person"), J.c.run_at, J.c.attempts, J.c.last_error)
    .where(J.c.status == "failed")
)
_BUNDLES = (
    select(literal("bundles").label("queue"), B.c.id, B.c.kind.label("what"), D.c.code.label("dossier"))
    .add_columns(P.c.name.label("person"), B.c.run_at, B.c.attempts, B.c.last_error)
    .join(D, D.c.id == B.c.dossier_id)
    .join(P, P.c.id == B.c.person_id)
    .where(B.c.status == "failed")
)
_GIVEN_UP = union_all(_EFFECTS, _MESSAGES, _DAILY, _BUNDLES).subquery()
_WAITING = union_all(
    *(
        select(literal(name).label("queue"), func.count().label("number")).where(
            table.c.status.in_(["queued", "running"])
        )
        for name, table in (("effects", X), ("messages", M))
    )
)


def upkeep(connection: Connection) -> Upkeep:
    """How it stands now: the newest 50 that were given up, and the daily work of the last days."""
    waiting = {row.queue: row.number for row in connection.execute(_WAITING)}
    newest = select(_GIVEN_UP).order_by(_GIVEN_UP.c.run_at.desc(), _GIVEN_UP.c.queue, _GIVEN_UP.c.id).limit(MOST)
    given_up = tuple(
        GivenUp(
            row.queue, row.id, row.what, row.dossier or "", row.person or "", row.run_at, row.attempts, row.last_error
        )
        for row in connection.execute(newest)
    )
    days = select(J.c.name, J.c.day, J.c.run_at, J.c.status, J.c.done_at).order_by(J.c.day.desc(), J.c.run_at)
    daily = tuple(Daily(*row) for row in connection.execute(days.limit(12)))
    return Upkeep(waiting, given_up, daily)
