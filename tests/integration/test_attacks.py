"""Ways round the law that somebody might try, each on both databases: all of them are refused, and nothing is left."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, text, update

from casework import answering, checking, consulting, council, filing
from casework.answering import Entry
from casework.checking import PartCheck
from casework.door import Order, Receipt, perform
from casework.errors import Refused
from casework.storage import open_storage
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.council import AgendaItem, Attendance, CouncilMember, CouncilSession
from models.dossiers import CheckedPart, Conclusion, Dossier, DossierPart, Posting, Vote
from models.evidence import EvidenceItem
from models.people import RoleGrant
from models.places import AdminUnit, Recognition
from queries.days import day_of
from queries.facts import CaseFile, read_case
from tests import world
from workflow.facts import Facts
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, Field, Part, Role

D, PART, SESSION = table_of(Dossier), table_of(DossierPart), table_of(CouncilSession)
BEFORE, AFTER = world.NOW - timedelta(days=8), world.NOW - timedelta(days=6)  # around the planted submission
DECISION: dict[str, Any] = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2025, 3, 10)}
SECRETARY, MEMBER = world.PERSON[Role.COUNCIL_SECRETARY], world.PERSON[Role.COUNCIL_MEMBER]
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


def case(engine: Engine, dossier: int = 1, now: datetime = world.NOW) -> CaseFile:
    with unit_of_work(engine) as connection:
        file = read_case(connection, dossier, world.CHAIRMAN, day_of(now))
    assert file
    return file


def act(engine: Engine, action: str, role: Role, now: datetime = world.NOW, **inputs: Any) -> Receipt:
    version = case(engine).row.version
    typed = {Field(name): value for name, value in inputs.items()}
    with unit_of_work(engine) as connection:
        return perform(connection, Order(1, action, version, f"{action}-{version}", typed), world.PERSON[role], now)


def work(engine: Engine, how: Callable[..., Any], *details: Any, **named: Any) -> Any:
    with unit_of_work(engine) as connection:
        return how(connection, *details, **named)


def refusals(how: Callable[..., Any], *details: Any, **named: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        how(*details, **named)
    return [refusal.code for refusal in refused.value.refusals]


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
    entry = Entry(Column.COMMUNE, "1.1", value=True)
    work(engine, answering.answer, 1, entry, world.PERSON[Role.COMMUNE_OFFICER], later)
    act(engine, "resubmit", Role.COMMUNE_CHAIRMAN, later, changes=("1.1",))
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
    [({"started_on": date(2025, 3, 2)}, "date.before_result"), ({"households_total": 10**12}, "survey.counts")],
)
def test_a_survey_of_another_time_or_of_impossible_size_is_refused(
    engine: Engine, plant: type_of_planter, changes: dict[str, Any], code: str
) -> None:
    plant("surveying")
    good = consulting.SurveyEntry(date(2025, 3, 4), date(2025, 3, 9), 400, 390, 380, 370)
    front = world.PERSON[Role.COMMUNE_FRONT]
    assert refusals(work, engine, consulting.keep_survey, 1, replace(good, **changes), front, world.NOW) == [code]
    work(engine, consulting.keep_survey, 1, good, front, world.NOW)


def add_grant(connection: Connection, person: int, role: Role, unit: int, since: date = date(2020, 1, 1)) -> None:
    row = {"person_id": person, "role": role.value, "unit_id": unit, "valid_from": since, "wording": "KT."}
    connection.execute(insert(table_of(RoleGrant)), row)


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
    notice: dict[str, Any] = {"reason": "Thiếu ảnh", "missing": ("D7", "1.1")}
    act(engine, "return_from_district", Role.DISTRICT_REVIEWER, returned, **notice)
    listed: dict[str, Any] = {"changes": ("D7", "1.1")}
    later = returned + timedelta(hours=1)
    refused = refusals(act, engine, "resubmit", Role.COMMUNE_CHAIRMAN, later, **listed)
    assert refused == ["missing_supplied.unchanged", "changes_listed.unchanged"]
    officer = world.PERSON[Role.COMMUNE_OFFICER]
    work(engine, answering.answer, 1, Entry(Column.COMMUNE, "1.1", value=True), officer, later)
    work(engine, lambda c: c.execute(update(PART).where(PART.c.part == "D7").values(at=later)))
    assert case(engine).facts.changed == {"D7", "1.1"}
    claimed = refusals(act, engine, "resubmit", Role.COMMUNE_CHAIRMAN, later, changes=("D7", "1.1", "D1"))
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


# --- the council ---


@pytest.fixture
def session(engine: Engine, plant: type_of_planter) -> int:
    """Plant two dossiers before the council, whose vote is still to be taken, on the agenda of one session."""
    plant("council"), plant("council", 2)
    work(engine, lambda c: c.execute(table_of(AgendaItem).delete()))
    if engine.dialect.name == "postgresql":
        work(engine, lambda c: c.execute(text("SELECT setval('council_session_id_seq', 1)")))
    return convene(engine, (1, 2))


def convene(engine: Engine, dossiers: tuple[int, ...], held_on: date = world.TODAY, person: int = SECRETARY) -> int:
    session_id: int = work(engine, council.convene, 1, held_on, "Cao Bằng", dossiers, person, world.NOW)
    return session_id


def test_the_council_does_not_vote_again_until_the_vote_suits(engine: Engine, plant: type_of_planter) -> None:
    plant("council")
    assert refusals(convene, engine, (1,)) == ["council.voted_already"]


def test_a_session_without_an_agenda_is_nobodys_to_call(engine: Engine, plant: type_of_planter) -> None:
    plant("council")
    assert refusals(convene, engine, (), person=world.PERSON[Role.COMMUNE_OFFICER]) == ["council.no_agenda"]


def test_a_dossier_named_twice_stands_once_on_the_agenda(engine: Engine, session: int) -> None:
    assert convene(engine, (2, 1, 2)) == session + 1


def test_no_session_is_held_before_its_day_or_before_the_appraisal(engine: Engine, session: int) -> None:
    assert refusals(convene, engine, (1,), date(2025, 3, 2)) == ["date.before_result"]
    tomorrow = convene(engine, (1, 2), date(2025, 3, 11))
    for step, about in ((council.attend, MEMBER), (council.close_session, world.PAPER)):
        assert refusals(work, engine, step, tomorrow, about, SECRETARY, world.NOW) == ["date.future"]


def test_a_dossier_withdrawn_meanwhile_does_not_hold_up_the_others_of_its_session(engine: Engine, session: int) -> None:
    act(engine, "withdraw", Role.COMMUNE_CHAIRMAN, reason="Xin rút")
    work(engine, council.attend, session, MEMBER, SECRETARY, world.NOW)
    work(engine, council.cast_ballot, session, 2, "yes", MEMBER, world.NOW)
    work(engine, council.close_session, session, world.PAPER, SECRETARY, world.NOW)
    sitting = case(engine, 2).facts.sitting
    assert sitting
    assert (sitting.yes, sitting.held_on) == (1, world.TODAY)


def test_a_session_all_of_whose_dossiers_are_gone_is_refused(engine: Engine, session: int) -> None:
    work(engine, lambda c: c.execute(table_of(AgendaItem).delete().where(table_of(AgendaItem).c.dossier_id == 2)))
    act(engine, "withdraw", Role.COMMUNE_CHAIRMAN, reason="Xin rút")
    assert refusals(work, engine, council.attend, session, MEMBER, SECRETARY, world.NOW) == ["policy.not_now"]


def test_a_stranger_holds_no_session(engine: Engine, session: int) -> None:
    stranger = world.PERSON[Role.DEPARTMENT_OFFICER]
    assert refusals(work, engine, council.attend, session, MEMBER, stranger, world.NOW) == ["policy.role"]


def test_who_submitted_a_dossier_does_not_vote_on_it(engine: Engine, session: int) -> None:
    person = world.PERSON[Role.COMMUNE_CHAIRMAN]
    member = {"council_id": 1, "person_id": person, "post": "Ủy viên", "chairs": False, "valid_from": date(2020, 1, 1)}
    work(engine, add_grant, person, Role.COUNCIL_MEMBER, world.PROVINCE)
    work(engine, lambda c: c.execute(insert(table_of(CouncilMember)), member))
    work(engine, lambda c: c.execute(insert(table_of(Attendance)), {"session_id": session, "person_id": person}))
    assert refusals(work, engine, council.cast_ballot, session, 1, "yes", person, world.NOW) == ["policy.same_person"]


def together(*steps: Callable[[], object]) -> list[BaseException]:
    """Do everything at once, and give what went wrong."""
    barrier, wrong = threading.Barrier(len(steps)), list[BaseException]()

    def run(step: Callable[[], object]) -> None:
        barrier.wait()
        try:
            step()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def test_two_secretaries_never_wait_for_each_other(engine: Engine, session: int) -> None:
    for _ in range(10):
        assert together(lambda: convene(engine, (1, 2)), lambda: convene(engine, (2, 1))) == []


def test_a_ballot_and_the_noting_of_who_is_present_never_wait_for_each_other(engine: Engine, session: int) -> None:
    work(engine, council.attend, session, MEMBER, SECRETARY, world.NOW)
    held = threading.Event()

    def cast() -> None:
        with unit_of_work(engine) as connection:
            read_case(connection, 1, MEMBER, world.TODAY, lock=True)
            held.set()
            time.sleep(0.3)  # long enough for the secretary to hold the session and to wait for the dossier
            council.cast_ballot(connection, session, 1, "yes", MEMBER, world.NOW)

    def note() -> None:
        held.wait()
        work(engine, council.attend, session, MEMBER, SECRETARY, world.NOW)

    assert together(cast, note) == []


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
    details = (open_storage(tmp_path), 1, part, upload, world.PERSON[role], world.NOW)
    assert refusals(work, engine, filing.attach_part, *details) == ["part.other_tier"]
