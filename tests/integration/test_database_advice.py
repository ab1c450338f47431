"""What is said of a database that cannot be used: the cause decides what to do about it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from psycopg import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from commands.context import AWAY, BUSY, DAMAGED, FULL, advice_on
from models.database import make_engine


def fill(place: Path) -> None:
    """Write more than the file may hold."""
    with make_engine(f"sqlite:///{place}").begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 2"))
        connection.execute(text("CREATE TABLE letter AS SELECT randomblob(100000)"))


def hold(place: Path) -> None:
    """Write while somebody else writes."""
    with sqlite3.connect(place) as other, make_engine(f"sqlite:///{place}").connect() as connection:
        other.execute("CREATE TABLE letter (x)")
        other.execute("BEGIN IMMEDIATE")
        connection.execute(text("PRAGMA busy_timeout = 0"))
        connection.execute(text("CREATE TABLE other (x)"))


def scribble(place: Path) -> None:
    """Write a letter where the database was."""
    place.write_text("Kính gửi Ủy ban nhân dân tỉnh\n" * 40)
    make_engine(f"sqlite:///{place}").connect()


@pytest.mark.parametrize(("harm", "advice"), [(fill, FULL), (hold, BUSY), (scribble, DAMAGED)])
def test_the_advice_fits_what_sqlite_says(
    harm: Callable[[Path], None], advice: tuple[str, str], tmp_path: Path
) -> None:
    with pytest.raises(DBAPIError) as refused:
        harm(tmp_path / "datchuan.db")
    assert advice_on(refused.value) == advice


@pytest.mark.parametrize(
    ("cause", "advice"),
    [(errors.DiskFull(), FULL), (errors.LockNotAvailable(), BUSY), (errors.ConnectionException(), AWAY)],
)
def test_the_advice_fits_what_postgresql_says(cause: errors.Error, advice: tuple[str, str]) -> None:
    assert advice_on(DBAPIError("INSERT", None, cause)) == advice
