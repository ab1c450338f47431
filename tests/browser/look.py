"""Asking an open page about itself, by the functions of `look.js` and by axe."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from practice.accounts import accounts_of
from tests.browser.people import Person

FOLDER = Path(__file__).parent
AXE = (FOLDER / "vendor" / "axe.min.js").read_text("utf-8")
LOOK = (FOLDER / "look.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_SIZE = ["target-size", "scrollable-region-focusable"]
ACCOUNTS = {account.role: account.login for account in reversed(accounts_of("three-tier"))}


def look_at(person: Person, question: str, given: Any = None) -> list[str]:
    """What a function of `look.js` finds on the open page."""
    person.page.evaluate(LOOK)
    found: list[str] = person.page.evaluate(question, given)
    return found


def examine(person: Person) -> list[str]:
    """What is wrong with the open page for somebody who cannot see, or whose screen is small, with its address."""
    return [f"{person.page.url}: {fault}" for fault in [*sideways(person), *faults_of(person)]]


def faults_of(person: Person) -> list[str]:
    """What axe finds on the open page, on a desk and on a phone."""
    person.page.evaluate(AXE)
    with unrolled(person, 1280):
        found = look_at(person, "rules => look.axe(rules)", RULES)
    with unrolled(person, 390):
        return found + look_at(person, "rules => look.axe(rules)", RULES_OF_SIZE)


@contextmanager
def unrolled(person: Person, width: int) -> Iterator[None]:
    """A screen so high that the page needs no scrolling: what stays in sight then lies over nothing else."""
    with person.on_screen(width, 900):
        height = person.page.evaluate("document.documentElement.scrollHeight")
        person.page.set_viewport_size({"width": width, "height": height})
        yield


def sideways(person: Person) -> list[str]:
    """What makes the page wider than a screen of 320 px, which is also 1280 px at 400 %."""
    with person.on_screen(320, 256):
        return look_at(person, "look.sideways()")
