"""What the database and the door promise of copies: numbers in common without a gap, each of what may be copied so."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from casework.copying import Wanted, make_copy
from casework.door import Order, perform
from casework.errors import NotFound, Refused
from casework.issued_papers import Sending, note_dispatch
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import CopyMade, NumberSeries, Paper, PaperRelation
from tests import crash, world
from workflow.copies import against_form, forms_of
from workflow.names import DocumentKind, Role

P, N, B, M = (table_of(one) for one in (Paper, NumberSeries, PaperRelation, CopyMade))
CLERK, CHAIRMAN = world.PERSON[Role.RECORDS_CLERK], world.CHAIRMAN
SERIES = {"unit_id": world.PROVINCE, "symbol": "SAO-UBND", "year": 2025, "paper_last": 14, "last": 14}
WANTED = Wanted(DocumentKind.TRUE_COPY, CHAIRMAN, world.TODAY, ("Ủy ban nhân dân xã Thử 1",))
MANY = 12


@pytest.fixture
def decided(engine: Engine) -> Iterator[Engine]:
    """Two decisions that went out, signed by hand, and the series of copies open at 14."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=2)
        for number in (1, 2):
            planted = world.plant(connection, world.FIRST_COMMUNE + number - 1, "recommended", number)
            order = Order(planted.id, "recognise", planted.version, f"k{number}", crash.DECIDE)
            perform(connection, order, CHAIRMAN, world.NOW)
        connection.execute(insert(N), SERIES)
        for paper in decisions(connection):
            note_dispatch(connection, paper, Sending(3, world.TODAY), None, CLERK, world.NOW)
    yield engine
    engine.dispose()


def decisions(connection: Connection) -> list[int]:
    listed = select(P.c.id).where(P.c.kind == "decision").order_by(P.c.id)
    return [row.id for row in connection.execute(listed)]


def copy(connection: Connection, paper: int, wanted: Wanted = WANTED, person: int = CLERK) -> int:
    last = connection.execute(
        select(B.c.paper_id).where(B.c.other_id == paper, B.c.relation == "copies").order_by(B.c.paper_id.desc())
    ).scalar()
    return make_copy(connection, paper, replace(wanted, seen=last or 0), person, world.NOW + timedelta(hours=1))


def test_copies_made_at_once_have_the_next_numbers_without_a_gap(decided: Engine) -> None:
    with reading(decided) as connection:
        papers = decisions(connection)

    def make(turn: int) -> None:
        for _ in range(MANY * 2):  # a page that another clerk's copy made old is opened anew
            with suppress(Refused), unit_of_work(decided) as connection:
                copy(connection, papers[turn % 2])
                return
        raise AssertionError("no copy was made")

    with ThreadPoolExecutor(4) as clerks:
        list(clerks.map(make, range(MANY)))
    with reading(decided) as connection:
        numbers = [row.number for row in connection.execute(select(P.c.number).where(P.c.kind == "true_copy"))]
        last = connection.execute(select(N.c.last).where(N.c.symbol == "SAO-UBND")).scalar_one()
    assert sorted(numbers) == list(range(15, 15 + MANY))
    assert last == 14 + MANY


def test_a_copy_that_is_refused_takes_no_number_and_all_forms_share_one_series(decided: Engine) -> None:
    with unit_of_work(decided) as connection:
        first = copy(connection, 1)
        note_dispatch(connection, first, Sending(1, world.TODAY), None, CLERK, world.NOW + timedelta(hours=1))
        copy(connection, first, replace(WANTED, form=DocumentKind.COPY_OF_COPY))
        copy(connection, 1, replace(WANTED, form=DocumentKind.EXTRACT, pages=(1,)))
        for paper, form, code in (
            (1, DocumentKind.COPY_OF_COPY, "copy.only_of_true_copy"),
            (first, DocumentKind.TRUE_COPY, "copy.only_of_original"),
            (first, DocumentKind.EXTRACT, "copy.only_of_original"),
            (first + 1, DocumentKind.COPY_OF_COPY, "copy.not_issued"),
            (2, DocumentKind.TRUE_COPY, "copy.not_issued"),
        ):
            with pytest.raises(Refused) as refused:
                copy(connection, paper, replace(WANTED, form=form))
            assert code in [one.code for one in refused.value.refusals]
        with pytest.raises(Refused, match=r"copy\.signer"):
            copy(connection, 1, replace(WANTED, signer_id=CLERK))
        with pytest.raises(Refused, match=r"copy\.not_clerk"):
            copy(connection, 1, person=CHAIRMAN)
        with pytest.raises(NotFound):
            copy(connection, 99)
        rows = connection.execute(
            select(P.c.number, P.c.symbol, P.c.person_id, M.c.person_id.label("maker"))
            .join(M, M.c.paper_id == P.c.id)
            .order_by(P.c.number)
        )
        assert [tuple(row) for row in rows] == [
            (15, "SY-UBND", CHAIRMAN, CLERK),
            (16, "SL-UBND", CHAIRMAN, CLERK),
            (17, "TrS-UBND", CHAIRMAN, CLERK),
        ]


NUMBERED = "INSERT INTO paper (event_id, kind, edition, unit_id, symbol, year, number, signed_on, code, context, "
NUMBERED += "template_version, person_id, at) VALUES (1, 'extract', 9, 1, '{}', 2025, {}, '2025-03-10', 'x', 'x', 1, "
BOND = "INSERT INTO paper_relation (paper_id, other_id, relation) VALUES ({}, {}, 'copies')"
UNNUMBERED = "INSERT INTO paper (event_id, kind, edition, unit_id, symbol, context, template_version, person_id, at) "


@pytest.mark.parametrize(
    "statement",
    [
        BOND.format(1, 3),
        BOND.format("{copy}", 3),
        BOND.format("{copy}", "{copy}"),
        "UPDATE copy_made SET person_id = 1",
        "DELETE FROM copy_made",
        f"{UNNUMBERED} VALUES (1, 'true_copy', 9, 1, 'SY-UBND', 'x', 1, 1, '2025-03-10')",
        f"{NUMBERED.format('TrS-UBND', 15)} 1, '2025-03-10')",
        f"{NUMBERED.format('SY-UBND', 99)} 1, '2025-03-10')",
    ],
)
def test_the_database_refuses_what_no_copy_can_be(decided: Engine, statement: str) -> None:
    with unit_of_work(decided) as connection:
        made = copy(connection, 1)
    with pytest.raises(IntegrityError), unit_of_work(decided) as connection:
        connection.exec_driver_sql(statement.format(copy=made))


def test_each_kind_says_how_it_may_be_copied() -> None:
    assert forms_of(DocumentKind.DECISION) == (DocumentKind.TRUE_COPY, DocumentKind.EXTRACT)
    assert forms_of(DocumentKind.TRUE_COPY) == (DocumentKind.COPY_OF_COPY,)
    assert forms_of(DocumentKind.EXTRACT) == forms_of(DocumentKind.COPY_OF_COPY) == ()
    assert against_form(DocumentKind.PROPOSAL, DocumentKind.TRUE_COPY) is None
