"""Every page for every office: reached by links, in English without a Vietnamese word but names, usable by everybody.

Each office walks over all its pages without a screen, where links, titles, labels and words are looked at. In the
browser stand as many of these pages as show each endpoint, and each kind of element in each kind that it stands in, as
one office sees them: axe finds nothing there, and nothing is too small or cut off sideways.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import pytest

from tests.browser.crawl import NOT_LINKED, Atlas, crawl
from tests.browser.desk import Meet
from tests.browser.look import ACCOUNTS, equip, examine
from tests.browser.taken_apart import take_apart
from tests.client import Browser
from workflow.names import Role

pytestmark = pytest.mark.browser

# What is linked only in development, when a dossier waits for a session, or where the commune itself reviews titles.
STARTS = {None: ("/design",), Role.COUNCIL_SECRETARY: ("/sessions/new",), Role.COMMUNE_OFFICER: ("/titles",)}
OFFICES = (None, *Role)
LETTERS = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạảãáàậẩẫấầặẳẵắằẹẻẽéèệểễếềịỉĩíìọỏõóòộổỗốồợởỡớờụủũúùựửữứừỵỷỹýỳ]", re.IGNORECASE)
OURS = re.compile(
    r"Đạt Chuẩn|Tiếng Việt|\b(QĐ|NĐ|Xã|Phường|Huyện|Thị xã|Thành phố|Tỉnh|xóm|Thực hành)\b", re.IGNORECASE
)


@cache
def typed_in(house_folder: str) -> tuple[str, ...]:
    """Every text that somebody typed, and every name, in a province; the longest first."""
    found: set[str] = set()
    with closing(sqlite3.connect(f"file:{house_folder}/datchuan.db?mode=ro", uri=True)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):
                found.update(text for value in row if isinstance(value, str) for text in texts(value))
    return tuple(sorted((text for text in found if LETTERS.search(text)), key=len, reverse=True))


def texts(value: str) -> Iterator[str]:
    """The texts of a stored value; a stored structure is taken apart."""
    waiting: list[Any]
    try:
        waiting = [json.loads(value)]
    except ValueError:
        waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str):
            yield " ".join(one.split())


def left_over(said: str, typed: tuple[str, ...]) -> str:
    """What of a text is Vietnamese and neither a name nor typed by somebody; "" when nothing is."""
    for text in typed:
        if text in said:
            said = said.replace(text, "")
            if not LETTERS.search(said):
                return ""
    said = OURS.sub("", said)
    return said.strip() if LETTERS.search(said) else ""


class Page(NamedTuple):
    """A page as an office sees it."""

    role: Role | None
    path: str


@dataclass
class Found:
    """The pages to which an office comes: their endpoints, what is left in Vietnamese, of what each is made."""

    endpoints: set[str] = field(default_factory=set)
    left: list[str] = field(default_factory=list)
    kinds: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)


@pytest.fixture(scope="session")
def found_by(atlas: Atlas) -> Callable[[Role | None], Found]:
    """Return a function that gives what an office finds by the links, in English; each walks but once."""
    typed = typed_in(str(atlas.app.extensions["settings"].instance_path))
    rest = cache(lambda said: left_over(said, typed))

    @cache
    def find(role: Role | None) -> Found:
        walker, found = Browser(atlas.app), Found()
        if role:
            walker.speak(walker.sign_in(ACCOUNTS[role]), "en")
        for place, text in crawl(walker, atlas, *STARTS.get(role, ()), asks="" if role else "lang=en"):
            assert '<html lang="en"' in text
            parts = take_apart(text)
            found.endpoints.add(place.endpoint)
            found.kinds[place.path] = parts.kinds | {("", place.endpoint)}
            if place.endpoint not in NOT_LINKED:
                vietnamese = [said for said in parts.words if LETTERS.search(said) and rest(said)]
                found.left += [f"{place.path}: {rest(said)}" for said in vietnamese]
        if role:
            walker.speak(walker.get("/account"), "vi")
        return found

    return find


def richest(pages: dict[Page, frozenset[tuple[str, str]]]) -> Iterator[Page]:
    """The pages that show something not seen yet, whichever shows most of it first, until nothing is left unseen."""
    seen = set[tuple[str, str]]()
    while pages:
        page = max(pages, key=lambda one: len(pages[one] - seen))
        if pages[page] <= seen:
            return
        seen |= pages.pop(page)
        yield page


@pytest.mark.parametrize("role", OFFICES, ids=str)
def test_every_page_of_an_office_is_linked_and_speaks_english(
    found_by: Callable[[Role | None], Found], atlas: Atlas, role: Role | None
) -> None:
    found = found_by(role)
    assert atlas.plain_pages(role) - found.endpoints == set()
    assert not found.left


def test_every_kind_of_page_and_of_its_parts_can_be_used_by_everybody(
    meet: Meet, found_by: Callable[[Role | None], Found]
) -> None:
    pages = {Page(role, path): kinds for role in OFFICES for path, kinds in found_by(role).kinds.items()}
    chosen, faults = sorted(richest(pages), key=lambda page: OFFICES.index(page.role)), list[str]()
    for role, theirs in groupby(chosen, key=lambda page: page.role):
        person = equip(meet(ACCOUNTS[role] if role else "", untouched=True))
        for page in theirs:
            person.go(page.path)
            faults += examine(person)
        person.context.close()
    assert not faults


def test_what_is_wrong_with_a_page_would_be_seen(meet: Meet) -> None:
    person = equip(meet(untouched=True))
    person.go("/register")
    person.page.evaluate(SPOIL)
    found = " ".join(examine(person))
    for rule in ("the page scrolls sideways", "label: ", "color-contrast: ", "target-size: "):
        assert rule in found


SPOIL = """() => {
  const main = document.querySelector("main");
  main.innerHTML += '<input><p id="pale">pale</p><button>1</button><button>2</button>';
  document.querySelector("#pale").style.cssText = "color: #ccc; background: #fff; width: 1500px";
  for (const one of main.querySelectorAll("button")) one.style.cssText = "all: unset; width: 9px; height: 9px";
}"""


def test_a_sentence_left_in_vietnamese_would_be_seen() -> None:
    typed = ("Nông Thị Hạnh", "Nam Tuấn")
    assert left_over("Xã Nam Tuấn, Nông Thị Hạnh: 3 files", typed) == ""
    assert left_over("Còn 3 ngày làm việc, Nông Thị Hạnh", typed) == "Còn 3 ngày làm việc,"
