"""What is read alike on both databases: names in any case of letter, and calendars of whole years."""

from datetime import date
from unicodedata import normalize

import pytest
from sqlalchemy import Engine, insert

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.places import Holiday
from queries.dossiers import Filter, dossiers_seen
from queries.facts import read_case
from queries.people import read_actor
from tests import world


@pytest.fixture(autouse=True)
def _dossier(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)


@pytest.mark.parametrize("typed", ["xã thử", "XA THU", " thu 1 ", normalize("NFD", "Xã Thử"), "hs-1", "1 xa"])
def test_a_unit_is_found_however_its_vietnamese_name_is_written(engine: Engine, typed: str) -> None:
    with reading(engine) as connection:
        actor = read_actor(connection, world.CHAIRMAN)
        assert len(dossiers_seen(connection, actor, world.TODAY, Filter(typed)).rows) == 1
        assert dossiers_seen(connection, actor, world.TODAY, Filter(f"{typed} khác")).rows == ()
        assert dossiers_seen(connection, actor, world.TODAY, Filter("%")).rows == ()


def test_the_calendar_knows_the_year_of_opening_also_when_its_last_holiday_is_over(engine: Engine) -> None:
    days = [date(2025, 1, 1), date(2026, 1, 1)]
    row = {"effect": "off", "kind": "holiday", "name_vi": "Tết Dương lịch", "name_en": "New Year"}
    with unit_of_work(engine) as connection:
        connection.execute(insert(table_of(Holiday)), [{"day": day, **row} for day in days])
    with reading(engine) as connection:
        file = read_case(connection, 1, world.CHAIRMAN, date(2025, 9, 15))
    assert file
    assert [file.calendar.knows(date(year, 9, 15)) for year in (2024, 2025, 2026, 2027)] == [False, True, True, False]
