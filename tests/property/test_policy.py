"""Who may act, work and see equals a slow count made from the parents of units, for any people, periods and pasts."""

from random import Random

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.builders import procedures
from tests.property.policy_oracle import (
    OWN_ONLY,
    Land,
    compare,
    compare_random_policies,
    expect_act,
    reach_of,
    some_question,
)
from workflow.facts import Grant
from workflow.names import Role, Tier


@seed(20250701)
@settings(max_examples=150, deadline=None, database=None)
@given(random=st.randoms(use_true_random=False))
def test_the_policy_equals_the_slow_one(random: Random) -> None:
    compare(some_question(random), random)


def test_the_policy_equals_the_slow_one_in_many_random_cases() -> None:
    assert compare_random_policies(4_000, seed=20250701) == 4_000


def test_the_random_cases_meet_every_answer() -> None:
    random, met = Random(7), set()
    actions = [action for procedure in procedures().values() for action in procedure.actions.values()]
    for _ in range(12_000):
        found = expect_act(some_question(random), random.choice(actions))
        met.add("granted" if isinstance(found, Grant) else found)
    assert met == {"granted", "policy.role", "policy.expired", "policy.reach", "policy.same_person"}


def test_the_oracle_knows_a_tree_and_the_own_reach_by_itself() -> None:
    land = Land({1: None, 2: 1, 3: 2, 4: 1})
    assert [land.lies_in(3, area) for area in (1, 2, 3, 4)] == [True, True, True, False]
    assert land.unit(3).above == (1, 2)
    assert {role for role in Role if role.tier is Tier.COMMUNE} == OWN_ONLY
    assert reach_of(Role.INSPECTOR) == "all"
