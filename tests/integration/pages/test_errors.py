"""What goes wrong: every kind has its page, in the language of the page or in both, and its line in the log."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from app import create_app
from casework.errors import KeyReused, Refused, Stale
from casework.log import log
from models.database import make_engine
from tests import world
from tests.client import Browser, Page
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role
from workflow.refusal import refuse

pytestmark = ON_SQLITE


def raising(error: Exception) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def fails_with(monkeypatch: pytest.MonkeyPatch, error: Exception | Any) -> None:
    monkeypatch.setattr("blueprints.desk.lists.inbox", error if callable(error) else raising(error))


def aborting(code: int) -> Any:
    return lambda *_, **__: abort(code)


KINDS: dict[str, tuple[int, Any, str, str]] = {
    "bad request": (400, aborting(400), "Yêu cầu không hợp lệ", "The request was not valid"),
    "another refusal of the protocol": (415, aborting(415), "Yêu cầu không hợp lệ", "The request was not valid"),
    "signed out": (401, aborting(401), "Phiên làm việc đã kết thúc", "Your session has ended"),
    "another's office": (403, aborting(403), "Quý vị chưa được làm việc này", "You may not do this"),
    "nothing there": (404, aborting(404), "Không tìm thấy trang này", "Page not found"),
    "changed meanwhile": (409, Stale("Nông Thị Hạnh", world.NOW, "draft", 2), "Nội dung đã thay đổi", "was changed"),
    "form of another act": (409, KeyReused("key"), "đã được dùng cho một việc khác", "used for another act"),
    "too large": (413, aborting(413), "Tệp quá lớn", "The file is too large"),
    "refused": (422, Refused((refuse("council.closed"),)), "Phiên họp đã kết thúc", "The session is over"),
    "an error of ours": (500, ZeroDivisionError(), "Hệ thống gặp lỗi", "Something went wrong on our side"),
}
UNCHANGED = ("Chưa có gì được thay đổi", "chưa được ghi", "chưa được nhận")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_happened_and_that_nothing_was_changed(
    enter: Any, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    status, error, vietnamese, english = KINDS[kind]
    browser = enter(Role.INSPECTOR)
    fails_with(monkeypatch, error)
    page = browser.get("/", status)
    assert vietnamese in page.text
    assert any(words.lower() in page.text.lower() for words in UNCHANGED)
    assert (english in page.text) is (status == 500)  # only there nobody may be asked for the language


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_speaks_the_language_that_was_chosen(enter: Any, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    status, error, vietnamese, english = KINDS[kind]
    browser = enter(Role.INSPECTOR)
    token = dict(browser.get("/").form_to("/language").values)["csrf_token"]
    browser.post("/language", {"lang": "en", "csrf_token": token})
    fails_with(monkeypatch, error)
    page = browser.get("/", status)
    assert english in page.text
    assert vietnamese not in page.text


def test_both_languages_come_where_none_can_be_known(app: Flask) -> None:
    page = Browser(app).get("/nowhere", 404)
    assert "Không tìm thấy trang này" in page.text
    assert "Page not found" in page.text
    assert page.text.index("Không tìm thấy") < page.text.index("Page not found")


def test_the_wrong_way_of_asking_is_said_with_the_right_ones(enter: Any, plant: Any) -> None:
    plant("council")
    browser = enter(Role.INSPECTOR)
    assert "chỉ nhận nội dung gửi từ một biểu mẫu" in browser.get("/sign-out", 405).text
    assert browser.answer.headers["Allow"] == "OPTIONS, POST"


def test_a_form_without_its_token_says_that_the_page_has_grown_old(enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    for token in ("", "x", "AAAA", "é", "MTI="):
        page = browser.post("/dossiers/1/actions/submit", {"seen_version": "5", "csrf_token": token}, 403)
        assert "Trang đã mở quá lâu" in page.text


def token_of(page: Page) -> str:
    return dict(page.form_to("/language").values)["csrf_token"]


def test_the_token_is_written_differently_into_every_answer(enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    given = [token_of(browser.get("/")) for _ in range(20)]
    tails = {token[-40:] for token in given} | {token[:40] for token in given}
    assert len(tails) == 40
    browser.post("/language", {"lang": "vi", "csrf_token": given[0]})


# --- the database ---


def test_without_a_database_the_page_says_so_in_both_languages(app: Flask) -> None:
    app.extensions["engine"].dispose()
    app.extensions["engine"] = make_engine("sqlite:////nowhere/at/all.db")
    page = Browser(app).get("/", 503)
    assert "Hệ thống tạm ngừng" in page.text
    assert "The service is not available" in page.text
    assert Browser(app).client.get("/healthz").status_code == 503


def test_a_sign_of_life_says_nothing_more(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text, answer.headers["Cache-Control"]) == (200, "ok\n", "no-store")


# --- the log ---


@pytest.fixture
def told(app: Flask, capsys: pytest.CaptureFixture[str]) -> Any:
    """A function that gives the lines of the log since it was asked last, with a line for each request."""
    app.extensions["settings"] = replace(app.extensions["settings"], log_requests=True)
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_request_has_a_line_without_anything_that_was_typed(enter: Any, plant: Any, told: Any) -> None:
    plant("council")
    browser = enter(Role.INSPECTOR)
    told()
    browser.client.get("/dossiers?q=Nông+Thị+Hạnh", headers={"X-Request-ID": "proxy-0001"})
    browser.client.post("/sign-in", data={"login": "ai-do", "password": "mat-khau-rat-dai"})
    first, second = told()
    assert {name: first[name] for name in ("request_id", "person", "method", "route", "status")} == {
        "request_id": "proxy-0001",
        "person": world.PERSON[Role.INSPECTOR],
        "method": "GET",
        "route": "/dossiers",
        "status": 200,
    }
    assert first["queries"] > 1
    assert first["ms"] > 0
    assert second["status"] == 403
    assert not re.search("Nông|ai-do|mat-khau", json.dumps([first, second], ensure_ascii=False))


def test_an_id_that_could_write_a_line_of_its_own_is_not_taken(app: Flask, told: Any) -> None:
    app.test_client().get("/healthz", headers={"X-Request-ID": 'x" evil'})
    (line,) = told()
    assert re.fullmatch("[0-9a-f]{16}", line["request_id"])


def test_an_error_of_ours_has_a_number_that_finds_it_and_no_secrets(
    enter: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch, told: Any
) -> None:
    def fail(*_: object) -> None:
        secret = "mat-khau-rat-dai"  # a variable that must not be shown
        with engine.connect() as connection:
            connection.execute(text("SELECT :secret FROM no_such_table"), {"secret": secret})

    browser = enter(Role.INSPECTOR)
    fails_with(monkeypatch, fail)
    told()
    monkeypatch.setattr("blueprints.errors.OperationalError", ZeroDivisionError)
    monkeypatch.setattr("blueprints.errors.InterfaceError", ZeroDivisionError)
    number = re.search(r"mã ([0-9A-F]{8})", browser.get("/", 500).text)
    assert number
    error, line = told()
    assert error["reference"] == number.group(1)
    assert error["request_id"] == line["request_id"]
    assert "no_such_table" in error["exception"]
    assert "mat-khau" not in json.dumps([error, line])


def test_a_row_that_a_database_refuses_does_not_show_its_values_in_the_log(
    postgresql_url: str, app: Flask, told: Any
) -> None:
    engine, secret = make_engine(postgresql_url), "bí mật"
    with engine.connect() as connection:
        add = text("INSERT INTO holiday (day, effect, kind, name_vi, name_en) VALUES ('2025-01-01', 'off', '', :n, '')")
        connection.execute(add, {"n": "một"})
        with pytest.raises(IntegrityError) as caught:
            connection.execute(add, {"n": secret})
    engine.dispose()
    log.error("refused", exc_info=caught.value)
    (line,) = told()
    assert "duplicate key" in line["exception"]
    assert not re.search("Key|bí mật", line["exception"])


# --- small answers ---


def test_pages_are_compressed_and_static_files_kept_for_good(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sign-in", headers={"Accept-Encoding": "gzip, br"})
    assert page.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in page.headers["Vary"]
    address = re.search(r'href="(/static/css/app.css[^"]+)"', client.get("/sign-in").text)
    assert address
    for encoding in ("br", "gzip"):
        sheet = client.get(address.group(1), headers={"Accept-Encoding": encoding})
        assert sheet.headers["Content-Encoding"] == encoding
        assert sheet.headers["Cache-Control"].endswith("public, immutable")
        assert len(sheet.data) < 14_000
        sheet.close()


def test_where_nothing_can_be_written_static_files_go_out_as_they_are(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blueprints.packed.KEPT", Path("/proc/none"))
    made = create_app(app.extensions["settings"])
    with made.test_client().get("/static/css/app.css", headers={"Accept-Encoding": "br"}) as sheet:
        assert (sheet.status_code, sheet.headers.get("Content-Encoding")) == (200, None)
    made.extensions["engine"].dispose()
