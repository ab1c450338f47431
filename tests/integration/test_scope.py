"""What a person may see, as a condition on dossiers, is the reach of the policy: no more and no less."""

from datetime import date

import pytest
from sqlalchemy import Date, Engine, Integer, bindparam, delete, insert, literal, select

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.people import RoleGrant
from queries.scope import reached_by, visible_to
from tests import world
from workflow.facts import Actor, Grant, Unit
from workflow.names import Role
from workflow.policy import sees

SINCE = date(2020, 1, 1)


@pytest.fixture
def dossiers(engine: Engine) -> Engine:
    with unit_of_work(engine) as connection:
        world.found(connection, communes=2)
        for number in (1, 2):
            world.plant(connection, world.FIRST_COMMUNE + number - 1, "recommended", number)
    return engine


def seen_by(engine: Engine, *grants: Grant) -> set[int]:
    table = table_of(Dossier)
    with reading(engine) as connection:
        actor = Actor(1, "", grants)
        return set(connection.execute(select(table.c.id).where(visible_to(actor, world.TODAY))).scalars())


def test_the_condition_selects_what_the_policy_shows(dossiers: Engine) -> None:
    for role in Role:
        for place in (world.PROVINCE, world.DISTRICT, world.FIRST_COMMUNE, 99):
            grant = Grant(role, place, SINCE)
            units = [Unit(world.FIRST_COMMUNE + one, "", "commune", (world.DISTRICT, world.PROVINCE)) for one in (0, 1)]
            expected = {number for number, unit in enumerate(units, 1) if sees(grant, unit)}
            assert seen_by(dossiers, grant) == expected, (role, place)


def test_an_office_that_has_ended_shows_nothing(dossiers: Engine) -> None:
    ended = Grant(Role.INSPECTOR, world.PROVINCE, SINCE, date(2025, 3, 9))
    assert seen_by(dossiers, ended) == set()
    assert seen_by(dossiers) == set()


def test_two_offices_show_what_either_shows(dossiers: Engine) -> None:
    first, second = (Grant(Role.COMMUNE_OFFICER, world.FIRST_COMMUNE + one, SINCE) for one in (0, 1))
    assert seen_by(dossiers, first, second) == {1, 2}


def test_the_condition_over_many_people_is_the_same_reach(dossiers: Engine) -> None:
    grants, table = table_of(RoleGrant), table_of(Dossier)
    reached = reached_by(bindparam("person", type_=Integer), literal(world.TODAY, Date))
    for role in Role:
        for place in (world.PROVINCE, world.DISTRICT, world.FIRST_COMMUNE):
            for ended in (None, date(2025, 3, 9)):
                with unit_of_work(dossiers) as connection:
                    connection.execute(delete(grants).where(grants.c.person_id == world.CHAIRMAN))
                    office = {"role": role.value, "unit_id": place, "department": "snnmt", "valid_from": SINCE}
                    connection.execute(insert(grants), {"person_id": world.CHAIRMAN, "valid_to": ended, **office})
                    found = connection.execute(select(table.c.id).where(reached), {"person": world.CHAIRMAN})
                    expected = seen_by(dossiers, Grant(role, place, SINCE, ended))
                    assert set(found.scalars()) == expected, (role, place, ended)
