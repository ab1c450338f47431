"""Every page for every office, at both widths: axe finds nothing, nothing is too small or cut off sideways."""

import pytest

from tests.browser.crawl import Atlas, crawl
from tests.browser.desk import Meet
from tests.browser.look import ACCOUNTS, faults_of, sideways
from tests.browser.taken_apart import skeleton
from tests.client import Browser
from workflow.names import Role

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def seen() -> set[str]:
    """The pages that were gone through already, by their bare structure: another with other figures is the same."""
    return set()


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_page_of_an_office_is_reached_by_links_and_can_be_used_by_everybody(
    meet: Meet, atlas: Atlas, seen: set[str], role: Role | None
) -> None:
    walker = Browser(atlas.app)
    if role:
        walker.speak(walker.sign_in(ACCOUNTS[role]), "vi")
    reached, fresh = set[str](), list[str]()
    for place, text in crawl(walker, atlas, *(() if role else ("/design",))):
        reached.add(place.endpoint)
        if (bones := skeleton(text)) not in seen:
            seen.add(bones)
            fresh.append(place.path)
    assert not atlas.plain_pages(role) - reached
    person = meet(ACCOUNTS[role] if role else "", untouched=True)
    faults = list[str]()
    for path in fresh:
        person.go(path)
        faults += [f"{path}: {fault}" for fault in [*sideways(person), *faults_of(person)]]
    assert not faults
