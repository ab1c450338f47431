"""Several dossiers read at once are the same as each read by itself, in as many statements as one."""

import sqlite3
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.people import RoleGrant
from queries.facts import read_case, read_cases
from queries.people import read_actor
from tests import world
from tests.house import statements
from tests.integration.acting import add_grant
from workflow.names import Role

STATES = {1: "self_assessing", 2: "returned", 3: "council"}


@pytest.fixture(autouse=True)
def _dossiers(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection, communes=3)
        for number, state in STATES.items():
            world.plant(connection, world.FIRST_COMMUNE + number - 1, state, number)


def test_several_dossiers_are_read_as_each_by_itself(engine: Engine) -> None:
    with reading(engine) as connection:
        several = read_cases(connection, [3, 1, 2, 99], world.CHAIRMAN, world.TODAY)
        assert read_cases(connection, [], world.CHAIRMAN, world.TODAY) == ()
        assert [file.row.id for file in several] == [1, 2, 3]
        for file in several:
            alone = read_case(connection, file.row.id, world.CHAIRMAN, world.TODAY)
            assert alone is not None
            assert (file.row, file.facts, file.actor, file.stays) == (alone.row, alone.facts, alone.actor, alone.stays)


def test_however_many_are_read_they_cost_two_statements(engine: Engine) -> None:
    with reading(engine) as connection:
        one = statements(engine, lambda: read_cases(connection, [1], world.CHAIRMAN, world.TODAY))
        three = statements(engine, lambda: read_cases(connection, [1, 2, 3], world.CHAIRMAN, world.TODAY))
    assert one == three == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_statement_that_was_run_is_not_prepared_anew(engine: Engine) -> None:
    prepared: list[tuple[Any, ...]] = []

    def note(*what: Any) -> int:
        prepared.append(what)
        return sqlite3.SQLITE_OK

    with reading(engine) as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_authorizer(note)  # asked whenever a statement is prepared
        read_case(connection, 1, world.CHAIRMAN, world.TODAY)
        assert prepared
        prepared.clear()
        read_case(connection, 2, world.CHAIRMAN, world.TODAY)
        driver.set_authorizer(None)
    assert prepared == []


def test_somebodys_offices_are_in_the_order_in_which_they_were_granted_whatever_was_changed_of_them(
    engine: Engine,
) -> None:
    grants = table_of(RoleGrant)
    with unit_of_work(engine) as connection:
        mine = grants.c.person_id == world.CHAIRMAN
        first = connection.execute(select(grants.c.id).where(mine)).scalar_one()
        add_grant(connection, world.CHAIRMAN, Role.PROVINCIAL_CHAIRMAN, world.PROVINCE)
        for unit in (world.DISTRICT, world.PROVINCE):  # an indexed column: PostgreSQL puts the row behind the other one
            connection.execute(update(grants).where(grants.c.id == first).values(unit_id=unit))
    with reading(engine) as connection:
        file = read_case(connection, 3, world.CHAIRMAN, world.TODAY)
        assert file is not None
        assert [one.wording for one in file.actor.grants] == ["", "KT."]
        assert file.actor == read_actor(connection, world.CHAIRMAN)
