"""The inbox of a desk: what lies with a person's offices today, earliest deadline first, in one statement.

A dossier lies on the desk of the office that holds it, of the office that takes its next step, and of an office that
holds no state at all but has work there (department reviewers, council members).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, func, or_, select

from models.base import table_of
from models.dossiers import Dossier
from models.places import AdminUnit
from queries.days import NO_DEADLINE
from queries.fused import row_list, rows_of
from queries.rulebook import procedures
from workflow.facts import Actor
from workflow.names import EventType, Role, StateKind
from workflow.procedure import Action, Procedure

D, U = table_of(Dossier), table_of(AdminUnit)
PAGE = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier of an inbox; `due_on` is None where the law sets no time."""

    id: int
    code: str
    unit_name: str
    level: str
    state: str
    state_vi: str
    state_en: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many dossiers of the desk lie in one state, with the state's labels."""

    state: str
    state_vi: str
    state_en: str
    number: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of a desk: its lines, the counts of every state, and how many dossiers the chosen states hold."""

    rows: tuple[Line, ...]
    counts: tuple[Count, ...]
    total: int
    page: int
    pages: int


class Lane(NamedTuple):
    """Dossiers held by one office of one unit, in all states (None) or in one."""

    unit_id: int
    holder: str
    state: str | None


def inbox(connection: Connection, actor: Actor, today: date, page: int = 1, state: str | None = None) -> Inbox:
    """What lies with the actor's present offices: page `page` (from 1) of 25 lines, of one state if one is named."""
    lanes = lanes_of(actor, today)
    if not lanes:
        return Inbox((), (), 0, 1, 1)
    shape = tuple(lane.state is not None for lane in lanes)
    statement = _desk(shape, of_state=state is not None)
    values = {**_values(lanes), "chosen": state} if state is not None else _values(lanes)
    counted, lines = connection.execute(statement, {**values, "skipped": (page - 1) * PAGE}).one()
    counts = _labelled(rows_of(counted))
    total = sum(count.number for count in counts if state in {None, count.state})
    pages = max(1, -(-total // PAGE))
    if page > pages:
        return inbox(connection, actor, today, pages, state)
    rows = sorted(rows_of(lines), key=_earliest_first)
    return Inbox(tuple(_line(row) for row in rows), counts, total, page, pages)


def _earliest_first(row: list[Any]) -> tuple[str, int]:
    return row[6], row[0]


def _line(row: list[Any]) -> Line:
    dossier_id, code, unit_name, level, procedure_id, state, due_on = row
    return line_of(dossier_id, code, unit_name, level, procedure_id, state, date.fromisoformat(due_on))


def lanes_of(actor: Actor, today: date) -> tuple[Lane, ...]:
    """The lanes that the actor's offices of today stand for, each once."""
    current = [grant for grant in actor.grants if grant.holds_on(today)]
    own = {Lane(grant.unit_id, grant.role.value, None) for grant in current if grant.role in _holders()}
    more = {
        Lane(grant.unit_id, holder, state)
        for grant in current
        for holder, state in _visits()[grant.role]
        if Lane(grant.unit_id, holder, None) not in own
    }
    return tuple(sorted(own | more, key=str))


@cache
def _holders() -> frozenset[Role]:
    """The offices that hold some state."""
    return frozenset(state.holder for one in procedures().values() for state in one.states.values() if state.holder)


@cache
def _visits() -> Mapping[Role, frozenset[tuple[str, str]]]:
    """For each office the (holder, state) pairs in which it has a part though another office of its tier holds them."""
    found: dict[Role, set[tuple[str, str]]] = {role: set() for role in Role}
    for procedure in procedures().values():
        for state in procedure.states.values():
            for role in desk_of(procedure, state.name):
                if state.holder and role is not state.holder:
                    found[role].add((state.holder.value, state.name))
    return {role: frozenset(pairs) for role, pairs in found.items()}


def desk_of(procedure: Procedure, name: str) -> tuple[Role, ...]:
    """The offices on whose desk a dossier lies in a state, its holder first; none where it has ended."""
    state = procedure.states[name]
    if state.kind is StateKind.FINAL or state.holder is None:
        return ()
    idle = [role for roles in state.work.values() for role in roles if role not in _holders()]
    step = onward(procedure, name)
    found = (state.holder, *idle, *(step.by if step else ()))
    return tuple(dict.fromkeys(role for role in found if role.tier is state.holder.tier))


def onward(procedure: Procedure, state: str) -> Action | None:
    """The step that leads on: the first action of the file that is not a withdrawal."""
    for action in procedure.actions_from(state):
        if all(branch.records is not EventType.WITHDRAWN for branch in action.branches):
            return action
    return None


def _values(lanes: Iterable[Lane]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, lane in enumerate(lanes):
        values |= {f"unit_{number}": lane.unit_id, f"holder_{number}": lane.holder}
        if lane.state is not None:
            values[f"state_{number}"] = lane.state
    return values


def _in_lanes(shape: tuple[bool, ...]) -> Any:
    ways = []
    for number, in_one_state in enumerate(shape):
        way = [D.c.holder_unit_id == bindparam(f"unit_{number}"), D.c.holder_role == bindparam(f"holder_{number}")]
        if in_one_state:
            way.append(D.c.state == bindparam(f"state_{number}"))
        ways.append(and_(*way))
    return or_(*ways)


@cache
def _desk(shape: tuple[bool, ...], *, of_state: bool) -> Select[Any]:
    """The counts of every state and one page of lines, both in one round trip."""
    counts = select(D.c.state, func.count().label("number")).where(_in_lanes(shape)).group_by(D.c.state).subquery()
    lines = (
        select(D.c.id, D.c.code, U.c.full_name, D.c.level, D.c.procedure_id, D.c.state, D.c.due_on)
        .join(U, U.c.id == D.c.unit_id)
        .where(_in_lanes(shape))
        .order_by(D.c.due_on, D.c.id)
        .limit(PAGE)
        .offset(bindparam("skipped"))
    )
    page = (lines.where(D.c.state == bindparam("chosen")) if of_state else lines).subquery()
    return select(row_list(counts.c.state, counts.c.number).scalar_subquery(), row_list(*page.c).scalar_subquery())


def _labelled(counted: Iterable[Any]) -> tuple[Count, ...]:
    """One count for each state in the order of the procedures, whatever the version of the procedure."""
    numbers: dict[str, int] = dict(counted)
    ordered = sorted(numbers, key=_states().__getitem__)
    return tuple(Count(name, *_states()[name][1:], numbers[name]) for name in ordered)


@cache
def _states() -> Mapping[str, tuple[int, str, str]]:
    """The place of each state in the order of the procedures, with its labels."""
    states = {state.name: state for one in procedures().values() for state in one.states.values()}
    return {name: (place, state.label_vi, state.label_en) for place, (name, state) in enumerate(states.items())}


def line_of(
    dossier_id: int, code: str, unit_name: str, level: str, procedure_id: str, state: str, due_on: date
) -> Line:
    """A dossier's line in a list, from the columns of its statement in their order."""
    shown = procedures()[procedure_id].states[state]
    due = None if due_on == NO_DEADLINE else due_on
    return Line(dossier_id, code, unit_name, level, state, shown.label_vi, shown.label_en, due)
