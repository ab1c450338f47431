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

    __slots__ = ("_of", "_rows")

    def __init__(self, rows: Callable[[Column], list[Any]], of: Callable[[Column], T]) -> None:
        self._rows, self._of = rows, of

    def __getitem__(self, column: Column) -> T:
        if not self._rows(column):
            raise KeyError(column)
        return self._of(column)

    def __iter__(self) -> Iterator[Column]:
        return (column for column in Column if self._rows(column))

    def __len__(self) -> int:
        return len(list(iter(self)))


type_of_columns = tuple[Looked[dict[str, Answer]], Looked[frozenset[str]], Looked[frozenset[str]]]


def columns_of(read: Callable[[Column], list[list[Any]]], *, returned: bool) -> type_of_columns:
    """The three columns: values, what is found not met, what is explained; a column is read when a rule asks for it.

    After a return a verdict counts only while the commune has not entered another value since.
    """

    @cache
    def entered() -> Mapping[str, datetime]:
        return {code: moment_of_text(at) for code, *_, at in read(Column.COMMUNE)} if returned else {}

    @cache
    def look(column: Column) -> type_of_column:
        return _column_of(read(column), entered())

    return (
        Looked(read, lambda column: look(column)[0]),
        Looked(read, lambda column: look(column)[1]),
        Looked(read, lambda column: look(column)[2]),
    )


def _column_of(rows: list[list[Any]], entered: Mapping[str, datetime]) -> type_of_column:
    if entered:
        rows = [row for row in rows if row[0] not in entered or moment_of_text(row[5]) >= entered[row[0]]]
    return (
        {code: Answer(value, bool(absent)) for code, value, absent, *_ in rows},
        frozenset(row[0] for row in rows if row[3]),
        frozenset(row[0] for row in rows if row[4]),
    )
