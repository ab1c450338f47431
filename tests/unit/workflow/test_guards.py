"""Each condition of the law: every reason it can give, with the nearest case that passes."""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from fractions import Fraction
from pathlib import Path

import pytest

import workflow
from tests.builders import DAY, TODAY, facts, past, posting, refusals_of, sitting, survey, three_tier, two_tier, vote
from tests.policy_cases import POLICY_CODES
from tests.refusal_cases import PAIRS as OF_RECOGNITION
from tests.refusal_cases import Pair
from tests.revocation_cases import REVOKING
from workflow.case import Case, reaches
from workflow.facts import Conclusion, Facts, SurveyItem
from workflow.guards import GUARDS
from workflow.names import EventType, Field, Stage
from workflow.procedure import Procedure
from workflow.refusal import refuse

PAIRS = [*OF_RECOGNITION, *REVOKING]
ENGINE = Path(workflow.__file__).parent
NIGHT = datetime.combine(TODAY + 4000 * DAY, time(23, 59))
DECIDE_CODES = {"action.not_here", *(f"input.{name}" for name in Field)}


def named(pair: Pair) -> str:
    return f"{pair.guard}-{pair.code}"


def with_figures(procedure: Procedure, values: Mapping[str, int | Fraction]) -> Procedure:
    changed = {name: replace(procedure.figures[name], value=value) for name, value in values.items()}
    return replace(procedure, figures={**procedure.figures, **changed})


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_the_case_is_refused_with_its_code_and_parameters_alone(pair: Pair) -> None:
    procedure = with_figures(three_tier(), pair.figures)
    found = refusals_of(pair.guard, facts(pair.state, **pair.refused), pair.typed, procedure)
    assert found == [refuse(pair.code, **pair.told)]


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_the_nearest_case_passes(pair: Pair) -> None:
    procedure = with_figures(three_tier(), pair.figures)
    of = facts(pair.state, **pair.passed)
    assert refusals_of(pair.guard, of, pair.typed_well or pair.typed, procedure) == []


def codes_in_the_engine() -> set[str]:
    """Every refusal code that stands as a text in the engine; `input.` codes are made from the fields."""
    found = set()
    for name in ("guards", "revocation", "policy", "decide"):
        for node in ast.walk(ast.parse((ENGINE / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(node.value)):
                found.add(str(node.value))
    figures = {figure for guard in GUARDS.values() for figure in guard.figures}
    return {code for code in found if code not in figures}


def test_every_refusal_code_of_the_engine_has_its_cases() -> None:
    in_cases = {pair.code for pair in PAIRS} | POLICY_CODES | DECIDE_CODES
    assert in_cases == codes_in_the_engine() | DECIDE_CODES
    assert {pair.guard for pair in PAIRS} == set(GUARDS)


def test_every_guard_says_what_it_asks_and_is_used_by_a_procedure() -> None:
    used = {
        name
        for procedure in (three_tier(), two_tier())
        for action in procedure.actions.values()
        for name in (*action.guards, *(guard for branch in action.branches for guard in branch.guards))
    }
    assert used == set(GUARDS)
    assert all(guard.sentence.endswith(".") and guard.sentence[0].isupper() for guard in GUARDS.values())


@pytest.mark.parametrize(
    ("part", "whole", "share", "reached"),
    [
        (90, 100, 90, True),
        (899, 1000, 90, False),
        (901, 1000, 90, True),
        (2, 3, Fraction(200, 3), True),
        (666_666, 1_000_000, Fraction(200, 3), False),
        (10**30 * 9 - 1, 10**31, 90, False),
        (0, 0, 90, False),
        (0, 5, 0, True),
    ],
)
def test_a_share_is_reached_exactly_from_its_figure_up(
    part: int, whole: int, share: int | Fraction, *, reached: bool
) -> None:
    assert reaches(part, whole, share) is reached


THRESHOLDS: list[tuple[str, Callable[[int], Facts], int]] = [
    ("residents_satisfied", lambda n: facts(survey=survey(satisfied=n, ballots_valid=1000, items=())), 900),
    (
        "residents_satisfied",
        lambda n: facts(survey=survey(items=(SurveyItem("1", n, 1000),))),
        800,
    ),
    ("survey_complete", lambda n: facts(survey=survey(ballots_issued=n, households_total=1000)), 700),
    ("vote_carried", lambda n: facts("commune_vote", votes={Stage.COMMUNE: vote(present=30, agreed=n)}), 27),
    ("vote_carried", lambda n: facts("district_vote", votes={Stage.DISTRICT: vote(present=30, agreed=n)}), 27),
    (
        "council_quorate",
        lambda n: facts(sitting=sitting(members=30, present=n, yes=n, no=0)),
        21,
    ),
    ("council_in_favour", lambda n: facts(sitting=sitting(present=30, yes=n, no=30 - n)), 27),
    ("posting_complete", lambda n: facts(postings={Stage.COMMUNE: posting(loudspeaker_times=n)}), 5),
]


@pytest.mark.parametrize(("guard", "make", "least"), THRESHOLDS)
def test_a_threshold_refuses_just_below_and_passes_at_it_and_above(
    guard: str, make: Callable[[int], Facts], least: int
) -> None:
    found = [len(refusals_of(guard, make(number))) for number in (least - 1, least, least + 1)]
    assert found == [1, 0, 0]


@pytest.mark.parametrize(("days_ago", "refused"), [(14, 1), (15, 0), (16, 0)])
def test_a_posting_is_over_on_the_day_after_its_last_day(days_ago: int, refused: int) -> None:
    posted_on = TODAY.fromordinal(TODAY.toordinal() - days_ago)
    of = facts("province_comment", postings=dict.fromkeys(Stage, posting(posted_on=posted_on)))
    assert len(refusals_of("posting_complete", of, None, two_tier())) == refused
    assert len(refusals_of("consultation_complete", of, None, two_tier())) == refused


EVERYTHING_WRONG: list[tuple[str, Facts, list[str]]] = [
    (
        "posting_complete",
        facts(postings={Stage.COMMUNE: posting(posted_on=TODAY, places=frozenset(), loudspeaker_times=0)}),
        ["places", "loudspeaker", "period"],
    ),
    (
        "consultation_complete",
        facts(
            "district_comment",
            postings={
                Stage.DISTRICT: posting(posted_on=TODAY, places=frozenset(), loudspeaker_times=0, front_opinion=False)
            },
        ),
        ["portal", "broadcasts", "front_opinion", "period"],
    ),
    (
        "council_quorate",
        facts(sitting=sitting(present=3, yes=1, no=1, blank=0, minutes_filed=False)),
        ["too_few", "ballots", "minutes"],
    ),
    ("survey_complete", facts(survey=survey(ballots_issued=0, minutes_filed=False)), ["households", "minutes"]),
    (
        "vote_carried",
        facts("commune_vote", votes={Stage.COMMUNE: vote(agreed=0, minutes_filed=False)}),
        ["too_few", "minutes"],
    ),
]


@pytest.mark.parametrize(("guard", "of", "codes"), EVERYTHING_WRONG)
def test_a_guard_gives_every_reason_at_once(guard: str, of: Facts, codes: list[str]) -> None:
    assert [refusal.code.partition(".")[2] for refusal in refusals_of(guard, of)] == codes


@pytest.mark.parametrize("guard", [name for name, guard in GUARDS.items() if guard.reads_inputs])
@pytest.mark.parametrize("value", [None, "", 20.5, True, ["x"], "2025-06-10", NIGHT])
def test_what_was_typed_in_the_wrong_form_is_left_to_the_form(guard: str, value: object) -> None:
    of = facts("recommended", history=(past(EventType.RECOGNISED),))
    assert refusals_of(guard, of, dict.fromkeys(Field, value)) == []
    assert refusals_of(guard, of) == []


def test_a_conclusion_against_an_earlier_submission_does_not_bind_the_commune_that_mends_it() -> None:
    against = {"1": Conclusion("sxd", met=True), "2": Conclusion("sct", met=False)}
    assert refusals_of("criteria_met", facts("returned", conclusions=against)) == []
    assert len(refusals_of("criteria_met", facts("recommended", conclusions=against))) == 1


def test_a_case_judges_each_column_once_and_the_start_as_the_commune() -> None:
    case = Case(three_tier(), facts("unopened"))
    assert case.stage is Stage.COMMUNE
    assert case.assessment(case.column) is case.assessment(case.column)
