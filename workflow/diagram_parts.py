"""A procedure in the parts that are drawn by themselves: the way to a recognition, and the way by which one is revoked.

Drawn in one picture the two would hide each other; a part is a procedure with fewer states and steps.
"""

from dataclasses import replace
from functools import cache

from workflow.names import EventType, StateKind
from workflow.procedure import SAME, Action, Procedure


def part_of(procedure: Procedure, state: str | None) -> Procedure:
    """The part of a procedure in which a state lies; without one, the way to a recognition."""
    return _part(procedure, of_review=state in review_states(procedure))


@cache
def _part(procedure: Procedure, *, of_review: bool) -> Procedure:
    reviewing = review_states(procedure)
    if not reviewing:
        return procedure
    if not of_review:
        return _with(procedure, frozenset(procedure.states) - reviewing)
    before = [one for one in _sources(procedure) if one not in reviewing]
    first = next((one for one in before if one != procedure.start), procedure.start)
    part = _with(procedure, reviewing.union(before))
    states = dict(part.states) | {first: replace(part.states[first], kind=StateKind.START)}
    return replace(part, states=states, start=first)


@cache
def review_states(procedure: Procedure) -> frozenset[str]:
    """The states of a review for a revocation, and those that it leads to; none where there is no such way."""
    waiting = [branch.to for one in procedure.actions.values() if _reviews(one) for branch in one.branches]
    found: set[str] = set()
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting.extend(branch.leads_to(here) for one in procedure.actions_from(here) for branch in one.branches)
    return frozenset(found)


def _reviews(action: Action) -> bool:
    return any(branch.records is EventType.REVOCATION_PROPOSED for branch in action.branches)


def _sources(procedure: Procedure) -> list[str]:
    return [source for one in procedure.actions.values() if _reviews(one) for source in one.sources]


def _with(procedure: Procedure, kept: frozenset[str]) -> Procedure:
    """The same procedure with these states alone, and the steps between them."""
    actions = {}
    for action in procedure.actions.values():
        sources = tuple(one for one in action.sources if one in kept)
        branches = tuple(one for one in action.branches if one.to == SAME or one.to in kept)
        if sources and branches:
            actions[action.name] = replace(action, sources=sources, branches=branches)
    states = {name: state for name, state in procedure.states.items() if name in kept}
    return replace(procedure, states=states, actions=actions)
