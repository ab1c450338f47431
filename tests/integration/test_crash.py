"""The process is killed inside the act; what was confirmed stays, nothing happens twice, numbers keep no gap."""

import threading
from pathlib import Path

from sqlalchemy import Engine

from casework.audit import verify
from casework.door import Order, Receipt, perform
from casework.unit_of_work import reading, unit_of_work
from tests import crash, world

DECIDERS = 200


def test_a_process_killed_again_and_again_leaves_a_whole_book(database_url: str, tmp_path: Path) -> None:
    report = crash.kill_many(database_url, kills=20, seed=1, told=tmp_path / "told")
    assert report.decided >= report.confirmed > 0


def test_two_hundred_deciders_at_once_take_numbers_without_a_gap(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection, communes=DECIDERS)
        planted = [world.plant(connection, world.FIRST_COMMUNE + n, "recommended", n + 1) for n in range(DECIDERS)]
    barrier = threading.Barrier(DECIDERS)
    receipts: list[Receipt] = []

    def decide(dossier: world.Planted) -> None:
        barrier.wait()
        with unit_of_work(engine) as connection:
            order = Order(dossier.id, "recognise", dossier.version, f"k{dossier.id}", crash.DECIDE)
            receipts.append(perform(connection, order, world.CHAIRMAN, world.NOW))

    threads = [threading.Thread(target=decide, args=(dossier,)) for dossier in planted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.number or 0 for receipt in receipts) == list(range(218, 218 + DECIDERS))
    with reading(engine) as connection:
        assert verify(connection).findings == ()
