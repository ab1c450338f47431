"""One's own account: sessions elsewhere, changing the password, setting up and using the second factor."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import Engine, insert, select, update

from blueprints.auth.account import device_of
from casework import passwords
from casework.unit_of_work import reading, unit_of_work
from models.accounts import SecondFactor, SecondFactorDuty
from models.base import table_of
from models.people import Person, SignInSession
from tests import world
from tests.client import Browser, Page
from workflow.names import Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD, NEW = "Bốn con bò gặm cỏ", "Năm con ngựa uống nước"
LOGIN = f"p{world.PERSON[Role.INSPECTOR]}"
FACTOR = "/account/second-factor"


@pytest.fixture(autouse=True)
def _passwords(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Person)).values(password_hash=passwords.keep(PASSWORD)))


def sign_in(app: Flask, password: str = PASSWORD, status: int = 303) -> tuple[Browser, Page]:
    browser = Browser(app)
    return browser, browser.send(browser.get("/sign-in"), "/sign-in", status, login=LOGIN, password=password)


def telephone(engine: Engine) -> TOTP:
    with reading(engine) as connection:
        return TOTP(connection.execute(select(table_of(SecondFactor).c.secret)).scalar_one())


def forget_the_last_code(engine: Engine) -> None:
    """Let time pass for the telephone: the code of this half minute may be used once more."""
    factor = table_of(SecondFactor)
    with unit_of_work(engine) as connection:
        connection.execute(update(factor).values(last_step=factor.c.last_step - 5))


def set_up(engine: Engine, browser: Browser) -> tuple[TOTP, list[str]]:
    page = browser.send(browser.get(FACTOR), "/begin")
    phone = telephone(engine)
    page = browser.send(page, FACTOR, 200, code=phone.now())
    codes = [word for word in page.text.split() if word.count("-") == 3]
    assert len(codes) == 10
    assert browser.answer.headers["Cache-Control"] == "no-store"
    forget_the_last_code(engine)
    return phone, codes


# --- sessions ---


def test_one_sees_where_one_is_signed_in_and_ends_it(app: Flask, engine: Engine) -> None:
    here, _ = sign_in(app)
    elsewhere, _ = sign_in(app)
    page = here.get("/account/sessions")
    assert page.text.count("Địa chỉ mạng 127.0.0.1") == 2
    assert page.text.count("Phiên này") == 1
    page = here.send(page, "/account/sessions")
    assert "Không có phiên nào ở nơi khác." in page.text
    assert elsewhere.client.get("/account").status_code == 302
    here.get("/account")


def test_one_ends_all_other_sessions(app: Flask) -> None:
    here, _ = sign_in(app)
    others = [sign_in(app)[0] for _ in range(2)]
    here.send(here.get("/account/sessions"), "/sessions/others")
    assert [one.client.get("/account").status_code for one in others] == [302, 302]
    here.get("/account")


def test_the_session_of_somebody_else_is_not_found(app: Flask, engine: Engine, enter: Any) -> None:
    victim = enter(Role.ADMINISTRATOR)
    with reading(engine) as connection:
        session = connection.execute(select(table_of(SignInSession).c.id)).scalar_one()
    browser, _ = sign_in(app)
    token = dict(browser.get("/account").forms[0].values)["csrf_token"]
    for wrong in (session, "", "x"):
        browser.post("/account/sessions", {"csrf_token": token, "session": wrong}, 404)
    victim.get("/account")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge trên Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) coc_coc_browser/120 Chrome/114.0 Safari/537.36", "Cốc Cốc trên Windows"),
        ("Mozilla/5.0 (Linux; Android 9; SM-J600G) Chrome/119.0 Mobile Safari/537.36", "Chrome trên Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari trên iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox trên Linux"),
        ("curl/8.0", "Trình duyệt không rõ"),
    ],
)
def test_a_browser_is_said_in_words(app: Flask, said: str, words: str) -> None:
    with app.test_request_context():
        assert device_of(said) == words


# --- the password ---


def change(browser: Browser, old: str, new: str, again: str | None = None, status: int = 422) -> Page:
    form = browser.get("/account/password")
    values = {"password": old, "new_password": new, "repeated_password": again or new}
    return browser.send(form, "/account/password", status, **values)


def test_a_password_is_changed_with_the_old_one_and_ends_the_sessions_elsewhere(app: Flask) -> None:
    here, _ = sign_in(app)
    elsewhere, _ = sign_in(app)
    assert "Mật khẩu không đúng." in change(here, "sai", NEW).text
    assert "Đã đổi mật khẩu" in change(here, PASSWORD, NEW, status=303).text
    assert elsewhere.client.get("/account").status_code == 302
    sign_in(app, NEW)
    sign_in(app, PASSWORD, 422)


@pytest.mark.parametrize(
    ("new", "again", "words"),
    [
        (PASSWORD, None, "phải khác mật khẩu đang dùng"),
        ("x9 k7", None, "ít nhất 10 ký tự"),
        ("Matkhau@2025", None, "quá dễ đoán"),
        (f"{LOGIN} là tôi đây", None, "không được chứa tên đăng nhập"),
        (NEW, "khác hẳn rồi", "không giống nhau"),
    ],
)
def test_a_new_password_that_will_not_do_is_refused_in_words(
    app: Flask, new: str, again: str | None, words: str
) -> None:
    browser, _ = sign_in(app)
    page = change(browser, PASSWORD, new, again)
    assert page.text.count(words) >= 2
    assert new not in page.text_of_file
    sign_in(app)


# --- the second factor ---


def test_the_second_factor_is_set_up_and_asked_for(app: Flask, engine: Engine) -> None:
    browser, _ = sign_in(app)
    page = browser.send(browser.get(FACTOR), "/begin")
    assert "<svg" in page.text_of_file
    assert telephone(engine).secret in page.text.replace(" ", "")
    assert "Mã không đúng" in browser.send(page, FACTOR, 422, code="000000").text
    phone, codes = set_up(engine, browser)
    assert "Mã dự phòng còn lại 10" in browser.get(FACTOR).text
    stranger, page = sign_in(app)
    assert page.h1 == ["Nhập mã xác thực"]
    assert stranger.client.get("/account").status_code == 302
    assert "Mã không đúng hoặc đã dùng rồi" in stranger.send(page, "/sign-in/code", 422, code="123456").text
    assert "Việc cần làm" in stranger.send(page, "/sign-in/code", code=phone.now()).text
    other, page = sign_in(app)
    assert "Mã không đúng hoặc đã dùng rồi" in other.send(page, "/sign-in/code", 422, code=phone.now()).text
    assert "Việc cần làm" in other.send(page, "/sign-in/code", code=codes[3]).text


def test_the_wanted_page_is_reached_through_the_code_too(app: Flask, engine: Engine) -> None:
    browser, _ = sign_in(app)
    phone, _ = set_up(engine, browser)
    other = Browser(app)
    page = other.send(other.get("/sign-in?next=/dossiers?q=HS"), "/sign-in", login=LOGIN, password=PASSWORD)
    other.send(page, "/sign-in/code", code=phone.now())
    assert other.answer.request.full_path == "/dossiers?q=HS"


def test_the_time_for_the_code_runs_out(app: Flask, engine: Engine) -> None:
    browser, _ = sign_in(app)
    phone, _ = set_up(engine, browser)
    other, page = sign_in(app)
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(SignInSession)).values(expires_at=world.NOW - timedelta(days=1)))
    assert "Đã quá thời gian nhập mã" in other.send(page, "/sign-in/code", code=phone.now()).text
    assert other.client.get("/sign-in/code").headers["Location"].startswith("/sign-in?")


def test_new_codes_and_turning_off_ask_for_password_and_code(app: Flask, engine: Engine) -> None:
    browser, _ = sign_in(app)
    phone, codes = set_up(engine, browser)
    form = browser.get(f"{FACTOR}/codes")
    assert "Hãy nhập mã 6 số" in browser.send(form, "/codes", 422, password=PASSWORD).text
    page = browser.send(form, "/codes", 200, password=PASSWORD, code=codes[0])
    new = [word for word in page.text.split() if word.count("-") == 3]
    assert not set(new) & set(codes)
    off = browser.get(f"{FACTOR}/off")
    assert "Mật khẩu không đúng." in browser.send(off, "/off", 422, password="sai", code=phone.now()).text
    assert "Đã tắt xác thực hai lớp." in browser.send(off, "/off", password=PASSWORD, code=phone.now()).text
    assert "Việc cần làm" in sign_in(app)[1].text


def test_an_expired_session_is_taken_up_with_a_code(app: Flask, engine: Engine) -> None:
    browser, _ = sign_in(app)
    phone, _ = set_up(engine, browser)
    form = browser.get("/account/password")
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(SignInSession)).values(revoked_at=world.NOW))
    page = browser.send(form, "/account/password", 401, password=PASSWORD, new_password=NEW, repeated_password=NEW)
    page = browser.send(page, "/account/password", 422, again_password=PASSWORD)
    assert "Hãy nhập mã 6 số" in page.text
    page = browser.send(page, "/account/password", 422, again_password=PASSWORD, again_code=phone.now())
    assert page.h1 == ["Đổi mật khẩu"], "no password is carried over: it is typed once more"


def oblige(engine: Engine) -> None:
    duty = {"role": Role.INSPECTOR.value, "since": datetime(2025, 1, 1, tzinfo=UTC)}
    with unit_of_work(engine) as connection:
        connection.execute(insert(table_of(SecondFactorDuty)), duty)


def test_whoever_is_obliged_reaches_nothing_before_it_is_set_up(app: Flask, engine: Engine) -> None:
    oblige(engine)
    browser = Browser(app)
    values = {**dict(browser.get("/sign-in").form_to("/sign-in").values), "login": LOGIN, "password": PASSWORD}
    assert browser.client.post("/sign-in", data=values).status_code == 303
    page = browser.get(FACTOR)
    assert "bắt buộc xác thực hai lớp" in page.text
    for address in ("/", "/dossiers", "/account", "/account/sessions", "/admin/users", f"{FACTOR}/off"):
        answer = browser.client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, FACTOR), address
    token = dict(page.forms[0].values)["csrf_token"]
    assert browser.client.post("/account/sessions/others", data={"csrf_token": token}).headers["Location"] == FACTOR
    set_up(engine, browser)
    assert "Việc cần làm" in browser.get("/").text


def test_whoever_is_obliged_cannot_turn_it_off(app: Flask, engine: Engine) -> None:
    browser, _ = sign_in(app)
    _, codes = set_up(engine, browser)
    off = browser.get(f"{FACTOR}/off")
    oblige(engine)
    assert "không tắt được" in browser.get(FACTOR).text
    assert "không tắt được" in browser.send(off, "/off", 422, password=PASSWORD, code=codes[0]).text
