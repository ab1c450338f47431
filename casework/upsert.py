"""Insert a row or replace the one with the same key: the one statement that both databases have for it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite


def upsert(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Write a row under its primary key, replacing what stood there."""
    keys = [column.name for column in table.primary_key.columns]
    values = {name: value for name, value in row.items() if name not in keys}
    if connection.dialect.name == "postgresql":
        connection.execute(
            insert_postgresql(table).values(**row).on_conflict_do_update(index_elements=keys, set_=values)
        )
    else:
        connection.execute(insert_sqlite(table).values(**row).on_conflict_do_update(index_elements=keys, set_=values))


def insert_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Write a row unless one with the same unique key stands there already."""
    if connection.dialect.name == "postgresql":
        connection.execute(insert_postgresql(table).values(**row).on_conflict_do_nothing())
    else:
        connection.execute(insert_sqlite(table).values(**row).on_conflict_do_nothing())
