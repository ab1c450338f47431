"""The public pages: the same for everybody, what is decided at once and nothing else, decisions by their number."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from casework.unit_of_work import reading, unit_of_work
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import Paper
from models.places import AdminUnit, Recognition
from queries.rulebook import procedures
from tests import world
from tests.client import Browser
from tests.house import statements
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
EVERY = ("/register", "/register?q=thu", "/register/1", f"/register/units/{world.FIRST_COMMUNE}", "/register/decisions")


@pytest.fixture
def recognised(enter: Any, plant: Any) -> Browser:
    """A dossier on which the chairman has just decided; the browser of whoever is not signed in."""
    plant("recommended")
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    form = chairman.get("/dossiers/1/actions/recognise")
    chairman.send(form, "/recognise", year_recognised="2024", signed_on="10/03/2025")
    return Browser(chairman.app)


def same(text: str) -> str:
    """A page without the minute of its printing."""
    return re.sub(r"In lúc [0-9:, /]+", "", text)


# --- what may be seen ---


def test_a_decision_is_public_as_soon_as_it_is_made(engine: Engine, recognised: Browser) -> None:
    assert "Xã Thử 1" in recognised.get("/register?q=xa+thu").text
    page = recognised.get("/register/1")
    for words in ("Xã Thử 1, huyện Bảo Lâm, tỉnh Cao Bằng", "Năm công nhận 2024", "218/QĐ-UBND", "10/03/2025"):
        assert words in page.text
    assert "Còn hiệu lực" in recognised.get(f"/register/units/{world.FIRST_COMMUNE}").text
    assert "HS-1" not in page.text_of_file
    drain(tools_of(recognised.app.extensions["settings"], engine))
    with reading(engine) as connection:
        digest = connection.execute(
            select(table_of(Paper).c.sha256).where(table_of(Paper).c.number.is_not(None))
        ).scalar_one()
    for address in ("/register/1", "/register/decisions?number=218"):
        assert digest in recognised.get(address).text


@pytest.mark.parametrize("procedure", ["commune-2022-three-tier@1"])
def test_what_is_not_decided_is_neither_shown_nor_to_be_guessed(app: Flask, plant: Any, procedure: str) -> None:
    browser = Browser(app)
    blank = [same(browser.get(address).text_of_file) for address in EVERY if address != "/register/1"]
    undecided = [one for one in procedures()[procedure].states if one not in {"unopened", "recognised", "announced"}]
    for number, state in enumerate(undecided):
        with unit_of_work(app.extensions["engine"]) as connection:
            world.plant(connection, world.add_commune(connection, number + 1), state, number + 1)
    assert [same(browser.get(address).text_of_file) for address in EVERY if address != "/register/1"][2:] == blank[2:]
    assert "Chưa có đơn vị nào" in browser.get("/register").text
    assert "lượt công nhận" not in browser.get("/register?q=thu").text
    for address in ("/register/1", "/register/decisions/1", "/documents/1.pdf"):
        assert browser.client.get(address).status_code in {302, 404}
    states = [one.label_vi for one in procedures()[procedure].states.values()]
    unit = browser.get(f"/register/units/{world.FIRST_COMMUNE + 1}").text
    assert not [label for label in states if label in unit]
    assert "Hồ sơ" not in unit


def test_a_revoked_title_says_so(engine: Engine, recognised: Browser) -> None:
    for status, words in (("revoked", "đã bị thu hồi"), ("replaced", "đã được thay thế")):
        with unit_of_work(engine) as connection:
            connection.execute(update(table_of(Recognition)).values(status=status))
        assert words in recognised.get("/register/1").text
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Recognition)).values(status="revoked"))
    assert "Có trong sổ nhưng đã bị thu hồi" in recognised.get("/register/decisions?number=218").text


# --- the same for everybody ---


def test_public_pages_are_the_same_for_everybody_and_kept_for_a_minute(recognised: Browser, enter: Any) -> None:
    signed_in = enter(Role.ADMINISTRATOR)
    for address in EVERY:
        mine, theirs = signed_in.get(address).text_of_file, recognised.get(address).text_of_file
        assert same(mine) == same(theirs)
        assert "csrf_token" not in mine
        for browser in (signed_in, recognised):
            headers = browser.answer.headers
            assert (headers["Cache-Control"], "Set-Cookie" in headers) == ("public, max-age=60", False)
            assert "Cookie" not in headers.get("Vary", "")


def test_what_is_not_there_is_kept_by_nobody(app: Flask) -> None:
    browser = Browser(app)
    for address in ("/register/1", "/register/units/1", "/register/units/99999"):
        browser.get(address, 404)
        assert browser.answer.headers["Cache-Control"] == "private, no-cache"


def test_the_first_page_is_the_inbox_for_whoever_is_signed_in(app: Flask, enter: Any) -> None:
    stranger = Browser(app)
    page = stranger.get("/")
    assert page.h1 == ["Công nhận xã nông thôn mới"]
    headers = stranger.answer.headers
    assert (headers["Cache-Control"], headers["Vary"]) == ("public, max-age=60", "Cookie, Accept-Encoding")
    assert "Set-Cookie" not in headers
    assert enter(Role.INSPECTOR).get("/").h1 == ["Việc cần làm"]


def test_the_language_stands_in_the_address_and_goes_along(recognised: Browser) -> None:
    english = next(href for href, words in recognised.get("/register?q=thu").links if words == "English")
    page = recognised.get(english)
    assert "Register of New Rural recognitions" in page.text
    assert ("q", "thu") in page.form_to("/register").values
    assert ("lang", "en") in page.form_to("/register").values
    assert ("/register/1?lang=en", "Xã Thử 1") in page.links
    assert "Name when recognised" in recognised.get("/register/1?lang=en").text
    assert "Sign in" in recognised.get("/sign-in?lang=en").text
    back = next(href for href, words in page.links if words == "Tiếng Việt")
    assert "Sổ công nhận nông thôn mới" in recognised.get(back).text


# --- decisions ---


def test_a_decision_is_checked_however_its_number_is_typed(recognised: Browser) -> None:
    for typed in ("218/QĐ-UBND", "0218/qd-ubnd", "Quyết định số 218/QĐ-UBND ngày 10/03/2025", "218"):
        page = recognised.get(f"/register/decisions?number={typed}")
        assert "Có trong sổ và còn hiệu lực" in page.text, typed
        assert "Xã Thử 1" in page.text
    unknown = recognised.get("/register/decisions?number=219/QĐ-UBND")
    assert "Hãy so lại số, ký hiệu và năm ký" in unknown.text
    assert "Xã Thử 1" not in unknown.text


def test_a_number_that_is_none_is_asked_again_beside_its_field(app: Flask) -> None:
    browser = Browser(app)
    page = browser.get("/register/decisions?number=QĐ-UBND", 422)
    assert "Hãy nhập cả con số" in page.text
    assert ("number", "QĐ-UBND") in page.form_to("/register/decisions").values
    assert "Hãy nhập một số nguyên" in browser.get("/register/decisions?number=46&year=x", 422).text
    assert "Không có quyết định nào" in browser.get("/register/decisions?number=46&year=123456789").text


def test_several_decisions_of_a_number_are_chosen_by_year(engine: Engine, recognised: Browser) -> None:
    table = table_of(Recognition)
    with unit_of_work(engine) as connection:
        row = dict(connection.execute(select(table)).mappings().one())
        del row["id"], row["dossier_id"]
        connection.execute(table.insert(), {**row, "signed_on": row["signed_on"].replace(year=2024)})
    page = recognised.get("/register/decisions?number=218")
    assert "Có nhiều quyết định mang số này" in page.text
    chosen = [href for href, words in page.links if words == "218/QĐ-UBND, ký năm 2024"]
    assert "10/03/2024" in recognised.get(chosen[0]).text


# --- the cost ---


def test_each_public_page_asks_a_fixed_number_of_statements(engine: Engine, recognised: Browser) -> None:
    asked = [statements(engine, lambda at=at: recognised.get(at)) for at in ("/", *EVERY)]  # type: ignore[misc]  # the address of this turn
    assert asked == [2, 2, 2, 3, 2, 1]
    table = table_of(Recognition)
    with unit_of_work(engine) as connection:
        row = dict(connection.execute(select(table)).mappings().one())
        del row["id"], row["dossier_id"]
        connection.execute(table.insert(), [{**row, "unit_name": f"Xã {one}"} for one in range(60)])
        connection.execute(table_of(AdminUnit).update().values(criteria_group=None))
    again = [statements(engine, lambda at=at: recognised.get(at)) for at in ("/", *EVERY)]  # type: ignore[misc]  # as above
    assert again == asked
