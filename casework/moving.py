"""Moving dossiers under way to another procedure by a checked plan: one event each, in the dossier's own chain."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework import filled_in
from casework.door import Order, Receipt, event_row, move, owe, record
from casework.errors import KeyReused, NotFound, Refused
from models.base import table_of
from models.dossiers import Dossier
from models.places import AdminUnit
from queries.days import day_of
from queries.facts import CaseFile, read_case
from queries.papers import read_around
from workflow.case import Case
from workflow.decide import Decision
from workflow.events import Event
from workflow.facts import Grant
from workflow.moving import ACTION, Move, MovePlan
from workflow.names import Effect, EventType, Field, Reach
from workflow.policy import grant_for, may_see
from workflow.procedure import Action, Branch
from workflow.refusal import Refusal, refuse

D, U = table_of(Dossier), table_of(AdminUnit)
DISTRICT = U.alias("district")


@dataclass(frozen=True, slots=True)
class Standing:
    """A dossier that a plan is about: where it stands, where it would go on, or why it stays."""

    dossier_id: int
    code: str
    unit_name: str
    state: str
    move: Move
    against: Refusal | None


def listed(connection: Connection, plan: MovePlan, today: date) -> Iterator[Standing]:
    """Every open dossier of the old procedure whose district has ended, by its code."""
    joined = D.join(U, U.c.id == D.c.unit_id).join(DISTRICT, DISTRICT.c.id == D.c.district_id)
    columns = (D.c.id, D.c.code, D.c.state, U.c.full_name, U.c.valid_to, DISTRICT.c.valid_to.label("district_to"))
    mine = (D.c.procedure_id == plan.old.id, D.c.is_open, DISTRICT.c.valid_to < today)
    for row in connection.execute(select(*columns).select_from(joined).where(*mine).order_by(D.c.code)):
        against = _against(plan, row.full_name, row.valid_to, row.district_to, today)
        yield Standing(row.id, row.code, row.full_name, row.state, plan.states[row.state], against)


def _against(plan: MovePlan, unit: str, unit_to: date | None, district_to: date | None, today: date) -> Refusal | None:
    if today < plan.since:
        return refuse("moving.too_early", on=plan.since)
    if district_to is None or district_to >= today:
        return refuse("moving.district_in_force", unit=unit)
    if unit_to is not None and unit_to < today:
        return refuse("unit_in_force.ended", unit=unit, on=unit_to)
    return None


def move_dossier(connection: Connection, dossier_id: int, plan: MovePlan, person_id: int, now: datetime) -> Receipt:
    """Move one dossier by a plan, in its chain, or say why not; moved already, it gives what was done then."""
    today, key = day_of(now), f"{ACTION}:{plan.name}:{dossier_id}"
    file = read_case(connection, dossier_id, person_id, today, request_key=key, lock=True)
    if file is None or not may_see(file.actor, file.facts.unit, file.facts.today):
        raise NotFound(f"dossier {dossier_id}")
    if file.earlier:
        earlier = file.earlier
        if (earlier.dossier_id, earlier.type) != (dossier_id, EventType.MOVED):
            raise KeyReused(key)
        done = (earlier.event_id, earlier.seq, EventType(earlier.type), earlier.to_state)
        return Receipt(dossier_id, *done, repeated=True)
    grant = grant_for(file.actor, plan.by, Reach.BELOW, file.facts)
    if isinstance(grant, Refusal):
        raise Refused((grant,))
    if file.procedure.id != plan.old.id or file.facts.state not in plan.states:
        raise Refused((refuse("moving.not_here", state=file.facts.state),))
    district_to = connection.execute(select(U.c.valid_to).where(U.c.id == file.row.district_id)).scalar()
    unit = file.facts.unit
    if against := _against(plan, unit.name, unit.valid_to, district_to, today):
        raise Refused((against,))
    return _write(connection, file, plan, grant, Order(dossier_id, ACTION, file.row.version, key), now)


def _write(
    connection: Connection, file: CaseFile, plan: MovePlan, grant: Grant, order: Order, now: datetime
) -> Receipt:
    """The event, then the state by the new procedure; what was filled in until now is sealed by the event."""
    left = file.procedure.states[file.facts.state]
    around = read_around(connection, file, file.facts.today) if left.work else None
    sealed = filled_in.seals_of(left, around.filled_in) if around else {}
    decision = _decision(plan, file, grant)
    going_on = replace(file, procedure=plan.new)
    event_id = record(connection, event := event_row(going_on, decision, order, now, None, (), sealed))
    move(connection, going_on, decision, event, now)
    owe(connection, decision, event_id, now)
    to = decision.event.to_state
    return Receipt(file.row.id, event_id, file.row.event_count + 1, EventType.MOVED, to)


def _decision(plan: MovePlan, file: CaseFile, grant: Grant) -> Decision:
    state = file.facts.state
    to = plan.states[state].to
    reason = f"{plan.reason} {'; '.join(plan.legal_basis)}."
    told: dict[str, Any] = {Field.REASON.value: reason, "plan": plan.name, "again": list(plan.states[state].again)}
    event = Event(EventType.MOVED, ACTION, state, to, told)
    return Decision(event, grant, _action(plan, state, to), Case(file.procedure, file.facts))


def _action(plan: MovePlan, state: str, to: str) -> Action:
    """The move as an action, so that it is recorded as every other one."""
    return Action(
        name=ACTION,
        label_vi="",
        label_en="",
        sources=(state,),
        by=plan.by,
        reach=Reach.BELOW,
        guards=(),
        branches=(Branch(to, EventType.MOVED, ()),),
        asks=(Field.REASON,),
        effects=(Effect.NOTIFY_COMMUNE, Effect.NOTIFY_HOLDER),
        documents=(),
        not_same_person_as=(),
        takes_number=False,
        clause="; ".join(plan.legal_basis),
        mark=plan.mark,
    )
