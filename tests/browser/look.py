"""Asking an open page about itself, by the functions of `look.js` and by axe."""

from pathlib import Path

from practice.accounts import accounts_of
from tests.browser.people import Person

FOLDER = Path(__file__).parent
AXE = (FOLDER / "vendor" / "axe.min.js").read_text("utf-8")
LOOK = (FOLDER / "look.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES_OF_SIZE = ["target-size", "scrollable-region-focusable"]
ACCOUNTS = {account.role: account.login for account in reversed(accounts_of("three-tier"))}


def equip(person: Person) -> Person:
    """Let every page that somebody opens from now on be asked about itself."""
    person.context.add_init_script(AXE + LOOK)
    return person


def examine(person: Person) -> list[str]:
    """What is wrong with the open page for somebody who cannot see, or whose screen is small, with its address.

    axe finds nothing on a desk and on a phone, and the page is no wider than a screen of 320 px, which is also 1280 px
    at 400 %.
    """
    page, found = person.page, list[str]()
    page.set_viewport_size({"width": 320, "height": 256})
    found += page.evaluate("look.sideways()")
    for width, rules in ((390, RULES_OF_SIZE), (1280, RULES)):  # the desk last: what comes next is seen there
        page.set_viewport_size({"width": width, "height": 900})
        found += page.evaluate("rules => look.axe(rules)", rules)
    return [f"{page.url}: {fault}" for fault in found]
