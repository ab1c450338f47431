"""A statement written out says what it said as it was composed, whatever stands in it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    create_engine,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from queries.written_out import ask, written_out

UNITS = Table("unit", MetaData(), Column("id", Integer), Column("name", String), Column("since", Date))
ROWS = [(1, "Xã 100%", date(2025, 7, 1)), (2, "Xã 'Thử' :name", date(1900, 1, 1)), (3, "Xã", date(2025, 7, 1))]
SINCE = UNITS.c.since >= bindparam("day")


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        UNITS.create(connection)
        connection.execute(insert(UNITS), [dict(zip(UNITS.c.keys(), row, strict=True)) for row in ROWS])
        yield connection


@pytest.mark.parametrize(
    ("composed", "values"),
    [
        (select(UNITS).where(SINCE), {"day": date(2025, 1, 1)}),
        (select(UNITS).where(SINCE, UNITS.c.name.like("%00\N{PERCENT SIGN}")), {"day": date(2025, 1, 1)}),
        (select(UNITS.c.id).where(UNITS.c.name == "Xã 'Thử' :name"), {}),
        (select(UNITS.c.id, literal(date(2025, 7, 1)).label("day")).where(UNITS.c.since == date(2025, 7, 1)), {}),
        (select(UNITS.c.id).where(UNITS.c.id.in_(bindparam("these", expanding=True)), SINCE), {"these": [1, 2, 9]}),
        (select(UNITS.c.id).where(UNITS.c.id.in_([2, 3])).limit(1).order_by(UNITS.c.id.desc()), {}),
    ],
)
def test_it_finds_the_same_rows(connection: Connection, composed: Select[Any], values: dict[str, Any]) -> None:
    values = {"day": date(1800, 1, 1), **values}
    expected = connection.execute(composed, values).mappings().all()
    assert expected
    assert ask(connection, composed, values).mappings().all() == expected


def test_only_what_is_asked_is_a_parameter() -> None:
    composed = select(UNITS.c.id).where(SINCE, UNITS.c.name == "Xã 100%")
    compiled = written_out(composed, PGDialect_psycopg).compile(dialect=PGDialect_psycopg())
    assert set(compiled.params) == {"day"}
    assert "unit.since >= %(day)s::DATE AND unit.name = 'Xã 100%%'" in str(compiled)


def test_what_would_be_read_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match="unit"):
        written_out(select(UNITS.c.id).where(UNITS.c.name == "\\"), PGDialect_psycopg)
