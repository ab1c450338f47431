"""Where a dossier lies after a step: who holds it and by when, by its procedure's clocks and the calendar."""

from collections.abc import Sequence
from datetime import date

from queries.days import NO_DEADLINE
from workflow.deadlines import Calendar, Clock, Stay, standing
from workflow.names import Role, Tier
from workflow.procedure import Procedure


def clock_of(procedure: Procedure, state: str) -> Clock | None:
    """The clock that runs in a state, with its figure filled in; None where the law sets no time."""
    name = procedure.states[state].clock
    if name is None:
        return None
    rule = procedure.clocks[name]
    return Clock(rule.name, int(procedure.number(rule.figure)), rule.unit, rule.states, procedure.resets)


def due_on(procedure: Procedure, state: str, stays: Sequence[Stay], calendar: Calendar, today: date) -> date:
    """The last day for the office that holds the dossier, or a day far away where there is no deadline."""
    clock = clock_of(procedure, state)
    due = standing(stays, clock, calendar, today).due_on if clock else None
    return due or NO_DEADLINE


def moved(stays: Sequence[Stay], to_state: str, today: date) -> tuple[Stay, ...]:
    """The stays after the dossier has gone on to another state today."""
    if not stays:
        return (Stay(to_state, today, None),)
    if stays[-1].state == to_state:
        return tuple(stays)
    day = max(today, stays[-1].entered)  # a machine's clock that was set back must not put a history out of order
    return (*stays[:-1], stays[-1]._replace(left=day), Stay(to_state, day, None))


def holder_of(
    procedure: Procedure, state: str, commune_id: int, district_id: int | None, province_id: int | None
) -> tuple[Role | None, int | None]:
    """The office and the unit that hold a dossier in a state; nobody holds one that has ended."""
    role = procedure.states[state].holder
    if role is None:
        return None, None
    return role, {Tier.COMMUNE: commune_id, Tier.DISTRICT: district_id, Tier.PROVINCE: province_id}[role.tier]
