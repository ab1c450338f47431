"""A PostgreSQL database that is put back in place equals one that was just copied, whatever a test has done to it."""

import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, text

from casework.unit_of_work import unit_of_work
from models.database import make_engine
from tests.database import find_binaries
from tests.integration import rows
from tests.lasting import ENOUGH, Lasting


@pytest.fixture(scope="module")
def place(postgresql_server: str, postgresql_template: str, worker: str) -> Iterator[Lasting]:
    made = Lasting(postgresql_server, f"lasting_{worker}", postgresql_template)
    yield made
    made.close()


@pytest.fixture(scope="module")
def engine(place: Lasting) -> Engine:
    """An engine whose connections stay open."""
    made = make_engine(place.url)
    place.keep_warm(made)
    return made


@pytest.fixture(scope="module")
def copied(place: Lasting) -> str:
    return dump(place)


def dump(place: Lasting) -> str:
    """A database as statements: tables, rows, numbers, constraints, and triggers with whether they work."""
    command = [str(find_binaries() / "pg_dump"), "--schema=public", "--dbname", place.url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "\n".join(line for line in said.splitlines() if not line.startswith("\\"))


def server_process(engine: Engine) -> int:
    """The server's process behind a connection, which is another one whenever the database was made anew."""
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def fill(engine: Engine) -> None:
    """Write a row into every table and use every sequence."""
    with unit_of_work(engine) as connection:
        rows.fill(connection)
        connection.execute(text("SELECT nextval(seqrelid) FROM pg_sequence"))


@pytest.mark.parametrize("enough", [ENOUGH, 0], ids=["deleted", "truncated"])
def test_rows_and_used_numbers_are_gone_and_connections_stay(
    place: Lasting, engine: Engine, copied: str, enough: int
) -> None:
    place.fresh()
    place.enough = enough
    before = server_process(engine)
    fill(engine)
    place.fresh()
    place.enough = ENOUGH
    assert dump(place) == copied
    assert server_process(engine) == before


def test_what_was_kept_is_put_back(place: Lasting, engine: Engine, copied: str) -> None:
    place.fresh()
    fill(engine)
    put_back, filled = place.keep(), dump(place)
    place.fresh()
    put_back()
    assert dump(place) == filled != copied


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE paper DISABLE TRIGGER ALL",
        "DROP TRIGGER paper_no_update ON paper",
        "ALTER TABLE unit ADD COLUMN surplus INTEGER",
        "DROP INDEX uq_dossier_one_open",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "ALTER SEQUENCE unit_id_seq INCREMENT 2",
    ],
)
def test_where_more_than_rows_was_changed_the_database_is_made_anew(
    place: Lasting, engine: Engine, copied: str, change: str
) -> None:
    place.fresh()
    before = server_process(engine)
    with unit_of_work(engine) as connection:
        connection.execute(text(change))
    place.fresh()
    assert server_process(engine) != before
    fill(engine)
    place.fresh()
    assert dump(place) == copied


def test_a_change_that_was_undone_counts_for_nothing(place: Lasting, engine: Engine) -> None:
    place.fresh()
    before = server_process(engine)
    with engine.connect() as connection:
        connection.execute(text("DROP INDEX uq_dossier_one_open"))
    place.fresh()
    assert server_process(engine) == before


def test_whoever_was_left_in_the_middle_of_something_is_ended(place: Lasting, engine: Engine, copied: str) -> None:
    place.fresh()
    fill(engine)
    inside = engine.connect()
    inside.execute(text("LOCK TABLE unit"))
    with psycopg.connect(place.url, autocommit=True) as stranger:
        place.fresh()
        with pytest.raises(psycopg.OperationalError):
            stranger.execute("SELECT 1")
    inside.invalidate()
    inside.close()
    assert dump(place) == copied
