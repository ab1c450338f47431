"""The outgoing register: found with and without marks, narrowed, page by page, handed out as files; and what waits."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import Engine, insert, select

from casework.door import Order, perform
from casework.issued_papers import Sending, note_dispatch
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.documents import OutgoingEntry, Paper, PaperDossier
from models.keys import search_key
from tests import crash, world
from tests.house import statements
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
P, OF, ENTRY = table_of(Paper), table_of(PaperDossier), table_of(OutgoingEntry)
REGISTER = "/outgoing/register"
FILES = ("worksheets/sheet1.xml", "sharedStrings.xml")
CLERK = world.PERSON[Role.RECORDS_CLERK]


@pytest.fixture
def decided(engine: Engine, plant: Any) -> Engine:
    """One decision by the door, 218/QĐ-UBND of 10/03/2025."""
    plant("recommended")
    with unit_of_work(engine) as connection:
        version = connection.exec_driver_sql("SELECT version FROM dossier").scalar_one()
        perform(connection, Order(1, "recognise", version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    return engine


def write_down(engine: Engine, count: int) -> None:
    """Put so many notices of the council beside the decision, from 02/01/2025 on."""
    with unit_of_work(engine) as connection:
        first = dict(connection.execute(select(P).where(P.c.kind == "decision")).one()._mapping)
        of = dict(connection.execute(select(OF).where(OF.c.paper_id == first["id"])).one()._mapping)
        for number in range(1, count + 1):
            paper = {"id": 100 + number, "symbol": "TB-HĐTĐ", "number": number, "code": f"c{number}", "edition": number}
            row = (
                first | paper | {"kind": "refusal_notice", "signed_on": date(2025, 1, 2) + timedelta(days=number // 2)}
            )
            connection.execute(insert(P), row)
            connection.execute(insert(OF), of | {"paper_id": 100 + number})
            said = {"subject": f"Thông báo thứ {number}", "signer": "Nông Văn Thạch", "recipients": "Xã Hồng Việt"}
            key = search_key(" ".join(said.values()))
            entry = {"paper_id": 100 + number, **said, "kept_by": "VT", "search_key": key}
            connection.execute(insert(ENTRY), entry)


def cells(content: bytes) -> list[list[str]]:
    """What stands in the rows of a sheet, its texts as texts; a formula would not be found here."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet, texts = (etree.fromstring(archive.read(f"xl/{name}")) for name in FILES)
    known = ["".join(one.itertext()) for one in texts.findall("{*}si")]
    return [
        [known[int(cell[0].text)] if cell.get("t") == "s" else cell.findtext("{*}v") for cell in row if len(cell)]
        for row in sheet.iter("{*}row")
    ]


def names(page: Any) -> list[str]:
    """The numbers of the lines that a page of the register shows."""
    return [words.strip() for href, words in page.links if href.startswith("/papers/")]


@pytest.mark.parametrize("asked", ["thong bao hong viet", "Hồng Việt", "nong van thach"])
def test_the_register_is_found_with_and_without_marks(decided: Engine, enter: Any, asked: str) -> None:
    write_down(decided, 2)
    clerk = enter(Role.RECORDS_CLERK)
    assert names(clerk.get(REGISTER)) == ["01/TB-HĐTĐ", "02/TB-HĐTĐ", "218/QĐ-UBND"]
    assert names(clerk.get(f"{REGISTER}?q={asked}")) == ["01/TB-HĐTĐ", "02/TB-HĐTĐ"]
    assert names(clerk.get(f"{REGISTER}?q=218/QĐ-UBND")) == ["218/QĐ-UBND"]
    assert names(clerk.get(f"{REGISTER}?q=cong+nhan")) == ["218/QĐ-UBND"]
    assert "Không có văn bản nào khớp" in clerk.get(f"{REGISTER}?q=chuyện khác").text


@ON_SQLITE
def test_it_is_narrowed_by_symbol_kind_and_days(decided: Engine, enter: Any) -> None:
    write_down(decided, 3)
    reader = enter(Role.INSPECTOR)
    assert names(reader.get(f"{REGISTER}?symbol=QĐ-UBND")) == ["218/QĐ-UBND"]
    assert names(reader.get(f"{REGISTER}?kind=refusal_notice")) == ["01/TB-HĐTĐ", "02/TB-HĐTĐ", "03/TB-HĐTĐ"]
    assert names(reader.get(f"{REGISTER}?since=03/01/2025&until=03/01/2025")) == ["02/TB-HĐTĐ", "03/TB-HĐTĐ"]
    wrong = reader.get(f"{REGISTER}?since=hôm qua&symbol=QĐ-UBND", 422)
    assert any(href == "#since" for href, _ in wrong.links)
    assert names(wrong) == ["218/QĐ-UBND"]
    assert "chưa có văn bản nào trong sổ" in reader.get(f"{REGISTER}?year=2024").text
    reader.get(f"{REGISTER}?year=99999999999999999999&page=99999999999999999999")


@ON_SQLITE
def test_it_takes_as_many_statements_for_many_as_for_few(decided: Engine, enter: Any) -> None:
    clerk = enter(Role.RECORDS_CLERK)
    few = statements(decided, lambda: clerk.get(REGISTER))
    write_down(decided, 30)
    many, page = statements(decided, lambda: clerk.get(REGISTER)), clerk.get(REGISTER)
    assert len(names(page)) == 25
    assert "Trang 1 trên 2 · 31 văn bản" in page.text
    assert many == few
    assert names(clerk.get(f"{REGISTER}?page=2"))[-1] == "218/QĐ-UBND"


@ON_SQLITE
def test_the_sheet_holds_the_ten_fields_and_no_formula(decided: Engine, enter: Any) -> None:
    with unit_of_work(decided) as connection:
        sending = Sending(15, world.TODAY, "VT, KT", "=1+1", "Gửi bưu điện")
        note_dispatch(connection, 1, sending, None, CLERK, world.NOW)
    write_down(decided, 1)
    clerk = enter(Role.RECORDS_CLERK)
    clerk.get(f"{REGISTER}.xlsx?symbol=QĐ-UBND")
    heads, line = cells(clerk.answer.data)[2:]
    assert len(heads) == len(line) == 10
    day = str((world.TODAY - date(1899, 12, 30)).days)
    assert (line[0], line[1], line[6], line[7]) == ("218/QĐ-UBND", day, "15", day)
    assert line[2].startswith("Quyết định về việc công nhận")
    assert line[8:] == ["=1+1", "Gửi bưu điện"]


@ON_SQLITE
def test_the_register_is_printed_by_the_layout_of_the_decree(decided: Engine, enter: Any) -> None:
    clerk = enter(Role.RECORDS_CLERK)
    clerk.get(f"{REGISTER}.pdf")
    assert clerk.answer.data.startswith(b"%PDF")
    assert clerk.answer.headers["Content-Disposition"] == "attachment; filename=so-van-ban-di-2025.pdf"


def test_the_clerk_sees_what_waits_and_what_to_do_next(decided: Engine, enter: Any) -> None:
    clerk = enter(Role.RECORDS_CLERK)
    page = clerk.get("/outgoing")
    assert "Chờ chuyển 1" in page.text
    assert "Sắp đến hạn, còn 1 ngày làm việc" in page.text
    assert "Chờ công bố 1" in page.text
    assert "Quyết định công nhận 218/QĐ-UBND" in page.text
    write_down(decided, 1)
    assert "Quá hạn 46 ngày làm việc Ký ngày 02/01/2025" in clerk.get("/outgoing").text
    clerk.send(clerk.get("/papers/101"), "/dispatch", copies="2", sent_on="10/03/2025")
    clerk.send(clerk.get("/papers/1"), "/dispatch", copies="15", sent_on="10/03/2025")
    assert "Chờ chuyển" not in clerk.get("/outgoing").text
    with unit_of_work(decided) as connection:
        draft = dict(connection.execute(select(P).where(P.c.kind == "certificate")).one()._mapping)
        row = {"id": 50, "kind": "appraisal_report", "symbol": "BC-SNNMT"}
        connection.execute(insert(P), draft | row)
        connection.execute(insert(OF), {"paper_id": 50, "dossier_id": 1, "event_id": draft["event_id"]})
    page = clerk.get("/outgoing")
    assert "Chờ cấp số 1" in page.text
    assert ("/papers/50", "Báo cáo thẩm định …/BC-SNNMT") in page.links


@ON_SQLITE
def test_a_book_that_one_pdf_does_not_take_is_printed_by_quarters(
    decided: Engine, enter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_down(decided, 190)
    monkeypatch.setattr("blueprints.outgoing.PRINTED_AT_ONCE", 185)
    monkeypatch.setattr("casework.register_files.as_pdf", lambda page: str(len(page.lines)).encode())
    clerk = enter(Role.RECORDS_CLERK)
    page = clerk.get(REGISTER + "?year=2025")
    assert "Mỗi bản in (PDF) nhận nhiều nhất 185 văn bản. Hãy in từng quý:" in page.text
    assert "Bản in (PDF)" not in [words for _, words in page.links]
    printed = []
    for quarter in ("In quý I", "In quý II", "In quý III", "In quý IV"):
        clerk.get(next(href for href, words in page.links if words == quarter))
        printed.append(int(clerk.answer.data))
    assert printed == [178, 13, 0, 0]
    assert "Sổ quá dài để in một lần" in clerk.get(clerk.client.get(REGISTER + ".pdf?year=2025").location).text
    narrow = clerk.get(REGISTER + "?year=2025&since=02/01/2025").text
    assert "Hãy chọn khoảng ngày ngắn hơn để in." in narrow
    assert "In quý" not in narrow
    assert "Bản in (PDF)" in clerk.get(REGISTER + "?year=2025&until=31/03/2025").text


@ON_SQLITE
def test_each_keeps_to_the_own_register(decided: Engine, enter: Any) -> None:
    officer = enter(Role.COMMUNE_OFFICER)
    assert names(officer.get(REGISTER)) == []
    officer.get(f"{REGISTER}?unit={world.PROVINCE}", 404)
    officer.get(f"{REGISTER}.xlsx?unit={world.PROVINCE}", 404)
    reader = enter(Role.INSPECTOR)
    assert names(reader.get(f"{REGISTER}?unit={world.PROVINCE}")) == ["218/QĐ-UBND"]
    reader.get("/outgoing", 403)
    for role in (Role.HAMLET_HEAD, Role.COUNCIL_MEMBER, Role.PROVINCIAL_CHAIRMAN):
        enter(role).get(REGISTER, 403)


@ON_SQLITE
def test_before_the_first_number_the_register_says_so(engine: Engine, enter: Any) -> None:
    assert "Chưa có văn bản nào có số" in enter(Role.INSPECTOR).get(REGISTER).text
