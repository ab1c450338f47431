"""What the worker owes: the columns that every table of such rows shares, whatever it is that is owed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.schema import SchemaItem

from models.base import UtcTime, column, word


class Owed:
    """Where a row stands: waiting for its time, taken up under a lease, done, or given up with the last error."""

    status: str = column(word(10))
    run_at: datetime = column(UtcTime)
    lease_until: datetime | None = column(UtcTime)
    attempts: int
    last_error: str = column(Text, default="", server_default="")
    done_at: datetime | None = column(UtcTime)


def owed_constraints(table: str) -> tuple[SchemaItem, ...]:
    """What holds for such a row in any table, and the index by which the worker finds what is due."""
    return (
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed')", name="status_known"),
        CheckConstraint("(status = 'done') = (done_at IS NOT NULL)", name="done_has_time"),
        Index(f"ix_{table}_status_run_at", "status", "run_at"),
    )
