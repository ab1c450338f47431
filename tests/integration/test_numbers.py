"""Numbers that the clerk gives by hand: typed in, held to the same uniqueness and order as those of the system."""

import threading
from datetime import date

import pytest
from sqlalchemy import Connection, Engine, select, text

from casework.admin_record import COMMAND
from casework.errors import Refused
from casework.issuing import CODE_LETTERS, Series, give_number, open_series
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import NumberSeries
from tests import world
from tests.integration.rows import fill, insert

SYMBOL = "TB-UBND"
DAY = date(2025, 3, 10)
SERIES = Series(1, SYMBOL, 2025)


@pytest.fixture
def ready(engine: Engine) -> Engine:
    """A database with one row in every table, and no series of this symbol."""
    with unit_of_work(engine) as connection:
        fill(connection)
        world.count_on(connection)
    return engine


def write_down(connection: Connection, number: int, signed_on: date, key: int) -> None:
    """Put a numbered paper beside the one that is there."""
    insert(connection, "dossier_event", id=key, seq=key, previous_hash="x", request_key=str(key))
    row = {"symbol": SYMBOL, "number": number, "signed_on": signed_on.isoformat(), "code": str(key)}
    insert(connection, "paper", id=key, event_id=key, **row)


def refused(engine: Engine, typed: int | None, signed_on: date = DAY) -> str:
    with pytest.raises(Refused) as error, unit_of_work(engine) as connection:
        give_number(connection, 1, SYMBOL, signed_on, typed)
    return error.value.refusals[0].code


def test_the_first_number_that_is_typed_opens_a_series_by_hand(ready: Engine) -> None:
    with unit_of_work(ready) as connection:
        issued = give_number(connection, 1, SYMBOL, DAY, 46)
        row = connection.execute(select(table_of(NumberSeries)).filter_by(symbol=SYMBOL)).one()
    assert (issued.name, row.by_hand, row.last) == ("46/TB-UBND", True, 46)
    assert len(issued.code) == 12
    assert set(issued.code) <= set(CODE_LETTERS)
    assert refused(ready, None) == "number.type_it"


def test_a_series_that_runs_by_itself_takes_no_typed_number(ready: Engine) -> None:
    with unit_of_work(ready) as connection:
        open_series(connection, SERIES, 7, COMMAND, world.NOW)
        assert give_number(connection, 1, SYMBOL, DAY).number == 8
    assert refused(ready, 46) == "number.automatic"
    assert refused(ready, None, date(2026, 1, 2)) == "number.no_series"


@pytest.mark.parametrize("typed", [0, -1, 1_000_000])
def test_a_number_that_cannot_be_one_is_refused(ready: Engine, typed: int) -> None:
    assert refused(ready, typed) == "number.not_plausible"


def test_a_number_is_typed_once_and_in_the_order_of_the_days(ready: Engine) -> None:
    with unit_of_work(ready) as connection:
        write_down(connection, 46, DAY, 2)
        write_down(connection, 50, date(2025, 3, 20), 3)
    assert refused(ready, 46) == "number.taken"
    assert refused(ready, 47, date(2025, 3, 9)) == "number.out_of_order"
    assert refused(ready, 45, date(2025, 3, 11)) == "number.out_of_order"
    assert refused(ready, 51, date(2025, 3, 19)) == "number.out_of_order"
    with unit_of_work(ready) as connection:
        assert give_number(connection, 1, SYMBOL, date(2025, 3, 15), 48).number == 48


def test_of_two_who_type_the_same_number_at_once_one_is_refused(ready: Engine) -> None:
    barrier, outcomes = threading.Barrier(2), []

    def give(key: int) -> None:
        barrier.wait()
        try:
            with unit_of_work(ready) as connection:
                write_down(connection, give_number(connection, 1, SYMBOL, DAY, 46).number, DAY, key)
            outcomes.append("given")
        except Refused as error:
            outcomes.append(error.refusals[0].code)

    threads = [threading.Thread(target=give, args=(key,)) for key in (2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["given", "number.taken"]
    with reading(ready) as connection:
        found = connection.execute(text("SELECT count(*) FROM paper WHERE number = 46")).scalar_one()
    assert found == 1
