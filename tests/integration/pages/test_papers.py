"""The papers on the pages: what each is, where it is late and why, and asking for it at once."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update

from casework.door import Order, perform
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.documents import Paper
from models.events import EffectRow
from tests import crash, world
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
P, X = table_of(Paper), table_of(EffectRow)
pytestmark = ON_SQLITE


@pytest.fixture
def decided(engine: Engine, plant: Any) -> Engine:
    plant("recommended")
    with unit_of_work(engine) as connection:
        version = connection.exec_driver_sql("SELECT version FROM dossier").scalar_one()
        perform(connection, Order(1, "recognise", version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    return engine


def change(engine: Engine, paper: dict[str, Any], effect: dict[str, Any]) -> None:
    with unit_of_work(engine) as connection:
        if paper:
            connection.execute(update(P).where(P.c.kind == "certificate").values(paper))
        connection.execute(update(X).where(X.c.kind == "render_papers").values(effect))


def test_a_paper_is_being_made_or_waits_its_turn(decided: Engine, enter: Any) -> None:
    browser = enter(Role.PROVINCIAL_CHAIRMAN)
    page = browser.get("/dossiers/1")
    assert "Quyết định công nhận 218/QĐ-UBND" in page.text
    assert "Đang tạo" in page.text
    change(decided, {}, {"run_at": world.NOW + timedelta(days=2)})
    assert "Đang chờ tạo" in browser.get("/dossiers/1").text
    asked = browser.send(browser.get("/dossiers/1"), "/papers/1/rendering")
    assert asked.address.startswith("/dossiers/1")
    assert "Văn bản đang được tạo" in asked.text
    assert "Đang chờ tạo" not in asked.text


def test_a_late_paper_says_why_and_what_follows(decided: Engine, enter: Any) -> None:
    trouble = {"trouble": "time", "troubled_at": world.NOW}
    change(decided, trouble, {"run_at": world.NOW + timedelta(minutes=5), "attempts": 2, "last_error": "PressFault"})
    page = enter(Role.COMMUNE_OFFICER).get("/dossiers/1")
    assert "Văn bản bị chậm Tạo văn bản quá thời gian cho phép. Việc đã ghi nhận không bị ảnh hưởng." in page.text
    assert "Sẽ tự thử lại lúc" in page.text
    change(decided, {}, {"status": "failed"})
    assert "Hệ thống đã dừng thử" in enter(Role.COMMUNE_OFFICER).get("/dossiers/1").text


def test_the_administrator_sees_what_is_late_and_tries_again(decided: Engine, enter: Any) -> None:
    keeper = enter(Role.ADMINISTRATOR)
    assert "Không có văn bản nào bị chậm" in keeper.get("/admin/late-papers").text
    change(decided, {"trouble": "memory", "troubled_at": world.NOW}, {"status": "failed", "attempts": 8})
    page = keeper.get("/admin/late-papers")
    assert "Bằng công nhận" in page.text
    assert "Máy chủ không đủ bộ nhớ" in page.text
    assert "Đã dừng thử" in page.text
    assert "Thử lại ngay" in page.text
    assert "Sẽ tự thử lại" in keeper.send(page, "/admin/late-papers/2").text
    reader = enter(Role.INSPECTOR).get("/admin/late-papers")
    assert "Máy chủ không đủ bộ nhớ" in reader.text
    assert "Thử lại ngay" not in reader.text
    enter(Role.COMMUNE_OFFICER).get("/admin/late-papers", 403)


def test_somebody_elses_paper_does_not_exist(decided: Engine, enter: Any) -> None:
    with unit_of_work(decided) as connection:
        connection.exec_driver_sql("UPDATE dossier SET district_id = NULL")
    stranger = enter(Role.DISTRICT_REVIEWER)
    token = dict(stranger.get("/").form_to("/sign-out").values)["csrf_token"]
    stranger.post("/papers/1/rendering", {"csrf_token": token}, 404)
    stranger.get("/papers/1.pdf", 404)
