"""Reading many lists in one round trip: a list of rows as one JSON text, the same on SQLite and PostgreSQL."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class RowList(FunctionElement[str]):
    """All rows of a subquery as one JSON array of arrays."""

    type = Text()
    name = "row_list"
    inherit_cache = True


class JsonText(FunctionElement[str]):
    """A column that holds JSON text, put into a list as the value it stands for."""

    type = Text()
    name = "json_text"
    inherit_cache = True


@compiles(RowList, "sqlite")
def _rows_sqlite(element: RowList, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **kw)}))"


@compiles(RowList, "postgresql")
def _rows_postgresql(element: RowList, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **kw)})) AS TEXT)"


@compiles(JsonText, "sqlite")
def _text_sqlite(element: JsonText, compiler: SQLCompiler, **kw: Any) -> str:
    return f"json({compiler.process(element.clauses, **kw)})"


@compiles(JsonText, "postgresql")
def _text_postgresql(element: JsonText, compiler: SQLCompiler, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AS JSON)"


def row_list(*columns: ColumnElement[Any]) -> Select[tuple[str]]:
    """A select that gives its rows as one JSON text; add from, where and joins as usual."""
    return select(RowList(*columns))


def rows_of(text: str | None) -> list[list[Any]]:
    """The rows that such a text holds."""
    return json.loads(text) if text and text != "[]" else []


class RowLists(Mapping[str, list[list[Any]]]):
    """Lists by their names, each taken out of its text when it is first asked for: most rules ask for few of them."""

    __slots__ = ("_read", "_texts")

    def __init__(self, texts: Mapping[str, str | None]) -> None:
        self._texts, self._read = texts, dict[str, list[list[Any]]]()

    def __getitem__(self, name: str) -> list[list[Any]]:
        if name not in self._read:
            self._read[name] = rows_of(self._texts[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)
