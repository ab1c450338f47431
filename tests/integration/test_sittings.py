"""Several sessions of the council on one dossier: every page goes by the one that counts, and each tells of its own."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from casework import council
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.council import Council, CouncilMember
from models.dossiers import Dossier
from models.places import AdminUnit
from queries.council import Item, read_session, sessions_seen, waiting_for_session
from queries.dossier import read_details
from queries.facts import read_case
from queries.left import SITTING, read_left
from queries.papers import read_around
from queries.people import read_actor
from queries.signing import waiting_for_decision
from tests import world
from tests.integration.acting import act, add_event, add_grant, add_member, case, plant_three, refusals, work
from workflow.names import Role

SECRETARY, MEMBER = world.PERSON[Role.COUNCIL_SECRETARY], world.PERSON[Role.COUNCIL_MEMBER]
OTHERS = (world.PERSON[Role.INSPECTOR], world.PERSON[Role.RECORDS_CLERK])
EVERYBODY = (MEMBER, *OTHERS)
RENAMED = '{"held":[],"formerly":[]}'
TOMORROW = world.TODAY + timedelta(days=1)


@pytest.fixture
def council_of_three(engine: Engine) -> None:
    """Three dossiers before a council of three members, on no agenda."""
    plant_three(engine)
    for person in OTHERS:
        add_member(engine, person)


def call(engine: Engine, *dossiers: int, at: datetime = world.NOW, held_on: date = world.TODAY) -> int:
    session_id: int = work(engine, council.convene, 1, held_on, "Cao Bằng", dossiers, SECRETARY, at)
    return session_id


def hold(
    engine: Engine, session: int, at: datetime, present: Collection[int] = EVERYBODY, **choices: dict[int, str]
) -> None:
    """Hold a session to its end; everybody present votes yes, unless somebody (`p101`) is said to vote otherwise."""
    work(engine, council.open_session, session, present, SECRETARY, at)
    agenda = [one.dossier_id for one in work(engine, read_session, session, MEMBER).items]
    for person in present:
        cast = choices.get(f"p{person}", dict.fromkeys(agenda, "yes"))
        work(engine, council.cast_ballots, session, cast, person, at)
    work(engine, council.close_session, session, world.PAPER, SECRETARY, at)


def item(engine: Engine, session: int, dossier: int) -> Item:
    found: Any = work(engine, read_session, session, MEMBER)
    return next(one for one in found.items if one.dossier_id == dossier)


def said_of(engine: Engine, dossier: int) -> list[Any]:
    """The day of the session that each page goes by: the rules, the inbox, the dossier's page."""
    with unit_of_work(engine) as connection:
        file = read_case(connection, dossier, SECRETARY, world.TODAY)
        assert file
        left, details = read_left(connection, [dossier], SITTING, MEMBER)[dossier], read_details(connection, file)
    by_rules = file.facts.sitting.held_on if file.facts.sitting else None
    of_inbox = left.sitting.held_on if left.sitting else None
    return [by_rules, of_inbox, details.session.held_on if details.session else None]


def waiting(engine: Engine, province: int | None = None) -> list[int]:
    secretary = work(engine, read_actor, SECRETARY)
    return [line.dossier_id for line in work(engine, waiting_for_session, secretary, world.TODAY, province)]


@pytest.mark.usefixtures("council_of_three")
def test_the_session_that_ended_last_counts_and_not_the_one_that_was_called_last(engine: Engine) -> None:
    early = call(engine, 1, 2, held_on=TOMORROW)
    late = call(engine, 3)
    hold(engine, late, world.NOW, present=[MEMBER])
    assert waiting(engine) == [3]
    tomorrow = world.NOW + timedelta(days=1)
    work(engine, council.put_on_agenda, early, (3,), SECRETARY, world.NOW)
    assert said_of(engine, 3) == [None, TOMORROW, TOMORROW]
    hold(engine, early, tomorrow)
    assert said_of(engine, 3) == [TOMORROW] * 3
    assert waiting(engine) == []
    assert refusals(call, engine, 3, at=tomorrow, held_on=TOMORROW) == ["council.voted_already"]
    work(engine, lambda c: c.execute(update(table_of(Dossier)).values(state="recommended", **WITH_CHAIRMAN)))
    chairman = work(engine, read_actor, world.CHAIRMAN)
    shown = work(engine, waiting_for_decision, chairman, world.TODAY)
    assert {(one.line.id, one.session_id, one.present, one.yes) for one in shown} == {
        (dossier, early, 3, 3) for dossier in (1, 2, 3)
    }


WITH_CHAIRMAN = {"holder_role": Role.PROVINCIAL_CHAIRMAN.value, "holder_unit_id": world.PROVINCE}


@pytest.mark.usefixtures("council_of_three")
def test_a_dossier_that_came_again_waits_for_a_session_and_the_one_before_waits_for_it_no_more(engine: Engine) -> None:
    before = call(engine, 1, 2)
    hold(engine, before, world.NOW)
    add_event(engine, 1, type="not_recommended", at=world.NOW + timedelta(minutes=1))
    add_event(engine, 1, type="resubmitted", at=world.NOW + timedelta(minutes=2), to_state="council")
    assert said_of(engine, 1) == [None, None, None]
    assert waiting(engine) == [1, 3]
    assert [item(engine, before, dossier).is_there for dossier in (1, 2)] == [False, True]
    secretary = work(engine, read_actor, SECRETARY)
    lines = {one.id: one for one in work(engine, sessions_seen, secretary, world.TODAY)}
    assert (lines[before].dossiers, lines[before].waiting) == (2, 1)


@pytest.mark.usefixtures("council_of_three")
def test_a_dossier_that_was_voted_on_waits_for_no_session_when_its_unit_is_only_renamed(engine: Engine) -> None:
    hold(engine, call(engine, 1), world.NOW)
    assert waiting(engine) == [2, 3]
    add_event(engine, 1, type="passed_on", payload=RENAMED, at=world.NOW + timedelta(hours=1))
    assert waiting(engine) == [2, 3]
    assert said_of(engine, 1) == [world.TODAY] * 3


@pytest.mark.usefixtures("council_of_three")
def test_a_session_tells_of_its_own_outcome_and_not_of_that_of_the_next(engine: Engine) -> None:
    first = call(engine, 1)
    hold(engine, first, world.NOW, present=[MEMBER])
    second = call(engine, 1)
    assert (item(engine, first, 1).is_there, item(engine, second, 1).is_there) == (False, True)
    hold(engine, second, world.NOW + timedelta(hours=1))
    act(engine, "conclude_council", Role.COUNCIL_SECRETARY, world.NOW + timedelta(hours=2))
    assert item(engine, second, 1).outcome == "recommended"
    assert item(engine, first, 1).outcome is None
    assert case(engine).facts.sitting is not None


@pytest.mark.usefixtures("council_of_three")
def test_a_council_sits_on_the_dossiers_of_its_own_province_whoever_is_its_secretary(engine: Engine) -> None:
    named = {"name": "Lạng Sơn", "full_name": "Tỉnh Lạng Sơn", "sort_key": "lang", "valid_from": world.TODAY}
    other = {"id": 7, "code": "20", "tier": "province", "kind": "tỉnh", "parent_id": None, **named}
    dossiers = table_of(Dossier)
    with unit_of_work(engine) as connection:
        connection.execute(insert(table_of(AdminUnit)), other)
        connection.execute(insert(table_of(Council)), {"id": 2, "unit_id": 7, "name": "Hội đồng", "decision": "10"})
        seat = {"council_id": 2, "person_id": MEMBER, "post": "Ủy viên", "chairs": True, "valid_from": world.TODAY}
        connection.execute(insert(table_of(CouncilMember)), seat)
        add_grant(connection, SECRETARY, Role.COUNCIL_SECRETARY, 7)
        connection.execute(update(dossiers).where(dossiers.c.id == 3).values(province_id=7))
    assert waiting(engine) == [1, 2, 3]
    assert [waiting(engine, province) for province in (world.PROVINCE, 7)] == [[1, 2], [3]]
    assert refusals(call, engine, 1, 3) == ["policy.reach"]
    session = call(engine, 1)
    late = (session, (3,), SECRETARY, world.NOW)
    assert refusals(work, engine, council.put_on_agenda, *late) == ["policy.reach"]
    assert work(engine, council.convene, 2, world.TODAY, "Lạng Sơn", (3,), SECRETARY, world.NOW) > session


@pytest.mark.usefixtures("council_of_three")
def test_who_chairs_the_council_that_sat_signs_for_it_and_not_who_chairs_a_newer_one(engine: Engine) -> None:
    hold(engine, call(engine, 1), world.NOW)
    chair, member = (work(engine, read_actor, person).name for person in (MEMBER, world.CHAIRMAN))
    newer = {"id": 2, "unit_id": world.PROVINCE, "name": "Hội đồng khác", "decision": "10"}
    seat = {"council_id": 2, "person_id": world.CHAIRMAN, "post": "Chủ tịch", "chairs": True}
    work(engine, lambda c: c.execute(insert(table_of(Council)), newer))
    work(engine, lambda c: c.execute(insert(table_of(CouncilMember)), {**seat, "valid_from": world.TODAY}))
    chairs = [work(engine, read_around, case(engine, dossier), world.TODAY).chair for dossier in (1, 2)]
    assert chairs == [chair, member]
