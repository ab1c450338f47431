"""A long statement that is composed once is written out once: only what is asked at each run is a parameter of it.

As it is composed it would be looked up by all its parts at every run, and every word of its own handed over anew.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import BindParameter, Connection, CursorResult, Select, TextualSelect, literal_column, text
from sqlalchemy import column as column_of
from sqlalchemy.sql.visitors import replacement_traverse

_ASKED = "\N{INFORMATION SEPARATOR ONE}"  # what no word of a statement holds


def ask(connection: Connection, statement: Select[Any], values: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """Run a statement with these values; what is written out is kept, so the statement must be composed once."""
    dialect: Any = type(connection.dialect)
    return connection.execute(written_out(statement, dialect), values)


@cache
def written_out(statement: Select[Any], dialect: type[Any]) -> TextualSelect:
    """The same statement as text, with the words of its own in it; ValueError where these would be read otherwise."""
    asked: dict[str, BindParameter[Any]] = {}

    def named(element: Any, **_: Any) -> Any:
        if not isinstance(element, BindParameter) or not element.required:
            return None
        asked.setdefault(element.key, element)
        return literal_column(_ASKED + element.key)

    composed = cast("Select[Any]", replacement_traverse(statement, {}, named))
    plain = dialect(paramstyle="named")  # in which a percent sign stands for itself
    words = str(composed.compile(dialect=plain, compile_kwargs={"literal_binds": True}))
    if "\\" in words:
        raise ValueError(words)
    words = words.replace(":", r"\:").replace(_ASKED, ":")
    columns = (column_of(each.name, each.type) for each in statement.selected_columns)
    return text(words).bindparams(*asked.values()).columns(*columns)
