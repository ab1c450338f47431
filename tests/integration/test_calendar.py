"""The calendar of the office: a day that is added or removed moves every deadline that it touches, at once."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete, event, insert, select

from casework import calendar
from casework.admin_record import Keeper
from casework.calendar import NewDay
from casework.door import Order, perform
from casework.errors import NotFound, Refused
from casework.standing import due_on
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier, DossierPart
from models.places import Holiday
from queries.calendar import years_known
from queries.days import NO_DEADLINE
from queries.facts import read_case
from tests import world
from workflow.names import EventType, Field, Role

D, H = table_of(Dossier), table_of(Holiday)
BY = Keeper("Quản trị", world.PERSON[Role.ADMINISTRATOR])
MONDAY = world.TODAY  # 10/03/2025
THURSDAY, SATURDAY = date(2025, 3, 13), date(2025, 3, 15)
DUE = date(2025, 3, 17)  # five working days after Monday


def off(day: date, name: str = "Nghỉ") -> NewDay:
    return NewDay(day, calendar.OFF, name, "Day off")


def act(engine: Engine, how: Callable[[Connection], int]) -> int:
    with unit_of_work(engine) as connection:
        return how(connection)


def submit(connection: Connection, dossier_id: int, version: int, person: int) -> None:
    perform(connection, Order(dossier_id, "submit", version, f"submit-{dossier_id}"), person, world.NOW)


@pytest.fixture
def submitted(engine: Engine) -> Engine:
    """Dossier 1 lies with the district for five working days since today; dossier 2 has no deadline, 3 has ended."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        first = world.plant(connection, world.FIRST_COMMUNE, "commune_ready", 1)
        submit(connection, first.id, first.version, world.PERSON[Role.COMMUNE_CHAIRMAN])
        for number, state in ((2, "council"), (3, "withdrawn")):
            world.plant(connection, world.add_commune(connection, number), state, number)
    return engine


def due(engine: Engine, dossier_id: int = 1) -> date:
    """The last day as it is kept; it is always what the door would count."""
    with reading(engine) as connection:
        file = read_case(connection, dossier_id, world.CHAIRMAN, world.TODAY)
        assert file
        kept: date = file.row.due_on
        assert kept == due_on(file.procedure, file.facts.state, file.stays, file.calendar, world.TODAY)
        return kept


def test_a_day_off_moves_the_deadline_and_its_removal_moves_it_back(submitted: Engine) -> None:
    assert due(submitted) == DUE
    assert act(submitted, lambda c: calendar.add_day(c, off(THURSDAY), BY, world.NOW)) == 1
    assert due(submitted) == DUE + timedelta(days=1)
    assert act(submitted, lambda c: calendar.remove_day(c, THURSDAY, BY, world.NOW)) == 1
    assert due(submitted) == DUE


def test_a_saturday_that_is_worked_makes_it_earlier(submitted: Engine) -> None:
    worked = NewDay(SATURDAY, calendar.WORKED, "Làm bù", "Worked in exchange")
    assert act(submitted, lambda c: calendar.add_day(c, worked, BY, world.NOW)) == 1
    assert due(submitted) == SATURDAY


def test_the_last_day_itself_counts_and_the_day_of_arrival_does_not(submitted: Engine) -> None:
    assert act(submitted, lambda c: calendar.add_day(c, off(MONDAY), BY, world.NOW)) == 0
    assert act(submitted, lambda c: calendar.add_day(c, off(DUE), BY, world.NOW)) == 1
    assert due(submitted) == DUE + timedelta(days=1)


@pytest.mark.parametrize("day", [date(2025, 3, 18), date(2025, 3, 7), SATURDAY, date(2024, 1, 2), date(2030, 5, 1)])
def test_a_day_that_does_not_lie_in_the_term_moves_nothing(submitted: Engine, day: date) -> None:
    assert act(submitted, lambda c: calendar.add_day(c, off(day), BY, world.NOW)) == 0
    assert due(submitted) == DUE


def test_what_has_no_deadline_or_has_ended_is_left_alone(submitted: Engine) -> None:
    act(submitted, lambda c: calendar.add_day(c, off(THURSDAY), BY, world.NOW))
    with reading(submitted) as connection:
        others = connection.execute(select(D.c.due_on, D.c.version).where(D.c.id > 1)).all()
    assert {row.due_on for row in others} == {NO_DEADLINE}


def test_a_deadline_that_moves_does_not_make_the_page_stale(submitted: Engine) -> None:
    with reading(submitted) as connection:
        version = connection.execute(select(D.c.version).where(D.c.id == 1)).scalar_one()
    act(submitted, lambda c: calendar.add_day(c, off(THURSDAY), BY, world.NOW))
    with unit_of_work(submitted) as connection:
        order = Order(1, "withdraw", version, "withdraw", {Field.REASON: "Rút"})
        assert perform(connection, order, world.PERSON[Role.COMMUNE_CHAIRMAN], world.NOW).type is EventType.WITHDRAWN


def test_a_clock_that_stood_still_goes_on_with_its_remainder(submitted: Engine) -> None:
    """Returned on Wednesday with two days used, back on Friday: three days remain, of which the next Monday is off."""
    reviewer, chairman = world.PERSON[Role.DISTRICT_REVIEWER], world.PERSON[Role.COMMUNE_CHAIRMAN]
    returned, supplied, back = (world.NOW + timedelta(days=days) for days in (2, 3, 4))
    steps = (
        ("return_from_district", reviewer, returned, {Field.REASON: "Thiếu", Field.MISSING: ("D4",)}),
        ("resubmit", chairman, back, {Field.CHANGES: ("D4",)}),
    )
    part = {"dossier_id": 1, "part": "D4", "file_sha256": world.PAPER, "title": "Biên bản", "at": supplied}
    for action, person, moment, inputs in steps:
        with unit_of_work(submitted) as connection:
            if action == "resubmit":
                connection.execute(insert(table_of(DossierPart)), {**part, "person_id": chairman})
            version = connection.execute(select(D.c.version).where(D.c.id == 1)).scalar_one()
            perform(connection, Order(1, action, version, action, inputs), person, moment)
    with reading(submitted) as connection:
        assert connection.execute(select(D.c.due_on).where(D.c.id == 1)).scalar_one() == date(2025, 3, 19)
    assert act(submitted, lambda c: calendar.add_day(c, off(date(2025, 3, 17)), BY, back)) == 1
    with reading(submitted) as connection:
        assert connection.execute(select(D.c.due_on).where(D.c.id == 1)).scalar_one() == date(2025, 3, 20)


def test_a_step_taken_at_the_same_moment_gets_the_new_calendar(engine: Engine) -> None:
    """Whoever comes second waits: the calendar's change sees the deadline that the step has set."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        planted = world.plant(connection, world.FIRST_COMMUNE, "commune_ready", 1)
    moved: list[int] = []
    changing = threading.Thread(
        target=lambda: moved.append(act(engine, lambda c: calendar.add_day(c, off(THURSDAY), BY, world.NOW)))
    )
    with unit_of_work(engine) as connection:
        submit(connection, planted.id, planted.version, world.PERSON[Role.COMMUNE_CHAIRMAN])
        changing.start()
        changing.join(timeout=0.5)
        assert changing.is_alive()
    changing.join(timeout=20)
    assert moved == [1]
    assert due(engine) == DUE + timedelta(days=1)


def test_the_number_of_statements_does_not_grow_with_the_dossiers(submitted: Engine) -> None:
    seen: list[str] = []
    event.listen(submitted, "before_cursor_execute", lambda *given: seen.append(given[2]))

    def statements() -> int:
        seen.clear()
        act(submitted, lambda c: calendar.add_day(c, off(THURSDAY), BY, world.NOW))
        act(submitted, lambda c: calendar.remove_day(c, THURSDAY, BY, world.NOW))
        return len([one for one in seen if not one.startswith("BEGIN")])

    few = statements()
    with unit_of_work(submitted) as connection:
        for number in range(4, 10):
            planted = world.plant(connection, world.add_commune(connection, number), "commune_ready", number)
            chairman = world.add_commune_chairman(connection, world.FIRST_COMMUNE + number)
            submit(connection, planted.id, planted.version, chairman)
    assert (few, statements()) == (13, 13)


# --- what is refused ---


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (off(date(2025, 1, 1)), "calendar.known"),
        (off(date(1999, 1, 1)), "calendar.far"),
        (off(THURSDAY, "  "), "calendar.unnamed"),
        (NewDay(THURSDAY, calendar.WORKED, "Làm bù", "Worked"), "calendar.worked_anyway"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused_and_nothing_is_written(submitted: Engine, new: NewDay, code: str) -> None:
    act(submitted, lambda c: calendar.add_day(c, off(date(2025, 1, 1)), BY, world.NOW))
    with pytest.raises(Refused) as refused:
        act(submitted, lambda c: calendar.add_day(c, new, BY, world.NOW))
    assert [one.code for one in refused.value.refusals] == [code]
    with reading(submitted) as connection:
        assert connection.execute(select(H.c.day)).scalars().all() == [date(2025, 1, 1)]


def test_a_day_that_is_not_there_cannot_be_removed(submitted: Engine) -> None:
    with pytest.raises(NotFound):
        act(submitted, lambda c: calendar.remove_day(c, THURSDAY, BY, world.NOW))


# --- which years are announced ---


def test_a_year_is_official_once_it_is_announced(submitted: Engine) -> None:
    with unit_of_work(submitted) as connection:
        connection.execute(delete(H))
        rows = [(date(2025, 1, 1), True), (date(2026, 1, 1), False), (date(2026, 5, 1), True)]
        named = {"effect": "off", "kind": "public", "name_vi": "Nghỉ", "name_en": "Off"}
        connection.execute(insert(H), [{"day": day, "official": official, **named} for day, official in rows])
    with reading(submitted) as connection:
        assert years_known(connection) == {2025: True, 2026: False}
        file = read_case(connection, 1, world.CHAIRMAN, date(2025, 12, 1))
    assert file
    assert [file.calendar.knows(date(year, 6, 1)) for year in (2025, 2026)] == [True, False]
    for year, basis, code in ((2027, "Công văn 1", "calendar.empty_year"), (2026, " ", "calendar.no_basis")):
        with pytest.raises(Refused) as refused, unit_of_work(submitted) as connection:
            calendar.announce_year(connection, year, basis, BY, world.NOW)
        assert [one.code for one in refused.value.refusals] == [code]
    with unit_of_work(submitted) as connection:
        calendar.announce_year(connection, 2026, "Công văn 12729/VPCP-KGVX", BY, world.NOW)
    with reading(submitted) as connection:
        assert years_known(connection) == {2025: True, 2026: True}
