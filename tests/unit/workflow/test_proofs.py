"""What the shipped procedures prove as a whole, told by a count that is independent of the proofs."""

from dataclasses import replace
from itertools import pairwise

import pytest

from tests.builders import procedures, three_tier, two_tier
from workflow.names import Reach, Role, StateKind
from workflow.procedure import Procedure
from workflow.proofs import able_roles, ends_of, prove, shortest_way

SHIPPED = pytest.mark.parametrize("procedure", procedures().values(), ids=lambda procedure: procedure.key)


def steps_of(procedure: Procedure) -> set[tuple[str, str]]:
    return {
        (source, branch.leads_to(source))
        for action in procedure.actions.values()
        for source in action.sources
        for branch in action.branches
    }


def spread(steps: set[tuple[str, str]], start: set[str]) -> set[str]:
    """Every state that steps lead to from the start, by adding neighbours until nothing is added."""
    found = set(start)
    while fresh := {to for source, to in steps if source in found} - found:
        found |= fresh
    return found


@SHIPPED
def test_a_shipped_procedure_has_nothing_against_it(procedure: Procedure) -> None:
    assert list(prove(procedure)) == []


@SHIPPED
def test_every_state_is_reached_and_has_a_way_to_an_end(procedure: Procedure) -> None:
    steps = steps_of(procedure)
    ends = {name for name, state in procedure.states.items() if state.kind is StateKind.FINAL}
    assert spread(steps, {procedure.start}) == set(procedure.states)
    assert spread({(to, source) for source, to in steps}, ends) == set(procedure.states)


@SHIPPED
def test_the_shortest_way_is_a_way_and_no_longer_than_any_other(procedure: Procedure) -> None:
    steps = steps_of(procedure)
    for state in procedure.states:
        way = shortest_way(procedure, state, ends_of(procedure))
        assert way[0] == state
        assert procedure.states[way[-1]].kind is StateKind.FINAL
        assert all(step in steps for step in pairwise(way))
        near = {state}
        for _ in range(len(way) - 2):
            near |= {to for source, to in steps if source in near}
        ends_near = {name for name in near if procedure.states[name].kind is StateKind.FINAL}
        assert not ends_near or len(way) == 1


def test_there_is_no_way_to_an_end_that_does_not_exist() -> None:
    stuck = replace(three_tier(), actions={})
    assert shortest_way(stuck, "council", ends_of(stuck)) == ()
    assert shortest_way(stuck, "announced", ends_of(stuck)) == ("announced",)
    assert shortest_way(three_tier(), "recommended", ["nowhere"]) == ()
    assert shortest_way(three_tier(), "recommended", ["announced"]) == ("recommended", "recognised", "announced")


@SHIPPED
def test_every_action_has_somebody_who_can_take_it(procedure: Procedure) -> None:
    for action in procedure.actions.values():
        assert able_roles(procedure, action) == action.by
        assert {role.tier for role in action.by} <= set(procedure.tiers)


def test_an_office_of_a_tier_that_is_gone_or_out_of_reach_cannot_act() -> None:
    verify = three_tier().actions["verify"]
    assert able_roles(three_tier(), verify) == (Role.DISTRICT_REVIEWER,)
    assert able_roles(two_tier(), verify) == ()
    assert able_roles(three_tier(), replace(verify, reach=Reach.OWN)) == ()
    assert able_roles(three_tier(), replace(verify, by=(Role.COMMUNE_OFFICER,), reach=Reach.OWN)) != ()


def test_figures_are_found_by_name_and_actions_by_state() -> None:
    assert three_tier().number("posting.days") == 15
    leaving = [action.name for action in two_tier().actions_from("not_recommended")]
    assert leaving == ["return_after_council", "propose_refusal"]
    assert three_tier().id == "commune-2022-three-tier@1"


def test_a_procedure_is_in_force_from_its_first_to_its_last_day() -> None:
    old, new = three_tier(), two_tier()
    assert old.in_force_to
    assert [old.in_force_on(day) for day in (old.in_force_from, old.in_force_to)] == [True, True]
    assert not new.in_force_on(old.in_force_to)
    assert new.in_force_on(new.in_force_from)
    assert not old.in_force_on(new.in_force_from)
