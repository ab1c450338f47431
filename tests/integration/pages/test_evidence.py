"""Evidence beside the indicators: filed right there, found again in the library, amended, and taken off."""

from datetime import date
from io import BytesIO
from typing import Any
from unicodedata import normalize

import pytest
from sqlalchemy import Engine, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.evidence import EvidenceItem, EvidenceUse
from tests import world
from tests.client import Browser, Page
from tests.house import statements
from tests.integration.pages.test_filling_in import FILE, pdf
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGE = "/dossiers/1/criteria/2"
LIBRARY = "/dossiers/1/evidence?indicator=2.1"
ITEM, USE = table_of(EvidenceItem), table_of(EvidenceUse)


def beside(engine: Engine, code: str, *, removed: bool = False) -> list[Any]:
    """The items beside an indicator of dossier 1, or those that once stood there."""
    gone = USE.c.removed_at.is_not(None) if removed else USE.c.removed_at.is_(None)
    listed = (
        select(ITEM).join(USE, USE.c.item_id == ITEM.c.id).where(USE.c.dossier_id == 1, USE.c.indicator == code, gone)
    )
    with reading(engine) as connection:
        return list(connection.execute(listed.order_by(ITEM.c.at, ITEM.c.id)).all())


def file_at(
    browser: Browser, code: str, *files: tuple[str, bytes], more: dict[str, str] | None = None, status: int = 303
) -> Page:
    """Choose files at an indicator and press its button; everything else stays as it stands on the page."""
    sent: dict[str, Any] = dict(browser.get(PAGE).form_to("/criteria/2").values) | {"upload": code} | (more or {})
    return browser.post(PAGE, sent | {f"files-{code}": [(BytesIO(body), name) for name, body in files]}, status)


def test_several_files_are_filed_right_at_the_indicator_and_typed_values_with_them(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    files = [("Biên bản 1.pdf", pdf()), ("Biên bản 2.pdf", FILE[1])]
    page = file_at(browser, "2.1", *files, more={"2.2:part": "432", "expires-2.1": "31/12/2025"})
    assert "Đã nộp 2 tệp minh chứng" in page.text
    assert "Có giá trị đến 31/12/2025" in page.text
    assert browser.answer.request.path == PAGE
    assert [(one.title, one.expires_on) for one in beside(engine, "2.1")][1:] == [
        ("Biên bản 1.pdf", date(2025, 12, 31)),
        ("Biên bản 2.pdf", date(2025, 12, 31)),
    ]
    assert ("2.2:part", "432") in browser.get(PAGE).form_to("/criteria/2").values


@pytest.mark.parametrize(
    ("file", "expires", "sentence"),
    [
        (("ảnh.jpg", b"no picture"), "", "không đúng với đuôi tệp"),
        (("ảnh.gif", b"GIF89a"), "", "không thuộc loại nhận được"),
        (("a.pdf", b""), "", "không có nội dung"),
        (FILE, "31/02/2025", "Hãy nhập ngày theo dạng"),
        (FILE, "01/01/0025", "Hãy nhập ngày theo dạng"),
    ],
)
@ON_SQLITE
def test_a_file_that_cannot_be_taken_is_said_beside_its_control_and_nothing_typed_is_lost(
    engine: Engine, enter: Any, plant: Any, file: tuple[str, bytes], expires: str, sentence: str
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    page = file_at(browser, "2.1", file, more={"2.2:part": "431", "expires-2.1": expires}, status=422)
    assert sentence in page.text
    target = next(href for href, words in page.links if sentence in words)
    assert target == ("#expires-2.1" if expires else "#files-2.1")
    assert ("2.2:part", "431") in page.form_to("/criteria/2").values
    assert len(beside(engine, "2.1")) == 1


def test_a_script_files_one_file_after_another_and_gets_the_list(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    token = dict(browser.get(PAGE).form_to("/criteria/2").values)["csrf_token"]

    def send(code: str, *file: Any) -> Any:
        values = {"csrf_token": token, "indicator": code, f"expires-{code}": "05/06/2025", "file": file}
        return browser.client.post(f"{PAGE}/files", data=values, content_type="multipart/form-data")

    told = send("2.1", BytesIO(FILE[1]), "ảnh hiện trạng.pdf")
    assert told.status_code == 200
    assert "ảnh hiện trạng.pdf" in told.json["files"]
    assert "Có giá trị đến 05/06/2025" in told.json["files"]
    assert [one.title for one in beside(engine, "2.1")][-1] == "ảnh hiện trạng.pdf"
    wrong = send("2.1", BytesIO(b"x"), "a.pdf")
    assert (wrong.status_code, "không đúng với đuôi tệp" in wrong.json["message"]) == (422, True)
    assert send("2.1", BytesIO(b""), "").status_code == 422
    assert send("3.1", BytesIO(FILE[1]), "a.pdf").status_code == 404
    assert enter(Role.COMMUNE_CHAIRMAN).client.post(f"{PAGE}/files").status_code == 403


def test_a_file_is_taken_off_an_indicator_and_that_it_stood_there_is_kept(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    item = world.EVIDENCE + 1
    sent = dict(browser.get(PAGE).form_to("/criteria/2").values)
    page = browser.post(PAGE, sent | {"remove": f"2.1:{item}", "2.2:part": "433"})
    assert "Đã gỡ minh chứng khỏi chỉ tiêu 2.1" in page.text
    assert not beside(engine, "2.1")
    assert [one.id for one in beside(engine, "2.1", removed=True)] == [item]
    assert len(beside(engine, "2.2")) == 1
    assert ("2.2:part", "433") in page.form_to("/criteria/2").values
    assert "Chưa có minh chứng cho chỉ tiêu 2.1" in browser.get("/dossiers/1").text
    browser.post(PAGE, sent | {"remove": f"2.1:{item}"}, 404)
    browser.post(PAGE, sent | {"remove": "2.1:x"}, 404)
    browser.send(browser.get(LIBRARY), "/evidence", items=[str(item)])
    assert [one.id for one in beside(engine, "2.1")] == [item]


def test_a_filed_file_is_found_in_the_library_and_used_for_another_indicator(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    file_at(browser, "2.2", ("Biên bản nghiệm thu đường.pdf", FILE[1]))
    assert "Không tìm thấy tệp nào" in browser.get(f"{LIBRARY}&q=khong-co").text
    page = browser.get(f"{LIBRARY}&q={normalize('NFD', 'nghiệm THU')}")
    assert "Biên bản nghiệm thu đường.pdf" in page.text
    assert "Đang dùng cho chỉ tiêu 2.2" in page.text
    assert "Minh chứng" not in [words for _, words in page.links]
    assert "Hãy chọn ít nhất một tệp" in browser.send(page, "/evidence", 422).text
    item = beside(engine, "2.2")[-1].id
    page = browser.send(page, "/evidence", items=[str(item)])
    assert "Đã dùng 1 tệp cho chỉ tiêu 2.1" in page.text
    assert beside(engine, "2.1")[-1].id == item
    assert "Đã dùng cho chỉ tiêu này" in browser.get(LIBRARY).text


@ON_SQLITE
def test_the_library_holds_each_file_once_and_asks_a_fixed_number_of_statements(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    before = statements(engine, lambda: browser.get(LIBRARY))
    for _ in range(2):
        file_at(browser, "2.2", FILE)
    assert "2 tệp" in browser.get(LIBRARY).text  # this one, and the one that was planted
    assert statements(engine, lambda: browser.get(LIBRARY)) == before == 5


def test_nothing_of_another_unit_is_in_the_library_or_can_be_used(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    with unit_of_work(engine) as connection:
        world.plant(connection, world.add_commune(connection, 1), "self_assessing", 2)
        connection.execute(update(ITEM).where(ITEM.c.id == world.EVIDENCE + 2).values(title="Của xã khác"))
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get(LIBRARY)
    assert "Của xã khác" not in page.text
    browser.send(page, "/evidence", 404, items=[str(world.EVIDENCE + 2)])
    browser.get("/dossiers/1/evidence?indicator=99", 404)
    browser.get("/dossiers/2/evidence?indicator=2.1", 404)
    enter(Role.DISTRICT_REVIEWER).get(LIBRARY, 404)


def test_title_day_and_file_are_amended_for_this_dossier_and_the_earlier_item_stays(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    old = world.EVIDENCE + 1
    address = f"/dossiers/1/work/amend-evidence?item={old}"
    page = browser.send(browser.get(address), "/amend-evidence", title="Sổ theo dõi", expires_on="01/07/2026")
    assert browser.answer.request.path == "/dossiers/1/criteria/1"
    new = beside(engine, "2.1")[0]
    assert (new.title, new.expires_on, new.file_sha256, new.file_name) == (
        "Sổ theo dõi",
        date(2026, 7, 1),
        world.PAPER,
        "m.pdf",
    )
    assert [one.id for one in beside(engine, "2.1", removed=True)] == [old]
    browser.get(address, 404)
    address = f"/dossiers/1/work/amend-evidence?item={new.id}"
    page = browser.send(browser.get(address), "/amend-evidence", title="Bản mới", expires_on="", file=FILE)
    assert "Bản mới" in page.text
    newest = beside(engine, "2.4")[0]
    assert (newest.title, newest.file_name, newest.expires_on) == ("Bản mới", FILE[0], None)
    with reading(engine) as connection:
        first = connection.execute(select(ITEM).where(ITEM.c.id == old)).one()
    assert (first.title, first.expires_on) == ("Minh chứng", None)


@ON_SQLITE
def test_a_file_that_no_longer_counts_says_so(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    with unit_of_work(engine) as connection:
        connection.execute(update(ITEM).values(expires_on=date(2025, 3, 9)))
    page = enter(Role.COMMUNE_OFFICER).get(PAGE)
    assert "Hết giá trị từ sau ngày 09/03/2025" in page.text
    assert "Thiếu minh chứng 4" in page.text


@ON_SQLITE
def test_whoever_files_no_evidence_here_sees_the_files_alone(enter: Any, plant: Any) -> None:
    plant("district_verifying")
    page = enter(Role.DISTRICT_REVIEWER).get(PAGE)
    assert "Minh chứng" in page.text
    assert not [name for name in page.form_to("/criteria/2").names if name.startswith(("files-", "remove"))]
    assert "Gỡ khỏi chỉ tiêu" not in page.text
