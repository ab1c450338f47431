"""The calendar of working days between two dates, from the table that the office keeps."""

from datetime import date

from sqlalchemy import Connection, bindparam, select

from models.base import table_of
from models.places import Holiday
from workflow.deadlines import Calendar

H = table_of(Holiday)
_BETWEEN = select(H.c.day, H.c.effect, H.c.name_vi).where(H.c.day.between(bindparam("first"), bindparam("last")))


def calendar_between(connection: Connection, first: date, last: date) -> Calendar:
    """The calendar from the first day to the last; without any holiday on record the week's rule alone holds."""
    rows = connection.execute(_BETWEEN.order_by(H.c.day), {"first": first, "last": last}).all()
    if not rows:
        return Calendar({}, {}, first.year, last.year)
    return Calendar.of((row.day, row.effect, row.name_vi) for row in rows)
