"""How far the work on a dossier is, and what is open in it: what is counted of one dossier depends on no other."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, delete, insert, update

from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.council import AgendaItem, Ballot, CouncilSession
from models.dossiers import Answer, CheckedPart, Conclusion, Dossier
from queries.appraisals import Asked, appraisals, criteria_of
from queries.left import CHECKING, CONCLUDING, JUDGING, SITTING, Left, Sitting, read_left
from queries.people import read_actor
from tests import world
from tests.integration.acting import add_event, work
from workflow.guards import COMMUNE_PARTS
from workflow.names import Role, Work

MEMBER = world.PERSON[Role.COUNCIL_MEMBER]
SIGNED = {"person_id": world.PERSON[Role.DISTRICT_REVIEWER], "at": world.NOW}
LATER = world.NOW + timedelta(hours=1)


@pytest.fixture
def two(engine: Engine, request: pytest.FixtureRequest) -> None:
    """Two dossiers of two communes in the state that the test names."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=2)
        for number in range(2):
            world.plant(connection, world.FIRST_COMMUNE + number, request.param, number + 1)


def left(engine: Engine, works: frozenset[Work]) -> Left:
    found: dict[int, Left] = work(engine, read_left, (1, 2), works, MEMBER)
    return found[1]


@pytest.mark.parametrize("two", ["district_received"], indirect=True)
@pytest.mark.usefixtures("two")
def test_what_was_ticked_counts_on_when_another_dossier_is_submitted(engine: Engine) -> None:
    ticked = {
        "dossier_id": 1,
        "stage": "district",
        "part": COMMUNE_PARTS[0].value,
        "complete": True,
        "note": "",
        **SIGNED,
    }
    work(engine, lambda c: c.execute(insert(table_of(CheckedPart)).values(ticked)))
    add_event(engine, 2, type="resubmitted", at=LATER)
    assert left(engine, CHECKING).ticked == 1
    add_event(engine, 1, type="resubmitted", at=LATER)
    assert left(engine, CHECKING).ticked == 0


@pytest.mark.parametrize("two", ["under_review"], indirect=True)
@pytest.mark.usefixtures("two")
def test_the_column_that_is_counted_is_that_of_the_dossiers_own_procedure(engine: Engine) -> None:
    answers, dossiers = table_of(Answer), table_of(Dossier)
    two_tier = update(dossiers).where(dossiers.c.id == 2).values(procedure_id="commune-2022-two-tier@1")
    work(engine, lambda c: c.execute(delete(answers).where(answers.c.column_name == "review")))
    work(engine, lambda c: c.execute(two_tier))
    found = work(engine, read_left, (1, 2), JUDGING, MEMBER)
    assert (found[1].judged, found[2].judged) == (0, 57)


@pytest.mark.parametrize("two", ["province_appraising"], indirect=True)
@pytest.mark.usefixtures("two")
def test_what_was_concluded_counts_on_when_another_dossier_is_submitted(engine: Engine) -> None:
    said = {"dossier_id": 1, "criterion": "3", "department": "snnmt", "met": True, "text": "Đạt.", **SIGNED}
    work(engine, lambda c: c.execute(insert(table_of(Conclusion)).values(said)))
    add_event(engine, 2, type="resubmitted", at=LATER)
    assert left(engine, CONCLUDING).concluded == ("3",)
    officer = work(engine, read_actor, world.PERSON[Role.DEPARTMENT_OFFICER])
    asked = Asked(criteria_of(frozenset()), criterion="3")
    found = work(engine, appraisals, officer, world.TODAY, asked)
    assert (found.total, found.open_in["3"], [one.line.id for one in found.rows]) == (1, 1, [2])
    everything = work(engine, appraisals, officer, world.TODAY, asked._replace(criterion=""))
    assert ["3" in one.criteria for one in everything.rows] == [False, True]


@pytest.mark.parametrize("two", ["council"], indirect=True)
@pytest.mark.usefixtures("two")
def test_a_later_session_on_another_dossier_is_not_this_ones(engine: Engine) -> None:
    sessions, item = table_of(CouncilSession), table_of(AgendaItem)
    held = {"id": 2, "council_id": 1, "held_on": date(2025, 3, 14), "place": "Cao Bằng", "members": 1}
    work(engine, lambda c: c.execute(insert(sessions).values(held)))
    work(engine, lambda c: c.execute(insert(item).values(session_id=2, dossier_id=2, position=1)))
    sitting = left(engine, SITTING).sitting
    assert sitting == Sitting(date(2025, 3, 3), True, True, 1, 1, True, True, False)


@pytest.mark.parametrize("two", ["council"], indirect=True)
@pytest.mark.usefixtures("two")
def test_a_ballot_on_another_dossier_of_the_session_is_not_on_this_one(engine: Engine) -> None:
    ballot = table_of(Ballot)
    mine = (ballot.c.dossier_id == 1) & (ballot.c.person_id == MEMBER)
    work(engine, lambda c: c.execute(update(table_of(CouncilSession)).values(closed_at=None)))
    work(engine, lambda c: c.execute(ballot.delete().where(mine)))
    sitting = left(engine, SITTING).sitting
    assert sitting is not None
    assert not sitting.voted


@pytest.mark.parametrize("two", ["council"], indirect=True)
@pytest.mark.usefixtures("two")
def test_a_session_before_the_dossier_was_submitted_again_is_not_on_it(engine: Engine) -> None:
    add_event(engine, 2, type="resubmitted", at=LATER)
    assert left(engine, SITTING).sitting is not None
    add_event(engine, 1, type="resubmitted", at=LATER)
    assert left(engine, SITTING).sitting is None
    work(engine, lambda c: c.execute(update(table_of(CouncilSession)).values(closed_at=None)))
    assert left(engine, SITTING).sitting is not None


@pytest.mark.parametrize("two", ["council"], indirect=True)
@pytest.mark.usefixtures("two")
def test_who_brought_another_dossier_of_the_session_votes_on_this_one(engine: Engine) -> None:
    before = left(engine, SITTING).sitting
    add_event(engine, 2, type="forwarded", person_id=MEMBER)
    assert left(engine, SITTING).sitting == before
    add_event(engine, 1, type="forwarded", person_id=MEMBER)
    assert before is not None
    assert left(engine, SITTING).sitting == before._replace(brought=True, voters=0)
