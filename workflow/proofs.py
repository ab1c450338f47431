"""What must be true of a procedure as a whole: every state reached and left, somebody who can act, every figure there."""

from collections.abc import Iterator, Mapping

from workflow.guards import GUARDS
from workflow.names import Reach, Role, StateKind
from workflow.procedure import Action, Procedure

type_of_finding = tuple[str, str]


def prove(procedure: Procedure) -> Iterator[type_of_finding]:
    """Everything that is wrong with the whole, as the place in the file (`states.council`) and a sentence."""
    yield from _ways(procedure)
    yield from _ends(procedure)
    for action in procedure.actions.values():
        yield from _somebody_can_act(procedure, action)
        yield from _figures_known(procedure, action)
        yield from _separation_possible(procedure, action)
        yield from _one_open_branch(action)
    yield from _clocks_used(procedure)
    yield from _used(procedure)
    if procedure.in_force_to and procedure.in_force_to < procedure.in_force_from:
        yield "in_force.to", "the dates in force end before they begin"


def _edges(procedure: Procedure) -> Mapping[str, set[str]]:
    edges: dict[str, set[str]] = {name: set() for name in procedure.states}
    for action in procedure.actions.values():
        for source in action.sources:
            edges[source].update(branch.to for branch in action.branches if branch.to)
    return edges


def reachable(edges: Mapping[str, set[str]], start: str) -> set[str]:
    """The states that can be reached from one state, itself included."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting.extend(edges.get(state, ()))
    return seen


def _ways(procedure: Procedure) -> Iterator[type_of_finding]:
    edges = _edges(procedure)
    reached = reachable(edges, procedure.start)
    finals = {name for name, state in procedure.states.items() if state.kind is StateKind.FINAL}
    if not finals:
        yield "states", "there is no final state"
    for name in procedure.states:
        if procedure.start and name not in reached:
            yield f"states.{name}", f"state '{name}' cannot be reached from the start"
        if not finals & reachable(edges, name):
            yield f"states.{name}", f"state '{name}' has no way to an end"


def _ends(procedure: Procedure) -> Iterator[type_of_finding]:
    for action in procedure.actions.values():
        for source in action.sources:
            if procedure.states[source].kind is StateKind.FINAL:
                yield f"actions.{action.name}", f"action '{action.name}' leaves the final state '{source}'"


def _somebody_can_act(procedure: Procedure, action: Action) -> Iterator[type_of_finding]:
    able = [role for role in action.by if role.tier in procedure.tiers and _in_reach(role, action.reach)]
    if not able:
        roles = ", ".join(action.by) or "nobody"
        yield f"actions.{action.name}", f"action '{action.name}': nobody can act ({roles}; reach {action.reach})"


def _in_reach(role: Role, reach: Reach) -> bool:
    return reach is not Reach.OWN or role.tier == "commune"


def _figures_known(procedure: Procedure, action: Action) -> Iterator[type_of_finding]:
    names = {name for name in action.guards} | {name for branch in action.branches for name in branch.guards}
    for name in sorted(names):
        for figure in sorted({each for source in action.sources for each in _needed(procedure, name, source)}):
            if figure not in procedure.figures:
                yield f"actions.{action.name}", f"action '{action.name}': guard '{name}' needs the figure '{figure}'"


def _needed(procedure: Procedure, guard: str, source: str) -> Iterator[str]:
    tier = procedure.states[source].tier or "commune"
    for figure in GUARDS[guard].figures:
        yield figure.format(stage=tier)


def _separation_possible(procedure: Procedure, action: Action) -> Iterator[type_of_finding]:
    recorded = {branch.records for each in procedure.actions.values() for branch in each.branches}
    for past in action.not_same_person_as:
        if past not in recorded:
            yield f"actions.{action.name}", f"action '{action.name}': nothing in this procedure records '{past}'"


def _one_open_branch(action: Action) -> Iterator[type_of_finding]:
    unguarded = [number for number, branch in enumerate(action.branches, 1) if not branch.guards]
    if len(unguarded) > 1 or (unguarded and unguarded[0] != len(action.branches)):
        yield f"actions.{action.name}", f"action '{action.name}': only the last branch may stand without a guard"


def _clocks_used(procedure: Procedure) -> Iterator[type_of_finding]:
    for name, state in procedure.states.items():
        clock = procedure.clocks.get(state.clock or "")
        if clock and name not in clock.states:
            yield f"states.{name}", f"state '{name}' names the clock '{clock.name}', which does not count there"


def _used(procedure: Procedure) -> Iterator[type_of_finding]:
    for name, clock in procedure.clocks.items():
        if not any(state.clock == name for state in procedure.states.values()):
            yield f"clocks.{name}", f"clock '{name}' runs in no state"
        if not clock.states:
            yield f"clocks.{name}", f"clock '{name}' counts in no state"
    for name, state in procedure.states.items():
        if state.kind is not StateKind.OPEN and (state.work or state.holder):
            yield f"states.{name}", f"state '{name}' is not open and can have neither a holder nor work"
