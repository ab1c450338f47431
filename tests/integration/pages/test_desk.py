"""The desk as people meet it: the inbox, a dossier and its actions, opening one, and what goes wrong."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, select, update

from casework.errors import Refused
from casework.unit_of_work import reading, unit_of_work
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import Installation
from models.dossiers import Dossier
from models.evidence import EvidenceUse
from tests import world
from tests.client import Browser
from tests.house import statements
from workflow.names import Role
from workflow.refusal import refuse

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def state_of(engine: Engine) -> str:
    with reading(engine) as connection:
        return str(connection.execute(select(table_of(Dossier).c.state)).scalar_one())


def test_the_inbox_shows_what_lies_with_the_office(enter: Any, plant: Any) -> None:
    plant("commune_ready")
    assert "HS-1" in enter(Role.COMMUNE_CHAIRMAN).get("/").text
    assert "Không có hồ sơ nào chờ" in enter(Role.DISTRICT_REVIEWER).get("/").text
    assert "HS-1" in enter(Role.INSPECTOR).get("/dossiers?q=Xã Thử").text
    assert "Không tìm thấy" in enter(Role.INSPECTOR).get("/dossiers?q=khong-co").text


@pytest.mark.parametrize(
    ("role", "state"),
    [
        (Role.DEPARTMENT_REVIEWER, "province_appraising"),
        (Role.COUNCIL_MEMBER, "council"),
        (Role.COMMUNE_CHAIRMAN, "returned"),
    ],
)
def test_an_office_with_work_in_a_state_that_another_holds_finds_it(
    enter: Any, plant: Any, role: Role, state: str
) -> None:
    plant(state)
    assert "HS-1" in enter(role).get("/").text


def test_each_list_and_page_asks_a_fixed_number_of_statements(engine: Engine, enter: Any, plant: Any) -> None:
    plant("council")
    browser = enter(Role.COUNCIL_SECRETARY)
    assert statements(engine, lambda: browser.get("/")) == 5
    assert statements(engine, lambda: browser.get("/dossiers")) == 6
    assert statements(engine, lambda: browser.get("/dossiers/1")) == 5


@ON_SQLITE
@pytest.mark.parametrize("state", ["self_assessing", "returned", "district_verifying", "council", "recommended"])
def test_the_dossier_is_whole_for_every_office(enter: Any, plant: Any, state: str) -> None:
    plant(state)
    for role in Role:
        assert "Hồ sơ đang ở đâu" in enter(role).get("/dossiers/1").text


def test_outside_the_reach_a_dossier_does_not_exist(engine: Engine, enter: Any) -> None:
    with unit_of_work(engine) as connection:
        other = world.add_commune(connection, 1)
        world.plant(connection, other, "recommended", 2)
    browser = enter(Role.COMMUNE_OFFICER)
    for address in ("actions/withdraw", "work/attach-part", "criteria/1", f"files/{world.PAPER}"):
        browser.get(f"/dossiers/2/{address}", 404)
    browser.get("/dossiers/2", 404)
    assert "HS-2" not in browser.get("/dossiers").text


@ON_SQLITE
def test_an_action_or_work_that_is_not_ones_own_is_not_found(enter: Any, plant: Any) -> None:
    plant("recommended")
    browser = enter(Role.COMMUNE_OFFICER)
    for address in ("actions/recognise", "actions/nothing", "work/keep-survey", "work/nothing", "criteria/99"):
        browser.get(f"/dossiers/1/{address}", 404)


# --- acting ---


def test_one_press_acts_and_the_same_press_again_is_the_same_act(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get("/dossiers/1")
    assert "Đã ghi nhận: Hoàn thành tự đánh giá" in browser.send(page, "/actions/complete-self-assessment").text
    browser.send(page, "/actions/complete-self-assessment")
    assert state_of(engine) == "public_comment"


def test_a_blocked_action_says_why_with_a_link(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    with unit_of_work(engine) as connection:
        connection.execute(delete(table_of(EvidenceUse)))
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get("/dossiers/1")
    assert ("/dossiers/1#missing", "Còn 57 nội dung cần làm") in page.links
    answer = browser.get("/dossiers/1/actions/complete-self-assessment")
    assert "Chưa có minh chứng" in answer.text
    assert not [form for form in answer.forms if "complete" in form.action]


def test_what_was_typed_wrong_stands_beside_its_field_and_nothing_is_lost(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("recommended")
    browser = enter(Role.PROVINCIAL_CHAIRMAN)
    form = browser.get("/dossiers/1/actions/recognise")
    page = browser.send(form, "/recognise", 422, year_recognised="20l9", signed_on="31/02/2025")
    assert "Hãy nhập ngày theo dạng" in page.text
    assert {("signed_on", "31/02/2025"), ("year_recognised", "20l9")} <= set(page.form_to("/recognise").values)
    page = browser.send(form, "/recognise", 422, year_recognised="2019", signed_on="10/03/2025")
    assert "Năm công nhận 2019 phải từ 2022 đến 2025." in page.text
    assert state_of(engine) == "recommended"


def test_a_decision_becomes_a_pdf(app: Flask, engine: Engine, enter: Any, plant: Any) -> None:
    plant("recommended")
    browser = enter(Role.PROVINCIAL_CHAIRMAN)
    page = browser.send(
        browser.get("/dossiers/1/actions/recognise"), "/recognise", year_recognised="2024", signed_on="10/03/2025"
    )
    assert "218/QĐ-UBND" in page.text
    assert "Đang tạo" in page.text
    browser.get("/papers/1.pdf", 404)
    drain(tools_of(app.extensions["settings"], engine))
    assert "/papers/1.pdf" in {address for address, _ in browser.get("/dossiers/1").links}
    browser.get("/papers/1.pdf")
    assert browser.answer.data.startswith(b"%PDF")
    assert "attachment" in browser.answer.headers["Content-Disposition"]


def test_a_page_that_grew_old_says_who_and_when_and_keeps_what_was_typed(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = browser.get("/dossiers/1/actions/withdraw")
    other = enter(Role.COMMUNE_OFFICER)
    other.send(other.get("/dossiers/1/work/state-debt"), "/state-debt", debt_amount="0")
    page = browser.send(form, "/withdraw", 409, reason="Xin rút để rà soát lại")
    assert f"Người {world.PERSON[Role.COMMUNE_OFFICER]}" in page.text
    assert "Xin rút để rà soát lại" in page.text
    assert state_of(engine) == "commune_ready"


# --- opening, and trouble ---


@ON_SQLITE
def test_too_much_at_once_is_a_page_of_its_own(enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    size = {"CONTENT_LENGTH": str(22 * 1024 * 1024)}
    answer = browser.client.post("/dossiers/1/work/attach-part", data={"part": "D5"}, environ_overrides=size)
    assert (answer.status_code, "nhiều nhất 20 MB" in answer.text) == (413, True)


@ON_SQLITE
def test_an_error_of_ours_has_a_number_that_is_in_the_log(
    app: Flask, enter: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = enter(Role.INSPECTOR)
    monkeypatch.setattr("blueprints.desk.lists.inbox", lambda *_: 1 / 0)
    number = re.search(r"mã ([0-9A-F]{8})", browser.get("/", 500).text)
    assert number
    assert number.group(1) in capsys.readouterr().out


@ON_SQLITE
def test_without_a_database_the_page_says_so(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.database import make_engine

    app.extensions["engine"].dispose()
    app.extensions["engine"] = make_engine("sqlite:////nowhere/at/all.db")
    Browser(app).get("/", 503)


def test_a_file_of_which_the_storage_knows_nothing_is_an_error_of_ours(enter: Any, plant: Any) -> None:
    plant("council")
    enter(Role.INSPECTOR).get(f"/dossiers/1/files/{world.PAPER}", 500)


def test_a_form_sent_for_another_act_is_refused_with_what_was_typed(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = browser.get("/dossiers/1/actions/withdraw")
    key = dict(form.form_to("/withdraw").values)["request_key"]
    look = browser.get("/dossiers/1/actions/submit")
    browser.send(look, "/actions/submit", request_key=key)
    assert "Rút hồ sơ" in browser.send(form, "/withdraw", 409, reason="Rút hồ sơ").text
    page = browser.send(browser.get("/dossiers/1/actions/withdraw"), "/withdraw", 409, request_key=key, reason="Rút")
    assert "Rút" in page.text
    assert state_of(engine) == "district_received"


@ON_SQLITE
def test_a_refusal_on_a_page_without_a_form_is_a_page_of_its_own(enter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse_all(*_: object) -> None:
        raise Refused((refuse("council.closed"),))

    browser = enter(Role.INSPECTOR)
    monkeypatch.setattr("blueprints.desk.lists.inbox", refuse_all)
    page = browser.get("/", 422)
    assert "Phiên họp đã kết thúc" in page.text


@ON_SQLITE
def test_reasons_lead_to_where_this_person_can_mend_them(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Dossier)).values(state="commune_vote"))
    page = enter(Role.COMMUNE_OFFICER).get("/dossiers/1")
    links = [href for href, words in page.links if words.startswith("Chưa ghi kết quả bỏ phiếu")]
    assert links == ["/dossiers/1/work/keep-vote"]
    monitor = enter(Role.COMMUNE_CHAIRMAN).get("/dossiers/1")
    links = [href for href, words in monitor.links if words.startswith("Chưa ghi kết quả")]
    assert links == ["/dossiers/1#conditions"]


def test_a_dossier_that_is_late_or_in_time_says_so_with_each_day(engine: Engine, enter: Any, plant: Any) -> None:
    plant("district_received")
    page = enter(Role.DISTRICT_REVIEWER).get("/dossiers/1")
    assert "Đến hạn hôm nay" in page.text
    assert "Ngày nhận hồ sơ, không tính" in page.text
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Installation)).values(practice_starts_at=world.NOW + timedelta(days=3)))
    assert "Quá hạn 3 ngày làm việc" in enter(Role.DISTRICT_REVIEWER).get("/dossiers/1").text
