"""Run the full counts and print them: script/soak [--only NAME] [--seed N]."""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from pathlib import Path

import migrations
from documents.signing.office import Level
from models.database import make_engine
from tests import crash, database, tampering
from tests.photographs import photographed
from tests.property.deadline_oracle import compare_random_histories
from tests.property.policy_oracle import compare_random_policies
from tests.property.walks import walk_randomly
from tests.routes.cases import cases
from tests.routes.ground import ground, somebodies
from tests.routes.table import answered, differences, undone
from tests.signed_paper import missed_flips
from tests.unit.documents.paper import SAMPLES, printed_elsewhere, rendered, sample

FULL = 100_000
KILLS = 1_000
TAMPERINGS = 10_000
DECIDERS = 200
PHOTOGRAPHS = 200
FLIPS = 10_000
DATABASES = ("sqlite", "postgresql")


@contextmanager
def durable(kind: str, folder: Path) -> Iterator[str]:
    """A migrated database whose commits reach the disk."""
    if kind == "sqlite":
        url = f"sqlite:///{folder / 'soak.db'}"
        migrations.upgrade(url)
        yield url
        return
    os.environ["TEST_POSTGRESQL_FSYNC"] = "on"
    server = database.start_server()
    try:
        url = database.create_database(server.url("postgres"), "soak")
        migrations.upgrade(url)
        yield url
    finally:
        server.stop()


def kill(kind: str, seed: int) -> str:
    """End the deciding process 1,000 times at random inside its acts, and check what is left."""
    with tempfile.TemporaryDirectory() as name, durable(kind, Path(name)) as url:
        report = crash.kill_many(url, KILLS, seed, Path(name) / "told")
    return f"{report.kills} kills, {report.decided} decisions, {report.confirmed} of them confirmed before the kill"


def decide(kind: str, _seed: int) -> str:
    """Let 200 people decide 200 dossiers at the same moment."""
    with tempfile.TemporaryDirectory() as name, durable(kind, Path(name)) as url:
        engine = make_engine(url)
        crash.decide_at_once(engine, DECIDERS)
        engine.dispose()
    return f"{DECIDERS} decisions at once, numbers without a gap"


def tamper(seed: int) -> str:
    """Tamper with an anchored record 10,000 times and have the stand-alone check find it."""
    with tempfile.TemporaryDirectory() as name, durable("sqlite", Path(name)) as url:
        engine = make_engine(url)
        tampering.plant(engine)
        found = tampering.tamper_many(tampering.export(engine), TAMPERINGS, seed)
        engine.dispose()
    assert sum(found.values()) == TAMPERINGS, found
    return f"{TAMPERINGS:,} tries, all found: " + ", ".join(f"{count:,} {what}" for what, count in found.items())


def walks(seed: int) -> str:
    """Walk the procedures in random orders for 100,000 steps."""
    return ", ".join(f"{count:,} {what}" for what, count in walk_randomly(FULL, seed).items())


def routes(_seed: int) -> str:
    """Ask every address as everybody in every area and state."""
    with tempfile.TemporaryDirectory() as name, durable("sqlite", Path(name)) as url, ground(url, Path(name)) as app:
        asked = list(product(cases(app), somebodies(app)))
        with undone(app):
            found = differences(answered(app, asked))
    assert not found, found
    return f"{len(asked):,} answers, all as the table says"


def photographs(seed: int) -> str:
    """Photograph 200 printed pages, each spoilt in its own way, and read their QR codes."""
    read = sum(photographed(seed + number) for number in range(PHOTOGRAPHS))
    assert read * 100 >= PHOTOGRAPHS * 99, f"{read} of {PHOTOGRAPHS}"
    return f"{read} of {PHOTOGRAPHS} photographed pages yield their QR code"


def papers(seed: int) -> str:
    """Print every sample here and in another process with another seed, in another zone, without a font."""
    with tempfile.TemporaryDirectory() as name:
        elsewhere = printed_elsewhere(SAMPLES, str(seed), "Asia/Ho_Chi_Minh", Path(name))
    assert elsewhere == {one: rendered(sample(one)).sha256 for one in SAMPLES}
    return f"{len(SAMPLES)} papers printed in two processes, the same byte for byte"


def flips(level: Level, seed: int) -> str:
    """Change one bit of a signed paper 10,000 times, each time another, and find every change.

    A fifth as many are changed only where the last signature itself stands, which no other one covers.
    """
    missed = missed_flips(FLIPS, seed, level) + missed_flips(FLIPS // 5, seed, level, in_last=True)
    assert not missed, missed
    return f"{FLIPS:,} changed bits in a paper signed at {level} and {FLIPS // 5:,} in its last signature, all found"


CHECKS: dict[str, Callable[[int], str]] = {
    "walks": walks,
    "days": lambda seed: f"{compare_random_histories(FULL, seed):,} histories counted day by day, no difference",
    "routes": routes,
    "tampering": tamper,
    "photographs": photographs,
    "flips": partial(flips, "B-B"),
    "papers": papers,
    "flips-b-lta": partial(flips, "B-LTA"),
    "policy": lambda seed: f"{compare_random_policies(FULL, seed):,} questions to the policy, no difference",
    **{f"deciders-{kind}": partial(decide, kind) for kind in DATABASES},
    **{f"kills-{kind}": partial(kill, kind) for kind in DATABASES},
}


def main() -> None:
    """Run the checks that are asked for; the first difference ends the run with its trace."""
    parser = argparse.ArgumentParser(prog="script/soak")
    parser.add_argument("--only", choices=CHECKS, action="append")
    parser.add_argument("--seed", type=int, default=20250310)
    asked = parser.parse_args()
    for name in asked.only or CHECKS:
        start = time.monotonic()
        print(f"{name}: {CHECKS[name](asked.seed)} ({time.monotonic() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
