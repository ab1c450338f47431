"""Which dossiers may be decided in one decision: what one paper can say of several units at once."""

from collections.abc import Sequence

from workflow.facts import Facts
from workflow.names import EventType
from workflow.procedure import Action, Procedure
from workflow.refusal import Refusal, refuse

MOST = 100


def recognises(action: Action) -> bool:
    """Whether an action recognises a unit: the one kind of decision that may be about several."""
    return any(branch.records is EventType.RECOGNISED for branch in action.branches)


def apart(cases: Sequence[tuple[Procedure, Facts]]) -> tuple[Refusal, ...]:
    """Why these dossiers need decisions of their own: too few or many, or not all by one procedure for one level."""
    if not 2 <= len(cases) <= MOST:
        return (refuse("together.count", least=2, most=MOST),)
    kinds = {(procedure.id, facts.level, facts.unit.above[-1:]) for procedure, facts in cases}
    return (refuse("together.unlike"),) if len(kinds) > 1 else ()
