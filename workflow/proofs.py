"""What must be true of a procedure as a whole: each state reached and left, somebody who can act, no figure missing."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping

from workflow.guards import GUARDS
from workflow.names import EventType, Reach, Role, StateKind, Tier
from workflow.procedure import Action, Procedure, State

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
        yield from _number_on_paper(action)
    for state in procedure.states.values():
        yield from _held(procedure, state)
        yield from _clock_counts(procedure, state)
    yield from _clocks_used(procedure)
    yield from _levels_in_order(procedure)
    if procedure.in_force_to and procedure.in_force_to < procedure.in_force_from:
        yield "in_force.to", "the dates in force end before they begin"


def able_roles(procedure: Procedure, action: Action) -> tuple[Role, ...]:
    """The offices that can take an action: of a tier the procedure has, and with dossiers in their reach."""
    return tuple(role for role in action.by if role.tier in procedure.tiers and _in_reach(role, action.reach))


def ends_of(procedure: Procedure) -> tuple[str, ...]:
    """The final states, in the order of the file."""
    return tuple(name for name, state in procedure.states.items() if state.kind is StateKind.FINAL)


def shortest_way(procedure: Procedure, state: str, ends: Collection[str]) -> tuple[str, ...]:
    """The fewest states from one state to any of these ends, both included; () when there is no way."""
    edges, ways, seen = _edges(procedure), deque([[state]]), {state}
    while ways:
        way = ways.popleft()
        if way[-1] in ends:
            return tuple(way)
        fresh = [name for name in edges[way[-1]] if name not in seen]
        seen.update(fresh)
        ways.extend([*way, name] for name in fresh)
    return ()


def _edges(procedure: Procedure) -> Mapping[str, list[str]]:
    edges: dict[str, list[str]] = {name: [] for name in procedure.states}
    for action in procedure.actions.values():
        for source in action.sources:
            edges[source].extend(branch.leads_to(source) for branch in action.branches if branch.to)
    return edges


def _reachable(edges: Mapping[str, list[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        state = waiting.pop()
        if state not in seen:
            seen.add(state)
            waiting.extend(edges.get(state, ()))
    return seen


def _ways(procedure: Procedure) -> Iterator[type_of_finding]:
    reached, ends = _reachable(_edges(procedure), procedure.start), ends_of(procedure)
    if not ends:
        yield "states", "there is no final state"
        return
    for name in procedure.states:
        if procedure.start and name not in reached:
            yield f"states.{name}", f"state '{name}' cannot be reached from the start"
        if not shortest_way(procedure, name, ends):
            yield f"states.{name}", f"state '{name}' has no way to an end"


def _ends(procedure: Procedure) -> Iterator[type_of_finding]:
    for action in procedure.actions.values():
        for source in action.sources:
            reopens = all(branch.records is EventType.REVOCATION_PROPOSED for branch in action.branches)
            if procedure.states[source].kind is StateKind.FINAL and not (reopens or action.stays):
                yield f"actions.{action.name}", f"action '{action.name}' leaves the final state '{source}'"


def _somebody_can_act(procedure: Procedure, action: Action) -> Iterator[type_of_finding]:
    if action.by and not able_roles(procedure, action):
        roles = ", ".join(action.by)
        yield f"actions.{action.name}", f"action '{action.name}': nobody can act ({roles}; reach {action.reach})"


def _in_reach(role: Role, reach: Reach) -> bool:
    return reach is not Reach.OWN or role.tier is Tier.COMMUNE


def _figures_known(procedure: Procedure, action: Action) -> Iterator[type_of_finding]:
    names = set(action.guards) | {name for branch in action.branches for name in branch.guards}
    for name in sorted(names):
        for figure in sorted({each for source in action.sources for each in _needed(procedure, name, source)}):
            if figure not in procedure.figures:
                yield f"actions.{action.name}", f"action '{action.name}': guard '{name}' needs the figure '{figure}'"


def _needed(procedure: Procedure, guard: str, source: str) -> Iterator[str]:
    tier = procedure.states[source].tier or Tier.COMMUNE
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


def _number_on_paper(action: Action) -> Iterator[type_of_finding]:
    if action.takes_number and not action.documents:
        yield f"actions.{action.name}", f"action '{action.name}' takes a number but makes no document to carry it"


def _held(procedure: Procedure, state: State) -> Iterator[type_of_finding]:
    place, roles = f"states.{state.name}", [role for roles in state.work.values() for role in roles]
    if state.kind is not StateKind.OPEN and (state.work or state.holder):
        yield place, f"state '{state.name}' is not open and can have neither a holder nor work"
    for role in dict.fromkeys([*([state.holder] if state.holder else []), *roles]):
        if role.tier not in procedure.tiers:
            yield place, f"state '{state.name}': this procedure does not have the tier of '{role}'"


def _clock_counts(procedure: Procedure, state: State) -> Iterator[type_of_finding]:
    clock = procedure.clocks.get(state.clock or "")
    if clock and state.name not in clock.states:
        yield f"states.{state.name}", f"state '{state.name}' names the clock '{clock.name}', which does not count there"


def _clocks_used(procedure: Procedure) -> Iterator[type_of_finding]:
    for name in procedure.clocks:
        if not any(state.clock == name for state in procedure.states.values()):
            yield f"clocks.{name}", f"clock '{name}' runs in no state"


def _levels_in_order(procedure: Procedure) -> Iterator[type_of_finding]:
    for level in procedure.levels:
        before, passed = procedure.levels[level], {level}
        while before and before not in passed:
            passed.add(before)
            before = procedure.levels.get(before)
        if before == level:
            yield f"levels.{level}", f"level '{level}' can never be opened: it is required before itself"
