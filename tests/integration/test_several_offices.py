"""Somebody who holds one office several times: whoever appraises for two departments does so for both."""

import pytest
from sqlalchemy import Engine, insert, select

from casework.answering import Entry, answer_all
from casework.checking import Concluded, conclude
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.dossiers import Answer, Conclusion
from models.people import RoleGrant
from queries.rulebook import criteria_sets
from tests import world
from tests.integration.acting import case, refusals, work
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Column, Role

pytestmark = ON_SQLITE
REVIEWER = world.PERSON[Role.DEPARTMENT_REVIEWER]
SET = criteria_sets()["commune-ntm-2021-2025"]
FIRST, SECOND, THIRD = "snnmt", "sxd", "syt"
LED = {one: next(each.code for each in SET.criteria if SET.leader_of(each.code) == one) for one in (FIRST, SECOND)}
OWN = {one: next(each for each in SET.indicators if each.department == one) for one in (FIRST, SECOND, THIRD)}


@pytest.fixture(autouse=True)
def appraising(engine: Engine) -> None:
    """A dossier under appraisal by somebody who appraises for two departments."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        world.plant(connection, world.FIRST_COMMUNE, "province_appraising", 1)
        office = {"person_id": REVIEWER, "role": "department_reviewer", "unit_id": world.PROVINCE}
        connection.execute(insert(table_of(RoleGrant)), {**office, "department": SECOND, "valid_from": world.TODAY})


def test_who_appraises_for_two_departments_concludes_for_both(engine: Engine) -> None:
    said = tuple(Concluded(code, "Đạt.", met=True) for code in LED.values())
    work(engine, conclude, 1, said, REVIEWER, world.NOW)
    kept = select(table_of(Conclusion).c.criterion, table_of(Conclusion).c.department)
    assert dict(work(engine, lambda c: c.execute(kept).all())) == {code: one for one, code in LED.items()}
    assert {one.department for one in case(engine).facts.conclusions.values()} == {FIRST, SECOND}


def test_who_appraises_for_two_departments_judges_the_indicators_of_both_and_of_no_third(engine: Engine) -> None:
    def entry(department: str) -> Entry:
        one = OWN[department]
        return Entry(Column.APPRAISAL, one.code, world.good_value(one), seen_version=1, reason="Đã kiểm tra.")

    work(engine, answer_all, 1, (entry(FIRST), entry(SECOND)), REVIEWER, world.NOW)
    answers = table_of(Answer)
    mine = select(answers.c.indicator).where(answers.c.person_id == REVIEWER)
    judged = set(work(engine, lambda c: c.execute(mine).scalars().all()))
    assert judged == {OWN[FIRST].code, OWN[SECOND].code}
    assert refusals(work, engine, answer_all, 1, (entry(THIRD),), REVIEWER, world.NOW) == ["policy.department"]
