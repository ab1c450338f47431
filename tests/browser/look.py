"""Asking an open page about itself, by the functions of `look.js` and by axe."""

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
    found = look_at(person, "rules => look.axe(rules)", RULES)
    with person.on_screen(390, 844):
        found += look_at(person, "rules => look.axe(rules)", RULES_OF_SIZE)
    return found


def sideways(person: Person) -> list[str]:
    """What makes the page wider than a screen of 320 px, which is also 1280 px at 400 %."""
    with person.on_screen(320, 256):
        return look_at(person, "look.sideways()")
