"""Several papers of one kind in a dossier: what is said of one, and where it is listed, is not said of the others."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from casework.copying import Wanted, make_copy
from casework.door import Order, perform
from casework.issued_papers import Sending, note_dispatch
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import NumberSeries, Paper
from models.dossiers import Dossier
from models.places import Recognition
from queries.dossier import read_details
from queries.outgoing import waiting
from queries.titles import title_page
from tests import world
from tests.integration.acting import case
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import DocumentKind, Field, Role

pytestmark = ON_SQLITE
P, R, D = table_of(Paper), table_of(Recognition), table_of(Dossier)
CLERK, REVIEWER = world.PERSON[Role.RECORDS_CLERK], world.PERSON[Role.DISTRICT_REVIEWER]
DECIDED = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: world.TODAY}
NEXT_YEAR = datetime(2026, 3, 9, 2, tzinfo=UTC)
COPY = Wanted(DocumentKind.TRUE_COPY, world.CHAIRMAN, world.TODAY, ("Ủy ban nhân dân xã Thử 1",))


@pytest.fixture
def recognised(engine: Engine) -> Iterator[Engine]:
    """One dossier recognised by decision 218/QĐ-UBND, with series of copies and of the next year."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
        series = {"unit_id": world.PROVINCE, "paper_last": 217, "last": 217}
        for symbol, year in (("SAO-UBND", 2025), ("QĐ-UBND", 2026)):
            connection.execute(insert(table_of(NumberSeries)), {**series, "symbol": symbol, "year": year})
    act(engine, "recognise", world.CHAIRMAN, world.NOW, DECIDED)
    yield engine
    engine.dispose()


def act(engine: Engine, action: str, person: int, now: datetime, typed: dict[Field, Any]) -> None:
    with unit_of_work(engine) as connection:
        version = connection.execute(select(D.c.version)).scalar_one()
        perform(connection, Order(1, action, version, f"{action}-{version}", typed), person, now)


def replaced(engine: Engine, now: datetime, on: date) -> None:
    reason = {Field.REASON: "Ghi sai năm.", Field.SIGNED_ON: on, Field.YEAR_RECOGNISED: 2024}
    act(engine, "replace", world.CHAIRMAN, now, reason)


def announced(engine: Engine, now: datetime) -> None:
    act(engine, "announce", REVIEWER, now, {Field.ANNOUNCED_ON: now.date(), Field.ANNOUNCED_AT: "Nhà văn hóa"})


def titles(connection: Connection) -> list[Any]:
    ids = connection.execute(select(R.c.id).order_by(R.c.id)).scalars()
    return [title_page(connection, one, world.TODAY) for one in ids]


def test_the_decision_in_force_waits_for_its_announcement_and_not_the_one_before(recognised: Engine) -> None:
    with reading(recognised) as connection:
        assert [one.name for one in waiting(connection, {world.PROVINCE}).announcements] == ["218/QĐ-UBND"]
    replaced(recognised, world.NOW, world.TODAY)
    with reading(recognised) as connection:
        desk = waiting(connection, {world.PROVINCE})
    assert ([one.name for one in desk.announcements], desk.counts[2]) == (["219/QĐ-UBND"], 1)


def test_a_title_tells_of_the_announcement_of_its_own_decision(recognised: Engine) -> None:
    announced(recognised, world.NOW)
    replaced(recognised, world.NOW + timedelta(hours=1), world.TODAY)
    with reading(recognised) as connection:
        first, second = titles(connection)
    assert (first.title.decision, first.announced.on) == ("218/QĐ-UBND", world.TODAY)
    assert (second.title.decision, second.announced) == ("219/QĐ-UBND", None)


def test_two_decisions_with_one_number_in_two_years_are_each_the_paper_of_their_own_title(recognised: Engine) -> None:
    replaced(recognised, NEXT_YEAR, NEXT_YEAR.date())
    with unit_of_work(recognised) as connection:
        for kind, digest in (("decision", "1" * 64), ("replacement_decision", "2" * 64)):
            made = {"sha256": digest, "rendered_at": world.NOW, "pages": 2}
            connection.execute(update(P).where(P.c.kind == kind).values(made))
        first, second = titles(connection)
    assert first.title.decision == second.title.decision == "218/QĐ-UBND"
    assert [one.digest for one in (first, second)] == ["1" * 64, "2" * 64]


def test_every_copy_of_a_paper_stands_among_the_papers_of_its_dossier(recognised: Engine) -> None:
    with unit_of_work(recognised) as connection:
        decision = connection.execute(select(P.c.id).where(P.c.kind == "decision")).scalar_one()
        note_dispatch(connection, decision, Sending(3, world.TODAY), None, CLERK, world.NOW)
        first = make_copy(connection, decision, COPY, CLERK, world.NOW)
        make_copy(connection, decision, replace(COPY, seen=first), CLERK, world.NOW)
    file = case(recognised)
    with reading(recognised) as connection:
        papers = read_details(connection, file).papers
    assert [(one.number, one.symbol) for one in papers if one.kind == "true_copy"] == [
        (218, "SY-UBND"),
        (219, "SY-UBND"),
    ]
