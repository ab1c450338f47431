"""Whole dossiers to be taken as one file: asked for by a person, made by the worker, removed after three days."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from casework.errors import NotFound
from casework.owed import BUNDLES, Task, is_mine
from casework.upsert import insert_once
from models.base import table_of
from models.dossiers import Dossier
from models.record import Bundle
from queries.bundles import path_of
from queries.days import day_of
from queries.scope import visible_to
from workflow.facts import Actor
from workflow.names import Bundled

B, D = table_of(Bundle), table_of(Dossier)
KEPT = timedelta(days=3)
LONGEST_ERROR = 500


def ask(connection: Connection, actor: Actor, dossier_id: int, kind: Bundled, now: datetime) -> None:
    """Owe somebody a whole dossier within reach; what is being made already is not begun again."""
    seen = select(D.c.id).where(D.c.id == dossier_id, visible_to(actor, day_of(now)))
    if connection.execute(seen).first() is None:
        raise NotFound(f"dossier {dossier_id}")
    key = {"dossier_id": dossier_id, "person_id": actor.person_id, "kind": kind.value}
    fresh = {"asked_at": now, "run_at": now, "status": "queued", "attempts": 0, "steps_done": 0, "steps": 0}
    insert_once(connection, B, {**key, **fresh})
    mine = [B.c[name] == value for name, value in key.items()]
    empty = {"size": None, "sha256": None, "done_at": None, "lease_until": None, "last_error": ""}
    again = update(B).where(*mine, B.c.status.in_(["done", "failed"]))
    connection.execute(again.values({**fresh, **empty}))


def tell(connection: Connection, task: Task, done: int, steps: int, now: datetime) -> None:
    """Note how far the making is, which also holds the row for longer."""
    far = {"steps_done": min(done, steps), "steps": steps, "lease_until": now + BUNDLES.lease}
    connection.execute(update(B).where(is_mine(task)).values(far))


def keep(connection: Connection, task: Task, size: int, sha256: str) -> None:
    """Note what was made."""
    connection.execute(update(B).where(is_mine(task)).values(size=size, sha256=sha256, steps_done=B.c.steps))


def sweep(connection: Connection, now: datetime) -> list[str]:
    """Forget what was asked for three days ago, and give the files that are to be removed then."""
    old = (B.c.asked_at < now - KEPT, B.c.status.in_(["done", "failed"]))
    gone = connection.execute(delete(B).where(*old).returning(B.c.id, B.c.kind))
    return [path_of(row.id, row.kind) for row in gone]
