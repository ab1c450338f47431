"""What is filled in between two actions and overwritten in place, row by row as it goes into a hash."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Boolean, Select, Table, bindparam

from models.base import Json, UtcTime, table_of
from models.dossiers import CheckedPart, Conclusion, Condition, Posting, Survey, Vote
from queries.anchors import moment_of
from queries.days import moment_of_text
from queries.fused import JsonText, row_list, rows_of

TABLES = tuple(table_of(one) for one in (Posting, Survey, Vote, Condition, CheckedPart, Conclusion))
type_of_row = dict[str, Any]


def listed(table: Table) -> Select[tuple[str]]:
    """Every row that a dossier has in one of these tables, whole and in every round, as one JSON text."""
    columns = (JsonText(each) if isinstance(each.type, Json) else each for each in table.c)
    return row_list(*columns).where(table.c.dossier_id == bindparam("dossier_id"))


def rows_filled_in(table: Table, text: str | None) -> Iterator[tuple[str, type_of_row]]:
    """The rows in such a text, each by its own key within the dossier, with its values as they are hashed."""
    names, keys, spoken = table.c.keys(), _KEYS[table.name], _SPOKEN[table.name]
    for row in rows_of(text):
        values = dict(zip(names, row, strict=True))
        for name, speak in spoken:
            if values[name] is not None:
                values[name] = speak(values[name])
        for name in _LATER.get(table.name, ()):
            if values[name] is None:
                del values[name]
        yield "/".join(str(values[name]) for name in keys), values


def _moment(text: str) -> str:
    return moment_of(moment_of_text(text))


def _spoken_of(table: Table) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """The columns that the databases put into a list in ways of their own: moments, and yes and no."""
    for column in table.c:
        if isinstance(column.type, UtcTime):
            yield column.name, _moment
        elif isinstance(column.type, Boolean):
            yield column.name, bool


# Columns that came after the first seals: a row that says nothing in them is hashed as it was then.
_LATER = {"survey": ("no_opinion",)}
_SPOKEN = {table.name: tuple(_spoken_of(table)) for table in TABLES}
_KEYS = {
    table.name: tuple(each.name for each in table.primary_key.columns if each.name != "dossier_id") for table in TABLES
}
