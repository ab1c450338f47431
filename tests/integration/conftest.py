"""What several files of these tests stand on: the real territory, and a press that prints the same paper once."""

from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import Connection, Engine

from casework import issuing
from casework.territory import found_territory
from documents.pdf import Rendered
from documents.press import Press
from settings import ROOT
from tests.house import PRINTED


@pytest.fixture(autouse=True)
def known_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw the same look-up codes in every test, so that tests which issue the same paper have it printed alike."""
    monkeypatch.setattr(issuing, "secrets", Random("the same in every test"))


@pytest.fixture(autouse=True)
def printed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print each paper once in a process; that it would be the same bytes again is shown by the tests of paper."""
    print_anew = Press.print

    def print_once(press: Press, context: str, **marks: str | bool | None) -> Rendered:
        order = (press.limits, context, frozenset(marks.items()))
        if order not in PRINTED:
            PRINTED[order] = print_anew(press, context, **marks)
        return PRINTED[order]

    monkeypatch.setattr(Press, "print", print_once)


@pytest.fixture
def founded(engine: Engine, fill_once: Callable[[Engine, Callable[[Connection], None]], None]) -> Engine:
    """A database with all units, successions, titles and holidays of the files in `data/`."""
    fill_once(engine, enter_territory)
    return engine


def enter_territory(connection: Connection) -> None:
    """Enter what the files in `data/` hold."""
    found_territory(connection, ROOT / "data")
