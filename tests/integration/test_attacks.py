"""Ways round the law that somebody might try, each on both databases: all of them are refused, and nothing is left."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, update

from casework import answering, checking, consulting, filing
from casework.answering import Entry
from casework.checking import PartCheck
from casework.door import Order, perform
from casework.storage import open_storage
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.council import CouncilSession
from models.dossiers import CheckedPart, Conclusion, Dossier, DossierPart, Posting, Vote
from models.evidence import EvidenceItem
from models.people import RoleGrant
from models.places import AdminUnit, Recognition
from queries.days import day_of
from tests import world
from tests.integration.acting import act, add_grant, case, refusals, work
from workflow.facts import Facts
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, Field, Part, Role

D, PART, SESSION = table_of(Dossier), table_of(DossierPart), table_of(CouncilSession)
BEFORE, AFTER = world.NOW - timedelta(days=8), world.NOW - timedelta(days=6)  # around the planted submission
DECISION: dict[str, Any] = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2025, 3, 10)}
SECRETARY = world.PERSON[Role.COUNCIL_SECRETARY]
type_of_planter = Callable[..., world.Planted]


@pytest.fixture
def plant(engine: Engine) -> type_of_planter:
    """Found the world with three communes and return a function that plants a dossier of one of them."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=3)

    def planted(state: str, number: int = 1) -> world.Planted:
        with unit_of_work(engine) as connection:
            return world.plant(connection, world.FIRST_COMMUNE + number - 1, state, number)

    return planted


# --- what was found before the dossier was submitted again ---


def check(connection: Connection, at: datetime) -> None:
    row = {"dossier_id": 1, "stage": "province", "part": "D1", "complete": True, "note": ""}
    connection.execute(insert(table_of(CheckedPart)), {**row, "person_id": SECRETARY, "at": at})


def conclude(connection: Connection, at: datetime) -> None:
    row = {"dossier_id": 1, "criterion": "1", "department": "sxd", "met": True, "text": "Đạt"}
    connection.execute(insert(table_of(Conclusion)), {**row, "person_id": SECRETARY, "at": at})


def post(connection: Connection, at: datetime) -> None:
    row = {"dossier_id": 1, "round": 1, "stage": "district", "posted_on": date(2025, 2, 1), "places": ["portal"]}
    row |= {"loudspeaker_times": 3, "front_opinion": True, "person_id": SECRETARY, "at": at}
    connection.execute(insert(table_of(Posting)), row)


def vote(connection: Connection, at: datetime) -> None:
    row = {"dossier_id": 1, "round": 1, "stage": "district", "held_on": date(2025, 2, 1), "members": 9, "present": 9}
    row |= {"agreed": 9, "minutes_sha256": world.PAPER, "person_id": SECRETARY, "at": at}
    connection.execute(insert(table_of(Vote)), row)


def look(connection: Connection, at: datetime) -> None:
    connection.execute(update(D).values(field_checked_on=day_of(at)))


def sit(connection: Connection, at: datetime) -> None:
    connection.execute(update(SESSION).values(closed_at=at))


@pytest.mark.parametrize(
    ("state", "happens", "found"),
    [
        ("province_received", check, lambda facts: facts.checklists),
        ("province_appraising", conclude, lambda facts: facts.conclusions),
        ("district_comment", post, lambda facts: facts.postings),
        ("district_vote", vote, lambda facts: facts.votes),
        ("province_appraising", look, lambda facts: facts.field_checked),
        ("council", sit, lambda facts: facts.sitting),
    ],
)
@pytest.mark.parametrize(("at", "counts"), [(BEFORE, False), (AFTER, True)])
def test_what_an_upper_tier_found_counts_only_for_the_dossier_as_it_was_submitted_last(
    engine: Engine,
    plant: type_of_planter,
    state: str,
    happens: Callable[[Connection, datetime], None],
    found: Callable[[Facts], object],
    at: datetime,
    counts: bool,
) -> None:
    plant(state)
    work(engine, happens, at)
    assert bool(found(case(engine).facts)) is counts


def test_a_verdict_falls_when_the_commune_enters_another_value_after_a_return(
    engine: Engine, plant: type_of_planter
) -> None:
    plant("returned")
    later = world.NOW + timedelta(hours=1)
    entry = Entry(Column.COMMUNE, "2.1", value={"part": 510, "whole": 510})
    work(engine, answering.answer, 1, entry, world.PERSON[Role.COMMUNE_OFFICER], later)
    act(engine, "resubmit", Role.COMMUNE_CHAIRMAN, later, changes=("2.1",))
    reviewer = world.PERSON[Role.DISTRICT_REVIEWER]
    work(engine, checking.check_parts, 1, tuple(PartCheck(part, True) for part in COMMUNE_PARTS), reviewer, later)
    act(engine, "accept_for_verification", Role.DISTRICT_REVIEWER, later)
    assert refusals(act, engine, "verify", Role.DISTRICT_REVIEWER, later) == ["criteria_met.unanswered"]
    work(engine, answering.answer, 1, replace(entry, column=Column.REVIEW), reviewer, later)
    assert act(engine, "verify", Role.DISTRICT_REVIEWER, later).to_state == "district_comment"


def test_evidence_that_has_expired_since_the_self_assessment_is_not_submitted(
    engine: Engine, plant: type_of_planter
) -> None:
    plant("commune_ready")
    work(engine, lambda c: c.execute(update(table_of(EvidenceItem)).values(expires_on=date(2025, 3, 9))))
    assert refusals(act, engine, "submit", Role.COMMUNE_CHAIRMAN) == ["self_assessment_complete.without_evidence"]


# --- days that cannot be ---


def test_nothing_was_posted_or_voted_on_before_there_was_a_result(engine: Engine, plant: type_of_planter) -> None:
    plant("public_comment"), plant("commune_vote", 2)
    officer, early = world.PERSON[Role.COMMUNE_OFFICER], date(2025, 3, 2)
    posting = consulting.PostingEntry(early, ("office", "culture_house"), 5)
    assert refusals(work, engine, consulting.keep_posting, 1, posting, officer, world.NOW) == ["date.before_result"]
    work(engine, consulting.keep_posting, 1, replace(posting, posted_on=date(2025, 3, 3)), officer, world.NOW)
    work(engine, add_grant, officer, Role.COMMUNE_OFFICER, world.FIRST_COMMUNE + 1)
    ballot = consulting.VoteEntry(early, 9, 9, 9, world.PAPER)
    assert refusals(work, engine, consulting.keep_vote, 2, ballot, officer, world.NOW) == ["date.before_result"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"started_on": date(2025, 3, 2)}, "date.before_result"),
        ({"households_total": 10**12}, "survey.counts"),
        ({"no_opinion": 5}, "survey.sum"),
        ({"dissatisfied": -1, "no_opinion": 11}, "survey.sum"),
    ],
)
def test_a_survey_of_another_time_or_of_impossible_size_is_refused(
    engine: Engine, plant: type_of_planter, changes: dict[str, Any], code: str
) -> None:
    plant("surveying")
    good = consulting.SurveyEntry(date(2025, 3, 4), date(2025, 3, 9), 400, 390, 380, 370, 6, 4)
    front = world.PERSON[Role.COMMUNE_FRONT]
    assert refusals(work, engine, consulting.keep_survey, 1, replace(good, **changes), front, world.NOW) == [code]
    work(engine, consulting.keep_survey, 1, good, front, world.NOW)


def test_a_substitute_signs_for_no_day_before_the_substitution(engine: Engine, plant: type_of_planter) -> None:
    plant("recommended")
    work(engine, lambda c: c.execute(update(table_of(RoleGrant)).values(valid_from=date(2025, 3, 8))))
    early: dict[str, Any] = {"year_recognised": 2024, "signed_on": date(2025, 3, 7)}
    assert refusals(act, engine, "recognise", Role.PROVINCIAL_CHAIRMAN, **early) == ["policy.not_then"]
    on_time = early | {"signed_on": date(2025, 3, 8)}
    assert act(engine, "recognise", Role.PROVINCIAL_CHAIRMAN, **on_time).number == 218


def test_a_unit_that_has_ended_is_not_recognised(engine: Engine, plant: type_of_planter) -> None:
    plant("recommended")
    ended = update(table_of(AdminUnit)).where(table_of(AdminUnit).c.id == world.FIRST_COMMUNE)
    work(engine, lambda c: c.execute(ended.values(valid_to=date(2025, 3, 9))))
    assert refusals(act, engine, "recognise", Role.PROVINCIAL_CHAIRMAN, **DECISION) == ["unit_in_force.ended"]


def test_the_level_below_is_asked_for_again_when_the_decision_is_signed(engine: Engine, plant: type_of_planter) -> None:
    plant("recommended")
    title = {"unit_id": world.FIRST_COMMUNE, "unit_name": "Xã Thử 1", "place_then": "", "subject": "commune"}
    title |= {"level": "standard", "year_recognised": 2023, "decision": "9", "signed_on": date(2023, 5, 5)}
    title |= {"authority": "Chủ tịch", "source": "9"}
    work(engine, lambda c: c.execute(insert(table_of(Recognition)), title))
    already = refusals(act, engine, "recognise", Role.PROVINCIAL_CHAIRMAN, **DECISION)
    assert already == ["level_opened_in_order.already_held"]
    work(engine, lambda c: c.execute(update(D).values(level="advanced")))
    work(engine, lambda c: c.execute(update(table_of(Recognition)).values(status="revoked")))
    lost = refusals(act, engine, "recognise", Role.PROVINCIAL_CHAIRMAN, **DECISION)
    assert lost == ["level_opened_in_order.before_missing"]


def test_a_later_number_never_carries_an_earlier_day_of_signing(engine: Engine, plant: type_of_planter) -> None:
    plant("recommended"), plant("recommended", 2)
    assert act(engine, "recognise", Role.PROVINCIAL_CHAIRMAN, **DECISION).number == 218
    version = case(engine, 2).row.version
    early = Order(2, "recognise", version, "early", {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2025, 3, 9)})
    assert refusals(work, engine, perform, early, world.CHAIRMAN, world.NOW) == ["number.out_of_order"]
    same_day = replace(early, inputs={**early.inputs, Field.SIGNED_ON: date(2025, 3, 10)})
    assert work(engine, perform, same_day, world.CHAIRMAN, world.NOW).number == 219


def test_nothing_is_resubmitted_as_supplied_that_was_not_touched(engine: Engine, plant: type_of_planter) -> None:
    plant("returned")
    returned = world.NOW + timedelta(hours=1)
    work(engine, lambda c: c.execute(update(D).values(state="district_received")))
    notice: dict[str, Any] = {"reason": "Thiếu ảnh", "missing": ("D7", "2.1")}
    act(engine, "return_from_district", Role.DISTRICT_REVIEWER, returned, **notice)
    listed: dict[str, Any] = {"changes": ("D7", "2.1")}
    later = returned + timedelta(hours=1)
    refused = refusals(act, engine, "resubmit", Role.COMMUNE_CHAIRMAN, later, **listed)
    assert refused == ["missing_supplied.unchanged", "changes_listed.unchanged"]
    officer = world.PERSON[Role.COMMUNE_OFFICER]
    work(engine, answering.answer, 1, Entry(Column.COMMUNE, "2.1", value={"part": 510, "whole": 510}), officer, later)
    work(engine, lambda c: c.execute(update(PART).where(PART.c.part == "D7").values(at=later)))
    assert case(engine).facts.changed == {"D7", "2.1"}
    claimed = refusals(act, engine, "resubmit", Role.COMMUNE_CHAIRMAN, later, changes=("D7", "2.1", "D1"))
    assert claimed == ["changes_listed.unchanged"]
    assert act(engine, "resubmit", Role.COMMUNE_CHAIRMAN, later, **listed).to_state == "district_received"


def test_a_clock_that_was_set_back_over_midnight_leaves_a_history_that_counts(
    engine: Engine, plant: type_of_planter
) -> None:
    plant("district_received")
    back = world.NOW - timedelta(days=20)
    act(engine, "return_from_district", Role.DISTRICT_REVIEWER, back, reason="Thiếu ảnh", missing=("D7",))
    act(engine, "resubmit", Role.COMMUNE_CHAIRMAN, back, changes=("D7",))
    act(engine, "return_from_district", Role.DISTRICT_REVIEWER, world.NOW, reason="Thiếu ảnh", missing=("D7",))
    assert [stay.entered for stay in case(engine).stays[-3:]] == [date(2025, 3, 3)] * 2 + [date(2025, 3, 10)]


# --- the columns and the parts of others ---


def test_nobody_slips_a_value_into_another_column(engine: Engine, plant: type_of_planter) -> None:
    plant("self_assessing")
    mine, theirs = Entry(Column.COMMUNE, "1.1", value=True), Entry(Column.APPRAISAL, "1.2", value=True)
    for entries in ((mine, theirs), (mine, mine), ()):
        with pytest.raises(ValueError, match="one column"):
            work(engine, answering.answer_all, 1, entries, world.PERSON[Role.COMMUNE_OFFICER], world.NOW)


@pytest.mark.parametrize(
    ("state", "part", "role"),
    [
        ("district_verifying", Part.DEBT_REPORT, Role.DISTRICT_REVIEWER),
        ("self_assessing", Part.APPRAISAL_REPORT, Role.COMMUNE_OFFICER),
    ],
)
def test_nobody_files_a_part_that_another_tier_makes(
    engine: Engine, plant: type_of_planter, tmp_path: Any, state: str, part: Part, role: Role
) -> None:
    plant(state)
    upload = filing.Upload("a.pdf", "Báo cáo", b"%PDF-")
    details = (open_storage(tmp_path), 1, {part: upload}, world.PERSON[role], world.NOW)
    assert refusals(work, engine, filing.attach_parts, *details) == ["part.other_tier"]
