"""Signing on the pages: chosen and confirmed once, followed paper by paper, and files that were signed outside."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select, update

from casework import clock, passwords
from casework.door import Order, perform
from casework.storage import get
from casework.unit_of_work import reading, unit_of_work
from documents.signing.keys import KeyRing
from documents.signing.office import Office as Keys
from documents.signing.writing import Manner, sign
from jobs import worker
from jobs.tools import tools_of
from models.base import table_of
from models.documents import Paper
from models.people import Person, RoleGrant
from tests import crash, world
from tests.client import Browser, Page
from tests.house import statements, stopped_at
from tests.signing_office import Authority, Office
from workflow.names import Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PASSWORD = "mot-mat-khau-dai"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path / "signing")
    made.trust()
    made.add("signers", f"p{world.CHAIRMAN}", f"Người {world.CHAIRMAN}", 1)
    made.add("seals", "04", "UBND TỈNH CAO BẰNG", 2)
    return made


@pytest.fixture
def house(app: Flask, engine: Engine, office: Office, plant: Callable[[str], int]) -> Callable[[], None]:
    """A province whose chairman has decided; called, it does what the house owes."""
    plant("recommended")
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Person)).values(password_hash=passwords.keep(PASSWORD)))
        version = connection.exec_driver_sql("SELECT version FROM dossier").scalar_one()
        perform(connection, Order(1, "recognise", version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    app.extensions["settings"] = replace(app.extensions["settings"], office=Keys(office.folder))

    def work() -> None:
        worker.drain(tools_of(app.extensions["settings"], engine), stopped_at(world.NOW))

    return work


def choose(browser: Browser, status: int = 303, **values: Any) -> Page:
    """Sign what is chosen on the page of signing."""
    return browser.send(browser.get("/signatures"), "/signatures", status, **{"password": PASSWORD, **values})


def test_the_chairman_signs_and_the_clerk_seals_with_a_result_for_each(
    house: Callable[[], None], enter: Any, app: Flask, engine: Engine
) -> None:
    house()
    chairman, clerk = enter(Role.PROVINCIAL_CHAIRMAN), enter(Role.RECORDS_CLERK)
    assert "Không có văn bản nào chờ quý vị" in clerk.get("/signatures").text
    page = choose(chairman)
    assert page.address.startswith("/signatures/batches/")
    assert "0 trên 1 văn bản" in page.text
    assert chairman.answer.headers["Refresh"]
    work(app, engine)
    page = chairman.get(page.address)
    assert "1 trên 1 văn bản" in page.text
    assert "Đã ký xong tất cả" in page.text
    assert "Refresh" not in chairman.answer.headers
    sealed = choose(clerk)
    work(app, engine)
    assert "Đã đóng dấu" in clerk.get(sealed.address).text
    shown = enter(Role.COMMUNE_OFFICER).get("/papers/1/signatures").text
    assert f"Chứng thư số của Người {world.CHAIRMAN}" in shown
    assert "Đã ký và đóng dấu" in shown
    clerk.get(page.address, 404)
    assert statements(engine, lambda: clerk.get("/signatures")) == statements(
        engine, lambda: chairman.get("/signatures")
    )


def test_whoever_signed_is_told_that_another_must_seal(
    house: Callable[[], None], enter: Any, app: Flask, engine: Engine
) -> None:
    house()
    with unit_of_work(engine) as connection:
        held = {"person_id": world.CHAIRMAN, "role": "records_clerk", "unit_id": world.PROVINCE}
        connection.execute(insert(table_of(RoleGrant)), {**held, "valid_from": world.TODAY})
    both = enter(Role.PROVINCIAL_CHAIRMAN)
    both.send(both.get("/signatures?part=signer"), "/signatures", 303, password=PASSWORD)
    work(app, engine)
    page = both.get("/papers/1/signatures")
    assert "Quý vị là người ký văn bản này, nên văn thư khác phải đóng dấu." in page.text
    assert not any("/signatures?part=seal" in href or href == "#outside" for href, _ in page.links)
    assert "Không có văn bản nào chờ quý vị" in both.get("/signatures?part=seal").text
    assert "văn thư khác phải đóng dấu" not in enter(Role.RECORDS_CLERK).get("/papers/1/signatures").text


def work(app: Flask, engine: Engine) -> None:
    """Do what the pages have asked for."""
    worker.drain(tools_of(app.extensions["settings"], engine), clock.now)


def test_who_asks_must_show_that_it_is_really_they(house: Callable[[], None], enter: Any) -> None:
    house()
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    assert "Mật khẩu không đúng" in choose(chairman, 422, password="sai").text
    assert "Hãy chọn ít nhất một văn bản" in choose(chairman, 422, papers=[]).text
    enter(Role.COMMUNE_OFFICER).get("/signatures", 403)


def test_what_failed_is_tried_again(
    house: Callable[[], None], enter: Any, app: Flask, engine: Engine, office: Office
) -> None:
    house()
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    page = choose(chairman)
    place = next(office.folder.glob("signers/*.p12"))
    kept = place.read_bytes()
    place.unlink()
    work(app, engine)
    page = chairman.get(page.address)
    assert "1 văn bản chưa ký được" in page.text
    assert "Máy chủ chưa có khóa ký này" in page.text
    assert "Máy chủ chưa có khóa ký này" in chairman.get("/signatures").text
    place.write_bytes(kept)
    chairman.send(page, page.address)
    work(app, engine)
    assert "Đã ký xong tất cả" in chairman.get(page.address).text


def issued(engine: Engine, app: Flask) -> bytes:
    with reading(engine) as connection:
        name = connection.execute(select(table_of(Paper).c.sha256).where(table_of(Paper).c.id == 1)).scalar_one()
    return get(app.extensions["storage"], name)


def test_a_file_signed_outside_is_examined_and_taken(
    house: Callable[[], None], enter: Any, app: Flask, engine: Engine, office: Office, tmp_path: Path
) -> None:
    house()
    clerk = enter(Role.RECORDS_CLERK)
    other = Office(tmp_path / "token", Authority("Cơ quan chứng thực khác", 5))
    other.add("signers", "x", f"Nguyễn Văn Người {world.CHAIRMAN}", 6)
    other.add("signers", "y", "Người lạ", 7)
    ring = KeyRing(other.folder)
    paper = issued(engine, app)
    files = {name: sign(paper, "signer", ring.key("signer", name, world.NOW), Manner()) for name in ("x", "y")}
    assert "không do tổ chức được tin cậy cấp" in bring(clerk, files["x"], 422).text
    office.trust(other.authority)
    assert "Người lạ" in bring(clerk, files["y"], 422).text
    assert "Đây không phải văn bản đã phát hành" in bring(clerk, b"%PDF-1.7 " + files["x"], 422).text
    page = bring(clerk, files["x"])
    assert "Đã nhận tệp ký" in page.text
    assert "Cơ quan chứng thực khác" in page.text
    assert "Ký ngoài hệ thống, tải lên" in page.text
    assert clerk.client.get("/papers/1.pdf").data == files["x"]
    assert clerk.client.get("/papers/1/issued.pdf").data == paper
    assert "chưa có chữ ký số mới" in bring(clerk, files["x"], 422).text


def bring(browser: Browser, content: bytes, status: int = 303) -> Page:
    """Bring a signed file back."""
    page = browser.get("/papers/1/signatures")
    return browser.send(page, "/signatures", status, file=("ky.pdf", content))
