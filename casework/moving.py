"""Moving dossiers under way to another procedure by a checked plan: one event each, in the dossier's own chain."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework import filled_in
from casework.door import Order, Receipt, event_row, move, owe, record, take_up
from casework.errors import KeyReused, Refused
from models.base import table_of
from models.dossiers import Dossier
from models.places import AdminUnit
from queries.days import day_of
from queries.facts import CaseFile
from queries.papers import read_around
from workflow.case import Case
from workflow.decide import Decision
from workflow.events import Event
from workflow.facts import Grant
from workflow.moving import ACTION, MovePlan
from workflow.names import Effect, EventType, Field, Mark, Reach, Role
from workflow.policy import grant_for
from workflow.procedure import Action, Branch
from workflow.refusal import Refusal, refuse

D, U = table_of(Dossier), table_of(AdminUnit)
DISTRICT = U.alias("district")


@dataclass(frozen=True, slots=True)
class Standing:
    """A dossier that is to be moved: where it stands, where it would go on and by whom, or why it stays as it is."""

    dossier_id: int
    version: int
    code: str
    unit_name: str
    state: str
    to: str
    again: tuple[str, ...]
    against: tuple[Refusal, ...]
    heir: str = ""


def listed(connection: Connection, plan: MovePlan, today: date) -> Iterator[Standing]:
    """Every open dossier of the old procedure whose district has ended, by its code."""
    joined = D.join(U, U.c.id == D.c.unit_id).join(DISTRICT, DISTRICT.c.id == D.c.district_id)
    ends = (U.c.valid_to, DISTRICT.c.valid_to.label("district_to"))
    columns = (D.c.id, D.c.version, D.c.code, D.c.state, U.c.full_name, *ends)
    mine = (D.c.procedure_id == plan.old.id, D.c.is_open, DISTRICT.c.valid_to < today)
    for row in connection.execute(select(*columns).select_from(joined).where(*mine).order_by(D.c.code)):
        against = _against(plan, row.full_name, row.valid_to, row.district_to, today)
        move, faults = plan.states[row.state], (against,) if against else ()
        yield Standing(row.id, row.version, row.code, row.full_name, row.state, move.to, move.again, faults)


def _against(plan: MovePlan, unit: str, unit_to: date | None, district_to: date | None, today: date) -> Refusal | None:
    if today < plan.since:
        return refuse("moving.too_early", on=plan.since)
    if district_to is None or district_to >= today:
        return refuse("moving.district_in_force", unit=unit)
    if unit_to is not None and unit_to < today:
        return refuse("moving.unit_first", unit=unit, on=unit_to)
    return None


def move_dossier(connection: Connection, dossier_id: int, plan: MovePlan, person_id: int, now: datetime) -> Receipt:
    """Move one dossier by a plan, in its chain, or say why not; moved already, it gives what was done then."""
    today, key = day_of(now), f"{ACTION}:{plan.name}:{dossier_id}"
    file = take_up(connection, Order(dossier_id, ACTION, 0, key), person_id, now)
    if file.earlier:
        earlier = file.earlier
        if (earlier.dossier_id, earlier.type) != (dossier_id, EventType.MOVED):
            raise KeyReused(key)
        done = (earlier.event_id, earlier.seq, EventType(earlier.type), earlier.to_state)
        return Receipt(dossier_id, *done, repeated=True)
    grant = office_of(file, plan.by)
    if file.procedure.id != plan.old.id or file.facts.state not in plan.states:
        raise Refused((refuse("moving.not_here", state=file.facts.state),))
    district_to = connection.execute(select(U.c.valid_to).where(U.c.id == file.row.district_id)).scalar()
    unit = file.facts.unit
    if against := _against(plan, unit.name, unit.valid_to, district_to, today):
        raise Refused((against,))
    order = Order(dossier_id, ACTION, file.row.version, key)
    return carry_out(connection, file, replace(file, procedure=plan.new), _decision(plan, file, grant), order, now)


def office_of(file: CaseFile, by: Sequence[Role]) -> Grant:
    """The office in which a person moves a dossier; Refused to everybody else."""
    grant = grant_for(file.actor, by, Reach.BELOW, file.facts)
    if isinstance(grant, Refusal):
        raise Refused((grant,))
    return grant


def carry_out(
    connection: Connection, file: CaseFile, going_on: CaseFile, decision: Decision, order: Order, now: datetime
) -> Receipt:
    """The event, then the state as the dossier goes on; what was filled in until now is sealed by the event."""
    left = file.procedure.states[file.facts.state]
    around = read_around(connection, file, file.facts.today) if left.work else None
    sealed = filled_in.seals_of(left, around.filled_in) if around else {}
    event_id = record(connection, event := event_row(going_on, decision, order, now, None, (), sealed))
    move(connection, going_on, decision, event, now)
    owe(connection, decision, event_id, now)
    done = decision.event
    return Receipt(file.row.id, event_id, file.row.event_count + 1, done.type, done.to_state)


def _decision(plan: MovePlan, file: CaseFile, grant: Grant) -> Decision:
    state = file.facts.state
    to = plan.states[state].to
    reason = f"{plan.reason} {'; '.join(plan.legal_basis)}."
    told: dict[str, Any] = {Field.REASON.value: reason, "plan": plan.name, "again": list(plan.states[state].again)}
    event = Event(EventType.MOVED, ACTION, state, to, told)
    action = action_of(event, plan.by, "; ".join(plan.legal_basis), plan.mark)
    return Decision(event, grant, action, Case(file.procedure, file.facts))


def action_of(event: Event, by: tuple[Role, ...], clause: str, mark: Mark) -> Action:
    """What led to an event that no procedure records, as an action, so that it is recorded as every other one."""
    return Action(
        name=event.action,
        label_vi="",
        label_en="",
        sources=(event.from_state,),
        by=by,
        reach=Reach.BELOW,
        guards=(),
        branches=(Branch(event.to_state, event.type, ()),),
        asks=(Field.REASON,),
        effects=(Effect.NOTIFY_COMMUNE, Effect.NOTIFY_HOLDER),
        documents=(),
        not_same_person_as=(),
        takes_number=False,
        clause=clause,
        mark=mark,
    )
