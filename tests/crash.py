"""Many deciders at once, and a deciding process killed at random again and again: nothing lost or twice, no gap."""

import os
import random
import signal
import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select

from casework.audit import verify
from casework.door import Order, Receipt, perform
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.database import make_engine
from models.documents import Paper, PaperDossier
from models.dossiers import Dossier
from models.events import DossierEvent
from queries.facts import read_case
from tests import world
from workflow.names import Field

DECIDE = {Field.YEAR_RECOGNISED: 2024, Field.SIGNED_ON: date(2025, 3, 10)}
MOST_ACTS = 8
LONGEST_ACT_SECONDS = 0.05
PLANTED_AT_ONCE = 40
PAPER_LAST = 217


@dataclass(frozen=True, slots=True)
class Report:
    """What stood in the database after all kills."""

    kills: int
    confirmed: int
    decided: int


def decide_at_once(engine: Engine, count: int) -> None:
    """Let as many threads as there are dossiers decide at the same moment: numbers follow each other without a gap."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=count, paper_last=PAPER_LAST)
        planted = [world.plant(connection, world.FIRST_COMMUNE + n, "recommended", n + 1) for n in range(count)]
    barrier = threading.Barrier(count)
    receipts: list[Receipt] = []

    def decide(dossier: world.Planted) -> None:
        barrier.wait()
        with unit_of_work(engine) as connection:
            order = Order(dossier.id, "recognise", dossier.version, f"k{dossier.id}", DECIDE)
            receipts.append(perform(connection, order, world.CHAIRMAN, world.NOW))

    threads = [threading.Thread(target=decide, args=(dossier,)) for dossier in planted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.number or 0 for one in receipts) == list(range(PAPER_LAST + 1, PAPER_LAST + 1 + count))
    with reading(engine) as connection:
        assert verify(connection).findings == ()


def kill_many(url: str, kills: int, seed: int, told: Path) -> Report:
    """Let a child decide one dossier after the other and kill it at a random moment, so many times; then check all."""
    dice = random.Random(seed)
    planted: list[int] = []
    for _ in range(kills):
        if len(_undecided(url)) <= 2 * MOST_ACTS:  # more than a child decides in its life
            _plant_more(url, planted)
        _live_and_die(url, told, dice)
    return check(url, told, kills)


def _undecided(url: str) -> list[tuple[int, int]]:
    engine = make_engine(url)
    table = table_of(Dossier)
    with reading(engine) as connection:
        rows = connection.execute(select(table.c.id, table.c.version).where(table.c.state == "recommended")).all()
    engine.dispose()
    return [(row.id, row.version) for row in rows]


def _plant_more(url: str, planted: list[int]) -> None:
    engine = make_engine(url)
    with unit_of_work(engine) as connection:
        if not planted:
            world.found(connection, paper_last=PAPER_LAST)
        for number in range(len(planted) + 1, len(planted) + PLANTED_AT_ONCE + 1):
            world.add_commune(connection, number)
            world.plant(connection, world.FIRST_COMMUNE + number, "recommended", number)
            planted.append(number)
    engine.dispose()


def _live_and_die(url: str, told: Path, dice: random.Random) -> None:
    """Let the child confirm some acts, then kill it at a random moment of the next one, however slow the machine is."""
    waiting = _undecided(url)
    confirmed, confirms = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            _decide_all(url, waiting, told, confirms)
        except Exception:  # noqa: BLE001 - whatever it met is shown, and it ends
            traceback.print_exc()
        finally:
            os._exit(1)  # whatever happens: a child that came back would go on with the tests
    os.close(confirms)
    lasted = 0.0
    for _ in range(1 + dice.randint(0, MOST_ACTS)):  # the first word is that the child is ready
        start = time.perf_counter()
        assert os.read(confirmed, 1), "the child has ended by itself"
        lasted = time.perf_counter() - start
    time.sleep(dice.uniform(0, 1.2 * min(lasted, LONGEST_ACT_SECONDS)))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(confirmed)


def _decide_all(url: str, waiting: list[tuple[int, int]], told: Path, confirms: int) -> None:
    """The child's whole life: connect, say so, decide; each decision is written down and told once it is confirmed."""
    engine = make_engine(url)
    with reading(engine) as connection:
        read_case(connection, waiting[0][0], world.CHAIRMAN, world.TODAY)
    paper = os.open(told, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(confirms, b".")
    for dossier_id, version in waiting:
        with unit_of_work(engine) as connection:
            order = Order(dossier_id, "recognise", version, f"decide-{dossier_id}", DECIDE)
            receipt = perform(connection, order, world.CHAIRMAN, world.NOW)
        os.write(paper, f"{dossier_id} {receipt.number}\n".encode())
        os.write(confirms, b".")


def check(url: str, told: Path, kills: int) -> Report:
    """What was confirmed is there, each dossier is decided once, numbers run without a gap, every chain is whole."""
    engine = make_engine(url)
    papers, events = table_of(Paper), table_of(DossierEvent)
    with reading(engine) as connection:
        of = table_of(PaperDossier)
        given = select(of.c.dossier_id, papers.c.number).join(papers, papers.c.id == of.c.paper_id)
        given = given.where(papers.c.number.is_not(None))
        numbers = {row.dossier_id: row.number for row in connection.execute(given)}
        decided = connection.execute(select(events.c.dossier_id).where(events.c.type == "recognised")).scalars().all()
        verdict = verify(connection)
    engine.dispose()
    lines = told.read_text().splitlines() if told.exists() else []
    confirmed = [tuple(map(int, line.split())) for line in lines]
    assert verdict.findings == (), verdict.findings
    assert sorted(numbers.values()) == list(range(PAPER_LAST + 1, PAPER_LAST + 1 + len(numbers)))
    assert max(Counter(decided).values(), default=1) == 1
    assert set(decided) == set(numbers)
    assert [pair for pair in confirmed if numbers.get(pair[0]) != pair[1]] == []
    return Report(kills, len(confirmed), len(numbers))
