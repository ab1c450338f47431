"""The steps of a revocation of dossier 1 in the world, taken by its people at one go: what tests of it begin with."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert

from casework import council
from casework.answering import Entry, answer_all
from casework.checking import check_field
from casework.consulting import PostingEntry, keep_posting
from casework.door import Order, Receipt, perform
from casework.unit_of_work import unit_of_work
from casework.upsert import upsert
from models.base import table_of
from models.dossiers import Answer, AnswerRevision, Conclusion
from queries.rulebook import criteria_sets
from tests import world
from tests.integration.acting import case, work
from workflow.criteria_set import Indicator, Value
from workflow.names import Column, Field, Role

SET = criteria_sets()["commune-ntm-2021-2025"]
REASON = "Rà soát hằng năm: nhiều tiêu chí chưa đạt."
LATER = world.NOW + timedelta(days=16)
"""When the opinions that were asked for today have been heard long enough."""
UNNAMED, NAMED = ("1", "2", "3", "4", "5", "6", "7", "8", "9"), "10"
"""Nine criteria that Article 4 does not name, and one that it does."""


def take(engine: Engine, action: str, role: Role, now: datetime = LATER, **inputs: Any) -> Receipt:
    typed = {Field(name): value for name, value in inputs.items()}
    version = case(engine, 1, now).row.version
    with unit_of_work(engine) as connection:
        order = Order(1, action, version, f"{action}-{version}", typed)
        return perform(connection, order, world.PERSON[role], now)


def judge(engine: Engine, fallen: tuple[str, ...]) -> None:
    """Enter every indicator of the district's column: those of the fallen criteria miss their level."""
    for start in range(0, len(SET.indicators), 20):
        entries = tuple(
            Entry(Column.REVIEW, one.code, value_of(one, fallen), reason="Rà soát")
            for one in SET.indicators[start : start + 20]
        )
        work(engine, answer_all, 1, entries, world.PERSON[Role.DISTRICT_REVIEWER], world.NOW)


def value_of(indicator: Indicator, fallen: tuple[str, ...]) -> Value:
    return world.bad_value(indicator) if indicator.criterion in fallen else world.good_value(indicator)


def post(engine: Engine, on: date = world.TODAY) -> None:
    entry = PostingEntry(on, ("portal",), loudspeaker_times=3, front_opinion=True)
    work(engine, keep_posting, 1, entry, world.PERSON[Role.DISTRICT_REVIEWER], world.NOW)


def assess(engine: Engine, *fallen: str) -> None:
    """Up to the province: the district assesses, asks for opinions, and its chairman submits."""
    judge(engine, fallen)
    post(engine)
    take(engine, "assess_revocation", Role.DISTRICT_REVIEWER)
    take(engine, "submit_revocation", Role.DISTRICT_CHAIRMAN)


def appraise(engine: Engine, *fallen: str) -> None:
    """The departments' column and conclusions, the look on the spot, and on to the council."""
    frame = {"dossier_id": 1, "person_id": world.PERSON[Role.DEPARTMENT_REVIEWER], "at": LATER}
    column = {"column_name": "appraisal", "not_applicable": False, "refuted": False, "version": 2, "reason": "Rà soát"}
    answers = [{**frame, **column, "indicator": one.code, "value": value_of(one, fallen)} for one in SET.indicators]
    with unit_of_work(engine) as connection:
        upsert(connection, table_of(Answer), *answers)
        connection.execute(insert(table_of(AnswerRevision)), answers)
        rows = [
            {**frame, "criterion": one.code, "department": SET.leader_of(one.code), "met": one.code not in fallen}
            for one in SET.criteria
        ]
        connection.execute(insert(table_of(Conclusion)), [{**row, "text": "Kết luận"} for row in rows])
    work(engine, check_field, 1, LATER.date(), world.PERSON[Role.DEPARTMENT_OFFICER], LATER)
    take(engine, "appraise_revocation", Role.DEPARTMENT_OFFICER)


def sit(engine: Engine, choice: str, now: datetime = LATER) -> None:
    secretary, member = world.PERSON[Role.COUNCIL_SECRETARY], world.PERSON[Role.COUNCIL_MEMBER]
    session = work(engine, council.convene, 1, now.date(), "Cao Bằng", (1,), secretary, now)
    work(engine, council.open_session, session, [member], secretary, now)
    work(engine, council.cast_ballots, session, {1: choice}, member, now)
    work(engine, council.close_session, session, world.PAPER, secretary, now)
