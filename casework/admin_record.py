"""The record of administrative acts: who did what to which account or setting, kept in the transaction of the act."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert

from models.accounts import AdminEvent
from models.base import table_of
from workflow.names import AdminAct

E = table_of(AdminEvent)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who acts upon accounts and settings: an administrator, somebody on the own account, or a command without id."""

    name: str
    person_id: int | None = None


COMMAND = Keeper("flask")


def keep(
    connection: Connection, by: Keeper, act: AdminAct, now: datetime, person_id: int | None = None, **details: str
) -> None:
    """Append an act; `details` are the words in which it is told, as they were at that time."""
    who = {"actor_id": by.person_id, "actor_name": by.name, "person_id": person_id}
    connection.execute(insert(E), {**who, "at": now, "act": act.value, "details": details})
