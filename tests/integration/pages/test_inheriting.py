"""A commune that is renamed or merged while its dossier is under way, as its people and the department see it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from casework.admin_record import Keeper
from casework.succession import NewUnit, Resolution, merge_unit, rename_unit
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.events import DossierEvent
from tests import world
from tests.client import Browser
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
PAGE, DOSSIER = "/dossiers/1/succession", "/dossiers/1"
BY = Keeper("Quản trị", world.PERSON[Role.ADMINISTRATOR])
RESOLUTION = Resolution(date(2025, 3, 5), "Nghị quyết 12/NQ-HĐND")


@pytest.fixture(autouse=True)
def under_way(plant: Any) -> None:
    """A dossier that waits for the chairman's signature."""
    plant("recommended")


def rename(engine: Engine) -> int:
    with unit_of_work(engine) as connection:
        return rename_unit(connection, world.FIRST_COMMUNE, "Tên Mới", RESOLUTION, BY, world.NOW)


def merge(engine: Engine, unit_id: int = world.FIRST_COMMUNE, resolution: Resolution = RESOLUTION) -> None:
    with unit_of_work(engine) as connection:
        other = world.add_commune(connection, 100)
        heir = merge_unit(connection, unit_id, NewUnit("c9", "xã", "Mới"), resolution, BY, world.NOW)
        merge_unit(connection, other, heir, resolution, BY, world.NOW)


def test_a_renamed_commune_goes_on_after_one_press_of_the_department(enter: Any, engine: Engine, app: Flask) -> None:
    department, commune = enter(Role.DEPARTMENT_OFFICER), enter(Role.COMMUNE_OFFICER)
    department.get(PAGE, 404)
    rename(engine)
    told = commune.get(DOSSIER)
    assert "Xã Thử 1 chỉ còn đến hết ngày 04/03/2025" in told.text
    assert "quý vị chưa cần làm gì thêm" in told.text
    assert PAGE not in {href for href, _ in told.links}
    commune.get(PAGE, 403)
    assert PAGE in {href for href, _ in department.get(DOSSIER).links}
    page = department.get(PAGE)
    assert "Xã Thử 1 đổi tên thành xã Tên Mới từ ngày 05/03/2025" in page.text
    after = department.send(page, "/succession")
    assert "Hồ sơ tiếp tục dưới tên mới của đơn vị." in after.text
    assert "Xã Tên Mới – " in after.text
    assert "Trước đây là xã Thử 1 (đến hết ngày 04/03/2025)." in after.text
    assert "Xã Thử 1 đổi tên thành xã Tên Mới từ ngày 05/03/2025, theo Nghị quyết 12/NQ-HĐND." in after.text
    assert "chỉ còn đến hết ngày" not in after.text
    assert "Xã Tên Mới" in commune.get(DOSSIER).text
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    assert "Xã Tên Mới" in chairman.get("/").text
    form = chairman.get("/dossiers/1/actions/recognise")
    chairman.send(form, "/actions/recognise", year_recognised="2024", signed_on="10/03/2025")
    assert "Xã Tên Mới" in Browser(app).get("/register").text


def test_a_merged_commune_ends_its_dossier_and_says_who_opens_the_next(enter: Any, engine: Engine) -> None:
    merge(engine)
    department = enter(Role.DEPARTMENT_OFFICER)
    page = department.get(PAGE)
    assert "Xã Thử 1 nhập vào xã Mới từ ngày 05/03/2025" in page.text
    assert "Đơn vị kế thừa lập hồ sơ mới" in page.text
    after = department.send(page, "/succession")
    assert "Đã kết thúc hồ sơ." in after.text
    assert "Xã Thử 1 nhập vào xã Mới từ ngày 05/03/2025, theo Nghị quyết 12/NQ-HĐND." in after.text
    department.get(PAGE, 404)


def test_of_a_commune_renamed_and_then_merged_each_step_is_told_for_what_it_was(enter: Any, engine: Engine) -> None:
    merge(engine, rename(engine), Resolution(date(2025, 3, 8), "Nghị quyết 15/NQ-HĐND"))
    page = enter(Role.DEPARTMENT_OFFICER).get(PAGE)
    assert "Xã Thử 1 đổi tên thành xã Tên Mới từ ngày 05/03/2025" in page.text
    assert "Xã Tên Mới nhập vào xã Mới từ ngày 08/03/2025" in page.text


def test_a_form_that_grew_old_or_was_changed_does_nothing(enter: Any, engine: Engine) -> None:
    rename(engine)
    department = enter(Role.DEPARTMENT_OFFICER)
    page = department.get(PAGE)
    department.send(page, "/succession", 409, seen_version="1")
    department.send(page, "/succession", 422, action="lapse")
    department.send(page, "/succession", 404, action="withdraw")
    assert "chỉ còn đến hết ngày" in department.get(DOSSIER).text
    department.send(page, "/succession")
    department.client.post(PAGE, data=dict(page.form_to("/succession").values))
    with reading(engine) as connection:
        events = connection.execute(select(table_of(DossierEvent).c.type)).scalars().all()
    assert events.count("passed_on") == 1


def test_one_dossier_too_many_is_named_with_what_to_do(enter: Any, engine: Engine) -> None:
    heir = rename(engine)
    with unit_of_work(engine) as connection:
        world.plant(connection, heir, "self_assessing", 2)
    page = enter(Role.DEPARTMENT_OFFICER).get(PAGE)
    assert "HS-2" in page.text
    assert "Một trong hai hồ sơ phải được rút trước." in page.text
    assert all(not form.action.endswith("/succession") for form in page.forms)
