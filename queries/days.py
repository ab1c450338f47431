"""Which day it is in Vietnam at a moment; moments are kept in UTC, deadlines are counted in days of the office."""

from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

VIETNAM = timezone(timedelta(hours=7))
NO_DEADLINE = date(9999, 12, 31)


def day_of(moment: datetime) -> date:
    """The date in Vietnam at a moment."""
    return moment.astimezone(VIETNAM).date()


@lru_cache(maxsize=1024)  # what was written down in one act bears one moment, and is read again and again
def moment_of_text(text: str) -> datetime:
    """A moment written by the database; without a zone it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of_text(text: str) -> date:
    """The date in Vietnam at a moment written by the database."""
    return day_of(moment_of_text(text))
