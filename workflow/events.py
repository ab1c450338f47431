"""What happened to a dossier, in the past tense and for good; folding the events gives the state back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.names import DocumentKind, EventType, Field
from workflow.procedure import Procedure

KEEPS: Mapping[EventType, frozenset[Field]] = {
    EventType.OPENED: frozenset(),
    EventType.SELF_ASSESSED: frozenset(),
    EventType.POSTING_CLOSED: frozenset(),
    EventType.SURVEY_RECEIVED: frozenset(),
    EventType.COMMUNE_AGREED: frozenset(),
    EventType.REWORKED: frozenset({Field.REASON}),
    EventType.SUBMITTED: frozenset(),
    EventType.ACCEPTED_FOR_VERIFICATION: frozenset(),
    EventType.RETURNED: frozenset({Field.REASON, Field.MISSING}),
    EventType.RESUBMITTED: frozenset({Field.CHANGES}),
    EventType.VERIFIED: frozenset(),
    EventType.CONSULTED: frozenset(),
    EventType.DISTRICT_AGREED: frozenset(),
    EventType.FORWARDED: frozenset(),
    EventType.ACCEPTED_FOR_APPRAISAL: frozenset(),
    EventType.APPRAISED: frozenset(),
    EventType.RECOMMENDED: frozenset(),
    EventType.NOT_RECOMMENDED: frozenset(),
    EventType.DECLINED: frozenset({Field.REASON}),
    EventType.RECOGNISED: frozenset({Field.YEAR_RECOGNISED, Field.SIGNED_ON}),
    EventType.ANNOUNCED: frozenset({Field.ANNOUNCED_ON, Field.ANNOUNCED_AT}),
    EventType.WITHDRAWN: frozenset({Field.REASON}),
    EventType.REFUSAL_PROPOSED: frozenset({Field.REASON}),
    EventType.REFUSED: frozenset({Field.REASON, Field.SIGNED_ON}),
    EventType.REVOCATION_PROPOSED: frozenset({Field.REASON}),
    EventType.RECOVERED: frozenset({Field.REASON}),
    EventType.REVOCATION_ASSESSED: frozenset(),
    EventType.REVOCATION_SUBMITTED: frozenset(),
    EventType.REVOCATION_RETURNED: frozenset({Field.REASON}),
    EventType.REVOCATION_APPRAISED: frozenset(),
    EventType.REVOCATION_RECOMMENDED: frozenset(),
    EventType.REVOCATION_NOT_RECOMMENDED: frozenset(),
    EventType.REVOCATION_DECLINED: frozenset({Field.REASON}),
    EventType.REVOKED: frozenset({Field.REASON, Field.SIGNED_ON}),
    EventType.MOVED: frozenset({Field.REASON}),
    EventType.REPLACED: frozenset({Field.REASON, Field.YEAR_RECOGNISED, Field.SIGNED_ON}),
    EventType.CORRECTION_DRAFTED: frozenset({Field.PAPER, Field.CORRECTIONS}),
    EventType.CORRECTION_DECLINED: frozenset({Field.REASON}),
    EventType.CORRECTED: frozenset({Field.SIGNED_ON}),
    EventType.PASSED_ON: frozenset({Field.REASON}),
    EventType.LAPSED: frozenset({Field.REASON}),
}
OF_ITS_UNIT = (EventType.PASSED_ON, EventType.LAPSED)
BY_NO_PROCEDURE = (EventType.MOVED, *OF_ITS_UNIT)
"""What no procedure records: a move to another one, and what becomes of a dossier whose unit has ended."""

OF_A_CORRECTION = (EventType.CORRECTION_DRAFTED, EventType.CORRECTION_DECLINED, EventType.CORRECTED)
DECIDING = (EventType.RECOGNISED, EventType.REPLACED)
GIVES_TITLE = (DocumentKind.DECISION, DocumentKind.REPLACEMENT_DECISION)
"""What gives a title, and its papers: the decision of recognition, or one in its place."""

OF_A_REVIEW = (EventType.REVOCATION_PROPOSED, EventType.RECOVERED)
ASIDE = frozenset({EventType.WITHDRAWN, EventType.REPLACED, *OF_A_REVIEW, *OF_A_CORRECTION})
"""What leads a dossier off its way: nobody has to do it, and it is never the next step."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step as it was taken: the action, what it is called afterwards, from where to where, and what was typed."""

    type: EventType
    action: str
    from_state: str
    to_state: str
    payload: Mapping[str, object]


class BrokenHistory(ValueError):
    """A history that the procedure does not allow."""


def fold(procedure: Procedure, events: Iterable[Event], start: str | None = None) -> str:
    """The state that a history leads to; each step must be one the procedure allows from where the last one ended."""
    state = procedure.start if start is None else start
    for number, event in enumerate(events, 1):
        action = procedure.actions.get(event.action)
        allowed = action and any(
            branch.leads_to(state) == event.to_state and branch.records == event.type for branch in action.branches
        )
        if event.from_state != state or not action or state not in action.sources or not allowed:
            raise BrokenHistory(f"step {number}: {event.action} cannot lead from {state} to {event.to_state}")
        state = event.to_state
    return state
