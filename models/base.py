"""What all tables share: naming of constraints, exact time in UTC, canonical JSON text, closed lists as checks."""

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, String, Table, Text
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMING)


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


def canonical(value: object) -> str:
    """A value as canonical JSON text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def word(length: int = 40) -> String:
    """The type of a column that holds a name of a closed list."""
    return String(length)


def among(column: str, names: type[StrEnum], name: str | None = None) -> CheckConstraint:
    """A check that a column holds one of the names of a list."""
    listed = ", ".join(f"'{item.value}'" for item in names)
    return CheckConstraint(f"{column} IN ({listed})", name=name or f"{column}_known")


def table_of(model: type[Base]) -> Table:
    """The table that a class declares, for the statements that casework and queries speak."""
    return cast(Table, model.__table__)
