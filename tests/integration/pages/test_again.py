"""What is sent after the session has run out: nothing is lost, the same person goes on, a forged form says nothing."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from casework import passwords
from casework.signing_in import LOCK_AFTER
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.people import Person, SignInSession
from tests import world
from tests.client import Browser, Page
from workflow.names import Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD = "mot-mat-khau-dai"
OFFICER, CHAIRMAN = f"p{world.PERSON[Role.COMMUNE_OFFICER]}", f"p{world.PERSON[Role.COMMUNE_CHAIRMAN]}"
REASON = "Xin rút để rà soát lại;\n\tgồm 2 xóm \"Lũng Ỏ\" & 'Nà Mè' <b>"
FETCH = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def _passwords(engine: Engine) -> None:
    people = table_of(Person)
    with unit_of_work(engine) as connection:
        connection.execute(update(people).values(password_hash=passwords.keep(PASSWORD)))


def run_out(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(SignInSession)).values(expires_at=world.NOW - timedelta(days=1)))


def state(engine: Engine) -> str:
    with reading(engine) as connection:
        return str(connection.execute(select(table_of(Dossier).c.state)).scalar_one())


def withdraw(browser: Browser) -> Page:
    """A chairman's form to withdraw a dossier, as it stands in the browser."""
    return browser.get("/dossiers/1/actions/withdraw")


def token_of(page: Page) -> str:
    return dict(page.forms[0].values)["csrf_token"]


def test_what_was_typed_is_sent_after_the_right_password(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = withdraw(browser)
    run_out(engine)
    page = browser.send(form, "/withdraw", 401, reason=REASON)
    assert ("reason", REASON) in page.form_to("/withdraw").values
    assert ("again_login", CHAIRMAN) in page.form_to("/withdraw").values
    page = browser.send(page, "/withdraw", 422, again_password="sai")
    assert "không đúng" in page.text
    assert ("reason", REASON) in page.form_to("/withdraw").values
    assert state(engine) == "commune_ready"
    page = browser.send(page, "/withdraw", again_password=PASSWORD)
    assert "Xin rút để rà soát lại" in page.text
    assert state(engine) == "withdrawn"


def test_a_session_that_began_since_in_another_tab_loses_nothing_either(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = withdraw(browser)
    browser.send(browser.get("/"), "/sign-out")
    browser.sign_in(CHAIRMAN)
    page = browser.send(form, "/withdraw", 401, reason=REASON)
    browser.send(page, "/withdraw", again_password=PASSWORD)
    assert state(engine) == "withdrawn"


def test_somebody_else_gets_nothing_carried_over(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = withdraw(browser)
    run_out(engine)
    page = browser.send(form, "/withdraw", 401, reason=REASON)
    page = browser.send(page, "/withdraw", again_login=OFFICER, again_password=PASSWORD)
    assert "do một tài khoản khác nhập nên không được gửi" in page.text
    assert state(engine) == "commune_ready"
    assert browser.get("/account").text.count(OFFICER) > 0


def test_under_the_session_of_somebody_else_the_maker_is_asked(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = withdraw(browser)
    browser.send(browser.get("/"), "/sign-out")
    browser.sign_in(OFFICER)
    page = browser.send(form, "/withdraw", 401, reason=REASON)
    assert ("again_login", CHAIRMAN) in page.form_to("/withdraw").values
    assert state(engine) == "commune_ready"


def test_a_chosen_file_is_named_and_chosen_again(app: Flask, engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get("/dossiers/1/work/attach-part")
    run_out(engine)
    page = browser.send(form, "/attach-part", 401, part="D5", title="Báo cáo", file=("báo cáo.pdf", b"%PDF-1.4"))
    assert "Chọn lại tệp báo cáo.pdf" in page.text
    assert page.form_to("/attach-part").files == ["file"]


def test_a_password_is_never_written_into_a_page(engine: Engine, enter: Any, plant: Any) -> None:
    browser = enter(Role.INSPECTOR)
    token = token_of(browser.get("/"))
    run_out(engine)
    browser.client.post("/dossiers/1/work/convene", data={"csrf_token": token, "old_password": "bi-mat", "a": "b"})
    page = browser.post("/dossiers/new", {"csrf_token": token, "old_password": "bi-mat-cua-toi", "level": "model"}, 401)
    assert "bi-mat-cua-toi" not in page.text_of_file
    assert ("level", "model") in page.form_to("/new").values


def test_a_form_that_is_nobodys_gets_no_page_that_asks_for_a_password(app: Flask, enter: Any) -> None:
    stranger = Browser(app)
    anonymous = token_of(stranger.get("/sign-in"))
    for token in ("", "forged", anonymous):
        answer = enter(Role.INSPECTOR).client.post("/dossiers/new", data={"csrf_token": token, "level": "model"})
        assert (answer.status_code, "again_password" in answer.text) == (403, False)
    answer = stranger.client.post("/dossiers/new", data={"csrf_token": anonymous})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")


def test_the_page_of_another_person_cannot_be_planted_upon_a_victim(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    attacker, victim = enter(Role.COMMUNE_OFFICER), enter(Role.COMMUNE_CHAIRMAN)
    lure = {"csrf_token": token_of(attacker.get("/")), "reason": "planted"}
    page = victim.post("/dossiers/1/actions/withdraw", lure, 401)
    victim.send(page, "/withdraw", again_login=CHAIRMAN, again_password=PASSWORD)
    assert state(engine) == "commune_ready"


def test_a_sign_in_page_that_grew_old_is_offered_anew(app: Flask, engine: Engine) -> None:
    browser = Browser(app)
    page = browser.get("/sign-in")
    browser.client.delete_cookie("datchuan")
    page = browser.send(page, "/sign-in", login=OFFICER, password=PASSWORD)
    assert "Trang đã mở quá lâu" in page.text
    assert "Việc cần làm" in browser.send(page, "/sign-in", login=OFFICER, password=PASSWORD).text


# --- by script ---


def test_a_script_is_told_where_to_sign_in_and_goes_on(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    values = dict(withdraw(browser).form_to("/withdraw").values)
    run_out(engine)
    answer = browser.client.post("/dossiers/1/actions/withdraw", data=values, headers=FETCH)
    assert (answer.status_code, answer.json) == (401, {"again": "/sign-in/again", "login": CHAIRMAN})
    ask = {"csrf_token": values["csrf_token"], "login": CHAIRMAN}
    wrong = browser.client.post("/sign-in/again", data={**ask, "password": "sai"}, headers=FETCH)
    assert (wrong.status_code, "không đúng" in wrong.json["message"]) == (422, True)
    right = browser.client.post("/sign-in/again", data={**ask, "password": PASSWORD}, headers=FETCH)
    assert right.status_code == 200
    values |= {"csrf_token": right.json["csrf_token"], "reason": "Rút"}
    assert browser.client.post("/dossiers/1/actions/withdraw", data=values, headers=FETCH).status_code == 303
    assert state(engine) == "withdrawn"


def test_a_script_that_reads_is_told_the_same(engine: Engine, enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    run_out(engine)
    assert browser.client.get("/dossiers", headers=FETCH).status_code == 401


def test_by_script_only_the_maker_of_the_page_signs_in_and_wrong_tries_count(engine: Engine, enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    token = token_of(browser.get("/"))
    mine = f"p{world.PERSON[Role.INSPECTOR]}"
    for sent in ({"csrf_token": token, "login": OFFICER}, {"login": mine}, {"csrf_token": "forged", "login": mine}):
        answer = browser.client.post("/sign-in/again", data={**sent, "password": PASSWORD}, headers=FETCH)
        assert (answer.status_code, "tài khoản khác" in answer.json["message"]) == (422, True)
    ask = {"csrf_token": token, "login": mine}
    for _ in range(LOCK_AFTER):
        browser.client.post("/sign-in/again", data={**ask, "password": "sai"}, headers=FETCH)
    last = browser.client.post("/sign-in/again", data={**ask, "password": PASSWORD}, headers=FETCH)
    assert (last.status_code, "Hãy chờ 15 phút" in last.json["message"]) == (422, True)


def test_a_file_by_script_is_asked_for_like_everything_else(engine: Engine, enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    token = token_of(browser.get("/"))
    run_out(engine)
    sent = {"csrf_token": token, "file": (BytesIO(b"x"), "a.pdf")}
    assert browser.client.post("/dossiers/1/work/attach-part", data=sent, headers=FETCH).status_code == 401
