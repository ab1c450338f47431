"""Every page that somebody can open, found as a person finds it: by the links on the pages, from the first one on.

The pages are asked for without a screen, which is quick, and each is inspected by `tests.client`. Pages that differ
only in their figures are one page: of the links to the same kind of page one is followed from each page, and of each
dossier all that there is to do.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from blueprints.access import Access
from blueprints.face import NAVIGATION
from blueprints.urls import KebabConverter
from tests.client import Browser
from workflow.names import Role

DOWNLOADS = (".pdf", ".docx", "/edited", "/files/", ".csv", ".xlsx", ".svg", ".json", ".zip", ".py")
MANY = ("desk.dossier_page",)
LISTS = ("desk.inbox_page", "desk.dossiers_page")
NOT_LINKED = {"health.healthz", "design.design_page"}
SECOND_FACTOR = {"auth.code_page", "auth.codes_page", "auth.off_page"}  # there for those who have set one up
REDIRECTS = {301, 302, 303, 308}
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
        self.map: MapAdapter = app.url_map.bind("localhost")

    def place(self, base: str, href: str) -> Address | None:
        """Where a link on a page leads; None when it leads to no page of ours."""
        target = urlsplit(urljoin(base, href))
        if target.netloc or any(mark in target.path for mark in DOWNLOADS):
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
        others = {endpoint for _, endpoint, whose in NAVIGATION if whose and role not in whose}
        return listed - NOT_LINKED - SECOND_FACTOR - own - others

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


def crawl(browser: Browser, atlas: Atlas, *starts: str, asks: str = "") -> Iterator[tuple[Address, str]]:
    """Open every page to which this person comes from the first one and from others that no link leads to.

    As long as nobody is signed in, the language that is asked for stands in the address.
    """
    waiting = deque(place for path in ("/", *starts) if (place := atlas.place("/", path)))
    known = {place.identity for place in waiting}
    while waiting:
        place = waiting.popleft()
        path = f"{place.path}{'&' if '?' in place.path else '?'}{asks}" if asks else place.path
        answer = browser.client.get(path)
        if answer.status_code in REDIRECTS:
            continue  # sent on to a page that is found by itself
        page = browser.inspect(answer, path)
        assert answer.mimetype == "text/html", f"{path} is a download; its ending belongs to DOWNLOADS"
        yield place, browser.answer.text
        asked = (f"{form.action}?{urlencode(form.values)}" for form in page.forms if form.method == "get")
        for href in (*(href for href, _ in page.links), *asked):
            found = atlas.place(place.path, href)
            if found and not href.startswith("#") and (mark := identity_within(place, found)) not in known:
                known.add(mark)
                waiting.append(found)


def identity_within(where: Address, found: Address) -> tuple[str, ...]:
    """What makes a page found on another one a page of its own: each list leads to one dossier, not to all of them."""
    return (*found.identity, *where.identity) if found.endpoint in MANY and where.endpoint in LISTS else found.identity
