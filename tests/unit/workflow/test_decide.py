"""The heart: what exists here, who may, what the facts allow; and the page offers exactly what the act accepts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time

import pytest

from tests.builders import (
    DAY,
    PERSON,
    TODAY,
    actor,
    compliant,
    empty_facts,
    facts,
    history_to,
    open_states,
    past,
    posting,
    procedures,
    sitting,
    three_tier,
    two_tier,
    valid_inputs,
)
from workflow.decide import Decision, Offering, Refused, decide, offered, standing_between
from workflow.events import KEEPS, Event
from workflow.facts import Facts, Return
from workflow.names import Effect, EventType, Field, Role, Stage
from workflow.procedure import Procedure
from workflow.refusal import refuse

CHAIRMAN = actor(Role.PROVINCIAL_CHAIRMAN)
SIGNED = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: TODAY - DAY}


def codes(found: Decision | Refused) -> list[str]:
    return [refusal.code for refusal in found.refusals] if isinstance(found, Refused) else []


def status_of(procedure: Procedure, of: Facts, role: Role, action: str) -> Offering:
    return next(offer.status for offer in offered(procedure, of, actor(role)) if offer.action.name == action)


def test_an_allowed_act_gives_its_event_the_office_and_what_follows() -> None:
    found = decide(three_tier(), facts("recommended"), CHAIRMAN, "recognise", SIGNED)
    assert isinstance(found, Decision)
    assert found.event == Event(
        EventType.RECOGNISED,
        "recognise",
        "recommended",
        "recognised",
        {"signed_on": "2025-06-09", "year_recognised": 2024},
    )
    assert found.grant == CHAIRMAN.grants[0]
    assert found.action.takes_number
    assert found.action.effects == (Effect.NOTIFY_COMMUNE, Effect.RENDER_PAPERS)


def test_lists_are_kept_as_lists_and_what_nobody_asked_for_is_not_kept() -> None:
    inputs = {Field.REASON: "Thiếu", Field.MISSING: ("D5", "D7"), Field.YEAR_RECOGNISED: 1900}
    found = decide(
        three_tier(), facts("district_received"), actor(Role.DISTRICT_REVIEWER), "return_from_district", inputs
    )
    assert isinstance(found, Decision)
    assert found.event.payload == {"reason": "Thiếu", "missing": ["D5", "D7"]}


@pytest.mark.parametrize("action", ["recognise", "no_such_action", ""])
def test_what_does_not_exist_here_is_refused_before_anything_else(action: str) -> None:
    found = decide(three_tier(), facts("council"), actor(), action, {})
    assert found == Refused((refuse("action.not_here", action=action, state="council"),))


def test_permission_comes_before_the_form_and_the_facts() -> None:
    found = decide(three_tier(), empty_facts("recommended"), actor(Role.COMMUNE_OFFICER), "recognise", {})
    assert codes(found) == ["policy.role"]


def test_the_form_and_the_facts_are_told_together() -> None:
    found = decide(three_tier(), facts("recommended", debt=None, survey=None), CHAIRMAN, "recognise", {})
    assert codes(found) == [
        "input.year_recognised",
        "input.signed_on",
        "survey_complete.missing",
        "debt_free.unstated",
    ]


NIGHT = datetime.combine(TODAY, time(23, 59))
WRONG: Mapping[Field, list[object]] = {
    Field.REASON: [None, "", "  \n", 5, ["x"]],
    Field.MISSING: [None, [], (), "D5", [""], ["D5", " "], [5]],
    Field.CHANGES: [None, [], (), "D5", [""], ["D5", None]],
    Field.YEAR_RECOGNISED: [None, "2024", 2024.0, True],
    Field.SIGNED_ON: [None, "2025-06-10", NIGHT],
    Field.ANNOUNCED_ON: [None, "", NIGHT],
    Field.ANNOUNCED_AT: [None, "", " ", 7],
    Field.PAPER: [None, -1, "1", True],
    Field.CORRECTIONS: [None, (), [], "xã", [("", "xã", "")], [("Điều 1", " ", "xã")], [("", "xã", 1)]],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in Field for value in WRONG[name]])
def test_a_field_that_is_empty_or_of_the_wrong_kind_is_refused_by_its_name(name: Field, value: object) -> None:
    procedure = three_tier()
    action = next(each for each in procedure.actions.values() if name in each.asks)
    of = facts(action.sources[0])
    inputs = valid_inputs(procedure, action, of)
    assert isinstance(decide(procedure, of, actor(action.by[0]), action.name, inputs), Decision)
    found = decide(procedure, of, actor(action.by[0]), action.name, inputs | {name: value})
    assert isinstance(found, Refused)
    assert refuse(f"input.{name}", field=name) in found.refusals
    del inputs[name]
    assert f"input.{name}" in codes(decide(procedure, of, actor(action.by[0]), action.name, inputs))


def test_a_kept_field_is_always_one_that_was_asked() -> None:
    for procedure in procedures().values():
        for action in procedure.actions.values():
            assert all(KEEPS[branch.records] == frozenset(action.asks) for branch in action.branches)


# Branches of the council's conclusion


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({}, EventType.RECOMMENDED),
        ({"sitting": sitting(yes=17, no=3)}, EventType.NOT_RECOMMENDED),
        ({"answers": {}}, EventType.NOT_RECOMMENDED),
    ],
)
def test_the_council_recommends_or_not_by_its_vote_and_the_criteria(changes: dict[str, object], event: str) -> None:
    for procedure in procedures().values():
        of = facts("council", **changes)
        found = decide(procedure, of, actor(Role.COUNCIL_SECRETARY), "conclude_council", {})
        assert isinstance(found, Decision)
        assert found.event.type == event
        assert found.event.to_state == event


def test_a_council_that_has_not_sat_is_the_only_reason_told() -> None:
    of = facts("council", sitting=None, answers={})
    found = decide(three_tier(), of, actor(Role.COUNCIL_SECRETARY), "conclude_council", {})
    assert codes(found) == ["council_quorate.not_sat"]


# What the page offers


def test_an_action_is_ready_blocked_or_absent_with_its_reasons() -> None:
    procedure = three_tier()
    blocked = facts("commune_ready", debt=None)
    assert status_of(procedure, facts("commune_ready"), Role.COMMUNE_CHAIRMAN, "submit") is Offering.READY
    assert status_of(procedure, blocked, Role.COMMUNE_CHAIRMAN, "submit") is Offering.BLOCKED
    assert status_of(procedure, blocked, Role.COMMUNE_OFFICER, "submit") is Offering.ABSENT
    offers = {offer.action.name: offer for offer in offered(procedure, blocked, actor(Role.COMMUNE_CHAIRMAN))}
    assert list(offers) == ["submit", "rework", "withdraw"]
    assert offers["submit"].refusals == (refuse("debt_free.unstated"),)
    assert offers["rework"].refusals == ()


def test_conditions_on_what_is_still_to_be_typed_do_not_block_an_offer() -> None:
    named = frozenset({"D5"})
    of = facts("returned", returns=(Return(Stage.DISTRICT, named),), changed=named)
    assert status_of(three_tier(), of, Role.COMMUNE_CHAIRMAN, "resubmit") is Offering.READY
    found = decide(three_tier(), of, actor(Role.COMMUNE_CHAIRMAN), "resubmit", {Field.CHANGES: ["D7"]})
    assert codes(found) == ["changes_listed.absent", "changes_listed.unchanged"]
    unsupplied = replace(of, changed=frozenset())
    assert status_of(three_tier(), unsupplied, Role.COMMUNE_CHAIRMAN, "resubmit") is Offering.BLOCKED


AFTERWARDS = {
    Role.PROVINCIAL_CHAIRMAN: ["replace", "correct", "decline_correction"],
    Role.RECORDS_CLERK: ["draft_correction", "decline_correction"],
}


def test_an_end_offers_nothing_but_to_review_replace_or_correct_a_recognition_that_stands() -> None:
    for procedure in procedures().values():
        ends = set(procedure.states) - set(open_states(procedure))
        assert ends == {"announced", "withdrawn", "closed_rejected", "revoked", "recognition_kept"}
        reviewers = procedure.actions["propose_revocation"].by
        for state, role in [(state, role) for state in ends for role in Role]:
            ready = [
                offer.action.name
                for offer in offered(procedure, facts(state), actor(role))
                if offer.status is not Offering.ABSENT
            ]
            reviews = state in ("announced", "recognition_kept") and role in reviewers
            afterwards = AFTERWARDS.get(role, []) if state in ("announced", "recognition_kept") else []
            assert ready == (["propose_revocation"] if reviews else afterwards)


# Separation of duties, through the whole procedure

SEPARATED = {
    "commune-2022-three-tier": {
        "accept_for_verification": ["submitted", "resubmitted"],
        "return_from_district": ["submitted", "resubmitted"],
        "verify": ["submitted", "resubmitted"],
        "forward": ["submitted", "resubmitted"],
        "accept_for_appraisal": ["submitted", "resubmitted", "verified", "forwarded"],
        "return_from_province": ["submitted", "resubmitted", "verified", "forwarded"],
        "appraise": ["submitted", "resubmitted", "verified", "forwarded"],
        "conclude_council": ["submitted", "resubmitted", "verified", "forwarded"],
        "recognise": ["submitted", "resubmitted", "verified", "forwarded", "appraised", "recommended"],
        "refuse": [
            "submitted",
            "resubmitted",
            "verified",
            "forwarded",
            "appraised",
            "not_recommended",
            "refusal_proposed",
        ],
        "return_revocation_from_province": ["revocation_submitted"],
        "appraise_revocation": ["revocation_submitted"],
        "conclude_revocation": ["revocation_submitted"],
        "revoke": ["revocation_submitted", "revocation_appraised", "revocation_recommended"],
        "keep_recognition": ["revocation_submitted", "revocation_appraised", "revocation_recommended"],
        "replace": ["submitted", "resubmitted", "verified", "appraised", "recommended"],
        "correct": ["correction_drafted"],
    },
    "commune-2022-two-tier": {
        "accept_for_verification": ["submitted", "resubmitted"],
        "return_from_department": ["submitted", "resubmitted"],
        "verify": ["submitted", "resubmitted"],
        "return_from_province": ["submitted", "resubmitted"],
        "appraise": ["submitted", "resubmitted"],
        "conclude_council": ["submitted", "resubmitted"],
        "recognise": ["submitted", "resubmitted", "verified", "appraised", "recommended"],
        "refuse": ["submitted", "resubmitted", "verified", "appraised", "not_recommended", "refusal_proposed"],
        "return_revocation_from_province": ["revocation_submitted"],
        "appraise_revocation": ["revocation_submitted"],
        "conclude_revocation": ["revocation_submitted"],
        "revoke": ["revocation_submitted", "revocation_appraised", "revocation_recommended"],
        "keep_recognition": ["revocation_submitted", "revocation_appraised", "revocation_recommended"],
        "replace": ["submitted", "resubmitted", "verified", "appraised", "recommended"],
        "correct": ["correction_drafted"],
    },
}


def test_the_separations_of_duty_are_these() -> None:
    found = {
        procedure.key: {a.name: list(a.not_same_person_as) for a in procedure.actions.values() if a.not_same_person_as}
        for procedure in procedures().values()
    }
    assert found == SEPARATED


@pytest.mark.parametrize("procedure", procedures().values(), ids=lambda procedure: procedure.key)
def test_one_person_in_every_office_cannot_check_what_that_person_did(procedure: Procedure) -> None:
    everywhere = actor(*Role, person_id=500)
    for name, kinds in SEPARATED[procedure.key].items():
        action = procedure.actions[name]
        of = facts(action.sources[0])
        inputs = valid_inputs(procedure, action, of)
        assert isinstance(decide(procedure, of, everywhere, name, inputs), Decision)
        for kind in kinds:
            own = replace(of, history=(past(EventType(kind), 500),))
            assert codes(decide(procedure, own, everywhere, name, inputs)) == ["policy.same_person"]
            other = replace(of, history=(past(EventType(kind), 501),))
            assert isinstance(decide(procedure, other, everywhere, name, inputs), Decision)


@pytest.mark.parametrize("procedure", procedures().values(), ids=lambda procedure: procedure.key)
def test_every_action_of_a_compliant_dossier_can_be_taken_by_its_own_people(procedure: Procedure) -> None:
    for action in procedure.actions.values():
        for state in action.sources:
            of = compliant(action, state, history=history_to(procedure, state))
            who = actor(action.by[0], person_id=PERSON[action.by[0]])
            found = decide(procedure, of, who, action.name, valid_inputs(procedure, action, of))
            assert isinstance(found, Decision), (state, action.name, found)


def test_the_same_dossier_waits_for_the_period_and_is_ready_on_its_last_day() -> None:
    procedure = two_tier()
    short = {Stage.COMMUNE: posting(posted_on=TODAY - 14 * DAY)}
    of = facts("public_comment", postings=short)
    assert status_of(procedure, of, Role.COMMUNE_OFFICER, "close_posting") is Offering.BLOCKED
    tomorrow = replace(of, today=TODAY + DAY)
    assert status_of(procedure, tomorrow, Role.COMMUNE_OFFICER, "close_posting") is Offering.READY


def test_what_stands_before_the_next_step_is_told_to_everybody_and_nothing_stands_after_an_end() -> None:
    assert [refusal.code for refusal in standing_between(three_tier(), empty_facts())]
    assert standing_between(three_tier(), facts("announced")) == ()
