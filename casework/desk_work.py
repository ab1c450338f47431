"""The frame of all filling-in between two actions: find the dossier, hold it, ask the policy, mark it as changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, update

from casework.door import SEALS_COLUMN
from casework.errors import NotFound, Refused
from models.base import table_of
from models.dossiers import Dossier
from queries.days import day_of
from queries.facts import HeldCase, hold_case
from workflow.facts import Grant
from workflow.names import Stage, Work
from workflow.policy import departments_of, may_see, may_work
from workflow.refusal import Refusal, refuse

D = table_of(Dossier)
_MARK_CHANGED = (
    update(D)
    .where(D.c.id == bindparam("this_id"))
    .values(version=D.c.version + 1, changed_by=bindparam("by"), changed_at=bindparam("moment"))
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dossier taken up for filling in: its file, the office in which it is done, and the moment."""

    file: HeldCase
    grant: Grant
    now: datetime

    @property
    def stage(self) -> Stage:
        """The tier that is filling in."""
        tier = self.file.procedure.states[self.file.row.state].tier
        return Stage(tier) if tier else Stage.COMMUNE

    @property
    def departments(self) -> frozenset[str]:
        """The departments for which the person appraises the dossier."""
        return departments_of(self.file.actor, self.file.standing)

    @property
    def signature(self) -> dict[str, Any]:
        """Who fills in and when, as every such row keeps it."""
        return {"person_id": self.file.actor.person_id, "at": self.now}


def take_up(connection: Connection, dossier_id: int, work: Work, person_id: int, now: datetime) -> Sheet:
    """Hold a dossier for filling in one kind of thing; refused when it is not this person's work in this state."""
    file = hold_case(connection, dossier_id, person_id, day_of(now))
    if file is None or not may_see(file.actor, file.standing.unit, file.standing.today):
        raise NotFound(f"dossier {dossier_id}")
    found = may_work(file.procedure, work, file.actor, file.standing)
    if isinstance(found, Refusal):
        raise Refused((found,))
    connection.execute(_MARK_CHANGED, {"this_id": dossier_id, "by": person_id, "moment": now})
    return Sheet(file, found, now)


def require_past(sheet: Sheet, **days: date) -> None:
    """Refuse days that lie in the future, each by the name of its field."""
    late = [name for name, day in days.items() if day > sheet.file.standing.today]
    if late:
        raise Refused(tuple(refuse("date.future", field=name, on=days[name]) for name in late))


def require_after_result(sheet: Sheet, **days: date) -> None:
    """Refuse days before the values stood that are made public, asked about or voted on in this state."""
    since = max((past.on for past in sheet.file.standing.history if past.type in SEALS_COLUMN), default=date.min)
    early = [name for name, day in days.items() if day < since]
    if early:
        raise Refused(tuple(refuse("date.before_result", field=name, on=days[name], since=since) for name in early))
