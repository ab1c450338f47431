"""Who gets what under every address is what the table says; a route without a row fails; looking writes nothing.

Every office of the own area asks every route in a state drawn anew in each run, and every answer that the table knows
of a route is asked for; `script/soak --only routes` asks as everybody everywhere in all states.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from sqlalchemy import event

from casework.unit_of_work import reading
from tests.integration.rows import snapshot
from tests.routes.cases import Case, cases
from tests.routes.ground import Somebody, ground, somebodies
from tests.routes.table import Answers, answered, differences, expected, mostly_unwritten, undone, writes

ANEW = "python -m tests.golden.regenerate writes the table anew; read what changed before you keep it"
SAMPLE = 80
ELSEWHERE = 80


@pytest.fixture(scope="module")
def app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("routes")
    shutil.copyfile(sqlite_template, folder / "database.sqlite")
    with ground(f"sqlite:///{folder / 'database.sqlite'}", folder) as made:
        yield made


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> Random:
    """Return the dice of the run, which the run prints, so that it can be repeated."""
    return Random(request.config.getoption("randomly_seed", 0))


def pairs(app: Flask, method: str, dice: Random) -> list[tuple[Case, Somebody]]:
    """Every route for each office of the own area and for nobody, and for each of its answers; elsewhere a sample."""
    people = list(somebodies(app))
    near = [who for who in people if who.area in {"own", ""}]
    of_route: dict[str, list[Case]] = defaultdict(list)
    for case in cases(app):
        if case.method == method:
            of_route[case.route].append(case)
    here = [one for asked in of_route.values() for one in drawn(asked, near, dice)]
    far = product((case for asked in of_route.values() for case in asked), (who for who in people if who not in near))
    return [*here, *dice.sample(list(far), ELSEWHERE)]


def drawn(asked: list[Case], near: list[Somebody], dice: Random) -> list[tuple[Case, Somebody]]:
    """One case of a route for each person, and one for each answer of the table that was not among those."""
    found = [(dice.choice(asked), who) for who in near]
    by_answer: dict[str, list[tuple[Case, Somebody]]] = defaultdict(list)
    for case, who in product(asked, near):
        by_answer[foretold(case, who)].append((case, who))
    for case, who in found:
        by_answer.pop(foretold(case, who), None)
    return [*found, *map(dice.choice, by_answer.values())]


def foretold(case: Case, who: Somebody) -> str:
    """The status that the table says; "" where it has no row."""
    return table().get((case.method, case.route, case.about, "own"), {}).get(who.name, "")


@cache
def table() -> Answers:
    return expected()


def test_every_route_has_its_rows_and_every_row_its_route(app: Flask) -> None:
    there = {(case.method, case.route, case.about) for case in cases(app)}
    told = {(method, route, about) for method, route, about, _ in expected()}
    assert (sorted(there - told), sorted(told - there)) == ([], []), ANEW


def test_everybody_who_looks_gets_what_the_table_says_and_nothing_is_written(app: Flask, dice: Random) -> None:
    engine = app.extensions["engine"]
    changes: dict[int, int] = {}

    def count(connection: object, _record: object) -> None:
        changes[id(connection)] = connection.total_changes  # type: ignore[attr-defined]  # the driver's own count

    with reading(engine) as connection:
        before = snapshot(connection)
    event.listen(engine, "checkin", count)
    engine.dispose()
    with undone(app), mostly_unwritten(), writes(engine) as written:
        found = answered(app, pairs(app, "GET", dice))
    event.remove(engine, "checkin", count)
    with reading(engine) as connection:
        assert snapshot(connection) == before
    assert (written, set(changes.values())) == ([], {0})
    assert differences(found) == [], ANEW


def test_everybody_who_acts_gets_what_the_table_says(app: Flask, dice: Random) -> None:
    with undone(app), mostly_unwritten():
        found = answered(app, pairs(app, "POST", dice))
    assert differences(found) == [], ANEW


def test_a_sample_gets_the_same_on_postgresql(postgresql_url: str, tmp_path: Path, dice: Random) -> None:
    with ground(postgresql_url, tmp_path) as app:
        chosen = dice.sample(list(product(cases(app), somebodies(app))), SAMPLE)
        with undone(app):
            found = answered(app, chosen)
    assert differences(found) == [], ANEW
