"""The three columns of values as the rules see them, each worked out when a rule first looks at it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from queries.days import moment_of_text
from workflow.criteria import Answer
from workflow.names import Column

T = TypeVar("T")
type_of_column = tuple[dict[str, Answer], frozenset[str], frozenset[str]]


class Looked(Mapping[Column, T]):
    """One thing of each column that holds anything, worked out when it is first asked for."""

    __slots__ = ("_columns", "_of")

    def __init__(self, columns: Callable[[], frozenset[Column]], of: Callable[[Column], T]) -> None:
        self._columns, self._of = columns, of

    def __getitem__(self, column: Column) -> T:
        if column not in self._columns():
            raise KeyError(column)
        return self._of(column)

    def __iter__(self) -> Iterator[Column]:
        return iter(sorted(self._columns()))

    def __len__(self) -> int:
        return len(self._columns())


type_of_columns = tuple[Looked[dict[str, Answer]], Looked[frozenset[str]], Looked[frozenset[str]]]


def columns_of(read: Callable[[], list[list[Any]]], *, returned: bool) -> type_of_columns:
    """The three columns: values, what is found not met, what is explained; nothing is read before a rule asks.

    After a return a verdict counts only while the commune has not entered another value since.
    """

    @cache
    def entered() -> Mapping[str, datetime]:
        counted = read() if returned else ()
        return {code: moment_of_text(at) for column, code, *_, at in counted if column == Column.COMMUNE}

    @cache
    def look(column: Column) -> type_of_column:
        return _column_of([row for row in read() if row[0] == column], entered())

    @cache
    def columns() -> frozenset[Column]:
        return frozenset(Column(name) for name in {row[0] for row in read()})

    return (
        Looked(columns, lambda column: look(column)[0]),
        Looked(columns, lambda column: look(column)[1]),
        Looked(columns, lambda column: look(column)[2]),
    )


def _column_of(rows: list[list[Any]], entered: Mapping[str, datetime]) -> type_of_column:
    if entered:
        rows = [row for row in rows if row[1] not in entered or moment_of_text(row[6]) >= entered[row[1]]]
    return (
        {code: Answer(value, bool(absent)) for _, code, value, absent, *_ in rows},
        frozenset(row[1] for row in rows if row[4]),
        frozenset(row[1] for row in rows if row[5]),
    )
