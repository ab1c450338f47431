"""What the house does by itself, as the administrator sees it: what was given up, and letting it be tried again."""

from typing import Any

from flask import Flask
from sqlalchemy import Engine, insert, select, update

from casework.door import Order, perform
from casework.unit_of_work import reading, unit_of_work
from jobs import worker
from jobs.tools import tools_of
from models.base import table_of
from models.events import EffectRow
from models.notices import DailyJob, Message, Notice
from tests import world
from tests.house import statements, stopped_at
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
X, M, J = table_of(EffectRow), table_of(Message), table_of(DailyJob)
REVIEWER = world.PERSON[Role.DISTRICT_REVIEWER]


def given_up(app: Flask, engine: Engine) -> None:
    """One failed row in each queue."""
    with unit_of_work(engine) as connection:
        dossier = world.plant(connection, world.FIRST_COMMUNE, "commune_ready", 1)
        perform(connection, Order(1, "submit", dossier.version, "k"), world.PERSON[Role.COMMUNE_CHAIRMAN], world.NOW)
    worker.drain(tools_of(app.extensions["settings"], engine), stopped_at(world.NOW))
    with unit_of_work(engine) as connection:
        notice = connection.execute(select(table_of(Notice).c.id)).scalar_one()
        frame = {"person_id": REVIEWER, "notice_id": notice, "run_at": world.NOW, "attempts": 1}
        connection.execute(insert(M), {**frame, "status": "failed", "last_error": "550 no such user <...>"})
        failed = {"status": "failed", "done_at": None, "attempts": 8}
        connection.execute(update(X).where(X.c.kind == "notify_holder").values(last_error="OSError: disk", **failed))
        connection.execute(update(J).where(J.c.name == "check_history").values(last_error="1 findings.", **failed))


def test_what_was_given_up_is_shown_and_tried_again(app: Flask, engine: Engine, enter: Any) -> None:
    given_up(app, engine)
    browser = enter(Role.ADMINISTRATOR)
    page = browser.get("/admin/upkeep")
    for words in ("3 việc không xong", "OSError: disk", "550 no such user", f"HS-1 · Người {REVIEWER}", "1 findings"):
        assert words in page.text
    assert "giữ thành tệp" in page.text
    for queue, table in (("effects", X), ("messages", M), ("daily", J)):
        with reading(engine) as connection:
            row_id = connection.execute(select(table.c.id).where(table.c.status == "failed")).scalar_one()
        assert "thử lại ngay" in browser.send(page, f"/{queue}/{row_id}/again").text
        browser.post(f"/admin/upkeep/{queue}/{row_id}/again", dict(page.form_to("/again").values), 404)
    assert "Không có việc nào bị lỗi" in browser.get("/admin/upkeep").text


def test_an_inspector_reads_and_others_are_kept_out(app: Flask, engine: Engine, enter: Any) -> None:
    given_up(app, engine)
    page = enter(Role.INSPECTOR).get("/admin/upkeep")
    assert "3 việc không xong" in page.text
    assert not [form for form in page.forms if form.action.startswith("/admin/upkeep")]
    enter(Role.COMMUNE_OFFICER).get("/admin/upkeep", 403)


def test_the_page_costs_the_same_statements_however_much_was_given_up(app: Flask, engine: Engine, enter: Any) -> None:
    browser = enter(Role.ADMINISTRATOR)
    before = statements(engine, lambda: browser.get("/admin/upkeep"))
    assert "kiểm tra worker" in browser.get("/admin/upkeep").text
    given_up(app, engine)
    assert statements(engine, lambda: browser.get("/admin/upkeep")) == before
