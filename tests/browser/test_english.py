"""The pages in English: no Vietnamese is left but names and what somebody typed."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cache
from typing import Any

import pytest

from tests.browser.crawl import Atlas, crawl
from tests.browser.house import House
from tests.browser.look import ACCOUNTS
from tests.browser.taken_apart import words
from tests.client import Browser
from workflow.names import Role

pytestmark = pytest.mark.browser

LETTERS = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạảãáàậẩẫấầặẳẵắằẹẻẽéèệểễếềịỉĩíìọỏõóòộổỗốồợởỡớờụủũúùựửữứừỵỷỹýỳ]", re.IGNORECASE)
OURS = re.compile(r"Đạt Chuẩn|Tiếng Việt|\b(QĐ|NĐ|Xã|Phường|Huyện|Thị xã|Thành phố|Tỉnh|xóm)\b", re.IGNORECASE)


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


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_page_of_an_office_is_english_when_english_is_chosen(
    atlas: Atlas, house_of: Callable[..., House], role: Role | None
) -> None:
    walker = Browser(atlas.app)
    if role:
        walker.speak(walker.sign_in(ACCOUNTS[role]), "en")
    typed = typed_in(str(house_of("three-tier", untouched=True).folder))
    found: list[str] = []
    for place, text in crawl(walker, atlas, asks="" if role else "lang=en"):
        assert '<html lang="en"' in text
        rests = (left_over(said, typed) for said in words(text) if LETTERS.search(said))
        found += [f"{place.path}: {rest}" for rest in rests if rest]
    assert not found


def test_a_sentence_left_in_vietnamese_would_be_seen() -> None:
    typed = ("Nông Thị Hạnh", "Nam Tuấn")
    assert left_over("Xã Nam Tuấn, Nông Thị Hạnh: 3 files", typed) == ""
    assert left_over("Còn 3 ngày làm việc, Nông Thị Hạnh", typed) == "Còn 3 ngày làm việc,"
