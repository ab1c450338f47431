"""Plans that move dossiers from one procedure to another: what one is, what it must prove, and histories across a move.

A plan names each open state of the old procedure with the state in which the dossier goes on, and what is asked again
there. What the new procedure asks for before that state must have been proven in the old one, count under another
name, or be asked again; `fold` follows a history across such a move.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from workflow.events import ASIDE, OF_ITS_UNIT, BrokenHistory, Event, fold
from workflow.names import EventType, Mark, Role, StateKind
from workflow.procedure import Action, Branch, Procedure

ACTION = "move"


@dataclass(frozen=True, slots=True)
class Move:
    """Where a dossier of one state goes on, what is asked again there, and what counts under another name."""

    to: str
    again: tuple[str, ...]
    counts: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class MovePlan:
    """How the dossiers under way of one procedure go on by another, since when, on which basis, and who moves them."""

    name: str
    old: Procedure
    new: Procedure
    since: date
    by: tuple[Role, ...]
    reason: str
    legal_basis: tuple[str, ...]
    mark: Mark
    states: Mapping[str, Move]

    def proven(self, state: str) -> tuple[str, ...]:
        """What was proven on the way to a state and is asked for on the way to the one in which it goes on."""
        had, move = conditions_before(self.old, state), self.states[state]
        needed = conditions_before(self.new, move.to)
        return tuple(one for one in needed if move.counts.get(one, one) in had and one not in move.again)


# --- what a plan must prove ---


def prove_move(plan: MovePlan) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a plan, as the place in the file and a sentence."""
    for name, state in plan.old.states.items():
        if state.kind is StateKind.OPEN and name not in plan.states:
            yield "states", f"the plan does not say where '{name}' goes on"
    if plan.since < plan.new.in_force_from:
        yield "since", f"'{plan.new.id}' is not in force on {plan.since}"
    for role in plan.by:
        if role.tier not in plan.new.tiers:
            yield "by", f"the new procedure does not have the tier of '{role}'"
    for name, move in plan.states.items():
        for cause in _prove_state(plan, name, move):
            yield f"states.{name}", f"state '{name}': {cause}"


def _prove_state(plan: MovePlan, name: str, move: Move) -> Iterator[str]:
    old, new = plan.old.states.get(name), plan.new.states.get(move.to)
    if old is None or old.kind is not StateKind.OPEN:
        yield "the old procedure has no such open state"
        return
    if new is None or new.kind is not StateKind.OPEN:
        yield f"'{move.to}' is no open state of the new procedure"
        return
    had, ahead = conditions_before(plan.old, name), conditions_after(plan.new, move.to)
    for one in conditions_before(plan.new, move.to):
        if one not in move.again and move.counts.get(one, one) not in had:
            yield f"'{one}' was not proven before and is not asked again"
    for one in move.again:
        if one not in ahead:
            yield f"'{one}' is to be asked again, but nothing after '{move.to}' asks for it"


def conditions_before(procedure: Procedure, state: str) -> tuple[str, ...]:
    """The conditions that a dossier has met on the shortest way to a state, in their order."""
    found: dict[str, None] = {}
    for action, branch in _way(procedure, state):
        found.update(dict.fromkeys((*action.guards, *branch.guards)))
    return tuple(found)


def _way(procedure: Procedure, state: str) -> list[tuple[Action, Branch]]:
    ways: deque[tuple[str, list[tuple[Action, Branch]]]] = deque([(procedure.start, [])])
    seen = {procedure.start}
    here, way = ways.popleft()
    while here != state:  # a checked procedure reaches every state
        for action in procedure.actions_from(here):
            for branch in action.branches:
                if branch.to not in seen:
                    seen.add(branch.to)
                    ways.append((branch.to, [*way, (action, branch)]))
        here, way = ways.popleft()
    return way


def conditions_after(procedure: Procedure, state: str) -> frozenset[str]:
    """The conditions that stand anywhere on the ways on from a state."""
    waiting, seen, found = [state], {state}, set[str]()
    while waiting:
        for action in procedure.actions_from(waiting.pop()):
            for branch in action.branches:
                if branch.records in ASIDE:
                    continue
                found.update(action.guards, branch.guards)
                if branch.to not in seen:
                    seen.add(branch.to)
                    waiting.append(branch.to)
    return frozenset(found)


# --- a history that was moved ---


def fold_moved(
    events: Iterable[tuple[str, Event]],
    procedures: Mapping[str, Procedure],
    plans: Mapping[tuple[str, str], MovePlan],
) -> tuple[str, str]:
    """The procedure and the state that a history leads to; each event comes with the procedure that it follows.

    Within a procedure each step must be one that it allows, and from one to another a plan must lead. When its unit
    ends, an open dossier goes on where it is or ends as one that is withdrawn.
    """
    here, state, steps = "", "", list[Event]()
    for procedure_id, event in events:
        if procedure_id not in procedures:
            raise BrokenHistory(f"there is no procedure {procedure_id}")
        if not here:
            here, state = procedure_id, procedures[procedure_id].start
        if event.type is EventType.MOVED:
            state = fold(procedures[here], steps, state)
            move = plans[here, procedure_id].states.get(state) if (here, procedure_id) in plans else None
            if move is None or (event.from_state, event.to_state) != (state, move.to):
                raise BrokenHistory(f"no plan moves a dossier from {state} of {here} to {event.to_state}")
            here, state, steps = procedure_id, move.to, []
            continue
        if procedure_id != here:
            raise BrokenHistory(f"{event.action} follows {procedure_id} without a move from {here}")
        if event.type in OF_ITS_UNIT:
            state, steps = _with_its_unit(procedures[here], event, fold(procedures[here], steps, state)), []
            continue
        steps.append(event)
    return here, fold(procedures[here], steps, state) if here else ""


def withdrawn_in(procedure: Procedure) -> str:
    """The end of a dossier that is withdrawn."""
    branches = (branch for action in procedure.actions.values() for branch in action.branches)
    return next(branch.to for branch in branches if branch.records is EventType.WITHDRAWN)


def _with_its_unit(procedure: Procedure, event: Event, state: str) -> str:
    to = state if event.type is EventType.PASSED_ON else withdrawn_in(procedure)
    if procedure.states[state].kind is not StateKind.OPEN or (event.from_state, event.to_state) != (state, to):
        raise BrokenHistory(f"{event.action} cannot lead from {state} to {event.to_state}")
    return to
