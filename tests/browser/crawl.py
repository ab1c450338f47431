"""Every page that somebody can open, found as a person finds it: by the links on the pages, from the first one on.

Pages that differ only in their figures are one page: of the links to the same kind of page one is followed from each
page, and of each dossier all that there is to do.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from blueprints.access import Access
from blueprints.face import SITTING
from blueprints.urls import KebabConverter
from tests.browser.people import Person
from workflow.names import Role

DOWNLOADS = (".pdf", "/files/", ".csv", ".xlsx", ".svg", ".json")
MANY = ("desk.dossier_page",)
LISTS = ("desk.inbox_page", "desk.dossiers_page")
NOT_LINKED = {"health.healthz", "design.design_page"}
CHOICES = ("state",)  # what an address asks for that makes it another page


class Address(NamedTuple):
    """A page: its path with query, the endpoint that answers it, and what makes it a page of its own."""

    path: str
    endpoint: str
    identity: tuple[str, ...]


class Atlas:
    """The application's addresses, read from its map without asking it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.map: MapAdapter = app.url_map.bind("127.0.0.1")

    def place(self, base: str, href: str) -> Address | None:
        """Where a link leads; None when it leads to no page of ours."""
        target = urlsplit(urljoin(base, href))
        if target.netloc != urlsplit(base).netloc or any(mark in target.path for mark in DOWNLOADS):
            return None
        try:
            rule, values = self.map.match(target.path, method="GET", return_rule=True)
        except HTTPException:
            return None
        query = dict(parse_qsl(target.query))
        words = [str(values[name]) for name in sorted(values) if isinstance(rule._converters[name], KebabConverter)]
        asked = [f"{name}={query[name]}" for name in CHOICES if query.get(name)]
        path = f"{target.path}?{target.query}" if target.query else target.path
        return Address(path, rule.endpoint, (rule.endpoint, *words, *asked))

    def plain_pages(self, role: Role | None) -> set[str]:
        """The endpoints of the pages without parameters that an office may open; without one, those of everybody."""
        listed = {rule.endpoint for rule in self.rules() if not rule.arguments and self.admits(rule, role)}
        own = {"auth.sign_in"} if role else set()
        sitting = set() if role in SITTING else {"council.sessions_page"}
        return listed - NOT_LINKED - own - sitting

    def rules(self) -> Iterator[Rule]:
        """The rules of all pages that can be looked at, downloads left out."""
        for rule in self.app.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and not any(mark in rule.rule for mark in DOWNLOADS):
                yield rule

    def admits(self, rule: Rule, role: Role | None) -> bool:
        """Whether a page may be opened in an office, or by everybody."""
        view: Any = self.app.view_functions[rule.endpoint]
        access = view.access
        if role is None or access is Access.PUBLIC:
            return access is Access.PUBLIC
        return access is Access.SIGNED_IN or (isinstance(access, frozenset) and role in access)


def crawl(person: Person, atlas: Atlas, *starts: str) -> Iterator[Address]:
    """Open every page to which this person comes from the first one and from others that no link leads to."""
    base = person.house.url
    waiting = deque(place for path in ("/", *starts) if (place := atlas.place(base, path)))
    known = {place.identity for place in waiting}
    while waiting:
        place = waiting.popleft()
        person.go(place.path)
        landed = atlas.place(base, person.page.url)
        if landed is None or landed.endpoint != place.endpoint:
            continue  # sent on to a page that is found by itself
        yield place
        for found in links_of(person, atlas):
            mark = identity_within(place, found)
            if mark not in known:
                known.add(mark)
                waiting.append(found)


def links_of(person: Person, atlas: Atlas) -> list[Address]:
    """The pages to which the open page leads, in its order."""
    hrefs = person.page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    found = [atlas.place(person.page.url, href) for href in hrefs if not href.startswith("#")]
    return [place for place in found if place]


def identity_within(where: Address, found: Address) -> tuple[str, ...]:
    """What makes a page found on another one a page of its own: each list leads to one dossier, not to all of them."""
    return (*found.identity, *where.identity) if found.endpoint in MANY and where.endpoint in LISTS else found.identity
