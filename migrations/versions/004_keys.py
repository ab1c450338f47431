"""Keys by which units, titles and people are found, and which days of the calendar are officially announced."""

from collections.abc import Callable
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from models.keys import bare_sort_key, decision_key, search_key

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None

KEYS: dict[str, dict[str, tuple[int, Callable[[str], str], tuple[str, ...]]]] = {
    "unit": {"search_key": (200, search_key, ("full_name", "code"))},
    "person": {"search_key": (200, search_key, ("name", "login"))},
    "recognition": {
        "search_key": (400, search_key, ("unit_name", "place_then", "decision")),
        "sort_key": (320, bare_sort_key, ("unit_name",)),
        "decision_key": (60, decision_key, ("decision",)),
    },
}


def upgrade() -> None:
    """Add the columns and fill them for the rows that are there."""
    for table, keys in KEYS.items():
        for column, (length, _, _) in keys.items():
            op.add_column(table, sa.Column(column, sa.String(length=length), server_default="", nullable=False))
        _fill(table)
    op.create_index("ix_recognition_sort_key", "recognition", ["sort_key", "id"], unique=False)
    op.create_index("ix_recognition_decision_key", "recognition", ["decision_key"], unique=False)
    op.add_column("holiday", sa.Column("official", sa.Boolean(), server_default=sa.true(), nullable=False))
    _mark_computed_years()


def _fill(table: str) -> None:
    connection, keys = op.get_bind(), KEYS[table]
    sources = sorted({source for _, _, columns in keys.values() for source in columns})
    rows: list[sa.Row[Any]] = list(
        connection.execute(sa.select(sa.column("id"), *map(sa.column, sources)).select_from(sa.table(table)))
    )
    target = sa.table(table, sa.column("id"), *map(sa.column, keys))
    for row in rows:
        values = {name: make(" ".join(getattr(row, one) for one in of)) for name, (_, make, of) in keys.items()}
        connection.execute(sa.update(target).where(target.c.id == row.id).values(values))


def _mark_computed_years() -> None:
    """The holidays of the years from 2027 on were computed by the rule when these data were made."""
    holiday = sa.table("holiday", sa.column("day", sa.Date()), sa.column("official", sa.Boolean()))
    op.get_bind().execute(sa.update(holiday).where(holiday.c.day >= date(2027, 1, 1)).values(official=False))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("holiday", "official")
    op.drop_index("ix_recognition_decision_key", "recognition")
    op.drop_index("ix_recognition_sort_key", "recognition")
    for table, keys in reversed(KEYS.items()):
        for column in reversed(keys):
            op.drop_column(table, column)
