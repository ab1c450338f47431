"""Every page is light: at most 60 KB on a first visit with style, fonts and scripts, 15 KB when those are there.

Measured as a browser gets them, compressed, for people who see the page, on dossiers in which people have worked.
"""

import random
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.unit_of_work import unit_of_work
from tests.routes.cases import Case, cases
from tests.routes.filling import fill
from tests.routes.ground import STATES, Somebody, ground, somebodies
from tests.routes.table import expected, undone

FIRST, LATER = 60 * 1024, 15 * 1024
SMALL = {"Accept-Encoding": "br, gzip"}
LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
IMPORTED = re.compile(r'(?:from|import\()\s*"([a-z]+)"')
NAMED = re.compile(r'"([a-z]+)": ?"(/static/js/[^"]+)"')
FONTS = re.compile(r"url\(([^)]+\.woff2)\)")
FILLED = ("self_assessing", "district_verifying", "province_appraising", "announced")
HEAVIEST = 12


@pytest.fixture(scope="module")
def app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("weight")
    shutil.copyfile(sqlite_template, folder / "database.sqlite")
    with ground(f"sqlite:///{folder / 'database.sqlite'}", folder) as made:
        with unit_of_work(made.extensions["engine"]) as connection:
            for state in FILLED:
                fill(connection, STATES.index(state) + 1, random.Random(state))
        yield made


def pages(app: Flask) -> Iterator[tuple[Case, Somebody]]:
    """Every page with somebody who sees it: a page of a dossier in the filled states, any other once."""
    people = {who.name: who for who in somebodies(app) if who.area in {"own", ""}}
    table, seen = expected(), set()
    for case in cases(app):
        codes = table[(case.method, case.route, case.about, "own")]
        if case.method != "GET" or (case.about in STATES and case.about not in FILLED and case.route in seen):
            continue
        for name in [name for name, code in codes.items() if code == "200"][:2]:
            seen.add(case.route)
            yield case, people[name]


class Scales:
    """What a browser loads with a page, each file once."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.load = cache(self._load)

    def _load(self, address: str) -> tuple[int, str]:
        with self.client.get(address, headers=SMALL) as packed:
            size = len(packed.data)
        if address.split("?", maxsplit=1)[0].endswith(".woff2"):
            return size, ""
        with self.client.get(address) as plain:
            return size, plain.get_data(as_text=True)

    def around(self, page: str) -> int:
        """The bytes of everything that a page needs beside itself."""
        names = dict(NAMED.findall(page))
        waiting, loaded, weight = list(LINKED.findall(page)), set(), 0
        while waiting:
            address = waiting.pop()
            if address in loaded or address.split("?")[0].endswith(".html"):
                continue
            loaded.add(address)
            size, text = self.load(address)
            weight += size
            waiting += [names[name] for name in IMPORTED.findall(text) if name in names]
            waiting += [f"/static/css/{name}".replace("css/../", "") for name in FONTS.findall(text)]
        return weight


def unpacked(answer: TestResponse) -> str:
    """The page of an answer as it was written before it was made small."""
    small = answer.content_encoding == "br"
    return (brotli.decompress(answer.data) if small else answer.data).decode()


def test_every_page_is_light(app: Flask) -> None:
    client = app.test_client(use_cookies=False)
    scales, found = Scales(client), []
    with undone(app):
        for case, who in pages(app):
            answer = client.get(case.path, headers={**SMALL, "Cookie": who.cookie})
            assert answer.status_code == 200, case
            if answer.mimetype == "text/html":
                later, page = len(answer.data), unpacked(answer)
                found.append((later, later + scales.around(page), case.path, case.about, who.name))
            answer.close()
    heaviest = sorted(found, reverse=True)[:HEAVIEST]
    for later, first, path, about, name in heaviest:
        print(f"{later / 1024:5.1f} KB, {first / 1024:5.1f} KB at first: {path} {about}, {name}")
    assert len({path for _, _, path, _, _ in found}) > 60
    assert [one for one in found if one[0] > LATER or one[1] > FIRST] == []
