"""Forms that grew old: who changed what, what was typed, and one press that puts it into the fresh form."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.unit_of_work import reading
from models.base import table_of
from models.dossiers import Condition, Vote
from models.drafts import Draft
from tests import world
from tests.client import Browser, Page
from tests.integration.pages.test_desk import state_of
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
VOTE = "/dossiers/1/work/keep-vote"
DEBT = "/dossiers/1/work/state-debt"
FIRST = {"held_on": "05/03/2025", "members": "22", "present": "20", "agreed": "19"}


def vote(engine: Engine) -> Any:
    with reading(engine) as connection:
        return connection.execute(select(table_of(Vote))).one()


def texts(page: Page, ending: str) -> dict[str, str]:
    return dict(page.form_to(ending).values)


def grown_old(enter: Any, plant: Any) -> tuple[Browser, Page]:
    """A form of the vote that was opened before somebody else recorded one, and is sent now."""
    plant("commune_vote")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get(VOTE)
    browser.send(browser.get(VOTE), VOTE, **FIRST)
    return browser, browser.send(form, VOTE, 409, held_on="06/03/2025", members="22", present="21", agreed="20")


def test_what_somebody_else_recorded_meanwhile_is_not_overwritten_and_both_are_shown(
    engine: Engine, enter: Any, plant: Any
) -> None:
    _browser, page = grown_old(enter, plant)
    assert vote(engine).agreed == 19
    assert f"Người {world.PERSON[Role.COMMUNE_OFFICER]} đã thay đổi lúc 09:0" in page.text
    assert "Đang ghi: 19 Quý vị đã nhập: 20" in page.text
    assert "Đang ghi: 05/03/2025 Quý vị đã nhập: 06/03/2025" in page.text
    found = texts(page, VOTE)
    assert (found["agreed"], found["mine:agreed"]) == ("19", "20")
    assert "mine:members" not in found  # both say the same


def test_one_press_takes_over_one_field_or_all_of_them_and_records_nothing(
    engine: Engine, enter: Any, plant: Any
) -> None:
    browser, page = grown_old(enter, plant)
    page = browser.post(VOTE, texts(page, VOTE) | {"take": "agreed"}, 200)
    found = texts(page, VOTE)
    assert (found["agreed"], found["present"], found["mine:present"]) == ("20", "20", "21")
    assert "mine:agreed" not in found
    assert vote(engine).agreed == 19
    page = browser.post(VOTE, found | {"take": "*"}, 200)
    found = texts(page, VOTE)
    assert (found["held_on"], found["present"], found["agreed"]) == ("06/03/2025", "21", "20")
    browser.post(VOTE, found)
    assert (vote(engine).present, vote(engine).agreed) == (21, 20)


@ON_SQLITE
def test_a_form_that_grew_old_twice_says_so_twice(engine: Engine, enter: Any, plant: Any) -> None:
    browser, page = grown_old(enter, plant)
    browser.send(browser.get(VOTE), VOTE, agreed="18")
    page = browser.post(VOTE, texts(page, VOTE) | {"take": "agreed"}, 200)
    page = browser.post(VOTE, texts(page, VOTE), 409)
    assert "Đang ghi: 18 Quý vị đã nhập: 20" in page.text
    assert vote(engine).agreed == 18


@ON_SQLITE
def test_a_change_of_something_else_is_no_conflict(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_vote")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get(DEBT)
    browser.send(browser.get("/dossiers/1/work/confirm-security"), "/confirm-security", is_complex="no")
    browser.send(browser.get(VOTE), VOTE, **FIRST)
    browser.send(form, DEBT, debt_amount="5")
    with reading(engine) as connection:
        assert connection.execute(select(table_of(Condition).c.debt_amount)).scalar_one() == 5


@ON_SQLITE
def test_wrong_input_does_not_hide_that_the_form_grew_old(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_vote")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get(VOTE)
    browser.send(browser.get(VOTE), VOTE, **FIRST)
    page = browser.send(form, VOTE, 422, **(FIRST | {"agreed": "x"}))
    page = browser.send(page, VOTE, 409, agreed="20")
    assert "Đang ghi: 19 Quý vị đã nhập: 20" in page.text


def test_an_action_that_is_still_to_be_taken_is_offered_afresh_with_what_was_typed(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("commune_ready")
    chairman, officer = enter(Role.COMMUNE_CHAIRMAN), enter(Role.COMMUNE_OFFICER)
    form = chairman.get("/dossiers/1/actions/withdraw")
    officer.send(officer.get(DEBT), DEBT, debt_amount="0")
    page = chairman.send(form, "/withdraw", 409, reason="Cần rà soát lại nợ đọng")
    assert f"Người {world.PERSON[Role.COMMUNE_OFFICER]} đã thay đổi lúc" in page.text
    assert texts(page, "/withdraw")["reason"] == ""
    page = chairman.post("/dossiers/1/actions/withdraw", texts(page, "/withdraw") | {"take": "reason"}, 200)
    assert state_of(engine) == "commune_ready"
    assert texts(page, "/withdraw")["reason"] == "Cần rà soát lại nợ đọng"
    chairman.send(page, "/withdraw")
    assert state_of(engine) == "withdrawn"


@ON_SQLITE
def test_a_form_that_grew_old_is_not_kept_before_something_is_typed(engine: Engine, enter: Any, plant: Any) -> None:
    plant("public_comment")
    chairman, officer = enter(Role.COMMUNE_CHAIRMAN), enter(Role.COMMUNE_OFFICER)
    form = chairman.get("/dossiers/1/actions/rework")
    said = {"received_on": "01/03/2025", "author": "Bà Hoa", "text": "Đường xóm còn lầy"}
    officer.send(officer.get("/dossiers/1/work/log-comment"), "/log-comment", **said)
    page = chairman.send(form, "/rework", 409, reason="Làm lại")
    assert "Dùng nội dung của tôi" in page.text
    with reading(engine) as connection:
        assert not connection.execute(select(table_of(Draft))).all()


@ON_SQLITE
def test_an_action_that_somebody_else_has_taken_says_so_with_what_was_typed(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = browser.get("/dossiers/1/actions/rework")
    browser.send(browser.get("/dossiers/1/actions/withdraw"), "/withdraw", reason="Rút")
    page = browser.send(form, "/rework", 409, reason="Làm lại từ đầu")
    assert "Làm lại từ đầu" in page.text
    assert state_of(engine) == "withdrawn"
