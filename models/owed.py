"""What the worker owes: the columns that every table of such rows shares, whatever it is that is owed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.schema import SchemaItem

from models.base import UtcTime, word

LAST = 1  # these columns stand after those of the table itself


class Owed:
    """Where a row stands: waiting for its time, taken up under a lease, done, or given up with the last error."""

    status: Mapped[str] = mapped_column(word(10), sort_order=LAST)
    run_at: Mapped[datetime] = mapped_column(UtcTime, sort_order=LAST)
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime, sort_order=LAST)
    attempts: Mapped[int] = mapped_column(sort_order=LAST)
    last_error: Mapped[str] = mapped_column(Text, default="", server_default="", sort_order=LAST)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime, sort_order=LAST)


def owed_constraints(table: str) -> tuple[SchemaItem, ...]:
    """What holds for such a row in any table, and the index by which the worker finds what is due."""
    return (
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name="status_known"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done_has_time"),
        Index(f"ix_{table}_status_run_at", "status", "run_at"),
    )
