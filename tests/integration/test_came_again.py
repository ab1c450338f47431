"""A dossier that came again: what a tier wrote down of it before is neither counted nor shown as if it stood."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from casework.returning import found_wanting
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.dossiers import CheckedPart, Conclusion, Posting, Vote
from queries.dossier import Details, read_details
from queries.facts import CaseFile
from tests import world
from tests.integration.acting import add_event, case, work
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role, Stage

pytestmark = ON_SQLITE
SIGNED = {"dossier_id": 1, "person_id": world.PERSON[Role.DISTRICT_REVIEWER], "at": world.NOW}
OF_STAGE = {**SIGNED, "round": 1}
PICTURE = {**SIGNED, "stage": "district", "part": "D7", "complete": False, "note": "Ảnh mờ."}
SAID = {**SIGNED, "criterion": "3", "department": "snnmt", "met": False, "text": "Kênh mương hư hỏng."}
POSTED = {"posted_on": date(2025, 3, 3), "places": ["office"], "loudspeaker_times": 3, "front_opinion": True}
VOTED = {"held_on": date(2025, 3, 4), "members": 10, "present": 10, "agreed": 10}
AGAIN = world.NOW + timedelta(hours=1)


def plant(engine: Engine, state: str, *rows: tuple[Any, dict[str, Any]]) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        world.plant(connection, world.FIRST_COMMUNE, state, 1)
        for table, row in rows:
            connection.execute(insert(table_of(table)), row)


def read(engine: Engine) -> tuple[CaseFile, Details]:
    file = case(engine)
    details: Details = work(engine, read_details, file)
    return file, details


def test_a_part_that_was_not_complete_before_is_not_found_wanting_again(engine: Engine) -> None:
    plant(engine, "district_received", (CheckedPart, PICTURE))
    assert [one.code for one in found_wanting(*read(engine))] == ["D7"]
    add_event(engine, 1, type="resubmitted", at=AGAIN)
    file, details = read(engine)
    assert (found_wanting(file, details), details.checks, dict(file.facts.checklists)) == ((), {}, {})


def test_a_conclusion_from_before_is_only_what_the_next_one_begins_with(engine: Engine) -> None:
    plant(engine, "province_appraising", (Conclusion, SAID))
    assert [one.code for one in found_wanting(*read(engine))] == ["3.1", "3.2"]
    add_event(engine, 1, type="resubmitted", at=AGAIN)
    file, details = read(engine)
    assert (found_wanting(file, details), details.conclusions, dict(file.facts.conclusions)) == ((), {}, {})
    assert details.concluded_before["3"].text == "Kênh mương hư hỏng."


@pytest.mark.parametrize(("table", "row"), [(Posting, POSTED), (Vote, VOTED)])
def test_what_the_district_made_public_and_voted_before_is_not_of_the_dossier_that_came_again(
    engine: Engine, table: Any, row: dict[str, Any]
) -> None:
    of_both = [(table, {**OF_STAGE, **row, "stage": stage}) for stage in ("commune", "district")]
    plant(engine, "district_vote", *of_both)
    for stages in ({Stage.COMMUNE, Stage.DISTRICT}, {Stage.COMMUNE}):
        file, details = read(engine)
        by_rules, by_page = (
            (file.facts.postings, details.postings) if table is Posting else (file.facts.votes, details.votes)
        )
        assert set(by_rules) == set(by_page) == stages
        add_event(engine, 1, type="resubmitted", at=AGAIN)
