"""Which dossiers may be decided in one decision, or in one in its place: what one paper can say of several units."""

from collections.abc import Sequence

from workflow.events import DECIDING
from workflow.facts import Facts
from workflow.names import EventType
from workflow.procedure import Action, Procedure
from workflow.refusal import Refusal, refuse

MOST = 100


def recognises(action: Action) -> bool:
    """Whether an action recognises a unit."""
    return any(branch.records is EventType.RECOGNISED for branch in action.branches)


def replaces(action: Action) -> bool:
    """Whether an action puts a decision in the place of the one by which a unit was recognised."""
    return any(branch.records is EventType.REPLACED for branch in action.branches)


def gives_title(action: Action) -> bool:
    """Whether an action recognises units, or replaces such a decision: what one decision may do for several."""
    return any(branch.records in DECIDING for branch in action.branches)


def apart(cases: Sequence[tuple[Procedure, Facts]]) -> tuple[Refusal, ...]:
    """Why these dossiers need decisions of their own: too few or many, or not all by one procedure for one level."""
    if not 2 <= len(cases) <= MOST:
        return (refuse("together.count", least=2, most=MOST),)
    kinds = {(procedure.id, facts.level, facts.unit.above[-1:]) for procedure, facts in cases}
    return (refuse("together.unlike"),) if len(kinds) > 1 else ()
