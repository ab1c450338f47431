"""The council's sitting: its agenda before it opens, who is present, ballots, and an end that stands."""

import json
import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update

from casework import council
from casework.errors import NotFound
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.council import AgendaItem, Attendance, Ballot, CouncilMember, CouncilSession
from models.documents import Paper
from models.people import RoleGrant
from queries.council import read_session, waiting_for_session
from queries.facts import read_case
from queries.people import read_actor
from queries.signing import waiting_for_decision
from tests import world
from tests.integration.acting import act, add_event, add_member, case, plant_three, refusals, work
from workflow.names import Role

S, ITEM, PRESENT = table_of(CouncilSession), table_of(AgendaItem), table_of(Attendance)
PAPER = table_of(Paper)
SECRETARY, MEMBER = world.PERSON[Role.COUNCIL_SECRETARY], world.PERSON[Role.COUNCIL_MEMBER]
TOMORROW = date(2025, 3, 11)


@pytest.fixture
def session(engine: Engine) -> int:
    """Plant three dossiers before the council, two of them on the agenda of a session of today."""
    plant_three(engine)
    return convene(engine, (1, 2))


def convene(engine: Engine, dossiers: tuple[int, ...], held_on: date = world.TODAY, person: int = SECRETARY) -> int:
    session_id: int = work(engine, council.convene, 1, held_on, "Cao Bằng", dossiers, person, world.NOW)
    return session_id


def step(engine: Engine, how: Callable[..., Any], session: int, *about: Any, person: int = SECRETARY) -> Any:
    return work(engine, how, session, *about, person, world.NOW)


def refused(engine: Engine, how: Callable[..., Any], session: int, *about: Any, person: int = SECRETARY) -> list[str]:
    return refusals(step, engine, how, session, *about, person=person)


def agenda(engine: Engine, session: int) -> list[int]:
    listed = select(ITEM.c.dossier_id).where(ITEM.c.session_id == session).order_by(ITEM.c.position)
    return list(work(engine, lambda c: c.execute(listed).scalars().all()))


# --- before it opens ---


def test_the_council_does_not_vote_again_until_the_vote_suits(engine: Engine, session: int) -> None:
    step(engine, council.open_session, session, [MEMBER])
    step(engine, council.cast_ballots, session, {1: "no", 2: "yes"}, person=MEMBER)
    step(engine, council.close_session, session, world.PAPER)
    assert refusals(convene, engine, (1,)) == ["council.voted_already"]


def test_a_session_without_an_agenda_is_nobodys_to_call(engine: Engine, session: int) -> None:
    assert refusals(convene, engine, (), person=world.PERSON[Role.COMMUNE_OFFICER]) == ["council.no_agenda"]
    assert refused(engine, council.put_on_agenda, session, ()) == ["council.no_agenda"]


def test_a_dossier_named_twice_stands_once_on_the_agenda_and_on_one_session_at_a_time(
    engine: Engine, session: int
) -> None:
    assert refusals(convene, engine, (2,)) == ["council.on_agenda"]
    step(engine, council.put_on_agenda, session, (3, 3))
    assert agenda(engine, session) == [1, 2, 3]
    assert refused(engine, council.put_on_agenda, session, (3,)) == ["council.on_agenda"]


def test_a_dossier_is_taken_off_before_the_session_opens_but_not_the_last_one(engine: Engine, session: int) -> None:
    step(engine, council.take_off_agenda, session, 1)
    assert refused(engine, council.take_off_agenda, session, 2) == ["council.last_item"]
    with pytest.raises(NotFound):
        step(engine, council.take_off_agenda, session, 1)
    assert convene(engine, (1,)) == session + 1


def test_a_session_is_moved_or_called_off_before_it_opens(engine: Engine, session: int) -> None:
    assert refused(engine, council.reschedule, session, date(2025, 3, 2), "Cao Bằng") == ["date.before_result"]
    gone = update(table_of(CouncilMember)).values(valid_to=date(2025, 3, 10))
    work(engine, lambda c: c.execute(gone))
    assert refused(engine, council.reschedule, session, TOMORROW, "Hội trường B") == ["council.no_members"]
    work(engine, lambda c: c.execute(gone.values(valid_to=None)))
    step(engine, council.reschedule, session, TOMORROW, "Hội trường B")
    moved = work(engine, lambda c: c.execute(select(S).where(S.c.id == session)).one())
    assert (moved.held_on, moved.place, moved.members) == (TOMORROW, "Hội trường B", 1)
    step(engine, council.call_off, session)
    assert agenda(engine, session) == []
    assert convene(engine, (1, 2)) > 1


def test_nothing_of_a_session_that_is_open_is_changed_any_more(engine: Engine, session: int) -> None:
    step(engine, council.open_session, session, [MEMBER])
    changes: tuple[tuple[Any, ...], ...] = (
        (council.put_on_agenda, (3,)),
        (council.take_off_agenda, 1),
        (council.reschedule, TOMORROW, "Cao Bằng"),
        (council.open_session, [MEMBER]),
        (council.call_off,),
    )
    for how, *about in changes:
        assert refused(engine, how, session, *about) == ["council.opened"]


# --- while it sits ---


def test_no_session_is_held_before_its_day_or_before_it_is_open(engine: Engine, session: int) -> None:
    tomorrow = convene(engine, (3,), TOMORROW)
    assert refused(engine, council.open_session, tomorrow, [MEMBER]) == ["date.future"]
    assert refused(engine, council.note_present, session, [MEMBER]) == ["council.not_open"]
    assert refused(engine, council.cast_ballots, session, {1: "yes"}, person=MEMBER) == ["council.not_open"]
    assert refused(engine, council.close_session, session, world.PAPER) == ["council.not_open"]


def test_only_members_of_that_day_are_present_and_somebody_is(engine: Engine, session: int) -> None:
    assert refused(engine, council.open_session, session, [MEMBER, SECRETARY]) == ["council.not_member"]
    assert refused(engine, council.open_session, session, []) == ["council.nobody_present"]
    step(engine, council.open_session, session, [MEMBER])
    assert refused(engine, council.cast_ballots, session, {1: "yes"}, person=SECRETARY) == ["policy.role"]


def test_a_member_votes_on_many_dossiers_at_once_or_on_none(engine: Engine, session: int) -> None:
    add_member(engine, SECRETARY)
    step(engine, council.open_session, session, [MEMBER])
    assert refused(engine, council.cast_ballots, session, {1: "yes"}, person=SECRETARY) == ["council.not_present"]
    for choices in ({}, {1: "maybe"}):
        assert refused(engine, council.cast_ballots, session, choices, person=MEMBER) == ["council.choice"]
    with pytest.raises(NotFound):
        step(engine, council.cast_ballots, session, {1: "yes", 3: "yes"}, person=MEMBER)
    step(engine, council.cast_ballots, session, {1: "yes", 2: "blank"}, person=MEMBER)
    step(engine, council.cast_ballots, session, {2: "no"}, person=MEMBER)
    cast = work(engine, lambda c: c.execute(select(table_of(Ballot)).order_by("dossier_id")).all())
    assert [(one.dossier_id, one.choice) for one in cast if one.session_id == session] == [(1, "yes"), (2, "no")]


def test_nobody_who_has_voted_is_noted_as_absent(engine: Engine, session: int) -> None:
    add_member(engine, SECRETARY)
    step(engine, council.open_session, session, [MEMBER])
    step(engine, council.cast_ballots, session, {1: "yes"}, person=MEMBER)
    assert refused(engine, council.note_present, session, [SECRETARY]) == ["council.has_voted"]
    step(engine, council.note_present, session, [SECRETARY, MEMBER])
    step(engine, council.note_present, session, [MEMBER])
    present = work(engine, lambda c: c.execute(select(PRESENT.c.person_id).filter_by(session_id=session)).scalars())
    assert list(present) == [MEMBER]


def test_a_session_ends_when_every_member_present_has_voted_on_every_dossier(engine: Engine, session: int) -> None:
    step(engine, council.open_session, session, [MEMBER])
    step(engine, council.cast_ballots, session, {2: "yes"}, person=MEMBER)
    assert refused(engine, council.close_session, session, world.PAPER) == ["council.ballots_missing"]
    step(engine, council.cast_ballots, session, {1: "yes"}, person=MEMBER)
    step(engine, council.close_session, session, world.PAPER)
    for how, *about in ((council.note_present, [MEMBER]), (council.close_session, world.PAPER), (council.call_off,)):
        assert refused(engine, how, session, *about) == ["council.closed"]
    assert refused(engine, council.cast_ballots, session, {1: "no"}, person=MEMBER) == ["council.closed"]


def test_a_session_without_a_quorum_ends_without_votes_and_its_dossiers_wait_for_another(
    engine: Engine, session: int
) -> None:
    for person in (SECRETARY, world.PERSON[Role.INSPECTOR]):
        add_member(engine, person)
    step(engine, council.reschedule, session, world.TODAY, "Cao Bằng")
    step(engine, council.open_session, session, [MEMBER])
    step(engine, council.close_session, session, world.PAPER)
    assert refusals(act, engine, "conclude_council", Role.COUNCIL_SECRETARY)[0] == "council_quorate.too_few"
    assert convene(engine, (1, 2)) == session + 1


def test_a_dossier_withdrawn_meanwhile_does_not_hold_up_the_others_of_its_session(engine: Engine, session: int) -> None:
    step(engine, council.open_session, session, [MEMBER])
    act(engine, "withdraw", Role.COMMUNE_CHAIRMAN, reason="Xin rút")
    step(engine, council.cast_ballots, session, {2: "yes"}, person=MEMBER)
    step(engine, council.close_session, session, world.PAPER)
    sitting = case(engine, 2).facts.sitting
    assert sitting
    assert (sitting.yes, sitting.held_on) == (1, world.TODAY)


def test_a_session_all_of_whose_dossiers_are_gone_is_not_opened_but_called_off(engine: Engine, session: int) -> None:
    step(engine, council.take_off_agenda, session, 2)
    act(engine, "withdraw", Role.COMMUNE_CHAIRMAN, reason="Xin rút")
    assert refused(engine, council.open_session, session, [MEMBER]) == ["policy.not_now"]
    step(engine, council.call_off, session)


# --- who ---


def test_a_stranger_holds_no_session(engine: Engine, session: int) -> None:
    stranger = world.PERSON[Role.DEPARTMENT_OFFICER]
    assert refused(engine, council.open_session, session, [MEMBER], person=stranger) == ["policy.role"]
    for outside in (world.PERSON[Role.DISTRICT_REVIEWER], 12345):
        with pytest.raises(NotFound):
            step(engine, council.open_session, session, [MEMBER], person=outside)
    over = update(table_of(RoleGrant)).where(table_of(RoleGrant).c.person_id == SECRETARY)
    work(engine, lambda c: c.execute(over.values(valid_to=date(2025, 3, 9))))
    with pytest.raises(NotFound):
        step(engine, council.open_session, session, [MEMBER])
    with pytest.raises(NotFound):
        step(engine, council.open_session, 99, [MEMBER])


def test_who_submitted_a_dossier_does_not_vote_on_it(engine: Engine, session: int) -> None:
    person = world.PERSON[Role.COMMUNE_CHAIRMAN]
    add_member(engine, person)
    step(engine, council.open_session, session, [MEMBER, person])
    assert refused(engine, council.cast_ballots, session, {1: "yes"}, person=person) == ["policy.same_person"]


def test_the_others_carry_a_dossier_on_which_one_of_those_present_does_not_vote(engine: Engine, session: int) -> None:
    barred, *others = (world.PERSON[role] for role in (Role.COMMUNE_CHAIRMAN, Role.INSPECTOR, Role.RECORDS_CLERK))
    for person in (barred, *others):
        add_member(engine, person)
    step(engine, council.open_session, session, [MEMBER, barred, *others])
    items = work(engine, read_session, session, barred).items
    assert [(item.brought, item.voters, item.is_mine_to_vote_on) for item in items] == [(1, 3, False)] * 2
    assert all(item.is_mine_to_vote_on for item in work(engine, read_session, session, MEMBER).items)
    step(engine, council.cast_ballots, session, {1: "yes", 2: "yes"}, person=MEMBER)
    assert refused(engine, council.close_session, session, world.PAPER) == ["council.ballots_missing"]
    for person in others:
        step(engine, council.cast_ballots, session, {1: "yes", 2: "yes"}, person=person)
    step(engine, council.close_session, session, world.PAPER)
    sitting = case(engine).facts.sitting
    assert sitting is not None
    assert (sitting.members, sitting.present, sitting.yes) == (4, 3, 3)
    act(engine, "conclude_council", Role.COUNCIL_SECRETARY)
    minutes = select(PAPER.c.context).where(PAPER.c.kind == "council_minutes")
    attendants = json.loads(work(engine, lambda c: c.execute(minutes).scalars().one()))["attendants"]
    assert [one["post"] for one in attendants if not one["present"]] == ["Ủy viên (không tham gia xét hồ sơ này)"]
    chairman = work(engine, read_actor, world.CHAIRMAN)
    result = work(engine, waiting_for_decision, chairman, world.TODAY)[0]
    assert (result.members, result.present, result.yes) == (4, 3, 3)


def test_who_brought_one_dossier_votes_on_the_others_and_is_counted_there(engine: Engine, session: int) -> None:
    also = world.PERSON[Role.INSPECTOR]
    add_member(engine, also)
    add_event(engine, 2, type="resubmitted", person_id=also)
    step(engine, council.open_session, session, [MEMBER, also])
    items = work(engine, read_session, session, also).items
    assert [(item.brought, item.voters, item.is_mine_to_vote_on) for item in items] == [(0, 2, True), (1, 1, False)]
    step(engine, council.cast_ballots, session, {1: "yes", 2: "yes"}, person=MEMBER)
    assert refused(engine, council.close_session, session, world.PAPER) == ["council.ballots_missing"]
    step(engine, council.cast_ballots, session, {1: "yes"}, person=also)
    step(engine, council.close_session, session, world.PAPER)
    sittings = [case(engine, dossier).facts.sitting for dossier in (1, 2)]
    assert [(one.present, one.yes) for one in sittings if one] == [(2, 2), (1, 1)]
    assert waiting(engine) == [2, 3]


def waiting(engine: Engine) -> list[int]:
    secretary = work(engine, read_actor, SECRETARY)
    return [line.dossier_id for line in work(engine, waiting_for_session, secretary, world.TODAY)]


def test_what_was_voted_on_waits_for_no_session_when_another_dossier_comes(engine: Engine, session: int) -> None:
    step(engine, council.open_session, session, [MEMBER])
    step(engine, council.cast_ballots, session, {1: "yes", 2: "no"}, person=MEMBER)
    step(engine, council.close_session, session, world.PAPER)
    assert waiting(engine) == [3]
    add_event(engine, 3, at=world.NOW + timedelta(hours=1))
    assert waiting(engine) == [3]


# --- at once ---


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


def test_two_secretaries_never_wait_for_each_other_and_one_of_them_has_the_dossiers(
    engine: Engine, session: int
) -> None:
    for _ in range(10):
        work(engine, lambda c: c.execute(delete(ITEM)))
        wrong = together(lambda: convene(engine, (1, 2)), lambda: convene(engine, (2, 1)))
        assert [str(one) for one in wrong] == ["council.on_agenda"]


def test_a_ballot_and_the_noting_of_who_is_present_never_wait_for_each_other(engine: Engine, session: int) -> None:
    step(engine, council.open_session, session, [MEMBER])
    held = threading.Event()

    def cast() -> None:
        with unit_of_work(engine) as connection:
            read_case(connection, 1, MEMBER, world.TODAY, lock=True)
            held.set()
            time.sleep(0.3)  # long enough for the secretary to hold the session and to wait for the dossier
            council.cast_ballots(connection, session, {1: "yes"}, MEMBER, world.NOW)

    def note() -> None:
        held.wait()
        step(engine, council.note_present, session, [MEMBER])

    assert together(cast, note) == []
