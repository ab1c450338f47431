"""The completeness check: each part with its files beside it, looked at in place, and what the return makes of it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, update

from casework.storage import put
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.dossiers import DossierPart
from models.evidence import StoredFile
from tests import world
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
CHECK = "/dossiers/1/work/keep-checklist"


def test_each_part_stands_with_its_files_and_one_that_is_not_filed_says_so(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("district_received")
    parts = table_of(DossierPart)
    with unit_of_work(engine) as connection:
        connection.execute(delete(parts).where(parts.c.part == "D5"))
        connection.execute(update(table_of(StoredFile)).values(media_type="application/pdf"))
    page = enter(Role.DISTRICT_REVIEWER).get(CHECK)
    files = [address for address, _ in page.links if "/files/" in address]
    assert len([one for one in files if one.endswith("?view=yes")]) == 7
    assert page.text.count("Xã chưa nộp") == 1
    assert page.text.index("Báo cáo nợ đọng") < page.text.index("Xã chưa nộp") < page.text.index("D6 ")


def test_what_is_ticked_stands_there_again_and_begins_the_return(enter: Any, plant: Any) -> None:
    plant("district_received")
    browser = enter(Role.DISTRICT_REVIEWER)
    browser.send(browser.get(CHECK), "/keep-checklist", complete_D1="yes", complete_D7="no", note_D7="Ảnh mờ.")
    values = dict(browser.get(CHECK).form_to("/keep-checklist").values)
    assert (values["complete_D1"], values["complete_D7"], values["note_D7"]) == ("yes", "no", "Ảnh mờ.")
    back = browser.get("/dossiers/1/actions/return-from-district")
    assert ("note_D7", "Ảnh mờ.") in back.form_to("return-from-district").values


def test_a_part_that_is_not_complete_says_what_is_missing(enter: Any, plant: Any) -> None:
    plant("district_received")
    browser = enter(Role.DISTRICT_REVIEWER)
    page = browser.send(browser.get(CHECK), "/keep-checklist", 422, complete_D7="no", note_D1="Giữ lại.")
    said = "Còn thiếu gì ở D7: Hãy ghi rõ còn thiếu gì."
    assert [words for href, words in page.links if href == "#note_D7"] == [said]
    assert ("note_D1", "Giữ lại.") in page.form_to("/keep-checklist").values


@pytest.mark.parametrize(
    ("media_type", "shown"), [("application/pdf", True), ("image/png", True), ("text/plain", False), ("x", False)]
)
def test_only_what_runs_nothing_is_looked_at_in_place(
    app: Flask, engine: Engine, enter: Any, plant: Any, media_type: str, shown: bool
) -> None:
    plant("district_received")
    digest = put(app.extensions["storage"], b"%PDF-1.7")
    with unit_of_work(engine) as connection:
        row = {"sha256": digest, "size": 8, "media_type": media_type, "stored_at": world.NOW}
        connection.execute(table_of(StoredFile).insert(), row)
        connection.execute(update(table_of(DossierPart)).values(file_sha256=digest))
    browser = enter(Role.DISTRICT_REVIEWER)
    for address, inline in ((f"/dossiers/1/files/{digest}", False), (f"/dossiers/1/files/{digest}?view=yes", shown)):
        browser.get(address)
        assert browser.answer.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
        assert browser.answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_time_for_the_check_is_named_in_the_language_of_the_page(enter: Any, plant: Any) -> None:
    plant("district_received")
    browser = enter(Role.DISTRICT_REVIEWER)
    for address in (CHECK, "/dossiers/1"):
        assert "Thời hạn kiểm tra thành phần hồ sơ" in browser.get(address).text
