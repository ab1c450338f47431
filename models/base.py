"""What all tables share: how they are declared and named, exact time in UTC, canonical JSON text, closed lists.

A table is declared as a class, since that reads well. Nothing of the object mapper is loaded for it: nobody would use
it, and every process would wait for it.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from inspect import get_annotations
from typing import Any, ClassVar, NamedTuple, get_args

from sqlalchemy import Boolean, CheckConstraint, Column, Date, DateTime, Dialect, Integer, MetaData, String, Table, Text
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


TYPES = {bool: Boolean, int: Integer, str: String, date: Date}


class Declared(NamedTuple):
    """What `column` was told, until its table is made."""

    words: tuple[Any, ...]
    more: dict[str, Any]


def column(*words: Any, **more: Any) -> Any:
    """A column of which its annotation does not say all: its type, its key, its default, as SQLAlchemy's has them."""
    return Declared(words, more)


class Base:
    """The root of all tables: annotated names are columns, those of a shared part after the table's own."""

    metadata: ClassVar = MetaData(naming_convention=NAMING)
    __tablename__: ClassVar[str]
    __table_args__: ClassVar[tuple[SchemaItem, ...]] = ()
    __table__: ClassVar[Table]

    def __init_subclass__(cls) -> None:
        """Make the table of the class."""
        parts = [part for part in cls.__mro__ if part not in {Base, object}]
        columns = [one for part in parts for one in _columns(part)]
        cls.__table__ = Table(cls.__tablename__, cls.metadata, *columns, *cls.__table_args__)


def _columns(part: type) -> Iterator[Column[Any]]:
    """The columns that a class declares itself: `int | None` may be empty, `int` may not."""
    for name, annotation in get_annotations(part).items():
        words, more = getattr(part, name, Declared((), {}))
        kinds = get_args(annotation)
        optional = type(None) in kinds
        yield Column(name, *(words or (TYPES[kinds[0] if optional else annotation],)), **{"nullable": optional, **more})


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; SQLite keeps no zone, so it is left away there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A value kept as canonical JSON text: sorted keys, no spaces, so that equal values are equal bytes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        """Write canonically."""
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> Any:
        """Read back."""
        return None if value is None else json.loads(value)


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> str:
    """A value as canonical JSON text."""
    return _CANONICAL.encode(value)


def word(length: int = 40) -> String:
    """The type of a column that holds a name of a closed list."""
    return String(length)


def among(column: str, names: type[StrEnum], name: str | None = None) -> CheckConstraint:
    """A check that a column holds one of the names of a list."""
    listed = ", ".join(f"'{item.value}'" for item in names)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


def table_of(model: type[Base]) -> Table:
    """The table that a class declares, for the statements that casework and queries speak."""
    return model.__table__
