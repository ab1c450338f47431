"""The chairman's decisions one after the other: what waits, the draft in place, the password once, on to the next."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from tests.client import Browser
from tests.house import statements
from tests.integration.pages.deciding import PASSWORD, recommend_three, states
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

D = table_of(Dossier)


@pytest.fixture
def chairman(engine: Engine, enter: Any) -> Browser:
    """The chairman before three dossiers that the same session of the council recommended."""
    recommend_three(engine)
    browser: Browser = enter(Role.PROVINCIAL_CHAIRMAN)
    return browser


def test_each_that_waits_stands_with_the_councils_result(engine: Engine, chairman: Browser) -> None:
    page = chairman.get("/signing")
    assert "3 hồ sơ chờ quyết định" in page.text
    assert [address for address, _ in page.links if address.startswith("/signing/1?")]
    assert "1 đồng ý" in page.text
    assert statements(engine, lambda: chairman.get("/signing")) == 4
    assert statements(engine, lambda: chairman.get("/signing/2")) == 9


def test_one_after_the_other_is_decided_and_the_password_is_asked_for_once(engine: Engine, chairman: Browser) -> None:
    page = chairman.get("/signing/1?of=3")
    assert "Hồ sơ 1 trên 3" in page.text
    assert "QUYẾT ĐỊNH:" in page.text
    assert "Điều 1." in page.text
    page = chairman.send(page, "/signing/1", password=PASSWORD, year_recognised="2024")
    assert "Hồ sơ 2 trên 3" in page.text
    assert "đã ghi nhận Ký quyết định công nhận" in page.text
    assert states(engine) == ["recognised", "recommended", "recommended"]
    page = chairman.send(page, "/signing/2", year_recognised="2024")
    assert "Hồ sơ 3 trên 3" in page.text
    assert (
        chairman.send(page, "/signing/3", year_recognised="2024").text.count("Không có hồ sơ nào chờ quyết định") == 1
    )
    assert states(engine) == ["recognised"] * 3


@ON_SQLITE
def test_a_wrong_password_or_a_wrong_year_decides_nothing(engine: Engine, chairman: Browser) -> None:
    page = chairman.send(chairman.get("/signing/1"), "/signing/1", 422, password="sai", year_recognised="2024")
    assert "Mật khẩu không đúng" in page.text
    page = chairman.send(page, "/signing/1", 422, password=PASSWORD, year_recognised="")
    assert "Hãy nhập năm" in page.text
    page = chairman.send(page, "/signing/1", 422, year_recognised="1999")
    assert "Có nội dung cần sửa" in page.text
    assert states(engine) == ["recommended"] * 3


@ON_SQLITE
def test_the_password_is_asked_for_again_after_a_while(
    engine: Engine, chairman: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    chairman.send(chairman.get("/signing/1"), "/signing/1", password=PASSWORD, year_recognised="2024")
    assert "password" not in chairman.get("/signing/2").form_to("/signing/2").names
    monkeypatch.setattr("blueprints.confirming.LASTS", timedelta(seconds=-1))
    assert "password" in chairman.get("/signing/2").form_to("/signing/2").names
    chairman.send(chairman.get("/signing/2"), "/signing/2", 422, year_recognised="2024")
    assert states(engine)[1] == "recommended"


@ON_SQLITE
def test_what_is_declined_goes_back_with_its_reason(engine: Engine, chairman: Browser) -> None:
    token = dict(chairman.get("/signing/2").form_to("/signing/2").values)
    sent = {
        "action": "decline",
        "password": PASSWORD,
        "reason": "",
        **{k: token[k] for k in ("csrf_token", "seen_version")},
    }
    assert "Hãy ghi lý do" in chairman.post("/signing/2", {**sent, "request_key": "n1"}, 422).text
    said = {**sent, "request_key": "n2", "reason": "Cần làm rõ tiêu chí 17."}
    assert "Hồ sơ" in chairman.post("/signing/2", said, 303).text
    assert states(engine) == ["recommended", "not_recommended", "recommended"]


@ON_SQLITE
def test_only_what_waits_for_this_chairman_has_a_turn(engine: Engine, enter: Any, chairman: Browser) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(D).where(D.c.id == 3).values(state="council", holder_role="council_secretary"))
    chairman.get("/signing/3", 404)
    enter(Role.COUNCIL_SECRETARY).get("/signing", 403)
    enter(Role.COUNCIL_SECRETARY).get("/signing/1", 403)
