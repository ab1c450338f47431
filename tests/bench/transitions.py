"""One transition through the door against hand-written SQL, alone and from two processes at once."""

import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import make_url

from casework.door import Order, perform
from casework.unit_of_work import unit_of_work
from models.database import SQLITE_PRAGMAS, make_engine
from tests import world
from tests.bench import floor
from tests.bench.figures import Figure, against

ROUNDS = 7
EACH = 20
WARM = 10
WARM_EACH = 3
VERSION = 5
type_of_dossiers = list[tuple[int, int]]


def measure(url: str, limit: float) -> Figure:
    """The door and the floor in turn on the same file or server, medians over the rounds."""
    dossiers = _planted(url, 2 * (ROUNDS * EACH + WARM))
    with connected(url) as plain:
        engine = make_engine(url)
        _ours(engine, dossiers, WARM)
        _floor(plain, dossiers, WARM)
        ours, floors = [], []
        for _ in range(ROUNDS):
            ours.append(_ours(engine, dossiers, EACH))
            floors.append(_floor(plain, dossiers, EACH))
        engine.dispose()
    return against(f"transition, {make_url(url).get_backend_name()}", ours, floors, limit)


def measure_two_processes(url: str, limit: float) -> Figure:
    """The same from two processes at once, against the floor from two processes at once."""
    dossiers = _planted(url, 4 * (ROUNDS * EACH + WARM))
    ours, floors = [], []
    for _ in range(ROUNDS):
        ours.append(_both(_many_of_ours, url, dossiers))
        floors.append(_both(_many_of_the_floor, url, dossiers))
    return against("transition, two processes, postgresql", ours, floors, limit)


def _planted(url: str, count: int) -> type_of_dossiers:
    engine = make_engine(url)
    dossiers = []
    with unit_of_work(engine) as connection:
        first = world.count_communes(connection)
        if not first:
            world.found(connection)
            first = 1
        for number in range(first, first + count):
            unit = world.add_commune(connection, number)
            person = world.add_commune_chairman(connection, unit)
            world.plant(connection, unit, "commune_ready", number + 1)
            dossiers.append((number + 1, person))
    engine.dispose()
    return dossiers


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A connection of the plain driver, set up as the application sets up its own."""
    if url.startswith("sqlite"):
        plain = sqlite3.connect(str(make_url(url).database), isolation_level=None)
        for pragma in SQLITE_PRAGMAS:
            plain.execute(f"PRAGMA {pragma}")
        yield plain
        plain.close()
    else:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            yield connection


def _ours(engine: Any, dossiers: type_of_dossiers, times: int) -> float:
    chosen = [dossiers.pop() for _ in range(times)]
    start = time.perf_counter()
    for dossier_id, person in chosen:
        with unit_of_work(engine) as connection:
            perform(connection, Order(dossier_id, "submit", VERSION, f"k{dossier_id}"), person, world.NOW)
    return (time.perf_counter() - start) / times


def _floor(plain: Any, dossiers: type_of_dossiers, times: int) -> float:
    chosen = [dossiers.pop() for _ in range(times)]
    start = time.perf_counter()
    for dossier_id, person in chosen:
        floor.submit(plain, dossier_id, VERSION, person, f"k{dossier_id}", world.NOW)
    return (time.perf_counter() - start) / times


def _both(work: Any, url: str, dossiers: type_of_dossiers) -> float:
    context = multiprocessing.get_context("fork")
    results: Any = context.Queue()
    barrier = context.Barrier(2)
    shares = [[dossiers.pop() for _ in range(EACH)] for _ in range(2)]
    processes = [context.Process(target=work, args=(url, share, barrier, results)) for share in shares]
    for process in processes:
        process.start()
    spans = [results.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    return (max(end for _, end in spans) - min(start for start, _ in spans)) / (2 * (EACH - WARM_EACH))


def _many_of_ours(url: str, share: type_of_dossiers, barrier: Any, results: Any) -> None:
    engine = make_engine(url)
    _ours(engine, share, WARM_EACH)
    barrier.wait()
    start = time.perf_counter()
    _ours(engine, share, len(share))
    results.put((start, time.perf_counter()))


def _many_of_the_floor(url: str, share: type_of_dossiers, barrier: Any, results: Any) -> None:
    with connected(url) as plain:
        _floor(plain, share, WARM_EACH)
        barrier.wait()
        start = time.perf_counter()
        _floor(plain, share, len(share))
        results.put((start, time.perf_counter()))
