"""Signing in and out: lockout, sessions on the server, practice accounts, language, the headers of every answer."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from casework import passwords
from casework.signing_in import LOCK_AFTER
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import Installation
from models.people import Person, SignInAttempt, SignInSession
from practice.accounts import accounts_of
from tests import world
from tests.client import Browser, Page
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD = "mot-mat-khau-dai"
WRONG = "Tên đăng nhập hoặc mật khẩu không đúng."


def set_password(engine: Engine, role: Role) -> str:
    login = f"p{world.PERSON[role]}"
    people = table_of(Person)
    with unit_of_work(engine) as connection:
        connection.execute(update(people).where(people.c.login == login).values(password_hash=passwords.keep(PASSWORD)))
    return login


def try_sign_in(browser: Browser, login: str, password: str, status: int = 422) -> Page:
    return browser.send(browser.get("/sign-in"), "/sign-in", status, login=login, password=password)


def test_whoever_is_not_signed_in_is_asked_to_and_then_led_back(app: Flask, engine: Engine) -> None:
    login = set_password(engine, Role.INSPECTOR)
    browser = Browser(app)
    browser.client.get("/dossiers?q=Xã")
    page = browser.get("/sign-in?next=/dossiers?q=HS")
    browser.send(page, "/sign-in", login=login.upper(), password=PASSWORD)
    assert browser.answer.request.full_path == "/dossiers?q=HS"


@ON_SQLITE
def test_a_way_back_never_leads_to_another_site(app: Flask) -> None:
    page = Browser(app).get("/sign-in?next=//elsewhere.example")
    assert ("next", "/") in page.form_to("/sign-in").values


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(app: Flask, engine: Engine) -> None:
    known = try_sign_in(Browser(app), set_password(engine, Role.INSPECTOR), "wrong")
    unknown = try_sign_in(Browser(app), "nobody", "wrong")
    assert WRONG in known.text
    assert WRONG in unknown.text


@pytest.mark.parametrize("known", [True, False])
def test_after_five_failed_tries_even_the_right_password_waits(app: Flask, engine: Engine, known: bool) -> None:
    login = set_password(engine, Role.INSPECTOR) if known else "nobody"
    for _ in range(LOCK_AFTER):
        try_sign_in(Browser(app), login, "wrong")
    assert "Hãy chờ 15 phút" in try_sign_in(Browser(app), login, PASSWORD).text


def test_the_lock_ends_after_its_time(app: Flask, engine: Engine) -> None:
    login = set_password(engine, Role.INSPECTOR)
    for _ in range(LOCK_AFTER):
        try_sign_in(Browser(app), login, "wrong")
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(SignInAttempt)).values(at=world.NOW - timedelta(minutes=16)))
    assert "Việc cần làm" in try_sign_in(Browser(app), login, PASSWORD, 303).text


def test_signing_out_ends_the_session_on_the_server(app: Flask, engine: Engine, enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    stolen = browser.client.get_cookie("datchuan")
    browser.send(browser.get("/"), "/sign-out")
    thief = Browser(app)
    thief.client.set_cookie("datchuan", stolen.value)
    assert thief.client.get("/dossiers").status_code == 302
    with reading(engine) as connection:
        assert connection.execute(select(table_of(SignInSession).c.revoked_at)).scalar_one() is not None


@pytest.mark.parametrize("change", ["expires_at", "disabled_at"])
def test_a_session_that_has_run_out_or_of_a_disabled_person_is_none(engine: Engine, enter: Any, change: str) -> None:
    browser = enter(Role.INSPECTOR)
    table = table_of(SignInSession) if change == "expires_at" else table_of(Person)
    with unit_of_work(engine) as connection:
        connection.execute(update(table).values({change: world.NOW - timedelta(days=1)}))
    assert browser.client.get("/dossiers").status_code == 302


def test_the_database_keeps_only_the_hash_of_a_session(app: Flask, engine: Engine, enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    with browser.client.session_transaction() as session:
        secret = session["_user_id"]
    with reading(engine) as connection:
        assert connection.execute(select(table_of(SignInSession).c.id)).scalar_one() != secret


def test_practice_accounts_cannot_be_entered_outside_a_practice_province(app: Flask, engine: Engine) -> None:
    people, login = table_of(Person), accounts_of("three-tier")[0].login
    with unit_of_work(engine) as connection:
        mine = people.c.id == world.PERSON[Role.COMMUNE_OFFICER]
        connection.execute(update(people).where(mine).values(login=login))
    browser = Browser(app)
    page = browser.get("/sign-in")
    form = page.form_to("/sign-in/practice")
    assert ("login", login) in form.buttons
    assert "Việc cần làm" in browser.post(form.action, {**dict(form.values), "login": login}).text
    browser.send(browser.get("/"), "/sign-out")
    press = {**dict(browser.get("/sign-in").form_to("/sign-in/practice").values), "login": login}
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Installation)).values(practice=False))
    browser.post("/sign-in/practice", press, 404)
    app.config["PRACTICE"] = False
    assert "/sign-in/practice" not in browser.get("/sign-in").text_of_file
    browser.post("/sign-in/practice", press, 404)


@ON_SQLITE
def test_a_forged_form_is_refused(enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    browser.post("/dossiers/1/actions/submit", {"seen_version": "5"}, 403)


def test_the_language_is_kept_with_the_person(enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    token = dict(browser.get("/").form_to("/language").values)["csrf_token"]
    browser.post("/language", {"lang": "en", "csrf_token": token})
    assert "To do" in browser.get("/").text
    assert "To do" in enter(Role.INSPECTOR).get("/").text


@ON_SQLITE
@pytest.mark.parametrize("way", ["by the address", "by the switch"])
def test_the_language_chosen_before_signing_in_goes_in_with_the_person(app: Flask, way: str) -> None:
    browser = Browser(app)
    page = browser.get("/sign-in?lang=en" if way == "by the address" else "/sign-in")
    if way == "by the switch":
        token = dict(page.form_to("/language").values)["csrf_token"]
        browser.post("/language", {"lang": "en", "csrf_token": token})
        page = browser.get("/sign-in")
    form = dict(page.form_to("/sign-in").values) | {"login": f"p{world.PERSON[Role.INSPECTOR]}"}
    assert "To do" in browser.post("/sign-in/practice", form).text
    assert "To do" in browser.get("/").text


@ON_SQLITE
def test_every_answer_carries_the_headers(app: Flask) -> None:
    for address in ("/sign-in", "/nowhere"):
        headers = app.test_client().get(address).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert re.search(r"script-src 'self' 'nonce-\S{20,}'", headers["Content-Security-Policy"])
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
        assert "Strict-Transport-Security" not in headers
    app.config["SESSION_COOKIE_SECURE"] = True
    assert "max-age=31536000" in app.test_client().get("/sign-in").headers["Strict-Transport-Security"]


def test_an_act_keeps_when_the_session_was_last_used_and_a_look_does_not(engine: Engine, enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    sessions = table_of(SignInSession)
    long_ago = world.NOW - timedelta(hours=1)
    with unit_of_work(engine) as connection:
        connection.execute(update(sessions).values(last_seen_at=long_ago))
    last_used = select(sessions.c.last_seen_at)
    page = browser.get("/")
    with reading(engine) as connection:
        assert connection.execute(last_used).scalar_one() == long_ago
    browser.post("/language", {"lang": "vi", "csrf_token": dict(page.form_to("/language").values)["csrf_token"]})
    with reading(engine) as connection:
        assert connection.execute(last_used).scalar_one() > long_ago
