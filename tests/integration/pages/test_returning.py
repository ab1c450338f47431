"""Returning a dossier for supplement: a line for all that was found, and the notice read before it is sent."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import Paper
from models.dossiers import Answer, CheckedPart, Conclusion, Dossier
from models.events import DossierEvent
from models.evidence import EvidenceUse
from tests import world
from tests.client import Browser, Page
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
RETURN = "/dossiers/1/actions/return-from-district"
TYPE = Callable[..., Any]


def values_of(page: Page) -> dict[str, list[str]]:
    """What stands in the form of the return."""
    found: dict[str, list[str]] = {}
    for name, value in page.form_to("return-from-district").values:
        found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def reviewer(engine: Engine, enter: Any, plant: Any) -> Browser:
    """A reviewer before a dossier with a poor picture, an indicator that is not met and one without evidence."""
    plant("district_verifying")
    written = {"person_id": world.PERSON[Role.DISTRICT_REVIEWER], "at": world.NOW}
    answers, uses = table_of(Answer), table_of(EvidenceUse)
    with unit_of_work(engine) as connection:
        ticked = {"dossier_id": 1, "stage": "district", "part": "D7", "complete": False, "note": "Ảnh mờ."}
        connection.execute(insert(table_of(CheckedPart)), {**ticked, **written})
        refuted = {"refuted": True, "reason": "Số liệu không khớp."}
        mine = (answers.c.indicator == "2.4", answers.c.column_name == "review")
        connection.execute(update(answers).where(*mine).values(refuted))
        connection.execute(delete(uses).where(uses.c.indicator == "17.2"))
    browser: Browser = enter(Role.DISTRICT_REVIEWER)
    return browser


def test_the_form_begins_with_all_that_was_found_and_what_was_noted(reviewer: Browser) -> None:
    values = values_of(reviewer.get(RETURN))
    assert values["missing"] == ["D7", "2.4", "17.2"]
    assert values["note_D7"] == ["Ảnh mờ."]
    assert values["note_2.4"] == ["Số liệu không khớp."]
    assert values["note_17.2"] == ["Chưa có minh chứng còn giá trị."]
    assert "1 thành phần" in values["reason"][0]
    assert "2 chỉ tiêu" in values["reason"][0]


def test_the_notice_is_read_as_it_stands_and_nothing_is_written(engine: Engine, reviewer: Browser) -> None:
    lines = {"missing": ["D7", "2.4"], "note_D7": "Chụp lại, ghi rõ ngày."}
    page = reviewer.send(reviewer.get(RETURN), "return-from-district", 200, "preview", **lines)
    notice = page.text.partition("Thông báo sẽ gửi")[2].partition("Lý do")[2]
    assert "Chụp lại, ghi rõ ngày" in notice
    assert "Số liệu không khớp" in notice
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page.text
    assert "17.2" not in notice.partition("Kính gửi")[0].partition("Nơi nhận")[0]
    assert values_of(page)["note_D7"] == ["Chụp lại, ghi rõ ngày."]
    assert values_of(page)["note_17.2"] == ["Chưa có minh chứng còn giá trị."]
    with reading(engine) as connection:
        assert connection.execute(select(table_of(Dossier).c.state)).scalar_one() == "district_verifying"


def test_what_is_sent_is_what_was_read(engine: Engine, reviewer: Browser) -> None:
    lines = {"missing": ["D7", "2.4"], "note_D7": "Chụp lại, ghi rõ ngày.", "note_2.4": ""}
    page = reviewer.send(reviewer.get(RETURN), "return-from-district", 200, "preview", **lines)
    shown = reviewer.send(page, "return-from-district").text
    assert "(D7): Chụp lại, ghi rõ ngày." in shown
    papers, events = table_of(Paper), table_of(DossierEvent)
    with reading(engine) as connection:
        context = json.loads(connection.execute(select(papers.c.context)).scalars().all()[-1])
        kept = json.loads(connection.execute(select(events.c.payload).order_by(events.c.id)).scalars().all()[-1])
    assert [one.partition(": ")[2] for one in context["missing"]] == ["Chụp lại, ghi rõ ngày.", ""]
    assert kept["notes"] == {"D7": "Chụp lại, ghi rõ ngày."}


def test_something_else_that_is_chosen_gets_a_line_of_its_own(reviewer: Browser) -> None:
    chosen = {"missing": ["D7", "D5"]}
    page = reviewer.send(reviewer.get(RETURN), "return-from-district", 200, "preview", **chosen)
    assert values_of(page)["note_D5"] == [""]


def test_without_a_line_or_a_reason_the_form_says_so_and_keeps_the_lines(reviewer: Browser) -> None:
    empty = {"missing": [], "reason": "", "note_D7": "Chụp lại."}
    page = reviewer.send(reviewer.get(RETURN), "return-from-district", 422, "preview", **empty)
    assert "Hãy chọn ít nhất một mục" in page.text
    assert "Hãy ghi lý do" in page.text
    assert values_of(page)["note_D7"] == ["Chụp lại."]
    assert "Thông báo sẽ gửi" not in page.text


def test_a_second_return_begins_with_what_may_still_be_named(engine: Engine, enter: Any, reviewer: Browser) -> None:
    page = reviewer.send(reviewer.get(RETURN), "return-from-district", 200, "preview", missing=["D7"])
    reviewer.send(page, "return-from-district")
    with unit_of_work(engine) as connection:  # as if it had been submitted again, with nothing changed
        connection.execute(update(table_of(Dossier)).values(state="district_verifying"))
    values = values_of(enter(Role.DISTRICT_REVIEWER).get(RETURN))
    assert values["missing"] == ["D7"]
    assert "note_2.4" not in values


def test_a_criterion_concluded_against_names_its_indicators(engine: Engine, enter: Any, plant: Any) -> None:
    plant("province_appraising")
    said = {"dossier_id": 1, "criterion": "3", "department": "snnmt", "met": False, "text": "Kênh mương hư hỏng."}
    with unit_of_work(engine) as connection:
        connection.execute(delete(table_of(Conclusion)).where(table_of(Conclusion).c.criterion == "3"))
        who = {"person_id": world.PERSON[Role.DEPARTMENT_REVIEWER], "at": world.NOW}
        connection.execute(insert(table_of(Conclusion)), {**said, **who})
    page = enter(Role.DEPARTMENT_OFFICER).get("/dossiers/1/actions/return-from-province")
    values = dict(page.form_to("return-from-province").values)
    assert values["note_3.1"] == values["note_3.2"] == "Kênh mương hư hỏng."
