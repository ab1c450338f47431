"""Print every figure beside its floor: script/bench [--json] [--only NAME]. Exit status 1 when a limit is not kept."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import migrations
from tests import database
from tests.bench import decisions, inboxes, pages, papers, serving, signatures, transitions
from tests.bench.figures import Figure

HOME = Path(__file__).parents[2]


@contextmanager
def on_sqlite() -> Iterator[str]:
    """A migrated SQLite file on the disk of the project, not in memory."""
    with tempfile.TemporaryDirectory(prefix="instance-bench-", dir=HOME) as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrations.upgrade(url)
        yield url


@contextmanager
def on_postgresql() -> Iterator[str]:
    """A migrated database of a PostgreSQL server whose commits reach the disk."""
    os.environ["TEST_POSTGRESQL_FSYNC"] = "on"
    server = database.start_server()
    try:
        url = database.create_database(server.url("postgres"), "bench")
        migrations.upgrade(url)
        yield url
    finally:
        server.stop()


def _transitions() -> Iterator[Figure]:
    with on_postgresql() as url:
        yield transitions.measure(url, 1.3)
        yield transitions.measure_two_processes(url, 1.3)
    with on_sqlite() as url:
        yield transitions.measure(url, 2.5)


def _inboxes() -> Iterator[Figure]:
    with on_sqlite() as url:
        yield from inboxes.measure(url)
    with on_postgresql() as url:
        yield from inboxes.measure(url)


def _pages() -> Iterator[Figure]:
    with on_sqlite() as url:
        yield from pages.measure(url)


MEASURES: dict[str, Callable[[], Iterator[Figure] | list[Figure]]] = {
    "decisions": decisions.measure,
    "transitions": _transitions,
    "inboxes": _inboxes,
    "serving": serving.measure,
    "signatures": signatures.measure,
    "pages": _pages,
    "papers": papers.measure,
    "papers-full": papers.measure_all,
}
ON_REQUEST = {"papers-full"}  # the same as a shorter one, with the full counts


def show(figure: Figure) -> None:
    """Print one figure as a line of the table."""
    floor = "" if figure.floor is None else f"{figure.floor:10.3f}"
    ratio = "" if figure.ratio is None else f"{figure.ratio:6.2f}x"
    limit = f"{figure.limit:g}{'x' if figure.ratio is not None else ' ' + figure.unit}"
    verdict = "ok" if figure.ok else "OVER"
    value = f"{figure.value:10.3f} {figure.unit:3}"
    print(f"{figure.name:58} {value} {floor:>10} {ratio:>7}  {limit:>8}  {verdict}", flush=True)


def main() -> int:
    """Measure what is asked for and print it as a table or as JSON."""
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=MEASURES, action="append")
    asked = parser.parse_args()
    if not asked.json:
        print(f"{'figure':58} {'value':>14} {'floor':>10} {'ratio':>7}  {'at most':>8}")
    figures = []
    for name in asked.only or [name for name in MEASURES if name not in ON_REQUEST]:
        for figure in MEASURES[name]():
            figures.append(figure)
            if not asked.json:
                show(figure)
    if asked.json:
        names = ("name", "value", "unit", "floor", "ratio", "limit", "ok")
        print(json.dumps([{each: getattr(figure, each) for each in names} for figure in figures], indent=2))
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
