"""Opening a dossier: once for one request, only for a commune that exists, under a code of its own."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from casework.door import Receipt
from casework.errors import KeyReused, NotFound, Refused
from casework.opening import Opening, open_dossier
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.people import RoleGrant
from models.places import AdminUnit
from tests import world
from workflow.names import Level, Role, Subject

U = table_of(AdminUnit)
OFFICER, FIRST, SECOND = world.PERSON[Role.COMMUNE_OFFICER], world.FIRST_COMMUNE, world.FIRST_COMMUNE + 1


@pytest.fixture(autouse=True)
def two_communes(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection, communes=2)
        grant = {"person_id": OFFICER, "role": "commune_officer", "unit_id": SECOND, "valid_from": date(2020, 1, 1)}
        connection.execute(insert(table_of(RoleGrant)), grant)


def open_for(engine: Engine, unit: int = FIRST, key: str = "key", now: datetime = world.NOW) -> Receipt:
    with unit_of_work(engine) as connection:
        return open_dossier(connection, Opening(unit, Subject.COMMUNE, Level.STANDARD, key), OFFICER, now)


def change(engine: Engine, how: Callable[[Connection], object]) -> None:
    with unit_of_work(engine) as connection:
        how(connection)


def test_a_request_sent_twice_at_once_is_one_dossier(engine: Engine) -> None:
    barrier, receipts = threading.Barrier(4), list[Receipt]()

    def send() -> None:
        barrier.wait()
        receipts.append(open_for(engine))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.repeated for receipt in receipts) == [False, True, True, True]
    assert len({receipt.dossier_id for receipt in receipts}) == 1


def test_a_key_does_not_give_out_the_dossier_of_another_unit(engine: Engine) -> None:
    open_for(engine, FIRST)
    with pytest.raises(KeyReused):
        open_for(engine, SECOND)


def test_a_unit_that_took_over_an_official_code_gets_dossier_codes_of_its_own(engine: Engine) -> None:
    open_for(engine, FIRST, "old")
    code = select(U.c.code).where(U.c.id == FIRST).scalar_subquery()
    change(engine, lambda c: c.execute(update(U).where(U.c.id == FIRST).values(valid_to=date(2025, 3, 9))))
    change(
        engine,
        lambda c: c.execute(update(U).where(U.c.id == SECOND).values(code=code, valid_from=date(2025, 3, 10))),
    )
    open_for(engine, SECOND, "new")
    with reading(engine) as connection:
        codes = connection.execute(select(table_of(Dossier).c.code).order_by("id")).scalars().all()
    assert codes == ["c00000-2025-01", "c00000-2025-02"]


@pytest.mark.parametrize("kind", ["phường", "thị trấn"])
def test_a_ward_or_township_is_not_recognised_as_a_rural_commune(engine: Engine, kind: str) -> None:
    change(engine, lambda c: c.execute(update(U).where(U.c.id == FIRST).values(kind=kind)))
    with pytest.raises(Refused) as refused:
        open_for(engine)
    assert [refusal.code for refusal in refused.value.refusals] == ["opening.no_commune"]


def test_a_unit_is_not_there_before_its_first_day_in_vietnam(engine: Engine) -> None:
    change(engine, lambda c: c.execute(update(U).where(U.c.id == FIRST).values(valid_from=date(2025, 3, 11))))
    with pytest.raises(NotFound):
        open_for(engine, now=datetime(2025, 3, 10, 16, 59, tzinfo=UTC))
    assert not open_for(engine, now=datetime(2025, 3, 10, 17, tzinfo=UTC)).repeated
