"""Random orders never reach an end without the events the law requires; the page and the act never disagree."""

from random import Random

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.builders import events_to, facts, procedures, three_tier
from tests.property.walks import (
    NEVER,
    REQUIRED,
    REQUIRED_SINCE_RETURN,
    REQUIRED_SINCE_REWORK,
    REVIEWS_END,
    Walk,
    begin,
    check_end,
    in_order,
    since_last,
    step,
    steps,
    walk_randomly,
)
from workflow.names import StateKind

ENDS = {
    (procedure.key, name)
    for procedure in procedures().values()
    for name, state in procedure.states.items()
    if state.kind is StateKind.FINAL
}


def test_every_end_says_what_it_requires() -> None:
    of_recognition = {place for place in ENDS if place[1] not in REVIEWS_END}
    assert set(REQUIRED) == ENDS
    assert set(REQUIRED_SINCE_RETURN) == set(REQUIRED_SINCE_REWORK) == of_recognition
    assert set(NEVER) == {end for _, end in ENDS}


@pytest.mark.parametrize(("key", "end"), sorted(ENDS))
def test_the_shortest_lawful_history_is_lawful_and_lacking_any_required_event_it_is_not(key: str, end: str) -> None:
    procedure = procedures()[f"{key}@1"]
    kinds = [event.type.value for event in events_to(procedure, end)]
    check_end(procedure, end, kinds)
    for wanted in REQUIRED[key, end]:
        lacking = [kind for kind in kinds if kind not in wanted]
        assert not in_order(lacking, REQUIRED[key, end])
        with pytest.raises(AssertionError):
            check_end(procedure, end, lacking)


def test_after_a_return_the_dossier_is_verified_and_appraised_again() -> None:
    kinds = [event.type.value for event in events_to(three_tier(), "announced")]
    late = kinds.index("appraised")
    with pytest.raises(AssertionError):
        check_end(three_tier(), "announced", [*kinds[: late + 1], "returned", "resubmitted", *kinds[late + 1 :]])
    again = kinds[kinds.index("accepted_for_verification") :]
    check_end(three_tier(), "announced", [*kinds[: late + 1], "returned", "resubmitted", *again])


def test_the_order_counts_and_what_lies_between_does_not() -> None:
    assert in_order(["a", "x", "b"], steps("a b"))
    assert in_order(["a", "c"], steps("a b|c"))
    assert not in_order(["b", "a"], steps("a b"))
    assert not in_order(["a"], steps("a a"))
    assert since_last(["a", "b", "a", "c"], "a") == ["a", "c"]
    assert since_last(["a"], "b") == []


@seed(20250701)
@settings(max_examples=80, deadline=None, database=None)
@given(number=st.integers(0, 2**32), length=st.integers(1, 60))
def test_any_order_of_any_acts_by_anybody_keeps_the_law(number: int, length: int) -> None:
    random = Random(number)
    walk = begin(random)
    for _ in range(length):
        step(walk, random)


def test_nothing_follows_an_end() -> None:
    random = Random(1)
    for procedure in procedures().values():
        for end in ("withdrawn", "closed_rejected", "revoked"):
            walk = Walk(procedure, facts(end))
            for _ in range(40):
                step(walk, random)
            assert walk.seen == {"not_here": 40, "refused": 40}


def test_long_walks_meet_every_answer_and_every_end() -> None:
    seen = walk_randomly(6_000, seed=20250701)
    assert seen["steps"] == 6_000
    assert seen["taken"] + seen["refused"] == 6_000
    assert all(seen[status] > 100 for status in ("ready", "blocked", "absent", "not_here", "taken"))
    assert all(f"{key}: {end}" in seen for key, end in ENDS)


def test_the_same_seed_walks_the_same_way() -> None:
    assert walk_randomly(300, seed=1) == walk_randomly(300, seed=1) != walk_randomly(300, seed=2)
