"""Posting, survey and vote as they are typed: counts that fit, shares that are computed, figures with their marks."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.unit_of_work import reading
from models.base import table_of
from models.dossiers import Condition, Survey
from tests import world
from tests.client import Page
from tests.house import statements
from tests.integration.pages.test_filling_in import FILE
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SURVEY = "/dossiers/1/work/keep-survey"
COUNTS = {
    "households_total": "400",
    "ballots_issued": "380",
    "ballots_valid": "350",
    "satisfied": "310",
    "dissatisfied": "30",
    "no_opinion": "10",
}
DAYS = {"started_on": "04/03/2025", "closed_on": "07/03/2025"}


def faults(page: Page) -> dict[str, str]:
    """The messages of the summary by the id of the control that each leads to."""
    summary = [(href[1:], words) for href, words in page.links if href.startswith("#") and ": " in words]
    return dict(summary)


def test_the_survey_is_kept_in_counts_with_one_question_for_each_criterion(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("surveying")
    browser = enter(Role.COMMUNE_FRONT)
    page = browser.get(SURVEY)
    asked = {name for name in page.form_to(SURVEY).names if name.startswith(("satisfied_", "answered_"))}
    assert len(asked) == 2 * 19
    items = {"satisfied_1": "1.340", "answered_1": "1.350", "satisfied_19": "250", "answered_19": "350"}
    many = {"households_total": "1.400", "ballots_issued": "1.380", "ballots_valid": "1.350", "satisfied": "1.310"}
    many |= {"dissatisfied": "25", "no_opinion": "15"}
    browser.send(page, SURVEY, **many, **DAYS, **items, minutes=FILE)
    with reading(engine) as connection:
        row = connection.execute(select(table_of(Survey))).one()
    assert (row.ballots_valid, row.satisfied, row.no_opinion) == (1350, 1310, 15)
    assert row.items == [["1", 1340, 1350], ["19", 250, 350]]
    text = browser.get(SURVEY).text
    assert "Tỷ lệ hài lòng tối thiểu 90 % Chưa kiểm chứng 97,03 % Đủ Chưa đủ cần ít nhất 1.215" in text
    assert "71,42 %" in text
    assert "Tải văn bản đã nộp" in text


@ON_SQLITE
@pytest.mark.parametrize(
    ("typed", "where", "sentence"),
    [
        ({"ballots_issued": "401"}, "ballots_issued", "401 lớn hơn “Tổng số hộ của xã” (400)."),
        ({"ballots_valid": "381"}, "ballots_valid", "381 lớn hơn “Số phiếu phát ra” (380)."),
        ({"satisfied": "351"}, "satisfied", "351 lớn hơn “Số phiếu hợp lệ” (350)."),
        (
            {"no_opinion": "5"},
            "no_opinion",
            "310 + 30 + 5 = 345, thiếu 5 so với “Số phiếu hợp lệ” (350). Hãy sửa số sai.",
        ),
        (
            {"dissatisfied": "40"},
            "no_opinion",
            "310 + 40 + 10 = 360, thừa 10 so với “Số phiếu hợp lệ” (350). Hãy sửa số sai.",
        ),
        ({"closed_on": "03/03/2025"}, "closed_on", "Ngày này trước “Ngày bắt đầu lấy ý kiến” (04/03/2025)."),
        ({"satisfied_3": "12"}, "answered_3", "Hãy nhập cả hai số, hoặc để trống cả hai."),
        ({"answered_3": "12"}, "satisfied_3", "Hãy nhập cả hai số, hoặc để trống cả hai."),
        ({"satisfied_3": "13", "answered_3": "12"}, "satisfied_3", "13 lớn hơn “Tiêu chí 3: số trả lời” (12)."),
        ({"satisfied_3": "1", "answered_3": "351"}, "answered_3", "351 lớn hơn “Số phiếu hợp lệ” (350)."),
        ({"satisfied_3": "một", "answered_3": "12"}, "satisfied_3", "Hãy nhập một số nguyên, ví dụ 1.234."),
        ({"households_total": "-5"}, "households_total", "Hãy nhập một số nguyên, ví dụ 1.234."),
    ],
)
def test_counts_that_do_not_fit_are_refused_beside_their_field(
    enter: Any, plant: Any, typed: dict[str, str], where: str, sentence: str
) -> None:
    plant("surveying")
    browser = enter(Role.COMMUNE_FRONT)
    page = browser.send(browser.get(SURVEY), SURVEY, 422, **(COUNTS | DAYS | typed))
    assert sentence in faults(page)[where]
    assert set(typed.items()) <= set(page.form_to(SURVEY).values)


@ON_SQLITE
@pytest.mark.parametrize(
    ("state", "task", "typed", "told"),
    [
        ("public_comment", "keep-posting", {"loudspeaker_times": "4"}, "Số lần phát trên truyền thanh xã 5 lần"),
        ("commune_vote", "keep-vote", {"members": "22", "present": "20", "agreed": "19"}, "95 % Đủ"),
        ("district_comment", "keep-posting", {"loudspeaker_times": "3"}, "Thời gian lấy ý kiến ở huyện 15 ngày"),
    ],
)
def test_each_form_tells_its_figures_with_their_marks(
    enter: Any, plant: Any, state: str, task: str, typed: dict[str, str], told: str
) -> None:
    plant(state)
    role = Role.DISTRICT_REVIEWER if state.startswith("district") else Role.COMMUNE_OFFICER
    browser = enter(role)
    page = browser.send(browser.get(f"/dossiers/1/work/{task}"), task, 422, **typed)
    assert told in page.text
    assert "Chưa kiểm chứng" in page.text


def test_a_paper_on_file_stays_when_no_other_is_chosen(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get("/dossiers/1/work/state-debt")
    assert f"/dossiers/1/files/{world.PAPER}" in [href for href, _ in page.links]
    browser.send(page, "/state-debt", debt_amount="7")
    with reading(engine) as connection:
        row = connection.execute(select(table_of(Condition))).one()
    assert (row.debt_amount, row.debt_sha256) == (7, world.PAPER)


@ON_SQLITE
def test_the_survey_with_all_its_questions_asks_a_fixed_number_of_statements(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("surveying")
    browser = enter(Role.COMMUNE_FRONT)
    assert statements(engine, lambda: browser.get(SURVEY)) == 6
