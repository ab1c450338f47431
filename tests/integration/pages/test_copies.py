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
from sqlalchemy import Engine, insert, select, update

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
from models.documents import NumberSeries, OutgoingEntry, Paper, PaperDossier, PaperRelation
from models.places import Recognition, TitleEnd
from queries.people import read_actor
from tests import crash, world
from tests.client import Browser, Page
from tests.signing_office import Office
from workflow.names import Role, SigningPart

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
P, N, ENTRY, B, OF = (table_of(one) for one in (Paper, NumberSeries, OutgoingEntry, PaperRelation, PaperDossier))
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


def test_a_true_copy_is_copied_again_and_some_pages_are_extracted(
    house: Callable[[], None], enter: type_of_enter, app: Flask, engine: Engine
) -> None:
    sign(engine, house, 1)
    clerk = enter(Role.RECORDS_CLERK)
    assert "Bản trích sao 15/TrS-UBND" in copied(clerk, form="extract", pages="2").h1[0]
    assert "Bản sao y 16/SY-UBND" in copied(clerk, form="true_copy", pages="").h1[0]
    assert "chưa phát hành" not in clerk.get("/papers/4/copies/new").text
    assert "Chưa sao được văn bản này" in clerk.get("/papers/4/copies/new").text, "not signed yet"
    sign(engine, house, 4)
    page = clerk.get("/papers/4/copies/new")
    assert dict(page.form_to("/papers/4/copies/new").values)["form"] == "copy_of_copy"
    assert "Bản sao lục 17/SL-UBND" in copied(clerk, 4).h1[0]
    house()
    extract, again = text_of(file_of(app, engine, 3)), text_of(file_of(app, engine, 5))
    assert "TRÍCH SAO" in extract[-1]
    assert "trang 2." in extract[-1]
    assert "CỘNG HÒA" not in " ".join(extract)
    assert "SAO Y" in " ".join(again)
    assert "SAO LỤC" in again[-1]
    assert "Sao từ Bản sao y số 16/SY-UBND" in again[-1]
    assert "bản sao lục và bản trích sao không dùng để sao tiếp" in signed_by_hand(clerk, engine, 5).text
    code, digest = code_of(engine, 5)
    checked = Browser(app).get(f"/v/{code}").text
    assert "Bản sao có thật; văn bản gốc còn hiệu lực" in checked
    assert "Quyết định công nhận 218/QĐ-UBND" in checked
    assert digest in checked
    with unit_of_work(engine) as connection:
        assert verify(connection).findings == ()
        connection.exec_driver_sql("DROP TRIGGER paper_no_update")
        connection.exec_driver_sql("UPDATE paper SET context = replace(context, '\"number\":218', '\"number\":219')")
        found = [one.cause for one in verify(connection).findings]
    assert "the copy 16/SY-UBND is not of what it says it copies" in found


def signed_by_hand(clerk: Browser, engine: Engine, paper_id: int) -> Page:
    send_out(engine, paper_id)
    return clerk.get(f"/papers/{paper_id}/copies/new")


def code_of(engine: Engine, paper_id: int) -> tuple[str, str]:
    with reading(engine) as connection:
        row = connection.execute(select(P.c.code, P.c.sha256).where(P.c.id == paper_id)).one()
    return row.code, row.sha256


def test_of_a_paper_signed_by_hand_the_part_alone_is_made(
    house: Callable[[], None], enter: type_of_enter, app: Flask, engine: Engine
) -> None:
    send_out(engine, 1)
    house()
    clerk = enter(Role.RECORDS_CLERK)
    assert "Chụp bản gốc trên giấy" in clerk.get(NEW).text
    copied(clerk)
    house()
    (text,) = text_of(file_of(app, engine, 3))
    assert "SAO Y" in text
    assert "(bản chính ký trên giấy)" in text
    assert "QUYẾT ĐỊNH" not in text


WRONG = (
    ({"form": "extract"}, "Hãy ghi các trang cần trích"),
    ({"form": "extract", "pages": "9"}, "Văn bản chỉ có 2 trang"),
    ({"form": "extract", "pages": "1-2"}, "hãy chọn hình thức sao y"),
    ({"form": "extract", "pages": "một"}, "Hãy ghi số trang"),
    ({"form": "copy_of_copy"}, "Hãy chọn một mục trong danh sách"),
    ({"pages": "1"}, "hãy để trống ô trang"),
    ({"signer": "2"}, "Hãy chọn một mục trong danh sách"),
    ({"signed_on": "09/03/2025"}, "trước ngày ký văn bản 10/03/2025"),
    ({"signed_on": "01/01/2030"}, "còn ở phía trước"),
    ({"recipients": " ; "}, "Hãy ghi ít nhất một nơi nhận"),
    ({"recipients": "x" * 101}, "mỗi nơi không quá 100 chữ"),
    ({"number": "3"}, "hãy để trống ô số"),
)


@pytest.mark.usefixtures("house")
def test_a_copy_that_cannot_be_is_refused_beside_its_field(enter: type_of_enter, engine: Engine) -> None:
    send_out(engine, 1)
    with unit_of_work(engine) as connection:
        connection.execute(update(P).where(P.c.id == 1).values(sha256="f" * 64, pages=2, rendered_at=world.NOW))
    clerk = enter(Role.RECORDS_CLERK)
    begun = dict(clerk.get(NEW).form_to(NEW).values)
    for typed, said in WRONG:
        refused = clerk.post(NEW, begun | typed, 422)
        assert said in refused.text, typed
        kept = dict(refused.form_to(NEW).values)
        assert kept["recipients"].strip() == (begun | typed)["recipients"].strip()
    with reading(engine) as connection:
        assert connection.execute(select(B)).all() == []
        assert connection.execute(select(N.c.last).where(N.c.symbol == "SAO-UBND")).scalar_one() == 14


@pytest.mark.usefixtures("house")
def test_only_the_clerk_copies_and_only_what_was_issued(enter: type_of_enter, engine: Engine) -> None:
    clerk = enter(Role.RECORDS_CLERK)
    assert "Chưa sao được văn bản này" in clerk.get(NEW).text
    assert "Sao văn bản này" not in clerk.get("/papers/1").text
    send_out(engine, 1)
    page = clerk.get("/papers/1")
    assert "Sao văn bản này" in page.text
    values = dict(clerk.get(NEW).form_to(NEW).values)
    with unit_of_work(engine) as connection:
        connection.exec_driver_sql("DELETE FROM dispatch")
    assert "Chưa sao được văn bản này" in clerk.post(NEW, values, 422).text
    enter(Role.PROVINCIAL_CHAIRMAN).get(NEW, 403)
    clerk.get("/papers/999/copies/new", 404)


@pytest.mark.usefixtures("house")
def test_a_page_grown_old_makes_no_second_copy(enter: type_of_enter, engine: Engine) -> None:
    send_out(engine, 1)
    clerk = enter(Role.RECORDS_CLERK)
    page = clerk.get(NEW)
    clerk.send(page, NEW)
    again = clerk.send(page, NEW, 409)
    assert "vừa lập bản sao 15/SY-UBND" in again.text
    assert "Bản sao y 16/SY-UBND" in clerk.send(again, NEW).h1[0]


def revoke(engine: Engine) -> None:
    """Write a decision that revokes the first one, and how the title ended, as the door does it."""
    of = {"decision": "231/QĐ-UBND", "signed_on": world.TODAY}
    with unit_of_work(engine) as connection:
        row = dict(connection.execute(select(P).where(P.c.id == 1)).mappings().one())
        row |= {
            "id": 99,
            "kind": "revocation_decision",
            "number": 231,
            "code": "23456789abcd",
            "signed_on": world.TODAY,
        }
        connection.execute(insert(P), row)
        connection.execute(insert(OF), {"paper_id": 99, "dossier_id": 1, "event_id": row["event_id"]})
        connection.execute(insert(B), {"paper_id": 99, "other_id": 1, "relation": "revokes"})
        ended = {
            "recognition_id": 1,
            "standing": "revoked",
            "authority": "x",
            "reason": "x",
            "event_id": row["event_id"],
        }
        connection.execute(insert(table_of(TitleEnd)), ended | of)
        connection.execute(update(table_of(Recognition)).values(status="revoked"))


def test_a_revoked_decision_is_copied_with_a_mark_and_its_copies_tell(
    house: Callable[[], None], enter: type_of_enter, app: Flask, engine: Engine
) -> None:
    send_out(engine, 1)
    clerk = enter(Role.RECORDS_CLERK)
    copied(clerk)
    revoke(engine)
    code, _ = code_of(engine, 3)
    stranger = Browser(app)
    assert "Bản sao có thật; văn bản gốc đã bị thu hồi" in stranger.get(f"/v/{code}").text
    page = clerk.get(NEW)
    assert "Văn bản này đã bị thu hồi" in page.text
    refused = clerk.send(page, NEW, 422)
    assert "Văn bản không còn hiệu lực: hãy đánh dấu xác nhận" in refused.text
    values = dict(refused.form_to(NEW).values) | {"ended_known": "yes"}
    clerk.post(NEW, values, 303)
    house()
    with reading(engine) as connection:
        last = connection.execute(select(P.c.id).order_by(P.c.id.desc()).limit(1)).scalar_one()
    (text,) = text_of(file_of(app, engine, last))
    assert "Văn bản đã bị thu hồi theo Quyết định số" in text


@pytest.mark.usefixtures("house")
def test_a_commune_copies_in_its_own_name_by_the_numbers_of_its_own_register(
    enter: type_of_enter, engine: Engine
) -> None:
    send_out(engine, 1)
    officer = enter(Role.COMMUNE_OFFICER)
    page = officer.get(NEW)
    assert "number" in page.form_to(NEW).names
    assert "hãy báo cán bộ quản trị" in officer.send(page, NEW, 422).text
    assert "Bản sao y 07/SY-UBND" in officer.send(officer.get(NEW), NEW, number="7").h1[0]
    refused = officer.send(officer.get(NEW), NEW, 422, number="7").text
    assert "Số 07/SY-UBND đã cấp cho Bản sao y" in refused
