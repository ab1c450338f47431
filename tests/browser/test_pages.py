"""Every page for every office: reached by links, in English without a Vietnamese word but names, usable by everybody.

axe finds nothing on it, and nothing is too small or cut off sideways, at both widths.
"""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import Any

import pytest
from pyotp import TOTP

from practice.accounts import PASSWORD
from tests.browser.crawl import NOT_LINKED, Atlas, crawl
from tests.browser.desk import Meet
from tests.browser.look import ACCOUNTS, equip, examine
from tests.browser.taken_apart import kinds, words
from tests.client import Browser
from workflow.names import Role

pytestmark = pytest.mark.browser

# What is linked only in development, when a dossier waits for a session, or where the commune itself reviews titles.
STARTS = {None: ("/design",), Role.COUNCIL_SECRETARY: ("/sessions/new",), Role.COMMUNE_OFFICER: ("/titles",)}
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
        said = said.replace(text, "")
        if not LETTERS.search(said):
            return ""
    said = OURS.sub("", said)
    return said.strip() if LETTERS.search(said) else ""


def vietnamese_in(text: str, atlas: Atlas) -> list[str]:
    """The pieces of an English page that are left in Vietnamese."""
    assert '<html lang="en"' in text
    typed = typed_in(str(atlas.app.extensions["settings"].instance_path))
    return [rest for said in words(text) if LETTERS.search(said) and (rest := left_over(said, typed))]


@pytest.fixture(scope="session")
def seen() -> set[tuple[str, str]]:
    """What was looked at already: each page by its endpoint, each kind of element by the kind that it stands in."""
    return set()


def richest(pages: dict[str, set[tuple[str, str]]], seen: set[tuple[str, str]]) -> Iterator[str]:
    """The pages that show something not seen yet, whichever shows most of it first, until nothing is left unseen."""
    while pages:
        path = max(pages, key=lambda one: len(pages[one] - seen))
        if pages[path] <= seen:
            return
        seen |= pages.pop(path)
        yield path


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_page_of_an_office_is_linked_speaks_english_and_can_be_used_by_everybody(
    meet: Meet, atlas: Atlas, seen: set[tuple[str, str]], role: Role | None
) -> None:
    walker, login = Browser(atlas.app), ACCOUNTS[role] if role else ""
    if role:
        walker.speak(walker.sign_in(login), "en")
    pages, left = dict[str, set[tuple[str, str]]](), list[str]()
    reached = set[str]()
    for place, text in crawl(walker, atlas, *STARTS.get(role, ()), asks="" if role else "lang=en"):
        reached.add(place.endpoint)
        left += [f"{place.path}: {rest}" for rest in vietnamese_in(text, atlas) if place.endpoint not in NOT_LINKED]
        pages[place.path] = {("", place.endpoint), *kinds(text)}
    assert atlas.plain_pages(role) - reached == set()
    assert not left
    if role:
        walker.speak(walker.get("/account"), "vi")
    person, faults = equip(meet(login, untouched=True)), list[str]()
    for path in richest(pages, seen):
        person.go(path)
        faults += examine(person)
    assert not faults


def test_the_pages_of_a_second_factor_and_of_refusals_can_be_used_by_everybody(meet: Meet) -> None:
    head, faults = equip(meet("xa2.truongxom")), list[str]()

    def press_and_look(button: str) -> None:
        with head.page.expect_navigation():
            head.press(button)
        faults.extend(examine(head))

    head.go("/account/second-factor")
    press_and_look("Bắt đầu")
    secret = head.page.locator("code.secret").inner_text().replace(" ", "")
    with head.expecting(422):
        press_and_look("Bật xác thực hai lớp")
    head.field("Mã 6 số đang hiện").fill(TOTP(secret).now())
    press_and_look("Bật xác thực hai lớp")
    for path in ("/account/second-factor", "/account/second-factor/codes", "/account/second-factor/off"):
        head.go(path)
        faults += examine(head)
    with head.expecting(403, 404):
        for path in ("/nowhere", "/admin/users"):
            head.go(path)
            faults += examine(head)
    head.leave()
    head.field("Tên đăng nhập").fill("xa2.truongxom")
    head.field("Mật khẩu").fill(PASSWORD)
    press_and_look("Đăng nhập")
    assert head.heading() == "Nhập mã xác thực"
    assert not faults


def test_what_is_wrong_with_a_page_would_be_seen(meet: Meet) -> None:
    person = equip(meet())
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
