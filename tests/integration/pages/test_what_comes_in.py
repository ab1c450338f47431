"""Texts as browsers send them: signs that no database holds, letters in pieces, keys and numbers beyond reason."""

from typing import Any
from unicodedata import normalize

import pytest
from sqlalchemy import Engine, select

from casework.unit_of_work import reading
from models.base import table_of
from models.dossiers import Comment, Dossier
from models.evidence import EvidenceItem
from models.text import plain
from tests import world
from tests.integration.pages.test_filling_in import FILE
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Đường\x00 xóm", "Đường xóm"),
        (normalize("NFD", "Đường xóm còn lầy"), "Đường xóm còn lầy"),
        ("một\r\nhai\tba", "một\nhai\tba"),
        ("\ud800a\x1b[0m\x7f", "a[0m"),
    ],
)
def test_a_text_is_made_plain(typed: str, kept: str) -> None:
    assert plain(typed) == kept


def test_a_form_with_a_zero_byte_and_letters_in_pieces_is_taken_in_one_spelling(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("public_comment")
    browser = enter(Role.COMMUNE_OFFICER)
    said = {"received_on": "01/03/2025", "author": "Bà\x00 Hoa", "text": normalize("NFD", "Đường\x00 còn lầy")}
    browser.send(browser.get("/dossiers/1/work/log-comment"), "/log-comment", **said)
    with reading(engine) as connection:
        row = connection.execute(select(table_of(Comment))).one()
    assert (row.author, row.text) == ("Bà Hoa", "Đường còn lầy")


def test_an_address_with_a_zero_byte_is_a_search_that_finds(enter: Any, plant: Any) -> None:
    plant("commune_ready")
    assert "HS-1" in enter(Role.INSPECTOR).get("/dossiers?q=HS%00-1").text


def test_the_name_of_a_file_is_kept_in_one_spelling(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get("/dossiers/1/work/attach-evidence")
    browser.send(form, "/attach-evidence", indicators=["1.1"], file=(normalize("NFD", "biên bản.pdf"), FILE[1]))
    table = table_of(EvidenceItem)
    with reading(engine) as connection:
        names = connection.execute(select(table.c.file_name).where(table.c.id != world.EVIDENCE + 1)).scalars().all()
    assert names == ["biên bản.pdf"]


def test_a_request_key_that_is_too_long_opens_one_dossier(engine: Engine, enter: Any) -> None:
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get("/dossiers/new")
    for _ in range(2):
        browser.send(form, "/new", level="standard", request_key="x" * 5000)
    with reading(engine) as connection:
        assert len(connection.execute(select(table_of(Dossier).c.id)).all()) == 1


LONG = "Đường xóm còn lầy. " * 300


@ON_SQLITE
@pytest.mark.parametrize(
    ("role", "state", "address", "field", "typed"),
    [
        (Role.COMMUNE_CHAIRMAN, "commune_ready", "actions/withdraw", "reason", {}),
        (Role.COMMUNE_OFFICER, "public_comment", "work/log-comment", "text", {"received_on": "01/03/2025"}),
        (Role.COMMUNE_OFFICER, "public_comment", "work/log-comment", "author", {"received_on": "01/03/2025"}),
        (Role.DISTRICT_REVIEWER, "district_received", "work/keep-checklist", "note_D1", {"complete_D1": "no"}),
        (Role.DISTRICT_REVIEWER, "district_verifying", "criteria/2", "2.1-reason", {"2.1-way": "refute"}),
    ],
)
def test_a_text_that_is_too_long_is_refused_beside_its_field_and_stays_whole(
    enter: Any, plant: Any, role: Role, state: str, address: str, field: str, typed: dict[str, str]
) -> None:
    plant(state)
    browser = enter(role)
    form = browser.get(f"/dossiers/1/{address}")
    page = browser.post(f"/dossiers/1/{address}", dict(form.form_to(address).values) | typed | {field: LONG}, 422)
    assert [words for href, words in page.links if href == f"#{field}" and "Nhiều nhất" in words]
    assert dict(page.form_to(address).values)[field].strip() == LONG.strip()


@ON_SQLITE
@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ("05/01/2025", False),
        ("5/1/2025", False),
        ("2025-01-05", False),
        ("5.1.2025", False),
        ("05/01/25", True),
        ("32/01/2025", True),
        ("05/01/0025", True),
        ("31/12/9999", True),
        ("hôm qua", True),
    ],
)
def test_a_day_is_read_as_it_is_written_in_vietnamese(enter: Any, plant: Any, typed: str, wrong: bool) -> None:
    plant("public_comment")
    browser = enter(Role.COMMUNE_OFFICER)
    form = browser.get("/dossiers/1/work/log-comment")
    page = browser.send(form, "/log-comment", 422, received_on=typed, author="", text="")
    assert [words for href, words in page.links if href == "#received_on"] == (
        ["Ngày nhận góp ý: Hãy nhập ngày theo dạng 05/01/2026."] if wrong else []
    )


BEYOND = ("99999999999999999999", "2147483648", "2147483647", "0", "-1")  # more than a key can be, the most, and less


@pytest.mark.parametrize("number", BEYOND)
def test_a_number_that_no_database_holds_is_no_page_or_no_choice(enter: Any, number: str) -> None:
    """Keys are not found; what only narrows a list narrows nothing, or finds nothing, and never fails."""
    officer, secretary = enter(Role.DEPARTMENT_OFFICER), enter(Role.COUNCIL_SECRETARY)
    for address in ("register", "register/units", "dossiers", "papers", "titles"):
        ending = "/review" if address == "titles" else ""
        officer.get(f"/{address}/{number}{ending}", 404)
    secretary.get(f"/sessions/{number}", 404)
    lists = ("register?page", "register?year", "dossiers?before", "dossiers?year", "dossiers?district", "?page")
    for address in (*lists, "dossiers?commune", "appraisals?page", "notices?page"):
        officer.get(f"/{address}={number}")
    secretary.get(f"/sessions?page={number}")


@ON_SQLITE
def test_a_version_of_too_many_digits_is_one_that_nobody_has_seen(enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    form = dict(browser.get("/dossiers/1/actions/withdraw").form_to("/withdraw").values)
    browser.post("/dossiers/1/actions/withdraw", form | {"reason": "Rút", "seen_version": "9" * 5000}, 409)


@ON_SQLITE
def test_a_paper_of_too_many_digits_is_none_that_can_be_corrected(enter: Any, plant: Any) -> None:
    plant("announced")
    clerk = enter(Role.RECORDS_CLERK)
    form = dict(clerk.get("/dossiers/1/actions/draft-correction").form_to("/draft-correction").values)
    wrong = {"paper": "9" * 20, "printed_1": "năm 2023", "right_1": "năm 2024"}
    clerk.post("/dossiers/1/actions/draft-correction", form | wrong, 422)


@ON_SQLITE
def test_an_address_that_is_none_leads_nowhere(enter: Any) -> None:
    officer = enter(Role.COMMUNE_OFFICER)
    token = dict(officer.get("/account").form_to("/language").values)["csrf_token"]
    officer.post("/drafts/discard", {"address": "//[", "csrf_token": token}, 404)
    answer = officer.client.post("/language", data={"lang": "vi", "csrf_token": token}, headers={"Referer": "http://["})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
