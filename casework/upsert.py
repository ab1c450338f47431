"""Insert rows or replace those with the same key: the one statement that both databases have for it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite


def upsert(connection: Connection, table: Table, *rows: Mapping[str, Any]) -> None:
    """Write rows of the same columns under their primary keys, replacing what stood there."""
    if not rows:
        return
    statement = _replacing(connection.dialect.name, table, tuple(rows[0]))
    connection.execute(statement, [dict(row) for row in rows])


@lru_cache(maxsize=64)
def _replacing(dialect: str, table: Table, names: tuple[str, ...]) -> Executable:
    """The statement for one table and these columns; building it anew would cost more than running it."""
    keys = [column.name for column in table.primary_key.columns]
    added = (insert_postgresql if dialect == "postgresql" else insert_sqlite)(table)
    fresh = {name: added.excluded[name] for name in names if name not in keys}
    return added.on_conflict_do_update(index_elements=keys, set_=fresh)


def insert_once(connection: Connection, table: Table, *rows: Mapping[str, Any]) -> None:
    """Write rows of the same columns, each unless one with the same unique key stands there already."""
    if not rows:
        return
    connection.execute(_adding(connection.dialect.name, table), [dict(row) for row in rows])


@lru_cache(maxsize=64)
def _adding(dialect: str, table: Table) -> Executable:
    return (insert_postgresql if dialect == "postgresql" else insert_sqlite)(table).on_conflict_do_nothing()
