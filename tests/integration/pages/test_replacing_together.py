"""The chairman's page on which a decision on several units is replaced as a whole, and what is said of it after."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update

from casework.unit_of_work import reading, unit_of_work
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import Paper
from models.dossiers import Dossier
from tests import world
from tests.client import Browser
from tests.house import statements
from tests.integration.pages.deciding import PASSWORD, recommend_three, states
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
D, P = table_of(Dossier), table_of(Paper)
PAGE = "/papers/1/replacement"
FILLED: dict[str, Any] = {"year_recognised": "2023", "signed_on": "10/03/2025", "reason": "Ghi sai năm công nhận."}


@pytest.fixture
def chairman(engine: Engine, enter: Any) -> Browser:
    """The chairman after one decision on three units: paper 1, number 218."""
    recommend_three(engine)
    browser: Browser = enter(Role.PROVINCIAL_CHAIRMAN)
    page = browser.get("/signing/together?dossier=1&dossier=2&dossier=3")
    browser.send(page, "/signing/together", password=PASSWORD, year_recognised="2024", signed_on="10/03/2025")
    return browser


def test_its_page_leads_there_and_so_does_each_of_its_dossiers(chairman: Browser) -> None:
    assert PAGE in {href for href, _ in chairman.get("/papers/1").links}
    assert chairman.client.get("/dossiers/2/actions/replace").location == PAGE
    page = chairman.get(PAGE)
    assert "Thay thế quyết định về 3 đơn vị" in page.text
    assert "thay thế Quyết định số 218/QĐ-UBND" in " ".join(page.text.split())
    assert all(f"Xã Thử {number}" in page.text for number in (1, 3, 4))
    assert dict(page.form_to(PAGE).values)["year_recognised"] == "2024"


def test_it_is_replaced_and_every_page_says_so(engine: Engine, chairman: Browser, enter: Any, app: Flask) -> None:
    page = chairman.send(chairman.get(PAGE), PAGE, **FILLED)
    assert "Đã ký Quyết định số 219/QĐ-UBND thay thế cho 3 đơn vị" in page.text
    assert "Văn bản này đã được thay thế" in page.text
    assert states(engine) == ["recognised"] * 3
    drain(tools_of(app.extensions["settings"], engine))
    stranger = Browser(app)
    with reading(engine) as connection:
        codes = dict(connection.execute(select(P.c.number, P.c.code).where(P.c.code.is_not(None))).all())
        new = connection.execute(select(P.c.id).where(P.c.number == 219)).scalar_one()
    assert "đã được thay thế" in stranger.get(f"/v/{codes[218]}").text
    assert "còn hiệu lực" in stranger.get(f"/v/{codes[219]}").text
    assert all("219/QĐ-UBND" in stranger.get(f"/register/{one}").text for one in (1, 2, 3, 4, 5, 6))
    assert "2 hồ sơ khác của văn bản này" in enter(Role.RECORDS_CLERK).get(f"/papers/{new}").text
    for number in (1, 2, 3):
        assert f"/papers/{new}" in {address for address, _ in chairman.get(f"/dossiers/{number}").links}
    assert chairman.client.get("/dossiers/1/actions/replace").location == f"/papers/{new}/replacement"
    chairman.get(PAGE, 404)


def test_what_stands_against_it_is_said_of_each_unit(engine: Engine, chairman: Browser) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(D).where(D.c.id == 2).values(state="under_review"))
    page = chairman.get(PAGE)
    assert "Xã Thử 3: Việc này không thực hiện được" in page.text
    assert "Ký quyết định thay thế" not in page.text
    with unit_of_work(engine) as connection:
        connection.execute(update(D).where(D.c.id == 2).values(state="recognised"))
    page = chairman.send(chairman.get(PAGE), PAGE, 422, **FILLED | {"signed_on": "09/03/2025", "reason": ""})
    assert "Hãy ghi lý do." in page.text
    page = chairman.send(page, PAGE, 422, **FILLED | {"signed_on": "09/03/2025"})
    assert "trước ngày ký quyết định công nhận 10/03/2025" in page.text
    assert dict(page.form_to(PAGE).values)["year_recognised"] == "2023"


def test_one_that_changed_meanwhile_stops_it(engine: Engine, chairman: Browser) -> None:
    window = chairman.get(PAGE)
    with unit_of_work(engine) as connection:
        changed = {"version": D.c.version + 1, "changed_by": world.SECOND_CHAIRMAN}
        connection.execute(update(D).where(D.c.id == 3).values(changed))
    page = chairman.send(window, PAGE, 409, **FILLED)
    assert f"Xã Thử 4: Người {world.SECOND_CHAIRMAN} đã thay đổi hồ sơ" in page.text


def test_who_may_not_and_what_is_none(chairman: Browser, enter: Any, engine: Engine) -> None:
    enter(Role.RECORDS_CLERK).get(PAGE, 403)
    chairman.get("/papers/77/replacement", 404)
    chairman.get("/papers/2/replacement", 404)  # a certificate follows its decision
    three = statements(engine, lambda: chairman.get(PAGE))
    with unit_of_work(engine) as connection:
        connection.exec_driver_sql("UPDATE unit SET valid_to = '2025-03-01' WHERE full_name = 'Xã Thử 4'")
    assert statements(engine, lambda: chairman.get(PAGE)) == three
    with unit_of_work(engine) as connection:
        connection.exec_driver_sql("UPDATE unit SET valid_to = '2025-03-01' WHERE full_name = 'Xã Thử 3'")
    assert chairman.client.get(PAGE).location == "/dossiers/1/actions/replace"
    assert "đối với xã Thử 1" in " ".join(chairman.get("/dossiers/1/actions/replace").text.split())
