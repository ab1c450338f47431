"""One shared machine per procedure version: it walks throw-away values and keeps nothing of them."""

from collections.abc import Mapping

import pytest
from transitions import MachineError

from tests.builders import facts, open_states, procedures, sitting, three_tier, two_tier
from workflow.case import Case
from workflow.facts import Facts
from workflow.guards import GUARDS
from workflow.machine import Walker, build_machine, machine_of, walk
from workflow.names import Field
from workflow.procedure import Procedure


def walk_from(of: Facts, action: str, inputs: Mapping[Field, object] | None = None) -> Walker:
    return walk(three_tier(), three_tier().actions[action], Case(three_tier(), of, inputs))


def test_a_version_has_one_machine_and_another_version_another() -> None:
    machine_of.cache_clear()
    assert machine_of(three_tier()) is machine_of(three_tier())
    assert machine_of(three_tier()) is not machine_of(two_tier())


@pytest.mark.parametrize("procedure", procedures().values(), ids=lambda procedure: procedure.key)
def test_the_machine_has_the_states_and_steps_of_the_procedure_and_nothing_else(procedure: Procedure) -> None:
    machine = build_machine(procedure)
    assert list(machine.states) == list(procedure.states)
    assert machine.models == []
    steps = {
        (name, source, transition.dest)
        for name, event in machine.events.items()
        for source, transitions in event.transitions.items()
        for transition in transitions
    }
    assert steps == {
        (action.name, source, branch.leads_to(source))
        for action in procedure.actions.values()
        for source in action.sources
        for branch in action.branches
    }


def test_a_walker_that_may_pass_stands_in_the_next_state_with_its_branch() -> None:
    walker = walk_from(facts("district_vote"), "record_district_vote")
    assert walker.state == "district_ready"
    assert walker.branch is three_tier().actions["record_district_vote"].branches[0]
    assert walker.refusals == []


def test_a_walker_that_may_not_pass_stays_with_every_reason_and_its_facts_untouched() -> None:
    of = facts("commune_ready", debt=None, security=None)
    walker = walk_from(of, "submit")
    assert walker.state == of.state == "commune_ready"
    assert walker.branch is None
    assert [refusal.code for refusal in walker.refusals] == ["debt_free.unstated", "security_not_complex.unstated"]


def test_a_reason_that_closes_several_branches_is_told_once() -> None:
    walker = walk_from(facts("council", sitting=sitting(minutes_filed=False)), "conclude_council")
    assert [refusal.code for refusal in walker.refusals] == ["council_quorate.minutes"]


def test_a_later_branch_is_taken_when_an_earlier_one_is_closed() -> None:
    walker = walk_from(facts("council", sitting=sitting(yes=0, no=20)), "conclude_council")
    assert walker.branch is three_tier().actions["conclude_council"].branches[1]
    assert walker.state == "not_recommended"


def test_conditions_that_read_the_form_are_asked_once_there_is_a_form() -> None:
    of = facts("recommended")
    late = {Field.YEAR_RECOGNISED: 2035}
    assert GUARDS["year_in_period"].reads_inputs
    assert walk_from(of, "recognise").branch
    assert not walk_from(of, "recognise", late).branch


def test_a_step_from_a_state_that_does_not_have_it_is_an_error_of_the_caller() -> None:
    with pytest.raises(MachineError):
        walk_from(facts("council"), "submit")


def test_walking_leaves_nothing_behind_in_the_shared_machine() -> None:
    for procedure in procedures().values():
        for state in open_states(procedure):
            for action in procedure.actions_from(state):
                walk(procedure, action, Case(procedure, facts(state)))
        assert machine_of(procedure).models == []
