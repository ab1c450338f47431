"""Who gets what under every address is what the table says; a route without a row fails; looking writes nothing."""

import random
import shutil
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from casework.unit_of_work import reading
from tests.integration.rows import snapshot
from tests.routes.cases import Case, cases
from tests.routes.ground import Somebody, ground, somebodies
from tests.routes.table import answered, differences, expected, mostly_unwritten, undone, writes

ANEW = "python -m tests.golden.regenerate writes the table anew; read what changed before you keep it"
SAMPLE = 150
ELSEWHERE = 300
DICE = random.Random()


@pytest.fixture(scope="module")
def app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("routes")
    shutil.copyfile(sqlite_template, folder / "database.sqlite")
    with ground(f"sqlite:///{folder / 'database.sqlite'}", folder) as made:
        yield made


def pairs(app: Flask, method: str, some: random.Random) -> list[tuple[Case, Somebody]]:
    """Every case for the offices of the own area and for nobody; of the other areas a sample, new in each run."""
    people, asked = list(somebodies(app)), [case for case in cases(app) if case.method == method]
    near = [who for who in people if who.area in {"own", ""}]
    far = list(product(asked, [who for who in people if who not in near]))
    return [*product(asked, near), *some.sample(far, ELSEWHERE)]


def test_every_route_has_its_rows_and_every_row_its_route(app: Flask) -> None:
    there = {(case.method, case.route, case.about) for case in cases(app)}
    told = {(method, route, about) for method, route, about, _ in expected()}
    assert (sorted(there - told), sorted(told - there)) == ([], []), ANEW


def test_everybody_who_looks_gets_what_the_table_says_and_nothing_is_written(app: Flask) -> None:
    engine = app.extensions["engine"]
    changes: dict[int, int] = {}

    def count(connection: object, _record: object) -> None:
        changes[id(connection)] = connection.total_changes  # type: ignore[attr-defined]  # the driver's own count

    with reading(engine) as connection:
        before = snapshot(connection)
    event.listen(engine, "checkin", count)
    engine.dispose()
    with undone(app), mostly_unwritten(), writes(engine) as written:
        found = answered(app, pairs(app, "GET", DICE))
    event.remove(engine, "checkin", count)
    with reading(engine) as connection:
        assert snapshot(connection) == before
    assert (written, set(changes.values())) == ([], {0})
    assert differences(found) == [], ANEW


def test_everybody_who_acts_gets_what_the_table_says(app: Flask) -> None:
    with undone(app), mostly_unwritten():
        found = answered(app, pairs(app, "POST", DICE))
    assert differences(found) == [], ANEW


def test_a_sample_gets_the_same_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    with ground(postgresql_url, tmp_path) as app:
        chosen = DICE.sample(list(product(cases(app), somebodies(app))), SAMPLE)
        with undone(app):
            found = answered(app, chosen)
    assert differences(found) == [], ANEW
