"""The effects that events still owe: taken up under a lease, done at least once, closed only by the lease's holder."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, or_, select, update

from models.base import table_of
from models.events import EffectRow
from workflow.names import Effect

X = table_of(EffectRow)
LEASE = timedelta(minutes=2)
MOST_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Task:
    """One effect that was taken up: which event owes it, and the how-manieth try this is."""

    id: int
    event_id: int
    kind: Effect
    attempt: int


def take(connection: Connection, now: datetime) -> Task | None:
    """Take up the effect due longest, also one whose worker did not come back; None when nothing is due."""
    due = or_(and_(X.c.status == "queued", X.c.run_at <= now), and_(X.c.status == "running", X.c.lease_until < now))
    first = select(X.c.id).where(due).order_by(X.c.run_at, X.c.id).limit(1).with_for_update(skip_locked=True)
    row = connection.execute(
        update(X)
        .where(X.c.id == first.scalar_subquery())
        .values(status="running", lease_until=now + LEASE, attempts=X.c.attempts + 1)
        .returning(X.c.id, X.c.event_id, X.c.kind, X.c.attempts)
    ).first()
    return Task(row.id, row.event_id, Effect(row.kind), row.attempts) if row else None


def finish(connection: Connection, task: Task, now: datetime) -> bool:
    """Close an effect as done; false when another worker has taken it up meanwhile."""
    return _close(connection, task, status="done", done_at=now, lease_until=None, last_error="")


def put_back(connection: Connection, task: Task, error: str, now: datetime) -> bool:
    """Note why it went wrong and try again later, each time twice as long; after the last try it stays as failed."""
    if task.attempt >= MOST_ATTEMPTS:
        return _close(connection, task, status="failed", lease_until=None, last_error=error)
    later = now + timedelta(seconds=2**task.attempt)
    return _close(connection, task, status="queued", run_at=later, lease_until=None, last_error=error)


def _close(connection: Connection, task: Task, **values: object) -> bool:
    mine = and_(X.c.id == task.id, X.c.attempts == task.attempt, X.c.status == "running")
    return connection.execute(update(X).where(mine).values(**values)).rowcount == 1
