"""Copies of issued papers: made by the records clerk, numbered in common, joined to what they copy, checked."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from flask import Flask
from pikepdf import pdfa
from sqlalchemy import Engine, insert, select

from casework import clock
from casework.audit import verify
from casework.door import Order, perform
from casework.issued_papers import Sending, note_dispatch
from casework.signing import Asked, ask
from casework.storage import get
from casework.unit_of_work import reading, unit_of_work
from documents.signing.office import Office as Keys
from jobs import worker
from jobs.tools import tools_of
from models.base import table_of
from models.documents import NumberSeries, OutgoingEntry, Paper, PaperRelation
from queries.people import read_actor
from tests import crash, world
from tests.client import Browser, Page
from tests.signing_office import Office
from workflow.names import Role, SigningPart

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
P, N, ENTRY, B = (table_of(one) for one in (Paper, NumberSeries, OutgoingEntry, PaperRelation))
CLERK, CHAIRMAN = world.PERSON[Role.RECORDS_CLERK], world.CHAIRMAN
NEW = "/papers/1/copies/new"
type_of_enter = Callable[[Role], Browser]


@pytest.fixture
def house(app: Flask, engine: Engine, tmp_path: Path, plant: Callable[[str], int]) -> Callable[[], None]:
    """A province whose chairman has decided, with the series of copies open at 14; called, it does what is owed."""
    plant("recommended")
    with unit_of_work(engine) as connection:
        version = connection.exec_driver_sql("SELECT version FROM dossier").scalar_one()
        perform(connection, Order(1, "recognise", version, "k", crash.DECIDE), CHAIRMAN, world.NOW)
        row = {"unit_id": world.PROVINCE, "symbol": "SAO-UBND", "year": 2025, "paper_last": 14, "last": 14}
        connection.execute(insert(N), row)
    office = Office(tmp_path / "signing")
    office.trust()
    office.add("signers", f"p{CHAIRMAN}", f"Người {CHAIRMAN}", 1)
    office.add("seals", "04", "UBND TỈNH CAO BẰNG", 2)
    app.extensions["settings"] = replace(app.extensions["settings"], office=Keys(office.folder))

    def work() -> None:
        worker.drain(tools_of(app.extensions["settings"], engine), clock.now)

    return work


def sign(engine: Engine, work: Callable[[], None], paper_id: int) -> None:
    """Have a paper signed and sealed by the keys of the server."""
    work()
    for person, part in ((CHAIRMAN, SigningPart.SIGNER), (CLERK, SigningPart.SEAL)):
        with unit_of_work(engine) as connection:
            asked = Asked(read_actor(connection, person), f"b{paper_id}{part}", world.NOW)
            assert ask(connection, [paper_id], part, asked) == {}
        work()


def send_out(engine: Engine, paper_id: int) -> None:
    """Note that a paper went out, signed by hand."""
    with unit_of_work(engine) as connection:
        note_dispatch(connection, paper_id, Sending(3, world.TODAY), None, CLERK, world.NOW)


def copied(browser: Browser, paper_id: int = 1, status: int = 303, **values: str) -> Page:
    address = f"/papers/{paper_id}/copies/new"
    return browser.send(browser.get(address), address, status, **values)


def file_of(app: Flask, engine: Engine, paper_id: int) -> bytes:
    with reading(engine) as connection:
        digest = connection.execute(select(P.c.sha256).where(P.c.id == paper_id)).scalar_one()
    return get(app.extensions["storage"], digest)


def text_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def test_a_signed_decision_is_copied_whole_under_its_last_text(
    house: Callable[[], None], enter: type_of_enter, app: Flask, engine: Engine
) -> None:
    sign(engine, house, 1)
    clerk = enter(Role.RECORDS_CLERK)
    page = copied(clerk)
    assert "Bản sao y 15/SY-UBND" in page.h1[0]
    house()
    original, copy = file_of(app, engine, 1), file_of(app, engine, 3)
    before, after = text_of(original), text_of(copy)
    assert all(one in other for one, other in zip(before, after, strict=False))
    assert "SAO Y" in after[-1]
    assert "Số: 15/SY-UBND" in after[-1]
    assert "Sao từ Quyết định số 218/QĐ-UBND" in after[-1]
    report = pdfa.validate_written(io.BytesIO(copy), "3b")
    assert report.passed, report.findings
    with pikepdf.open(io.BytesIO(copy)) as opened:
        assert "/AcroForm" not in opened.Root
        assert str(opened.docinfo["/Title"]).startswith("Bản sao y số 15/SY-UBND")
    sign(engine, house, 3)
    assert "Bản sao y 15/SY-UBND" in clerk.get("/papers/1").text
    with reading(engine) as connection:
        assert (
            connection.execute(select(ENTRY.c.subject).where(ENTRY.c.paper_id == 3))
            .scalar_one()
            .startswith("Sao y Quyết định số 218/QĐ-UBND ngày 10 tháng 3 năm 2025 về việc công nhận")
        )
        assert verify(connection).findings == ()
