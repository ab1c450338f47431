"""Number series as the administrator keeps them: opened in a plausible year, the start corrected until one is used."""

from datetime import date

import pytest
from sqlalchemy import Engine

from casework.admin_record import Keeper
from casework.door import Order, perform
from casework.errors import NotFound, Refused
from casework.issuing import Series, correct_series, open_series
from casework.unit_of_work import reading, unit_of_work
from queries.numbers import SeriesLine, all_series, authorities
from tests import world
from workflow.names import Field

BY = Keeper("Quản trị")
THIS_YEAR = Series(world.PROVINCE, "QĐ-UBND", 2025)
NEXT_YEAR = Series(world.PROVINCE, "QĐ-UBND", 2026)


@pytest.fixture(autouse=True)
def province(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)


def line(engine: Engine, series: Series) -> SeriesLine:
    with reading(engine) as connection:
        found = [one for one in all_series(connection) if (one.symbol, one.year) == (series.symbol, series.year)]
    return found[0]


def refused(engine: Engine, series: Series, paper_last: int) -> list[str]:
    with pytest.raises(Refused) as caught, unit_of_work(engine) as connection:
        correct_series(connection, series, paper_last, BY, world.NOW)
    return [one.code for one in caught.value.refusals]


def test_the_start_of_a_series_is_corrected_until_a_number_is_taken(engine: Engine) -> None:
    before = line(engine, THIS_YEAR)
    assert before.untouched
    with unit_of_work(engine) as connection:
        correct_series(connection, THIS_YEAR, 300, BY, world.NOW)
    assert (line(engine, THIS_YEAR).paper_last, line(engine, THIS_YEAR).last) == (300, 300)
    with unit_of_work(engine) as connection:
        planted = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
        inputs: dict[Field, object] = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: world.TODAY}
        order = Order(planted.id, "recognise", planted.version, "sign", inputs)
        assert perform(connection, order, world.CHAIRMAN, world.NOW).number == 301
    after = line(engine, THIS_YEAR)
    assert (after.paper_last, after.last, after.used, after.untouched) == (300, 301, 1, False)
    assert refused(engine, THIS_YEAR, 400) == ["number.series_used"]
    assert line(engine, THIS_YEAR) == after


def test_a_series_that_is_not_open_has_no_start_to_correct(engine: Engine) -> None:
    with pytest.raises(NotFound), unit_of_work(engine) as connection:
        correct_series(connection, NEXT_YEAR, 1, BY, world.NOW)


@pytest.mark.parametrize("year", [1999, 2101])
def test_a_year_that_no_register_has_is_refused(engine: Engine, year: int) -> None:
    with pytest.raises(Refused) as caught, unit_of_work(engine) as connection:
        open_series(connection, Series(world.PROVINCE, "QĐ-UBND", year), 0, BY, world.NOW)
    assert [one.code for one in caught.value.refusals] == ["number.far"]


def test_series_are_listed_latest_year_first_with_their_authority(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        open_series(connection, NEXT_YEAR, 41, BY, world.NOW, by_hand=True)
        listed = [(one.year, one.unit_name, one.by_hand) for one in all_series(connection)]
        assert authorities(connection, date(2025, 3, 10)) == {world.PROVINCE: "Tỉnh Cao Bằng"}
    assert listed == [(2026, "Tỉnh Cao Bằng", True), (2025, "Tỉnh Cao Bằng", False)]
