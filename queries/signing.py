"""What waits for a decision of the chairman of a province: each dossier with the council's result, in their order."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from models.base import table_of
from models.council import Ballot, CouncilSession
from models.dossiers import Dossier
from models.events import DossierEvent
from models.places import AdminUnit
from queries.inbox import COLUMNS, Line, line_of
from queries.rulebook import procedures
from queries.voting import last_session, voters
from workflow.events import OF_A_CORRECTION
from workflow.facts import Actor
from workflow.names import EventType, Role
from workflow.together import recognises

D, U, S = table_of(Dossier), table_of(AdminUnit), table_of(CouncilSession)
E = table_of(DossierEvent)
LATER = E.alias("later")
B = table_of(Ballot)
MOST = 200
CHOICES = ("yes", "no", "blank")


class ToDecide(NamedTuple):
    """One dossier that waits, and of the council's last session the day, those present and the ballots."""

    line: Line
    recognised: bool
    session_id: int | None
    held_on: date | None
    members: int
    present: int
    yes: int
    no: int
    blank: int


def waiting_for_decision(connection: Connection, actor: Actor, today: date) -> tuple[ToDecide, ...]:
    """What lies with the chairman of the actor's provinces today, the one that came first at the top."""
    mine = [one.unit_id for one in actor.grants if one.role is Role.PROVINCIAL_CHAIRMAN and one.holds_on(today)]
    rows = connection.execute(
        select(*COLUMNS, S.c.id, S.c.held_on, S.c.members, voters(S.c.id, D.c.id), *map(_ballots, CHOICES))
        .select_from(D.join(U, U.c.id == D.c.unit_id).outerjoin(S, S.c.id == last_session(D.c.id)))
        .where(D.c.holder_role == Role.PROVINCIAL_CHAIRMAN.value, D.c.holder_unit_id.in_(mine))
        .order_by(D.c.due_on, D.c.changed_at, D.c.id)
        .limit(MOST)
    )
    return tuple(_read(row) for row in rows)


class ToCorrect(NamedTuple):
    """A dossier with a drafted correction that waits for its signature, and who drafted it."""

    dossier_id: int
    unit_name: str
    by: str


def corrections_waiting(connection: Connection, actor: Actor, today: date) -> tuple[ToCorrect, ...]:
    """The drafted corrections of papers of the actor's provinces that are neither signed nor declined."""
    mine = [one.unit_id for one in actor.grants if one.role is Role.PROVINCIAL_CHAIRMAN and one.holds_on(today)]
    last = select(func.max(LATER.c.id)).where(LATER.c.dossier_id == D.c.id, LATER.c.type.in_(OF_A_CORRECTION))
    rows = connection.execute(
        select(D.c.id, U.c.full_name, E.c.person_name)
        .select_from(E.join(D, D.c.id == E.c.dossier_id).join(U, U.c.id == D.c.unit_id))
        .where(E.c.type == EventType.CORRECTION_DRAFTED.value, D.c.province_id.in_(mine))
        .where(E.c.id == last.correlate(D).scalar_subquery())
        .order_by(E.c.id)
        .limit(MOST)
    )
    return tuple(ToCorrect(*row) for row in rows)


def _read(row: Sequence[Any]) -> ToDecide:
    columns = len(COLUMNS)
    session_id, held_on, members, *counts = row[columns:]
    line = line_of(row[:columns])
    asked = procedures()[line.procedure_id].actions_from(line.state)
    return ToDecide(line, any(map(recognises, asked)), session_id, held_on, members or 0, *counts)


def _ballots(choice: str) -> Any:
    cast = (B.c.session_id == S.c.id, B.c.dossier_id == D.c.id, B.c.choice == choice)
    return select(func.count()).select_from(B).where(*cast).correlate(S, D).scalar_subquery()
