"""What the house owes: taken up under a lease, closed by its holder alone.

Each try is counted when it is taken up: a row whose worker is killed every time is given up like one that fails.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, Update, and_, bindparam, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from casework.errors import NotFound
from models.base import UtcTime, table_of
from models.events import EffectRow
from models.notices import DailyJob, Message
from models.record import Bundle
from models.signatures import PaperSignature
from queries.signatures import can_be_signed

MOST_ATTEMPTS = 8
ENDED_IN_THE_MIDDLE = "the worker ended in the middle of it, each time"
NOW, UNTIL = bindparam("now", type_=UtcTime()), bindparam("until", type_=UtcTime())


class GiveUp(Exception):
    """Trying again would change nothing; the row is left as failed at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Queue:
    """One table of what is owed, how long a worker may take over one row, and what must be there before it is taken."""

    table: Table
    lease: timedelta
    ready: ColumnElement[bool] | None = None

    def due(self) -> ColumnElement[bool]:
        """The condition that a row is to be done `now`: its time has come, or its worker did not come back."""
        t = self.table.c
        waiting = and_(t.status == "queued", t.run_at <= NOW)
        due = or_(waiting, and_(t.status == "running", t.lease_until < NOW))
        return due if self.ready is None else and_(due, self.ready)


EFFECTS = Queue(table_of(EffectRow), timedelta(minutes=2))
MESSAGES = Queue(table_of(Message), timedelta(minutes=5))
DAILY = Queue(table_of(DailyJob), timedelta(minutes=30))
BUNDLES = Queue(table_of(Bundle), timedelta(minutes=30))
SIGNATURES = Queue(table_of(PaperSignature), timedelta(minutes=2), can_be_signed())
QUEUES = {"effects": EFFECTS, "signatures": SIGNATURES, "messages": MESSAGES, "daily": DAILY, "bundles": BUNDLES}


@dataclass(frozen=True, slots=True)
class Task:
    """One row that was taken up, and the how-manieth try this is."""

    queue: Queue
    row: Row[Any]

    @property
    def attempt(self) -> int:
        """The number of this try, the first being 1."""
        number: int = self.row.attempts
        return number


def queues_due(connection: Connection, now: datetime) -> tuple[Queue, ...]:
    """The queues in which something is to be done now, effects first; asked in one statement that locks nothing."""
    queues = tuple(QUEUES.values())
    answers = connection.execute(_any_due(queues), {"now": now}).one()
    return tuple(queue for queue, answer in zip(queues, answers, strict=True) if answer)


def take(connection: Connection, queue: Queue, now: datetime) -> Task | None:
    """Take up the row due longest, also one whose worker did not come back; None when nothing is due."""
    giving_up, taking = _taking(queue)
    connection.execute(giving_up, {"now": now})
    row = connection.execute(taking, {"now": now, "until": now + queue.lease}).first()
    return Task(queue, row) if row else None


# A worker asks these every second and for each row: to build them anew takes longer than to ask.


@cache
def _any_due(queues: tuple[Queue, ...]) -> Select[*tuple[Any, ...]]:
    return select(*(select(one.table.c.id).where(one.due()).exists() for one in queues))


@cache
def _taking(queue: Queue) -> tuple[Update, ReturningUpdate[Any]]:
    """What gives up the rows whose workers were lost too often, and what takes up the next one."""
    t = queue.table.c
    lost = and_(t.status == "running", t.lease_until < NOW, t.attempts >= MOST_ATTEMPTS)
    given_up = {"status": "failed", "lease_until": None, "last_error": ENDED_IN_THE_MIDDLE}
    first = select(t.id).where(queue.due()).order_by(t.run_at, t.id).limit(1).with_for_update(skip_locked=True)
    taken = update(queue.table).where(t.id == first.scalar_subquery())
    taken = taken.values(status="running", lease_until=UNTIL, attempts=t.attempts + 1)
    return update(queue.table).where(lost).values(given_up), taken.returning(queue.table)


def finish(connection: Connection, task: Task, now: datetime) -> bool:
    """Close a row as done; false when another worker has taken it up meanwhile."""
    return _close(connection, task, status="done", done_at=now, lease_until=None, last_error="")


def put_back(connection: Connection, task: Task, error: str, now: datetime) -> bool:
    """Note why it went wrong and try again later, each time twice as long; after the last try it stays as failed."""
    if task.attempt >= MOST_ATTEMPTS:
        return give_up(connection, task, error)
    later = now + timedelta(seconds=2**task.attempt)
    return _close(connection, task, status="queued", run_at=later, lease_until=None, last_error=error)


def give_up(connection: Connection, task: Task, error: str) -> bool:
    """Leave a row as failed with its last error, for the administrator to see."""
    return _close(connection, task, status="failed", lease_until=None, last_error=error)


def _close(connection: Connection, task: Task, **values: object) -> bool:
    return connection.execute(update(task.queue.table).where(is_mine(task)).values(**values)).rowcount == 1


def is_mine(task: Task) -> ColumnElement[bool]:
    """The condition that a row is still this task's own: nobody has taken it up since."""
    t = task.queue.table.c
    return and_(t.id == task.row.id, t.attempts == task.attempt, t.status == "running")


def try_again(connection: Connection, queue: Queue, row_id: int, now: datetime) -> None:
    """Put a row that was given up back among what is to be done; NotFound when there is no such row."""
    t = queue.table.c
    again: dict[str, object] = {"status": "queued", "run_at": now, "attempts": 0}
    if queue is MESSAGES:
        again["handed_at"] = None
    changed = connection.execute(update(queue.table).where(t.id == row_id, t.status == "failed").values(again))
    if changed.rowcount != 1:
        raise NotFound(f"{queue.table.name} {row_id}")
