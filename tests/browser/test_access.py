"""Every page for every office, at both widths: axe finds nothing, nothing is too small or cut off sideways."""

import pytest

from tests.browser.crawl import Address, Atlas, crawl
from tests.browser.desk import Meet
from tests.browser.look import ACCOUNTS, faults_of, look_at, sideways
from tests.browser.people import Person
from workflow.names import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def seen() -> set[str]:
    """The pages that were gone through already, by their bare structure: another with other figures is the same."""
    return set()


def examine(person: Person, place: Address, seen: set[str]) -> list[str]:
    """What is wrong with an open page, with its address; nothing when a page of the same structure was gone through."""
    skeleton = str(look_at(person, "look.skeleton()"))
    if skeleton in seen:
        return []
    seen.add(skeleton)
    return [f"{place.path}: {fault}" for fault in [*sideways(person), *faults_of(person)]]


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_page_of_an_office_is_reached_by_links_and_can_be_used_by_everybody(
    meet: Meet, atlas: Atlas, seen: set[str], role: Role | None
) -> None:
    person = meet(ACCOUNTS[role] if role else "", untouched=True)
    faults, reached = list[str](), set[str]()
    for place in crawl(person, atlas, *(() if role else ("/design",))):
        reached.add(place.endpoint)
        faults += examine(person, place, seen)
    assert not faults
    assert not atlas.plain_pages(role) - reached
