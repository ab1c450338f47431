"""Many decide at once, and the process is killed inside the act: nothing is lost, nothing twice, no number missing."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests import crash

KILLS, DECIDERS = 6, 32  # script/soak runs 1,000 and 200; more deciders than the pool has connections


@pytest.fixture(autouse=True)
def known_codes() -> None:
    """Draw codes as the application does: a child that takes the place of another must not draw that one's again."""


def test_a_process_killed_again_and_again_leaves_a_whole_book(database_url: str, tmp_path: Path) -> None:
    report = crash.kill_many(database_url, kills=KILLS, seed=1, told=tmp_path / "told")
    assert report.decided >= report.confirmed > 0


def test_many_deciders_at_once_take_numbers_without_a_gap(engine: Engine) -> None:
    crash.decide_at_once(engine, DECIDERS)
