"""The office of a hamlet head joins the list of offices.

SQLite changes a check only by rebuilding its table, and tables that others refer to cannot be rebuilt inside a
transaction. A check says nothing about how rows are stored, so its text in the schema is changed instead, the way
SQLite's own manual describes for this case.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None

CHECKED = (("role_grant", "role"), ("dossier", "holder_role"), ("dossier_event", "role"))
BEFORE = (
    *("commune_officer", "commune_front", "commune_chairman", "district_reviewer", "district_chairman"),
    *("department_officer", "department_reviewer", "council_secretary", "council_member", "provincial_chairman"),
    *("records_clerk", "administrator", "inspector"),
)
AFTER = ("hamlet_head", *BEFORE)


def upgrade() -> None:
    """Let a hamlet head hold an office."""
    _change_lists(BEFORE, AFTER)


def downgrade() -> None:
    """Take away the hamlet heads' offices, which no event names, and close the list again."""
    op.execute("DELETE FROM role_grant WHERE role = 'hamlet_head'")
    _change_lists(AFTER, BEFORE)


def _change_lists(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rewrite(before, after)
        return
    for table, column in CHECKED:
        name = f"ck_{table}_{column}_known"
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, f"{column} IN ({_listed(after)})")


def _rewrite(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    connection = op.get_bind()
    version = connection.execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    rewritten = sa.text("UPDATE sqlite_schema SET sql = replace(sql, :old, :new) WHERE name = :table")
    connection.execute(rewritten, list(_changes(before, after)))
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = RESET")


def _changes(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for table, column in CHECKED:
        yield {
            "table": table,
            "old": f"{column} IN ({_listed(before)})",
            "new": f"{column} IN ({_listed(after)})",
        }


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)
