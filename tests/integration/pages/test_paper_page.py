"""One paper on its page: edited in Word and filed again, numbered once it is signed on paper, entered as sent."""

import io
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from sqlalchemy import Engine, insert, select, text

from casework.audit import verify
from casework.door import Order, perform
from casework.issued_papers import Sending, note_dispatch
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import Dispatch, EditedPaper, OutgoingEntry, Paper
from tests import crash, world
from tests.client import Browser
from tests.integration.pages.test_filling_in import pdf
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
P, ENTRY = table_of(Paper), table_of(OutgoingEntry)
pytestmark = ON_SQLITE
type_of_enter = Any


@pytest.fixture
def proposed(engine: Engine, plant: Any) -> Engine:
    """A dossier that its commune has submitted: paper 1 is the draft of its proposal."""
    planted = plant("commune_ready")
    with unit_of_work(engine) as connection:
        order = Order(planted, "submit", version_of(connection), "k")
        perform(connection, order, world.PERSON[Role.COMMUNE_CHAIRMAN], world.NOW)
    return engine


@pytest.fixture
def decided(engine: Engine, plant: Any) -> Engine:
    """A dossier that was decided: paper 1 is the decision 218/QĐ-UBND."""
    plant("recommended")
    with unit_of_work(engine) as connection:
        perform(connection, Order(1, "recognise", version_of(connection), "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    return engine


def version_of(connection: Any) -> int:
    version: int = connection.exec_driver_sql("SELECT version FROM dossier").scalar_one()
    return version


def rows(engine: Engine, table: Any) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(select(table).order_by(table.c[0])))


def edited_in_word(browser: Browser) -> bytes:
    """The draft as somebody gives it back who has added a sentence to it in Word."""
    browser.get("/papers/1.docx")
    paper = Document(io.BytesIO(browser.answer.data))
    assert any("đề nghị" in one.text for one in paper.paragraphs)
    paper.add_paragraph("Câu thêm bằng tay.")
    written = io.BytesIO()
    paper.save(written)
    return written.getvalue()


def test_a_draft_goes_to_word_and_back_with_a_mark(proposed: Engine, enter: type_of_enter) -> None:
    officer = enter(Role.COMMUNE_OFFICER)
    page = officer.get("/papers/1")
    assert "Dự thảo" in page.text
    assert "Đã sửa tay" not in page.text
    content = edited_in_word(officer)
    filed = officer.send(page, "/edited", file=("to-trinh.docx", content))
    assert "Đã nhận bản sửa tay" in filed.text
    with reading(proposed) as connection:
        of_officer = {"id": world.PERSON[Role.COMMUNE_OFFICER]}
        name = connection.execute(text("SELECT name FROM person WHERE id = :id"), of_officer).scalar_one()
    assert f"Đã sửa tay: {name}" in filed.text
    assert "bản do hệ thống lập chỉ để đối chiếu" in filed.text
    assert f"Đã sửa tay {name}" in officer.get("/dossiers/1").text
    officer.get("/papers/1/edited")
    assert officer.answer.data == content
    assert officer.answer.headers["Content-Disposition"].endswith(".docx")
    assert [one.paper_id for one in rows(proposed, table_of(EditedPaper))] == [1]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("van-ban.docx", b"PK no archive"), "không đúng với đuôi tệp"),
        (("van-ban.xlsx", b"PK"), "không thuộc loại nhận được (docx, pdf)"),
        (("van-ban.pdf", b""), "không có nội dung"),
    ],
)
def test_what_is_no_text_is_refused_beside_its_field(
    proposed: Engine, enter: type_of_enter, file: tuple[str, bytes], said: str
) -> None:
    officer = enter(Role.COMMUNE_OFFICER)
    page = officer.send(officer.get("/papers/1"), "/edited", 422, file=file)
    assert said in page.text
    assert any(href == "#file" and said in words for href, words in page.links)
    assert rows(proposed, table_of(EditedPaper)) == []


def test_a_draft_signed_on_paper_gets_the_typed_number_and_goes_out(proposed: Engine, enter: type_of_enter) -> None:
    officer = enter(Role.COMMUNE_OFFICER)
    officer.send(officer.get("/papers/1"), "/edited", file=("to-trinh.pdf", pdf()))
    numbered = officer.send(officer.get("/papers/1"), "/number", signed_on="10/03/2025", number="46")
    assert "Tờ trình" in numbered.h1[0]
    assert "46/TTr-UBND" in numbered.h1[0]
    assert "Đã sửa tay" in numbered.text
    first, second = (one for one in rows(proposed, P) if one.kind == "proposal")
    assert (first.number, second.number, second.edition, second.symbol) == (None, 46, 2, "TTr-UBND")
    entry = rows(proposed, ENTRY)[0]
    assert entry.paper_id == second.id
    assert entry.subject.startswith("Tờ trình về việc đề nghị")
    officer.get("/papers/1.docx")
    officer.get(f"/papers/{second.id}.docx", 404)
    assert "Xem bản mang số" in officer.get("/papers/1").text
    sent = officer.send(
        officer.get(f"/papers/{second.id}"), "/dispatch", copies="15", sent_on="10/03/2025", receipt="Nông Thị Hạnh"
    )
    assert "Đã chuyển" in sent.text
    assert (rows(proposed, table_of(Dispatch))[0].copies, rows(proposed, table_of(Dispatch))[0].kept_by) == (15, "VT")
    with reading(proposed) as connection:
        assert verify(connection).findings == ()


def test_a_number_that_was_given_is_refused_in_plain_words_and_stays_typed(
    proposed: Engine, enter: type_of_enter
) -> None:
    officer = enter(Role.COMMUNE_OFFICER)
    earlier = dict(rows(proposed, P)[0]._mapping) | {"kind": "receipt", "year": 2025, "number": 46, "code": "c0de"}
    with unit_of_work(proposed) as connection:
        connection.execute(insert(P), earlier | {"id": 90, "signed_on": world.TODAY})
    page = officer.send(officer.get("/papers/1"), "/number", 422, signed_on="10/03/2025", number="46")
    assert "Số 46/TTr-UBND đã cấp cho Giấy tiếp nhận hồ sơ ký ngày 10/03/2025; hãy kiểm tra lại sổ." in page.text
    assert dict(page.form_to("/number").values)["number"] == "46"
    page = officer.send(page, "/number", 422, signed_on="11/03/2025", number="47")
    assert "còn ở phía trước" in page.text
    assert "#signed_on" in [href for href, _ in page.links]


def test_who_noted_the_dispatch_meanwhile_is_not_written_over(decided: Engine, enter: type_of_enter) -> None:
    clerk = enter(Role.RECORDS_CLERK)
    page = clerk.get("/papers/1")
    assert "chờ chuyển" in page.text
    assert dict(page.form_to("/dispatch").values)["kept_by"] == "VT, KT"
    with unit_of_work(decided) as connection:
        sending = Sending(3, world.TODAY)
        note_dispatch(connection, 1, sending, None, world.PERSON[Role.RECORDS_CLERK], world.NOW + timedelta(minutes=1))
    again = clerk.send(page, "/dispatch", 409, copies="20", sent_on="10/03/2025", note="Gửi bưu điện")
    assert "vừa ghi việc chuyển văn bản này" in again.text
    assert dict(again.form_to("/dispatch").values)["note"] == "Gửi bưu điện"
    clerk.send(again, "/dispatch")
    assert rows(decided, table_of(Dispatch))[0].copies == 20


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"copies": "0"}, "Số lượng bản phải từ 1 đến 10000"),
        ({"copies": "2", "sent_on": "09/03/2025"}, "Ngày chuyển 09/03/2025 trước ngày ký 10/03/2025"),
        ({"copies": "2", "sent_on": "01/01/2030"}, "còn ở phía trước"),
        ({"copies": ""}, "Hãy nhập số lượng bản"),
    ],
)
def test_a_dispatch_that_cannot_be_is_refused(
    decided: Engine, enter: type_of_enter, typed: dict[str, str], said: str
) -> None:
    clerk = enter(Role.RECORDS_CLERK)
    assert said in clerk.send(clerk.get("/papers/1"), "/dispatch", 422, **typed).text
    assert rows(decided, table_of(Dispatch)) == []


def test_sending_out_is_the_clerks_and_not_offered_to_who_signs(decided: Engine, enter: type_of_enter) -> None:
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    page = chairman.get("/papers/1")
    assert [form.action for form in page.forms if "/papers/" in form.action] == []
    token = dict(page.form_to("/sign-out").values)["csrf_token"]
    values = {"csrf_token": token, "copies": "2", "sent_on": "10/03/2025"}
    assert "do văn thư của cơ quan ban hành ghi" in chairman.post("/papers/1/dispatch", values, 422).text
    assert rows(decided, table_of(Dispatch)) == []


def test_who_only_reads_or_belongs_elsewhere_can_change_nothing(proposed: Engine, enter: type_of_enter) -> None:
    for role in (Role.INSPECTOR, Role.DISTRICT_REVIEWER):
        page = enter(role).get("/papers/1")
        assert "Tải bản Word" in page.text
        assert [form.action for form in page.forms if "/papers/" in form.action] == []
    stranger = enter(Role.DISTRICT_REVIEWER)
    token = dict(stranger.get("/").form_to("/sign-out").values)["csrf_token"]
    values = {"csrf_token": token, "signed_on": "10/03/2025", "number": "1"}
    assert "do cơ quan khác ban hành" in stranger.post("/papers/1/number", values, 422).text
    with unit_of_work(proposed) as connection:
        connection.exec_driver_sql("UPDATE dossier SET district_id = NULL")
    for address in ("/papers/1", "/papers/1.docx", "/papers/1/edited"):
        stranger.get(address, 404)
    stranger.post("/papers/1/number", values, 404)


def test_the_chairman_types_the_number_where_the_clerk_gives_them_by_hand(
    engine: Engine, plant: Any, enter: type_of_enter
) -> None:
    plant("recommended")
    chairman, address = enter(Role.PROVINCIAL_CHAIRMAN), "/dossiers/1/actions/recognise"
    assert "number" not in chairman.get(address).form_to("/recognise").names
    with unit_of_work(engine) as connection:
        connection.exec_driver_sql("UPDATE number_series SET by_hand = true")
    page = chairman.send(chairman.get(address), "/recognise", 422, year_recognised="2024", signed_on="10/03/2025")
    assert any(href == "#number" and "do văn thư cấp bằng tay; hãy nhập số" in words for href, words in page.links)
    assert dict(page.form_to("/recognise").values)["year_recognised"] == "2024"
    page = chairman.send(page, "/recognise", 422, number="0")
    assert any(href == "#number" and "Số văn bản 0 không hợp lệ" in words for href, words in page.links)
    assert dict(page.form_to("/recognise").values)["number"] == "0"
    assert "Quyết định công nhận 300/QĐ-UBND" in chairman.send(page, "/recognise", number="300").text


def test_a_certificate_takes_no_number_and_has_no_word_version(decided: Engine, enter: type_of_enter) -> None:
    clerk = enter(Role.RECORDS_CLERK)
    page = clerk.get("/papers/2")
    assert "Bằng công nhận" in page.h1[0]
    assert [form.action for form in page.forms if "/papers/" in form.action] == []
    clerk.get("/papers/2.docx", 404)
