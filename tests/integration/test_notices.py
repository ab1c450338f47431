"""Notices of a dossier that stays where it lies while something is recorded of it: each person is told once."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select, update

from casework import notices
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.notices import Notice
from queries.notices import Notices, notices_of
from queries.people import read_actor
from tests import world
from tests.integration.acting import add_event, work
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
D, N = table_of(Dossier), table_of(Notice)
REVIEWER = world.PERSON[Role.DISTRICT_REVIEWER]


@pytest.fixture
def overdue(engine: Engine) -> Engine:
    """A recognised dossier whose announcement is overdue, and whose reviewer was told."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        world.plant(connection, world.FIRST_COMMUNE, "recognised", 1)
        connection.execute(update(D).values(due_on=world.TODAY - timedelta(days=1)))
    work(engine, notices.tell_deadlines, 0, world.NOW)
    return engine


def told(engine: Engine) -> Notices:
    found: Notices = work(engine, lambda c: notices_of(c, read_actor(c, REVIEWER), world.TODAY))
    return found


def record(engine: Engine, **changes: str) -> None:
    """Record something of the dossier in its chain, and in its row."""
    add_event(engine, 1, at=world.NOW + timedelta(hours=1), **changes)
    work(engine, lambda c: c.execute(update(D).values(event_count=D.c.event_count + 1)))


def test_what_is_only_recorded_of_a_dossier_leaves_it_where_it_lies_and_nobody_is_told_again(overdue: Engine) -> None:
    assert [(one.kind, one.lies_there) for one in told(overdue).rows] == [("overdue", True)]
    record(overdue, type="correction_drafted", from_state="recognised")
    work(overdue, notices.tell_deadlines, 0, world.NOW + timedelta(days=1))
    assert [(one.kind, one.lies_there) for one in told(overdue).rows] == [("overdue", True)]
    assert work(overdue, lambda c: c.execute(select(func.count()).select_from(N)).scalar_one()) == 1
    record(overdue, type="announced", from_state="recognised", to_state="announced")
    assert [one.lies_there for one in told(overdue).rows] == [False]
