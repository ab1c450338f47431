"""Events in the past tense; folding them gives the state back, and a history that cannot be is refused."""

from dataclasses import replace

import pytest

from tests.builders import events_to, procedures, three_tier, two_tier
from workflow.events import BY_NO_PROCEDURE, KEEPS, BrokenHistory, Event, fold
from workflow.names import EventType
from workflow.procedure import Procedure

STATES = [(procedure, state) for procedure in procedures().values() for state in procedure.states]


def test_every_event_says_which_fields_it_keeps_and_some_procedure_records_it() -> None:
    assert set(KEEPS) == set(EventType)
    recorded = {
        branch.records
        for procedure in procedures().values()
        for action in procedure.actions.values()
        for branch in action.branches
    }
    assert recorded | set(BY_NO_PROCEDURE) == set(EventType)


@pytest.mark.parametrize(("procedure", "state"), STATES, ids=lambda value: getattr(value, "key", value))
def test_a_history_folds_to_the_state_where_it_ends(procedure: Procedure, state: str) -> None:
    assert fold(procedure, events_to(procedure, state)) == state


def test_no_history_is_the_start() -> None:
    assert fold(three_tier(), []) == "unopened"


def test_both_branches_of_one_action_fold() -> None:
    to_council = events_to(three_tier(), "council")
    for kind in (EventType.RECOMMENDED, EventType.NOT_RECOMMENDED):
        assert fold(three_tier(), [*to_council, Event(kind, "conclude_council", "council", kind, {})]) == kind


GOOD = events_to(three_tier(), "surveying")
LAST = GOOD[-1]
RECOMMENDED = events_to(three_tier(), "recommended")
TOO_LATE = Event(EventType.WITHDRAWN, "withdraw", "recommended", "withdrawn", {})
BROKEN = [
    ("an action that leaves other states", [*RECOMMENDED, TOO_LATE], len(RECOMMENDED) + 1),
    ("a step left out", [GOOD[0], *GOOD[2:]], 2),
    ("a step twice", [*GOOD, LAST], len(GOOD) + 1),
    ("an unknown action", [*GOOD[:-1], replace(LAST, action="no_such_action")], len(GOOD)),
    ("an action that is not here", [*GOOD[:-1], replace(LAST, action="submit")], len(GOOD)),
    ("another target", [*GOOD[:-1], replace(LAST, to_state="commune_vote")], len(GOOD)),
    ("another event", [*GOOD[:-1], replace(LAST, type=EventType.SUBMITTED)], len(GOOD)),
    ("another origin", [*GOOD[:-1], replace(LAST, from_state="returned")], len(GOOD)),
    ("a step after the end", [*events_to(three_tier(), "withdrawn"), LAST], 3),
]


@pytest.mark.parametrize(("events", "step"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_history_that_the_procedure_does_not_allow_is_refused_with_its_step(events: list[Event], step: int) -> None:
    with pytest.raises(BrokenHistory, match=f"^step {step}: "):
        fold(three_tier(), events)


def test_a_refused_history_names_the_action_and_both_states() -> None:
    with pytest.raises(BrokenHistory, match="^step 1: verify cannot lead from unopened to district_comment$"):
        fold(three_tier(), [Event(EventType.VERIFIED, "verify", "district_verifying", "district_comment", {})])


def test_a_history_of_one_procedure_is_broken_in_another() -> None:
    with pytest.raises(BrokenHistory):
        fold(two_tier(), events_to(three_tier(), "district_vote"))
