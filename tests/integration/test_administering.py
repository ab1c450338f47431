"""Accounts and offices as an administrator keeps them: refusals, the last administrator, the record of every act."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, Engine, func, select, update

from casework import people, second_factor, signing_in
from casework.admin_record import COMMAND, Keeper
from casework.errors import NotFound, Refused
from casework.people import NewGrant, NewPerson
from casework.signing_in import Browser
from casework.unit_of_work import reading, unit_of_work
from models.accounts import AdminEvent
from models.base import table_of
from models.people import Person, RoleGrant
from models.places import AdminUnit
from queries.accounts import account, acts_upon_settings, obliged_roles, users
from queries.sessions import signed_in
from tests import world
from workflow.names import AdminAct, Role

NOW, TODAY = world.NOW, world.TODAY
ADMIN, CLERK = world.PERSON[Role.ADMINISTRATOR], world.PERSON[Role.RECORDS_CLERK]
KEEPER = Keeper("Quản trị", ADMIN)
OFFICE = NewGrant(Role.ADMINISTRATOR, world.PROVINCE, TODAY)


@pytest.fixture(autouse=True)
def _world(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)


def act(engine: Engine, do: Callable[[Connection], object]) -> str:
    """Do something, and give the codes with which it was refused, or nothing."""
    try:
        with unit_of_work(engine) as connection:
            do(connection)
    except Refused as refused:
        return " ".join(refusal.code for refusal in refused.refusals)
    return ""


def office_of(engine: Engine, person_id: int) -> int:
    with reading(engine) as connection:
        grants = table_of(RoleGrant)
        return int(
            connection.execute(select(func.max(grants.c.id)).where(grants.c.person_id == person_id)).scalar_one()
        )


def make_administrator(engine: Engine, person_id: int) -> None:
    assert act(engine, lambda c: people.grant_office(c, person_id, OFFICE, COMMAND, NOW)) == ""


def test_the_last_administrator_stays(engine: Engine) -> None:
    office = office_of(engine, ADMIN)
    assert act(engine, lambda c: people.end_grant(c, office, TODAY, COMMAND, NOW)) == "person.last_administrator"
    far = TODAY + timedelta(days=400)
    assert act(engine, lambda c: people.end_grant(c, office, far, COMMAND, NOW)) == "person.last_administrator"
    assert act(engine, lambda c: people.disable(c, ADMIN, COMMAND, NOW)) == "person.last_administrator"
    make_administrator(engine, CLERK)
    assert act(engine, lambda c: people.disable(c, CLERK, KEEPER, NOW)) == ""
    assert act(engine, lambda c: people.end_grant(c, office, TODAY, COMMAND, NOW)) == "person.last_administrator"
    assert act(engine, lambda c: people.enable(c, CLERK, KEEPER, NOW)) == ""
    assert act(engine, lambda c: people.end_grant(c, office, TODAY, COMMAND, NOW)) == ""
    assert act(engine, lambda c: people.disable(c, CLERK, COMMAND, NOW)) == "person.last_administrator"


def test_an_administrator_whose_own_office_ends_is_nobody_to_rely_on(engine: Engine) -> None:
    make_administrator(engine, CLERK)
    soon = TODAY + timedelta(days=3)
    assert act(engine, lambda c: people.end_grant(c, office_of(engine, CLERK), soon, KEEPER, NOW)) == ""
    last = act(engine, lambda c: people.end_grant(c, office_of(engine, ADMIN), soon, COMMAND, NOW))
    assert last == "person.last_administrator"


def test_two_administrators_who_close_each_other_at_once_do_not_both_succeed(engine: Engine) -> None:
    make_administrator(engine, CLERK)
    start, results = Barrier(2), []

    def go(whom: int, by: int) -> None:
        start.wait()
        results.append(act(engine, lambda c: people.disable(c, whom, Keeper("x", by), NOW)))

    threads = [Thread(target=go, args=pair) for pair in ((ADMIN, CLERK), (CLERK, ADMIN))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["", "person.last_administrator"]


def test_nobody_closes_the_own_account_or_takes_an_office_by_himself(engine: Engine) -> None:
    make_administrator(engine, CLERK)
    assert act(engine, lambda c: people.disable(c, ADMIN, KEEPER, NOW)) == "person.oneself"
    chairman = NewGrant(Role.PROVINCIAL_CHAIRMAN, world.PROVINCE, TODAY)
    assert act(engine, lambda c: people.grant_office(c, ADMIN, chairman, KEEPER, NOW)) == "grant.to_oneself"
    assert act(engine, lambda c: people.grant_office(c, CLERK, chairman, KEEPER, NOW)) == ""


def test_an_office_begins_while_its_unit_exists(engine: Engine) -> None:
    unit = table_of(AdminUnit)
    with unit_of_work(engine) as connection:
        ended = update(unit).where(unit.c.id == world.FIRST_COMMUNE).values(valid_to=TODAY - timedelta(days=1))
        connection.execute(ended)
    new = NewGrant(Role.COMMUNE_OFFICER, world.FIRST_COMMUNE, TODAY)
    assert act(engine, lambda c: people.grant_office(c, CLERK, new, KEEPER, NOW)) == "grant.unit_not_then"


def test_a_closed_account_is_signed_out_and_opened_again_as_it_was(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        session = signing_in.id_of(signing_in.begin(connection, CLERK, Browser("127.0.0.1"), NOW))
    assert act(engine, lambda c: people.disable(c, CLERK, KEEPER, NOW)) == ""
    assert act(engine, lambda c: people.disable(c, CLERK, KEEPER, NOW)) == "person.disabled"
    assert act(engine, lambda c: people.enable(c, CLERK, KEEPER, NOW)) == ""
    assert act(engine, lambda c: people.enable(c, CLERK, KEEPER, NOW)) == "person.not_disabled"
    with reading(engine) as connection:
        assert signed_in(connection, session, NOW) is None
    with pytest.raises(NotFound):
        act(engine, lambda c: people.disable(c, 10**6, KEEPER, NOW))


def test_every_act_is_in_the_record_with_who_and_when(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        new = people.add_person(connection, NewPerson("moi", "Nông Thị Mới", "moi@caobang.example"), KEEPER, NOW)
        office = people.grant_office(
            connection, new, NewGrant(Role.INSPECTOR, world.PROVINCE, TODAY, wording="Q."), KEEPER, NOW
        )
        people.correct_person(connection, new, "Nông Thị Mơ", None, KEEPER, NOW)
        people.correct_person(connection, new, "Nông Thị Mơ", None, KEEPER, NOW)  # nothing changes, nothing is told
        people.end_grant(connection, office, date(2025, 12, 31), KEEPER, NOW)
        people.unlock(connection, new, KEEPER, NOW)
        people.disable(connection, new, KEEPER, NOW)
    with reading(engine) as connection:
        found = account(connection, new, NOW)
    assert found is not None
    assert [(one.act, one.by, one.at) for one in reversed(found.acts)] == [
        (name, "Quản trị", NOW)
        for name in (
            AdminAct.PERSON_ADDED,
            AdminAct.OFFICE_GRANTED,
            AdminAct.PERSON_CORRECTED,
            AdminAct.OFFICE_ENDED,
            AdminAct.TRIES_FORGIVEN,
            AdminAct.PERSON_DISABLED,
        )
    ]
    ended, corrected, granted = found.acts[2].details, found.acts[3].details, found.acts[4].details
    assert ended == {"role": "inspector", "unit": "Tỉnh Cao Bằng", "last": "2025-12-31"}
    assert (corrected["before"], corrected["name"]) == ("Nông Thị Mới", "Nông Thị Mơ")
    assert (granted["wording"], granted["first"], granted["last"]) == ("Q.", "2025-03-10", "")


def test_an_act_that_is_refused_leaves_no_record(engine: Engine) -> None:
    act(engine, lambda c: people.disable(c, ADMIN, COMMAND, NOW))
    with reading(engine) as connection:
        assert connection.execute(select(table_of(AdminEvent))).all() == []


def test_which_offices_oblige_is_told_once(engine: Engine) -> None:
    roles = frozenset({Role.ADMINISTRATOR, Role.PROVINCIAL_CHAIRMAN})
    for _ in range(2):
        assert act(engine, lambda c: second_factor.oblige(c, roles, KEEPER, NOW)) == ""
    with reading(engine) as connection:
        assert obliged_roles(connection) == roles
    assert act(engine, lambda c: second_factor.oblige(c, frozenset({Role.INSPECTOR}), KEEPER, NOW)) == ""
    with reading(engine) as connection:
        assert obliged_roles(connection) == {Role.INSPECTOR}
        told = [one.details["roles"] for one in acts_upon_settings(connection, AdminAct.DUTY_CHANGED)]
    assert told == ["inspector", "administrator,provincial_chairman"]


@pytest.mark.parametrize("wanted", ["nong thi", "Thị Hạnh", "HANH nông", "xa1.can", "  hạnh "])
def test_people_are_found_with_marks_and_without(engine: Engine, wanted: str) -> None:
    with unit_of_work(engine) as connection:
        people.add_person(connection, NewPerson("xa1.canbo", "Nông Thị Hạnh"), COMMAND, NOW)
    with reading(engine) as connection:
        assert [one.login for one in users(connection, TODAY, wanted).rows] == ["xa1.canbo"]


def test_a_corrected_name_is_found_and_the_old_one_is_not(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        person = people.add_person(connection, NewPerson("xa1.canbo", "Nông Thị Hạnh"), COMMAND, NOW)
        people.correct_person(connection, person, "Nông Thị Hằng", None, KEEPER, NOW)
    with reading(engine) as connection:
        assert users(connection, TODAY, "hang").total == 1
        assert users(connection, TODAY, "hanh").total == 0


def test_pages_of_people_by_state(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        for number in range(30):
            people.add_person(connection, NewPerson(f"nguoi{number:02}", f"Người Thêm {number:02}"), COMMAND, NOW)
        closed = people.person_of(connection, "nguoi07")
        connection.execute(update(table_of(Person)).where(table_of(Person).c.id == closed).values(disabled_at=NOW))
    with reading(engine) as connection:
        first, last = (users(connection, TODAY, "them", page=page) for page in (1, 99))
        assert (first.total, first.pages, len(first.rows), last.page, len(last.rows)) == (30, 2, 25, 2, 5)
        assert [one.login for one in users(connection, TODAY, "them", "closed").rows] == ["nguoi07"]
        assert users(connection, TODAY, "them", "open").total == 29
