"""Signing in as somebody means it who should not: planted sessions, stolen ones, links and codes used twice, lures."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import Engine, select, update

from blueprints.face import static_url
from blueprints.forgery import bare
from casework import password_links, passwords
from casework.admin_record import COMMAND
from casework.unit_of_work import reading, unit_of_work
from models.accounts import SecondFactor
from models.base import table_of
from models.people import Person, SignInAttempt, SignInSession
from tests import world
from tests.client import Browser, Page
from workflow.names import Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD, NEW = "Bốn con bò gặm cỏ", "Năm con ngựa uống nước"
VICTIM = world.PERSON[Role.INSPECTOR]
LOGIN = f"p{VICTIM}"
FACTOR = "/account/second-factor"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def _passwords(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Person)).values(password_hash=passwords.keep(PASSWORD)))


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie("datchuan")
    assert cookie is not None
    return str(cookie.value)


def with_cookie(app: Flask, value: str) -> Browser:
    browser = Browser(app)
    browser.client.set_cookie("datchuan", value)
    return browser


def is_in(browser: Browser) -> bool:
    return bool(browser.client.get("/account").status_code == 200)


def sign_in(app: Flask, browser: Browser | None = None, password: str = PASSWORD, status: int = 303) -> Page:
    browser = browser or Browser(app)
    return browser.send(browser.get("/sign-in"), "/sign-in", status, login=LOGIN, password=password)


# --- sessions ---


def test_a_session_planted_before_signing_in_is_not_the_one_afterwards(app: Flask) -> None:
    attacker = Browser(app)
    attacker.get("/sign-in")
    planted = cookie_of(attacker)
    victim = with_cookie(app, planted)
    sign_in(app, victim)
    assert is_in(victim)
    assert cookie_of(victim) != planted
    assert not is_in(with_cookie(app, planted))


def test_a_token_of_the_time_before_signing_in_is_worth_nothing_afterwards(app: Flask) -> None:
    browser = Browser(app)
    before = dict(browser.get("/sign-in").form_to("/sign-in").values)["csrf_token"]
    sign_in(app, browser)
    assert browser.client.post("/account/sessions/others", data={"csrf_token": before}).status_code == 403


def test_a_stolen_cookie_is_dead_on_the_next_request_once_its_session_is_revoked(app: Flask, engine: Engine) -> None:
    browser = Browser(app)
    sign_in(app, browser)
    thief = with_cookie(app, cookie_of(browser))
    assert is_in(thief)
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(SignInSession)).values(revoked_at=world.NOW))
    assert not is_in(thief)


@pytest.mark.parametrize("change", [{"disabled_at": world.NOW}, {"password_hash": "x"}])
def test_whoever_is_closed_is_out_at_once(app: Flask, engine: Engine, change: dict[str, Any]) -> None:
    browser = Browser(app)
    sign_in(app, browser)
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Person)).values(change))
    assert is_in(browser) is ("password_hash" in change)


def test_a_cookie_that_was_made_up_or_changed_opens_nothing(app: Flask) -> None:
    browser = Browser(app)
    sign_in(app, browser)
    good = cookie_of(browser)
    head, _, tail = good.partition(".")
    for bad in ("", "x", good[:-1], f"{head}x.{tail}", good.swapcase(), "' OR 1=1 --"):
        assert not is_in(with_cookie(app, bad))


def test_the_name_of_a_session_as_it_is_kept_is_no_key_to_it(app: Flask, engine: Engine) -> None:
    browser = Browser(app)
    sign_in(app, browser)
    with reading(engine) as connection:
        kept = connection.execute(select(table_of(SignInSession).c.id)).scalar_one()
    with browser.client.session_transaction() as session:
        session["_user_id"] = kept
    assert not is_in(browser)


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(app: Flask) -> None:
    answer = app.test_client().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in app.test_client().get("/sign-in").headers["Set-Cookie"]


# --- the way back ---


@pytest.mark.parametrize(
    "lure",
    [
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "https://elsewhere.example",
        "javascript:alert(1)",
        " //elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "elsewhere.example",
        "",
    ],
)
def test_no_lure_leads_elsewhere_after_signing_in(app: Flask, lure: str) -> None:
    browser = Browser(app)
    token = dict(browser.get("/sign-in").form_to("/sign-in").values)["csrf_token"]
    values = {"csrf_token": token, "login": LOGIN, "password": PASSWORD, "next": lure}
    assert browser.client.post("/sign-in", data=values).headers["Location"] == "/"


def test_the_language_leads_back_to_no_other_site(app: Flask) -> None:
    browser = Browser(app)
    token = dict(browser.get("/sign-in").form_to("/language").values)["csrf_token"]
    for came_from in (
        "https://elsewhere.example/x",
        "http://localhost.elsewhere.example/",
        "http://localhost//elsewhere",
    ):
        answer = browser.client.post(
            "/language", data={"csrf_token": token, "lang": "en"}, headers={"Referer": came_from}
        )
        assert answer.headers["Location"] == "/"


# --- who exists ---


def shown(page: Page) -> str:
    """A page without what differs between any two answers."""
    return re.sub(r'value="[^"]*"|nonce="[^"]*"', "", page.text_of_file)


def test_an_unknown_a_known_a_closed_and_a_new_account_get_the_same_answer(app: Flask, engine: Engine) -> None:
    closed = f"p{world.PERSON[Role.RECORDS_CLERK]}"
    with unit_of_work(engine) as connection:
        people = table_of(Person)
        connection.execute(update(people).where(people.c.login == closed).values(disabled_at=world.NOW))
    answers = set()
    for login, password in ((LOGIN, "sai"), ("khong.ai", "sai"), (closed, PASSWORD), (closed, "sai")):
        browser = Browser(app)
        answers.add(shown(browser.send(browser.get("/sign-in"), "/sign-in", 422, login=login, password=password)))
    assert len(answers) == 1


def test_tries_at_an_unknown_name_are_kept_like_others(app: Flask, engine: Engine) -> None:
    for login in (LOGIN, "khong.ai"):
        browser = Browser(app)
        browser.send(browser.get("/sign-in"), "/sign-in", 422, login=login, password="sai")
    with reading(engine) as connection:
        attempts = table_of(SignInAttempt)
        kept = connection.execute(select(attempts.c.login, attempts.c.succeeded).order_by(attempts.c.id)).all()
    assert [tuple(one) for one in kept] == [(LOGIN, False), ("khong.ai", False)]


# --- one-time links ---


def make_link(engine: Engine) -> str:
    with unit_of_work(engine) as connection:
        return f"/password-link/{password_links.make_link(connection, VICTIM, COMMAND, world.NOW)}"


def test_a_link_that_was_used_replaced_or_made_up_is_the_same_dead_end(app: Flask, engine: Engine) -> None:
    first, second = make_link(engine), make_link(engine)
    browser = Browser(app)
    form = browser.get(second)
    browser.send(form, second, new_password=NEW, repeated_password=NEW)
    ends = {shown(Browser(app).get(one, 404)) for one in (first, second, f"/password-link/{'A' * 43}")}
    assert len(ends) == 1
    again = dict(form.form_to(second).values) | {"new_password": PASSWORD, "repeated_password": PASSWORD}
    browser.post(second, again, 404)
    sign_in(app, password=NEW)
    sign_in(app, password=PASSWORD, status=422)


def test_looking_at_a_link_uses_nothing_up_and_no_copy_is_kept(app: Flask, engine: Engine) -> None:
    address = make_link(engine)
    for _ in range(3):
        answer = app.test_client().get(address)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_link_is_used_only_with_the_token_of_its_page(app: Flask, engine: Engine) -> None:
    address = make_link(engine)
    values = {"new_password": NEW, "repeated_password": NEW}
    assert app.test_client().post(address, data=values).status_code == 403
    sign_in(app)


def test_a_link_does_not_go_past_the_second_factor(app: Flask, engine: Engine) -> None:
    set_up(app, engine)
    address = make_link(engine)
    browser = Browser(app)
    browser.send(browser.get(address), address, new_password=NEW, repeated_password=NEW)
    assert not is_in(browser)
    assert sign_in(app, password=NEW).h1 == ["Nhập mã xác thực"]


# --- the second factor ---


def set_up(app: Flask, engine: Engine) -> TOTP:
    browser = Browser(app)
    sign_in(app, browser)
    page = browser.send(browser.get(FACTOR), "/begin")
    with reading(engine) as connection:
        phone = TOTP(connection.execute(select(table_of(SecondFactor).c.secret)).scalar_one())
    browser.send(page, FACTOR, 200, code=phone.now())
    return phone


def test_the_code_of_the_set_up_does_not_sign_anybody_in(app: Flask, engine: Engine) -> None:
    phone = set_up(app, engine)
    factor = table_of(SecondFactor)
    with reading(engine) as connection:
        step = connection.execute(select(factor.c.last_step)).scalar_one()
    browser = Browser(app)
    page = sign_in(app, browser)
    browser.send(page, "/sign-in/code", 422, code=phone.generate_otp(step))
    assert not is_in(browser)


def test_the_password_alone_reaches_nothing(app: Flask, engine: Engine) -> None:
    set_up(app, engine)
    browser = Browser(app)
    token = dict(sign_in(app, browser).forms[0].values)["csrf_token"]
    for address in ("/account", "/dossiers", FACTOR, f"{FACTOR}/off"):
        assert browser.client.get(address).status_code == 302
    for address in (f"{FACTOR}/begin", "/account/sessions/others", f"{FACTOR}/off", "/account/password"):
        answer = browser.client.post(address, data={"csrf_token": token, "password": PASSWORD})
        assert answer.status_code == 303, address
        assert answer.headers["Location"].startswith("/sign-in"), address


@pytest.mark.parametrize("address", ["/v/222222222222", "/sign-in/again", "/sign-in", "/account/password"])
def test_a_form_of_another_site_signs_nobody_in_under_an_account_of_its_maker(app: Flask, address: str) -> None:
    """Such a form brings no cookie, but that of the answer would be kept: its victim would work as somebody else."""
    own, lured = Browser(app), Browser(app)
    sign_in(app, own)
    token = dict(own.get("/account").forms[0].values)["csrf_token"]
    asked = {"csrf_token": token, "login": LOGIN, "password": PASSWORD}
    again = {"again_login": LOGIN, "again_password": PASSWORD}
    for page in (bare(token), ""):
        lured.client.post(address, data={**asked, **again, "again_page": page})
        assert not is_in(lured)


def test_by_script_and_by_the_page_the_code_is_wanted_too(app: Flask, engine: Engine) -> None:
    browser = Browser(app)
    sign_in(app, browser)
    token = dict(browser.get("/account").forms[0].values)["csrf_token"]
    set_up(app, engine)
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(SignInSession)).values(expires_at=world.NOW - timedelta(days=1)))
    ask = {"csrf_token": token, "login": LOGIN, "password": PASSWORD}
    for code in ("", "000000"):
        answer = browser.client.post("/sign-in/again", data={**ask, "code": code}, headers=FETCH)
        assert (answer.status_code, answer.get_json()["code"]) == (422, True)
    assert not is_in(browser)


# --- the headers of every answer ---


def test_every_answer_carries_the_headers_whatever_went_wrong(
    app: Flask, engine: Engine, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = enter(Role.INSPECTOR)
    token = dict(browser.get("/").forms[0].values)["csrf_token"]
    monkeypatch.setattr("blueprints.desk.lists.dossiers_seen", lambda *_: 1 / 0)
    large = {"CONTENT_LENGTH": str(200 * 1024 * 1024)}
    client, stranger = browser.client, app.test_client()
    answers = {
        200: client.get("/account"),
        302: stranger.get("/account"),
        401: stranger.post("/dossiers/new", data={"csrf_token": token}),
        403: client.get("/dossiers/new"),
        404: client.get("/nowhere"),
        413: client.post("/dossiers/new", data={"csrf_token": token}, environ_overrides=large),
        422: stranger.post("/sign-in/again", data={"csrf_token": token}),
        500: client.get("/dossiers"),
    }
    assert {status: answer.status_code for status, answer in answers.items()} == {status: status for status in answers}
    nonces = set()
    for answer in answers.values():
        policy = answer.headers["Content-Security-Policy"]
        nonces |= set(re.findall(r"script-src 'self' 'nonce-([\w-]{20,})'", policy))
        assert "unsafe" not in policy
        for part in ("default-src 'none'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
        assert answer.headers["Cache-Control"] in {"private, no-cache", "no-store"}
    assert len(nonces) == len(answers)


def test_a_static_file_carries_the_headers_too(app: Flask) -> None:
    for path in ("js/again.js", "img/mark.svg"):
        with app.test_client().get(static_url(path)) as answer:
            headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_every_form_that_writes_refuses_to_without_its_token(app: Flask, enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    exempt = {"auth.sign_in_again"}
    refused = {}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or set()) and rule.endpoint not in exempt:
            values: dict[str, Any] = {name: 1 if kind == "int" else "x" for name, kind in _parameters(rule)}
            if all(kind in {"int", "kebab", "slug", "code"} for _, kind in _parameters(rule)):
                with app.test_request_context():
                    address = app.url_for(rule.endpoint, **values)
                refused[rule.endpoint] = browser.client.post(address, data={}).status_code
    assert len(refused) > 30
    assert set(refused.values()) == {403}


def _parameters(rule: Any) -> list[tuple[str, str]]:
    return [(name, kind) for kind, name in re.findall(r"<(\w+)(?:\([^)]*\))?:(\w+)>", rule.rule)]
