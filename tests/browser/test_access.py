"""Every page for every office, at both widths: axe finds nothing, nothing is too small or cut off sideways."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from practice.accounts import accounts_of
from settings import load
from tests.browser.crawl import Address, Atlas, crawl
from tests.browser.desk import Meet
from tests.browser.people import Person
from workflow.names import Role

pytestmark = pytest.mark.browser

SCRIPTS = Path(__file__).parent / "vendor"
AXE = (SCRIPTS / "axe.min.js").read_text("utf-8")
LOOK = (SCRIPTS.parent / "look.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_SIZE = ["target-size", "scrollable-region-focusable"]
ACCOUNTS = {account.role: account.login for account in reversed(accounts_of("three-tier"))}


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    app: Flask = create_app(load({"INSTANCE_PATH": str(tmp_path_factory.mktemp("map")), "DEVELOPMENT": "1"}))
    yield Atlas(app)
    app.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def seen() -> set[str]:
    """The pages that were gone through already, by their bare structure: another with other figures is the same."""
    return set()


def faults_of(person: Person) -> list[str]:
    """What axe finds on the open page, on a desk and on a phone."""
    person.page.evaluate(AXE)
    found: list[str] = person.page.evaluate("rules => look.axe(rules)", RULES)
    with person.on_screen(390, 844):
        found += person.page.evaluate("rules => look.axe(rules)", RULES_OF_SIZE)
    return found


def sideways(person: Person) -> list[str]:
    """What makes the page wider than a screen of 320 px, which is also 1280 px at 400 %."""
    with person.on_screen(320, 256):
        found: list[str] = person.page.evaluate("look.sideways()")
    return found


def examine(person: Person, place: Address, seen: set[str]) -> list[str]:
    """What is wrong with an open page, with its address; nothing when a page of the same structure was gone through."""
    person.page.evaluate(LOOK)
    skeleton = person.page.evaluate("look.skeleton()")
    if skeleton in seen:
        return []
    seen.add(skeleton)
    return [f"{place.path}: {fault}" for fault in [*sideways(person), *faults_of(person)]]


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_page_of_an_office_can_be_used_by_everybody(
    meet: Meet, atlas: Atlas, seen: set[str], role: Role | None
) -> None:
    person = meet(ACCOUNTS[role] if role else "")
    found = [(place, examine(person, place, seen)) for place in crawl(person, atlas, role)]
    assert not [fault for _, faults in found for fault in faults]
