"""Figures on Vietnamese and on English pages: each in its own form, none taken for another on the way."""

from typing import Any

import pytest
from sqlalchemy import Engine, delete, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Answer
from models.places import CriteriaAdoption
from tests.client import Browser
from tests.integration.pages.test_admin_criteria import SET
from tests.integration.pages.test_consulting import COUNTS, DAYS, SURVEY
from tests.integration.pages.test_criteria import answer, save, texts
from tests.integration.pages.test_desk import ON_SQLITE
from tests.integration.pages.test_filling_in import FILE
from workflow.names import Role

pytestmark = ON_SQLITE
INCOME, ROADS = "/dossiers/1/criteria/10", "/dossiers/1/criteria/2"
A, ADOPTION = table_of(Answer), table_of(CriteriaAdoption)


@pytest.fixture
def officer(engine: Engine, enter: Any, plant: Any) -> Browser:
    """Return the browser of an officer whose commune has large figures."""
    plant("self_assessing")
    found: Browser = enter(Role.COMMUNE_OFFICER)
    with unit_of_work(engine) as connection:
        connection.execute(update(A).where(A.c.indicator == "10.1").values(value="17874.5"))
        connection.execute(update(A).where(A.c.indicator == "2.2").values(value={"part": 17874, "whole": 28598}))
    return found


def speak(browser: Browser, lang: str) -> None:
    browser.speak(browser.get("/"), lang)


@pytest.mark.parametrize(
    ("lang", "share", "part", "income", "row"),
    [
        ("vi", "62,5 %", "17.874", "17.874,5", "28.598 (62,5 %)"),
        ("en", "62.5 %", "17,874", "17,874.5", "28,598 (62.5 %)"),
    ],
)
def test_figures_stand_in_the_form_of_the_pages_language(
    officer: Browser, lang: str, share: str, part: str, income: str, row: str
) -> None:
    speak(officer, lang)
    page = officer.get(ROADS)
    assert (share in page.text, texts(page, ROADS)["2.2:part"]) == (True, part)
    assert texts(officer.get(INCOME), INCOME)["10.1:value"] == income
    assert row in officer.get("/dossiers/1?show=all").text


def test_what_stands_in_a_form_is_the_same_value_in_either_language(engine: Engine, officer: Browser) -> None:
    for lang in ("en", "vi", "en"):
        speak(officer, lang)
        for page in (INCOME, ROADS):
            save(officer, texts(officer.get(page), page), page=page)
            officer.send(officer.get(page), page)
    assert (answer(engine, "10.1").value, answer(engine, "10.1").version) == ("17874.5", 1)
    assert (answer(engine, "2.2").value["part"], answer(engine, "2.2").version) == (17874, 1)


def test_thousands_typed_the_vietnamese_way_on_an_english_page_are_asked_about(
    engine: Engine, officer: Browser
) -> None:
    speak(officer, "en")
    page = officer.get(INCOME)
    told = save(officer, texts(page, INCOME) | {"10.1:value": "48.200"}, page=INCOME)["indicators"]["10.1"]
    asked = "“48.200” can be read in two ways: enter 48,200 for thousands, 48.2000 for decimals."
    assert told["fault"] == {"id": "10.1:value", "sentence": asked}
    again = officer.send(officer.get(INCOME), INCOME, 422, **{"10.1:value": "48.200"})
    assert f"10.1: {asked}" in again.text
    assert texts(again, INCOME)["10.1:value"] == "48.200"
    assert answer(engine, "10.1").value == "17874.5"
    told = save(officer, texts(page, INCOME) | {"10.1:value": "48,200"}, page=INCOME)["indicators"]["10.1"]
    assert (told["fault"], told["fields"]["10.1:value"], answer(engine, "10.1").value) == (None, "48,200", "48200")
    assert "Read as 48200" in told["outcome"]
    assert "Read as 48200" in officer.get(INCOME).text


def test_the_other_writing_is_answered_with_what_to_type(engine: Engine, officer: Browser) -> None:
    page = officer.get(INCOME)
    for lang, typed, said in (("vi", "48.2", "48.2” viết là 48,2."), ("en", "48,2", "48,2” is written 48.2.")):
        speak(officer, lang)
        page = officer.send(officer.get(INCOME), INCOME, 422, **{"10.1:value": typed})
        assert said in page.text
    assert answer(engine, "10.1").value == "17874.5"


def test_a_form_opened_in_one_language_is_read_and_answered_in_it_after_a_switch(
    engine: Engine, officer: Browser
) -> None:
    opened = officer.get(INCOME)
    speak(officer, "en")
    form = texts(opened, INCOME)
    told = save(officer, form | {"10.1:value": "17,874"}, page=INCOME)["indicators"]["10.1"]
    assert "có thể hiểu theo hai cách" in told["fault"]["sentence"]
    again = officer.send(opened, INCOME, 422, **{"10.1:value": "17,874"})
    assert "Tiêu chí 10: Thu nhập" in again.text
    assert (texts(again, INCOME)["written_in"], answer(engine, "10.1").value) == ("vi", "17874.5")
    told = save(officer, form | {"10.1:value": "48.200,5"}, page=INCOME)["indicators"]["10.1"]
    assert (told["fields"]["10.1:value"], answer(engine, "10.1").value) == ("48.200,5", "48200.5")


def test_what_is_kept_of_a_form_says_the_same_when_it_is_opened_in_the_other_language(officer: Browser) -> None:
    save(officer, texts(officer.get(INCOME), INCOME) | {"10.1:value": "17,874"}, page=INCOME)
    assert texts(officer.get(INCOME), INCOME)["10.1:value"] == "17,874"
    speak(officer, "en")
    page = officer.get(INCOME)
    assert (texts(page, INCOME)["10.1:value"], texts(page, INCOME)["written_in"]) == ("17.874", "en")
    assert "can be read in two ways" in officer.send(page, INCOME, 422).text


def test_what_somebody_else_recorded_and_what_oneself_typed_are_in_the_language_of_the_form(
    engine: Engine, officer: Browser, enter: Any
) -> None:
    opened = officer.get(INCOME)
    save(officer, texts(opened, INCOME) | {"10.1:value": "1.500,5"}, page=INCOME)
    other = enter(Role.COMMUNE_OFFICER)
    speak(other, "en")
    mine = texts(other.get(INCOME), INCOME) | {"10.1-version": "1", "10.1:value": "1,600.5"}
    told = save(other, mine, page=INCOME)["indicators"]["10.1"]["other"]
    assert "1,500.5 million" in told
    assert "1,600.5 million" in told
    page = other.post(INCOME, mine, 409)
    assert texts(page, INCOME)["mine:10.1:value"] == "1,600.5"
    taken = other.post(INCOME, {**texts(page, INCOME), "take": "10.1"}, 200)
    assert texts(taken, INCOME)["10.1:value"] == "1,600.5"
    other.send(taken, INCOME)
    assert answer(engine, "10.1").value == "1600.5"


def test_counts_of_a_form_are_read_the_same_in_either_writing_and_shown_in_that_of_the_page(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("surveying")
    front = enter(Role.COMMUNE_FRONT)
    speak(front, "en")
    counts = COUNTS | {"households_total": "17.874", "ballots_issued": "17,000"}
    page = front.send(front.get(SURVEY), SURVEY, 422, **counts)
    assert (texts(page, SURVEY)["households_total"], texts(page, SURVEY)["ballots_issued"]) == ("17,874", "17,000")
    assert "Too large: at most 15 digits." in front.send(page, SURVEY, 422, households_total="9" * 16).text
    front.send(page, SURVEY, **DAYS, minutes=FILE)
    shown = front.get(SURVEY).text
    assert "95.11 %" in shown
    assert "at least 12,512" in shown


def test_a_level_is_read_as_the_language_of_its_page_writes_it(engine: Engine, enter: Any) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(delete(ADOPTION))
    keeper, address = enter(Role.ADMINISTRATOR), f"{SET}/adoption"
    given = {"decision": "12/2025/QĐ-UBND", "decided_on": "03/03/2025", "valid_from": "03/03/2025", "group": "tdmnpb"}
    opened = keeper.get(address)
    speak(keeper, "en")
    assert "“82.5” viết là 82,5." in keeper.send(opened, "/adoption", 422, **given, **{"level__2.1": "82.5"}).text
    keeper.send(keeper.get(address), "/adoption", **given, **{"level__2.1": "82.5"})
    with reading(engine) as connection:
        assert connection.execute(select(ADOPTION.c.thresholds)).scalar_one() == {"2.1": "82.5"}
    assert "≥ 82.5 %" in keeper.get(SET).text
