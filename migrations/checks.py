"""Changing what a check says, where everything that is stored keeps to the new check as well.

SQLite changes a check only by rebuilding its table, and tables that others refer to cannot be rebuilt inside a
transaction. A check says nothing about how rows are stored, so its text in the schema is changed instead, the way
SQLite's own manual describes for this case.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

EVENT_TYPES = "ck_dossier_event_type_known"


def change_event_types(before: str, after: str) -> None:
    """Let the list of events say something else."""
    change_check("dossier_event", EVENT_TYPES, before, after)


def change_check(table: str, name: str, before: str, after: str) -> None:
    """Let a check of a table say something else."""
    if op.get_bind().dialect.name == "sqlite":
        rewrite([(table, before, after)])
        return
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, after)


def rewrite(changes: Iterable[tuple[str, str, str]]) -> None:
    """Change texts of tables in SQLite's schema, each a (table, old, new); ValueError where the old is not there."""
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    stands = sa.text("UPDATE sqlite_schema SET sql = replace(sql, :old, :new) WHERE name = :table AND instr(sql, :old)")
    op.execute("PRAGMA writable_schema = ON")
    for table, old, new in changes:
        if connection.execute(stands, {"table": table, "old": old, "new": new}).rowcount != 1:
            raise ValueError(f"the table {table} is not as its revisions made it: it does not say {old}")
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")
