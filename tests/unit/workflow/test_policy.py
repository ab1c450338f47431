"""Who may do what: office, period, reach, and no one checks their own work."""

from dataclasses import replace

import pytest

from tests.builders import (
    COMMUNE,
    COUSIN,
    DAY,
    DISTRICT,
    PROVINCE,
    SIBLING,
    STRANGER,
    TODAY,
    UNITS,
    actor,
    facts,
    grant,
    past,
    three_tier,
    two_tier,
)
from tests.policy_cases import DENIALS, SUBMITTED, Denial
from workflow.facts import Actor, Grant, Unit
from workflow.names import EventType, Reach, Role, SigningPart, Tier, Work
from workflow.policy import (
    REACH_OF_ROLE,
    grant_for,
    keeps_papers_of,
    may_act,
    may_see,
    may_sign,
    may_work,
    reaches_unit,
    sees,
)
from workflow.refusal import Refusal, refuse

OFFICER, FRONT, REVIEWER = Role.COMMUNE_OFFICER, Role.COMMUNE_FRONT, Role.DISTRICT_REVIEWER
TWICE_NEAR = Actor(1, "A", (grant(OFFICER, 101), grant(FRONT, valid_to=TODAY - DAY)))


@pytest.mark.parametrize("denial", DENIALS, ids=lambda denial: f"{denial.code}-{denial.action}")
def test_what_is_not_granted_is_refused_with_its_reason(denial: Denial) -> None:
    of = facts(denial.state, history=denial.history)
    action = three_tier().actions[denial.action]
    assert may_act(action, denial.actor, of) == refuse(denial.code, **denial.told)
    assert may_act(action, denial.allowed, of) == denial.allowed.grants[0]


@pytest.mark.parametrize(
    ("unit", "own", "below"),
    [
        (COMMUNE, {100}, {100, 10, 1}),
        (SIBLING, {101}, {101, 10, 1}),
        (COUSIN, {110}, {110, 11, 1}),
        (DISTRICT, {10}, {10, 1}),
        (PROVINCE, {1}, {1}),
        (STRANGER, {200}, {200, 20, 2}),
    ],
)
def test_reach_is_the_own_unit_or_those_below_or_all(unit: Unit, own: set[int], below: set[int]) -> None:
    holders = {each.id for each in UNITS} | {20}

    def reaching(reach: Reach) -> set[int]:
        return {number for number in holders if reaches_unit(grant(Role.INSPECTOR, number), unit, reach)}

    assert reaching(Reach.OWN) == own
    assert reaching(Reach.BELOW) == below
    assert reaching(Reach.ALL) == holders


def test_an_office_counts_from_its_first_to_its_last_day() -> None:
    held = grant(OFFICER, valid_from=TODAY, valid_to=TODAY + DAY)
    assert [held.holds_on(TODAY + days * DAY) for days in (-1, 0, 1, 2)] == [False, True, True, False]
    assert replace(held, valid_to=None).holds_on(TODAY + 9999 * DAY)


def test_the_first_office_that_allows_it_is_the_one_acted_in() -> None:
    offices = (
        grant(OFFICER, valid_to=TODAY - DAY),
        grant(OFFICER, 101),
        grant(FRONT),
        grant(OFFICER, wording="KT."),
        grant(OFFICER),
    )
    assert grant_for(Actor(1, "A", offices), (OFFICER,), Reach.OWN, facts()) == offices[3]


def test_whoever_did_a_step_that_an_action_names_may_not_take_it_while_others_may() -> None:
    action = three_tier().actions["recognise"]
    for kind in EventType:
        found = may_act(action, actor(Role.PROVINCIAL_CHAIRMAN, person_id=7), facts(history=(past(kind, 7),)))
        named = kind in action.not_same_person_as
        assert (found == refuse("policy.same_person", event=kind)) is named
        assert isinstance(found, Grant) is not named


@pytest.mark.parametrize(
    ("state", "work", "who", "found"),
    [
        ("surveying", Work.KEEP_SURVEY, actor(FRONT), "ok"),
        ("surveying", Work.KEEP_SURVEY, actor(OFFICER), "policy.role"),
        ("surveying", Work.KEEP_SURVEY, actor(), "policy.role"),
        ("surveying", Work.KEEP_SURVEY, actor(FRONT, unit_id=101), "policy.reach"),
        ("surveying", Work.KEEP_SURVEY, actor(FRONT, valid_to=TODAY - DAY), "policy.expired"),
        ("surveying", Work.ATTACH_PART, actor(OFFICER), "ok"),
        ("surveying", Work.ATTACH_PART, actor(OFFICER, FRONT, valid_to=TODAY - DAY), "policy.expired"),
        ("surveying", Work.ATTACH_PART, actor(OFFICER, unit_id=10), "policy.reach"),
        ("surveying", Work.ATTACH_PART, TWICE_NEAR, "policy.expired"),
        ("surveying", Work.KEEP_VOTE, actor(FRONT), "policy.not_now"),
        ("announced", Work.KEEP_SURVEY, actor(FRONT), "policy.not_now"),
        ("district_verifying", Work.ASSESS_REVIEW, actor(REVIEWER), "ok"),
        ("district_verifying", Work.ASSESS_REVIEW, actor(REVIEWER, unit_id=11), "policy.reach"),
        ("district_verifying", Work.ASSESS_COMMUNE, actor(OFFICER), "policy.not_now"),
    ],
)
def test_work_is_open_to_the_offices_of_the_state_and_says_the_nearest_reason(
    state: str, work: Work, who: Actor, found: str
) -> None:
    answer = may_work(three_tier(), work, who, facts(state))
    assert found == (answer.code if isinstance(answer, Refusal) else "ok")


def test_a_refused_work_names_the_offices_that_could_do_it_and_the_state_where_nobody_can() -> None:
    named = may_work(three_tier(), Work.ATTACH_PART, actor(REVIEWER), facts("surveying"))
    assert named == refuse("policy.role", roles=(FRONT, OFFICER))
    nobody = may_work(three_tier(), Work.KEEP_VOTE, actor(OFFICER), facts("announced"))
    assert nobody == refuse("policy.not_now", state="announced")


def test_every_role_has_a_reach_and_a_desk() -> None:
    assert set(REACH_OF_ROLE) == set(Role)
    assert {role for role, reach in REACH_OF_ROLE.items() if reach is Reach.OWN} == {
        role for role in Role if role.tier is Tier.COMMUNE
    }
    assert {role.desk for role in Role} == {"submitting", "reviewing", "deciding", "admin", "reading"}


@pytest.mark.parametrize(
    ("role", "unit_id", "seen"),
    [
        (OFFICER, 100, {100}),
        (REVIEWER, 10, {10, 100, 101}),
        (Role.PROVINCIAL_CHAIRMAN, 1, {1, 10, 11, 100, 101, 110}),
        (Role.INSPECTOR, 2, {unit.id for unit in UNITS}),
    ],
)
def test_an_office_sees_the_units_in_its_reach(role: Role, unit_id: int, seen: set[int]) -> None:
    assert {unit.id for unit in UNITS if sees(grant(role, unit_id), unit)} == seen


def test_whoever_submitted_the_dossier_fills_in_nothing_of_it_at_an_upper_tier() -> None:
    own = facts("district_verifying", history=SUBMITTED)
    found = may_work(three_tier(), Work.ASSESS_REVIEW, actor(REVIEWER, person_id=7), own)
    assert found == refuse("policy.same_person", event="submitted")
    assert isinstance(may_work(three_tier(), Work.ASSESS_REVIEW, actor(REVIEWER, person_id=8), own), Grant)
    again = facts("returned", history=SUBMITTED)
    assert isinstance(may_work(three_tier(), Work.STATE_DEBT, actor(OFFICER, person_id=7), again), Grant)


@pytest.mark.parametrize("kind", [EventType.FORWARDED, EventType.REVOCATION_SUBMITTED])
def test_whoever_brought_it_up_to_the_province_fills_in_nothing_of_it_there_and_goes_on_below(kind: EventType) -> None:
    state = "revocation_appraising" if kind is EventType.REVOCATION_SUBMITTED else "province_appraising"
    brought = facts(state, history=(past(kind, 7),))
    appraiser = grant(Role.DEPARTMENT_REVIEWER, PROVINCE.id)
    found = may_work(three_tier(), Work.ASSESS_APPRAISAL, Actor(7, "A", (appraiser,)), brought)
    assert found == refuse("policy.same_person", event=kind)
    assert may_work(three_tier(), Work.ASSESS_APPRAISAL, Actor(8, "B", (appraiser,)), brought) == appraiser
    again = facts("under_review", history=(past(kind, 7),))
    below = may_work(three_tier(), Work.ASSESS_REVIEW, actor(REVIEWER, person_id=7), again)
    assert isinstance(below, Grant)


def test_an_office_must_be_held_on_the_day_of_signing_and_the_one_that_was_is_taken() -> None:
    recognise, of = two_tier().actions["recognise"], facts("recommended")
    new = grant(Role.PROVINCIAL_CHAIRMAN, valid_from=TODAY)
    long = grant(Role.PROVINCIAL_CHAIRMAN, wording="KT.")
    found = may_act(recognise, Actor(5, "A", (new,)), of, TODAY - DAY)
    assert found == refuse("policy.not_then", roles=("provincial_chairman",), on=TODAY - DAY)
    assert may_act(recognise, Actor(5, "A", (new, long)), of, TODAY - DAY) == long
    assert may_act(recognise, Actor(5, "A", (new, long)), of, TODAY) == new


def test_a_substitute_acts_by_a_grant_with_a_period_and_its_wording() -> None:
    substitute = grant(Role.PROVINCIAL_CHAIRMAN, valid_from=TODAY, valid_to=TODAY + 9 * DAY, wording="KT. CHỦ TỊCH")
    found = may_act(two_tier().actions["recognise"], Actor(5, "Phó Chủ tịch", (substitute,)), facts("recommended"))
    assert found == substitute


CHAIRMAN, CLERK = Role.PROVINCIAL_CHAIRMAN, Role.RECORDS_CLERK


@pytest.mark.parametrize(
    ("part", "who", "found"),
    [
        (SigningPart.SIGNER, actor(CHAIRMAN, person_id=7), grant(CHAIRMAN)),
        (SigningPart.SIGNER, actor(CHAIRMAN, person_id=8), refuse("signature.of_another")),
        (SigningPart.SIGNER, actor(CLERK, person_id=7), refuse("policy.role", roles=(CHAIRMAN,))),
        (
            SigningPart.SIGNER,
            actor(CHAIRMAN, person_id=7, valid_to=TODAY - DAY),
            refuse("policy.expired", roles=(CHAIRMAN,)),
        ),
        (SigningPart.SEAL, actor(CLERK, person_id=8), grant(CLERK)),
        (SigningPart.SEAL, actor(CLERK, person_id=7), refuse("signature.own_seal")),
        (SigningPart.SEAL, actor(CLERK, unit_id=STRANGER.id), refuse("policy.role", roles=(CLERK,))),
    ],
)
def test_whoever_decided_signs_and_the_records_clerk_of_the_unit_seals(
    part: SigningPart, who: Actor, found: Grant | Refusal
) -> None:
    assert may_sign(part, 7, PROVINCE.id, who, TODAY) == found


@pytest.mark.parametrize(
    ("who", "keeps"),
    [
        (actor(CLERK), True),
        (actor(CLERK, unit_id=STRANGER.id), False),
        (actor(CLERK, valid_to=TODAY - DAY), False),
        (actor(CHAIRMAN), False),
        (actor(), False),
    ],
)
def test_the_papers_of_a_unit_are_kept_by_its_office_and_not_by_its_head(who: Actor, keeps: bool) -> None:
    assert keeps_papers_of(PROVINCE.id, who, TODAY) is keeps


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (actor(CLERK), True),
        (actor(OFFICER), True),
        (actor(OFFICER, unit_id=SIBLING.id), False),
        (actor(OFFICER, valid_to=TODAY - DAY), False),
        (TWICE_NEAR, False),
    ],
)
def test_the_dossiers_of_a_unit_are_seen_from_an_office_held_today(who: Actor, seen: bool) -> None:
    assert may_see(who, COMMUNE, TODAY) is seen
