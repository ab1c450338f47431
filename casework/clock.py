"""The one place that knows what time it is, which is what lets a practice province live in another month."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from models.base import table_of
from models.documents import Installation

_INSTALLATION = table_of(Installation)
_CALENDAR = select(_INSTALLATION.c.practice_starts_at, _INSTALLATION.c.built_at)  # every request asks it


def now(connection: Connection) -> datetime:
    """The present moment in UTC; in a practice province with its own calendar, that province's present moment."""
    row = connection.execute(_CALENDAR).first()
    real = real_now()
    if row is None or row.practice_starts_at is None:
        return real
    starts_at: datetime = row.practice_starts_at
    built_at: datetime = row.built_at
    return starts_at + (real - built_at)


def real_now() -> datetime:
    """The present moment in UTC outside any practice province."""
    return datetime.now(UTC)
