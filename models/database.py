"""The engine for SQLite or PostgreSQL, set up so that nothing confirmed is lost. No commit happens here."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any, Literal

from sqlalchemy import Connection, Engine, create_engine, event

SQLITE_PRAGMAS = (
    "busy_timeout=15000",  # first, since the switch to WAL may have to wait for another process too
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # or INSERT OR REPLACE would delete an event without asking the trigger that refuses it
)

POSTGRESQL_SETTINGS = (
    "lock_timeout=15000",
    "statement_timeout=60000",
    "timezone=UTC",
    "jit=off",  # the statements are short, and where the server misjudges their length it compiles for seconds
)

Mode = Literal["DEFERRED", "IMMEDIATE"]
READING: Mode = "DEFERRED"
WRITING: Mode = "IMMEDIATE"
STATEMENTS = 512  # that SQLite keeps prepared; the long ones cost more to prepare again than to run


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for this address; its connections are opened by `begun`."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=20,
            hide_parameters=True,
            connect_args={"cached_statements": STATEMENTS},
        )
        event.listen(engine, "connect", _open_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=20,
        pool_pre_ping=False,
        hide_parameters=True,  # what stands in the rows must not stand in the log
        connect_args={"options": " ".join(f"-c {one}" for one in POSTGRESQL_SETTINGS)},
    )


def _open_sqlite(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin by itself, or reads before writes lose updates
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows no letter beyond a to z


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


@contextmanager
def begun(engine: Engine, mode: Mode = READING) -> Iterator[Connection]:
    """A connection whose transaction has begun; at the end of the block what was not committed is undone."""
    with engine.connect() as connection:
        begin(connection, mode)
        yield connection


def begin(connection: Connection, mode: Mode) -> None:
    """Begin a transaction on SQLite, IMMEDIATE where it will write; PostgreSQL begins by itself.

    Said here once: a listener to SQLAlchemy's own beginning would be looked for at every statement that is run.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"BEGIN {mode}")
