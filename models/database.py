"""The engine for SQLite or PostgreSQL, set up so that nothing confirmed is lost. No commit happens here."""

from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

SQLITE_PRAGMAS = (
    "busy_timeout=15000",  # first, since the switch to WAL may have to wait for another process too
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # or INSERT OR REPLACE would delete an event without asking the trigger that refuses it
)

STATEMENTS = 512  # that SQLite keeps prepared; the long ones cost more to prepare again than to run


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine for this address; on SQLite a transaction that will write begins IMMEDIATE, readers stay deferred."""
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=20,
            hide_parameters=True,
            connect_args={"cached_statements": STATEMENTS},
        )
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=20,
        pool_pre_ping=False,
        hide_parameters=True,  # what stands in the rows must not stand in the log
        connect_args={"options": "-c lock_timeout=15000 -c statement_timeout=60000 -c timezone=UTC"},
    )


def _open_sqlite(connection: SqliteConnection, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin by itself, or reads before writes lose updates
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows no letter beyond a to z


def _lower(text: Any) -> Any:
    return text.lower() if isinstance(text, str) else text


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def writer(engine: Engine) -> Engine:
    """The same pool for transactions that write."""
    return engine.execution_options(sqlite_begin="IMMEDIATE")
