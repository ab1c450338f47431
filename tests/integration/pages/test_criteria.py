"""The indicators of a dossier: how far each criterion is, and values that are recorded while they are typed."""

from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import Engine, delete, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Answer, AnswerRevision, Dossier
from models.drafts import Draft
from models.evidence import EvidenceUse
from queries.rulebook import criteria_sets
from tests import world
from tests.client import Browser, Page
from tests.house import statements
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "/dossiers/1/criteria/2"
A = table_of(Answer)


def answer(engine: Engine, code: str, column: str = "commune") -> Any:
    with reading(engine) as connection:
        return connection.execute(select(A).where(A.c.indicator == code, A.c.column_name == column)).one()


def texts(page: Page, ending: str = "/criteria/2") -> dict[str, str]:
    return dict(page.form_to(ending).values)


def type_in(browser: Browser, fields: dict[str, str], page: str = PAGE) -> Any:
    """Send what a script sends while somebody types in a criterion's page, and give its answer."""
    form = texts(browser.get(page), page)
    return save(browser, form | fields)


def save(browser: Browser, form: dict[str, str], status: int = 200, page: str = PAGE) -> Any:
    fields = {name: [text] for name, text in form.items() if name != "csrf_token"}
    said = {"address": page, "seen": 1, "fields": fields}
    sent = browser.client.post(f"{page}/values", json=said, headers={"X-CSRFToken": form["csrf_token"]})
    assert sent.status_code == status, sent.text
    return sent.json


# --- how far each criterion is ---


@ON_SQLITE
def test_every_criterion_of_the_table_leads_to_its_own_page(app: Flask, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    codes = [one.code for one in criteria_sets()["commune-ntm-2021-2025"].criteria]
    page = enter(Role.COMMUNE_OFFICER).get("/dossiers/1?show=all")
    with app.test_request_context():
        ways = [url_for("desk.criterion_page", dossier_id=1, criterion=code) for code in codes]
    assert [way for way in dict.fromkeys(href for href, _ in page.links) if way in ways] == ways


@ON_SQLITE
def test_each_criterion_says_what_is_entered_met_and_proven(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    uses = table_of(EvidenceUse)
    with unit_of_work(engine) as connection:
        connection.execute(delete(A).where(A.c.indicator == "2.1", A.c.column_name == "commune"))
        connection.execute(update(A).where(A.c.indicator == "2.2").values(value={"part": 1, "whole": 500}))
        connection.execute(delete(uses).where(uses.c.indicator == "2.3"))
    page = enter(Role.COMMUNE_OFFICER).get("/dossiers/1/criteria")
    assert "Chỉ tiêu đã nhập 56/57" in page.text
    assert "Tiêu chí đạt 18/19" in page.text
    assert "2. Giao thông Đã nhập 3/4 chỉ tiêu Đạt 2 Chưa đạt 1 Thiếu minh chứng 1" in page.text
    assert ("/dossiers/1/criteria/2", "Làm tiếp tiêu chí 2") in page.links


@ON_SQLITE
def test_the_criteria_and_a_criterion_ask_a_fixed_number_of_statements(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    assert statements(engine, lambda: browser.get("/dossiers/1/criteria")) == 5
    assert statements(engine, lambda: browser.get("/dossiers/1/criteria/1")) == 6
    assert statements(engine, lambda: browser.get("/dossiers/1/criteria/17")) == 6


@ON_SQLITE
def test_one_goes_from_criterion_to_criterion(enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    links = [href for href, _ in browser.get(PAGE).links]
    assert {"/dossiers/1/criteria/1", "/dossiers/1/criteria/3"} <= set(links)
    assert "/dossiers/1/criteria/20" not in [href for href, _ in browser.get("/dossiers/1/criteria/19").links]


# --- values that are recorded while they are typed ---


def test_a_whole_value_is_recorded_and_what_it_comes_to_is_told(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    told = type_in(enter(Role.COMMUNE_OFFICER), {"2.2:part": "399"})
    assert (answer(engine, "2.2").value, answer(engine, "2.2").version) == ({"part": 399, "whole": 500}, 2)
    assert told["indicators"]["2.2"]["version"] == "2"
    assert "79,8 %" in told["indicators"]["2.2"]["outcome"]
    assert "Chưa đạt" in told["indicators"]["2.2"]["outcome"]
    assert "Chưa đạt 1" in told["progress"]
    assert told["at"][:3] == "09:"
    assert answer(engine, "2.1").version == 1


def test_what_is_no_value_yet_is_kept_and_stands_there_again(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    told = type_in(browser, {"2.1:part": "12x", "2.2:part": "", "2.3:part": "400"})
    assert told["indicators"]["2.1"]["fault"] == {"id": "2.1:part", "sentence": "Hãy nhập một số, ví dụ 1.234,5."}
    assert told["indicators"]["2.2"]["fault"] is None
    assert "Chưa nhập đủ" in told["indicators"]["2.2"]["outcome"]
    assert (answer(engine, "2.1").version, answer(engine, "2.3").value["part"]) == (1, 400)
    page = enter(Role.COMMUNE_OFFICER).get(PAGE)
    found = texts(page)
    assert (found["2.1:part"], found["2.2:part"], found["2.3:part"]) == ("12x", "", "400")
    assert "Đã khôi phục phần đang nhập dở" in page.text
    type_in(browser, {"2.1:part": "500", "2.2:part": "500"})
    assert "Đã khôi phục" not in browser.get(PAGE).text


def test_the_same_value_sent_twice_is_one_revision(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = texts(browser.get(PAGE)) | {"2.2:part": "450"}
    save(browser, form)
    save(browser, form)  # the button was pressed while the script was still sending
    assert "Đã lưu 4 chỉ tiêu" in browser.post(PAGE, form).text
    table = table_of(AnswerRevision)
    mine = (table.c.indicator == "2.2", table.c.column_name == "commune")
    with reading(engine) as connection:
        versions = connection.execute(select(table.c.version).where(*mine).order_by(table.c.version)).scalars().all()
    assert versions == [1, 2]


def test_somebody_elses_value_is_not_overwritten_and_can_be_taken_over(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = texts(browser.get(PAGE))
    save(browser, form | {"2.2:part": "450"})
    told = save(browser, form | {"2.2:part": "460", "2.3:part": "470"})
    assert (answer(engine, "2.2").value["part"], answer(engine, "2.3").value["part"]) == (450, 470)
    other = told["indicators"]["2.2"]
    assert other["version"] is None
    for words in ("450/500 (90 %)", "460/500 (92 %)", 'data-version="2"', 'name="mine:2.2:part" value="460"'):
        assert words in other["other"]
    page = enter(Role.COMMUNE_OFFICER).get(PAGE)  # on another device both stand there as well
    assert "Quý vị đã nhập: 460/500 (92 %)" in page.text
    assert texts(page)["2.2:part"] == "450"


def test_without_a_script_a_page_out_of_date_shows_both_and_takes_over_with_one_press(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get(PAGE)
    browser.send(form, "/criteria/2", **{"2.2:part": "450", "2.3:part": "430"})
    sent = {"2.1:part": "490", "2.2:part": "460", "2.3:part": "440"}
    page = browser.send(form, "/criteria/2", 409, **sent)
    assert f"Người {world.PERSON[Role.COMMUNE_OFFICER]} đã ghi số liệu khác lúc 09:0" in page.text
    assert "Đang ghi: 450/500 (90 %) Quý vị đã nhập: 460/500 (92 %)" in page.text
    found = texts(page)
    assert (found["2.1:part"], found["2.2:part"], found["2.3:part"]) == ("490", "450", "430")
    page = browser.post(PAGE, {**found, "take": "2.2"}, 200)
    found = texts(page)
    assert (found["2.2:part"], found["2.3:part"], found["mine:2.3:part"]) == ("460", "430", "440")
    assert "mine:2.2:part" not in found
    page = browser.post(PAGE, {**found, "leave": "2.3"}, 200)
    assert not [name for name in texts(page) if name.startswith("mine:")]
    browser.post(PAGE, texts(page))
    assert [answer(engine, code).value["part"] for code in ("2.1", "2.2", "2.3")] == [490, 460, 430]


def test_what_one_did_not_touch_is_no_conflict_and_is_shown_as_it_is_now(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = texts(browser.get(PAGE))
    save(browser, form | {"2.2:part": "450"})
    told = save(browser, form | {"2.3:part": "1234", "2.3:whole": "2000"})["indicators"]
    assert (told["2.2"]["other"], told["2.2"]["version"], told["2.2"]["fields"]["2.2:part"]) == ("", "2", "450")
    assert told["2.3"]["fields"]["2.3:part"] == "1.234"
    browser.post(PAGE, form | {"2.1:part": "17"})
    assert [answer(engine, code).value["part"] for code in ("2.1", "2.2", "2.3")] == [17, 450, 1234]


@ON_SQLITE
def test_a_reviewer_is_saved_while_typing_too(engine: Engine, enter: Any, plant: Any) -> None:
    plant("district_verifying")
    browser = enter(Role.DISTRICT_REVIEWER)
    form = texts(browser.get(PAGE)) | {"2.1-way": "refute", "2.1-reason": "Hai tuyến chưa nghiệm thu"}
    told = save(browser, form)
    found = answer(engine, "2.1", "review")
    assert (found.refuted, found.reason) == (True, "Hai tuyến chưa nghiệm thu")
    assert "Chưa đạt" in told["indicators"]["2.1"]["outcome"]


@ON_SQLITE
def test_nobody_records_values_in_a_column_that_is_not_theirs(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = {"csrf_token": dict(browser.get("/").forms[0].values)["csrf_token"], "2.1:part": "1", "2.1:whole": "9"}
    save(browser, form, 403)
    save(enter(Role.COMMUNE_OFFICER), form | {"csrf_token": "forged"}, 403)
    assert answer(engine, "2.1").version == 1


def test_each_value_recorded_costs_a_fixed_number_of_statements(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    type_in(browser, {"2.2:part": "1"})
    form = texts(browser.get(PAGE))

    def one() -> None:
        save(browser, form | {"2.1:part": "17"})

    def three_and_a_fault() -> None:
        save(browser, form | {"2.1:part": "18", "2.3:part": "18", "2.4:part": "x", "2.1-version": "2"})

    assert statements(engine, one) == statements(engine, three_and_a_fault) == 15


@ON_SQLITE
def test_the_dossier_is_marked_as_changed_by_whoever_types(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    type_in(enter(Role.COMMUNE_OFFICER), {"2.1:part": "7"})
    with reading(engine) as connection:
        row = connection.execute(select(table_of(Dossier))).one()
        assert not connection.execute(select(table_of(Draft))).all()
    assert row.changed_by == world.PERSON[Role.COMMUNE_OFFICER]
