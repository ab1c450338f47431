"""The table of who gets what: asked of the application, written as CSV for people, and read back as what is expected.

A row is one way of asking one route; areas and states with the same answers share it. Columns are the offices.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from flask import Flask, templating
from sqlalchemy import Connection, Engine, event

from models.database import WRITING, begun
from tests.routes.cases import Case
from tests.routes.ground import AREAS, NOBODY, Somebody
from workflow.names import Role

FILE = Path(__file__).parents[1] / "golden" / "routes.csv"
PEOPLE = [role.value for role in Role]
HEAD = ["method", "route", "areas", *PEOPLE, NOBODY, "about"]
RENDERED_ONE_IN = 12
READS = ("SELECT", "BEGIN", "WITH", "PRAGMA", "ROLLBACK")

Key = tuple[str, str, str, str]  # method, route, about, area
Answers = dict[Key, dict[str, str]]


def ask(app: Flask, case: Case, who: Somebody) -> str:
    """The status of one case for one person."""
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": who.cookie}
    if case.method == "GET":
        answer = client.get(case.path, headers=headers)
    else:
        answer = client.post(case.path, headers=headers, data={**case.form, "csrf_token": who.token})
    answer.close()
    return str(answer.status_code)


@contextmanager
def undone(app: Flask) -> Iterator[None]:
    """Every act goes through to its end and is then undone, so that the next case stands on the same ground."""

    @contextmanager
    def act(engine: Engine) -> Iterator[Connection]:
        with begun(engine, WRITING) as connection:
            yield connection

    files = (
        patch("blueprints.desk.files.get", lambda *_: b"x"),
        patch("casework.register_files.as_pdf", lambda _: b"x"),
    )
    with patch("blueprints.database.unit_of_work", act), files[0], files[1]:
        yield


@contextmanager
def mostly_unwritten() -> Iterator[None]:
    """Only every twelfth page is written out: what decides who gets it has happened before that."""
    numbers, write = count(), templating._render

    def seldom(*given: Any) -> str:
        return write(*given) if next(numbers) % RENDERED_ONE_IN == 0 else ""

    with patch.object(templating, "_render", seldom):
        yield


@contextmanager
def writes(engine: Engine) -> Iterator[list[str]]:
    """Every statement that is not a reading one."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        if not given[2].lstrip().upper().startswith(READS):
            seen.append(given[2])

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


# --- as CSV ---


def written(answers: Answers) -> str:
    """The table as CSV text: one row for what many areas and states have in common."""
    shared: dict[tuple[str, ...], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for (method, route, about, area), by_name in answers.items():
        codes = tuple(by_name.get(name, "") for name in (*PEOPLE, NOBODY))
        shared[(method, route, *codes)][area].append(about)
    rows: list[list[str]] = []
    for shape, by_area in shared.items():
        alike: dict[str, list[str]] = defaultdict(list)
        for area, abouts in by_area.items():
            alike[", ".join(abouts)].append(area)
        rows += [[*shape[:2], " ".join(areas), *shape[2:], abouts] for abouts, areas in alike.items()]
    lines = io.StringIO()
    table = csv.writer(lines, lineterminator="\n")
    table.writerow(HEAD)
    rows.sort(key=_place)
    table.writerows(rows)
    return lines.getvalue()


def _place(row: list[str]) -> tuple[str, str, int, str]:
    method, route, areas = row[:3]
    return route, method, AREAS.index(areas.split(maxsplit=1)[0]), row[-1]


def expected() -> Answers:
    """What the table says, case by case."""
    found: Answers = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            codes = {name: row[name] for name in (*PEOPLE, NOBODY) if row[name]}
            for area in row["areas"].split():
                for about in row["about"].split(", "):
                    found[(row["method"], row["route"], about, area)] = codes
    return found


def answered(app: Flask, asked: Iterable[tuple[Case, Somebody]]) -> Answers:
    """What each case gives each person; whoever is nobody stands in the rows of the own area."""
    found: Answers = {}
    for case, who in asked:
        key = (case.method, case.route, case.about, who.area or "own")
        found.setdefault(key, {})[who.name] = ask(app, case, who)
    return found


def differences(found: Answers) -> list[str]:
    """Where the answers are not what the table says."""
    table = expected()
    return [
        f"{' '.join(key)}, {name}: {code} instead of {table.get(key, {}).get(name, 'no row')}"
        for key, by_name in found.items()
        for name, code in by_name.items()
        if table.get(key, {}).get(name) != code
    ]
