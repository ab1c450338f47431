"""What several files of these tests stand on: the real territory."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine

from casework.territory import found_territory
from settings import ROOT


@pytest.fixture
def founded(engine: Engine, fill_once: Callable[[Engine, Callable[[Connection], None]], None]) -> Engine:
    """A database with all units, successions, titles and holidays of the files in `data/`."""
    fill_once(engine, enter_territory)
    return engine


def enter_territory(connection: Connection) -> None:
    """Enter what the files in `data/` hold."""
    found_territory(connection, ROOT / "data")
