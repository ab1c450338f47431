"""The whole dossier as one file: made by the worker, whole by its manifest, taken in parts, swept after three days."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pypdfium2
import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import Engine, insert, select

from casework import anchoring
from casework.door import Order, perform
from casework.storage import put
from casework.unit_of_work import reading, unit_of_work
from documents.whole import LENGTHS
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.dossiers import DossierPart
from models.evidence import StoredFile
from models.record import Bundle
from queries.rulebook import procedures
from tests import crash, world
from tests.client import Browser
from tests.house import stopped_at
from tests.integration.pages.test_filling_in import pdf
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
pytestmark = ON_SQLITE
PAGE = "/dossiers/1/whole"
NAMED_WITHOUT_FILES = 13  # by the small world, which writes rows alone
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (900, 600), "white").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def whole(app: Flask, engine: Engine, plant: Any) -> Engine:
    """A recognised dossier with a PDF, a picture and a Word file among its parts, anchored on the next day."""
    plant("recommended")
    version = len(world.path_to(procedures()[world.PROCEDURE], "recommended"))
    storage = app.extensions["storage"]
    files = {pdf(): ("application/pdf", "D2"), picture(): ("image/png", "D7"), b"PK Word": (DOCX, "D3")}
    with unit_of_work(engine) as connection:
        order = Order(1, "recognise", version, "one", crash.DECIDE)
        perform(connection, order, world.CHAIRMAN, world.NOW)
        for content, (kind, part) in files.items():
            digest = put(storage, content)
            row = {"sha256": digest, "size": len(content), "media_type": kind, "stored_at": world.NOW}
            connection.execute(insert(table_of(StoredFile)), row)
            filed = {"dossier_id": 1, "part": part, "file_sha256": digest, "title": f"Tệp <{part}> & \x01"}
            signed = {"person_id": world.PERSON[Role.COMMUNE_OFFICER], "at": world.NOW - timedelta(days=8)}
            connection.execute(insert(table_of(DossierPart)), filed | signed)
        anchoring.make(connection, world.NOW + timedelta(days=1))
    return engine


def worked(app: Flask, days: int = 0) -> None:
    """Let the worker do what is due."""
    tools = tools_of(app.extensions["settings"], app.extensions["engine"])
    drain(tools, stopped_at(world.NOW + timedelta(days=days, minutes=5)))


def made(app: Flask, browser: Browser, kind: str) -> bytes:
    """Ask for a whole dossier, let it be made, and take it."""
    page = browser.send(browser.get(PAGE), f"/whole/{kind}")
    assert "Đang tạo" in page.text
    assert 'data-waits="yes"' in page.text_of_file
    worked(app)
    page = browser.get(PAGE)
    assert "Đã sẵn sàng" in page.text
    assert 'data-waits="no"' in page.text_of_file
    with browser.client.get(f"{PAGE}/{kind}/file") as answer:
        assert answer.status_code == 200
        assert len(answer.data) == answer.content_length
        return answer.data


def test_the_archive_is_whole_by_its_manifest_and_its_events_by_the_check(
    app: Flask, whole: Engine, enter: Any, tmp_path: Path
) -> None:
    archive = ZipFile(BytesIO(made(app, enter(Role.INSPECTOR), "zip")))
    assert archive.testzip() is None
    members = json.loads(archive.read("manifest.json"))["sha256"]
    assert set(members) == set(archive.namelist()) - {"manifest.json"}
    assert {name: sha256(archive.read(name)).hexdigest() for name in members} == members
    index = archive.read("index.html").decode()
    linked = set(re.findall(r'href="([^"]+)"', index))
    assert linked <= set(archive.namelist())
    assert {name for name in archive.namelist() if "/" in name and not name.startswith("anchors/")} <= linked
    assert index.count("(không đọc được)") == NAMED_WITHOUT_FILES
    assert [name.rpartition(".")[2] for name in sorted(archive.namelist()) if name.startswith("van-ban/")] == [
        "pdf"
    ] * 2
    archive.extractall(tmp_path)
    command = [sys.executable, "-I", "verify_record.py", "events.jsonl", "anchors", "--keys", "keys.json"]
    said = subprocess.run([*command[:5]], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "1 dossiers, 15 events, 1 anchors, 0 findings" in said
    lines = (tmp_path / "events.jsonl").read_text().replace("Người 110", "Người 111")
    (tmp_path / "events.jsonl").write_text(lines)
    assert subprocess.run(command[:5], cwd=tmp_path, capture_output=True, check=False).returncode == 1


def test_one_file_holds_every_page_numbered_behind_the_index(app: Flask, whole: Engine, enter: Any) -> None:
    content = made(app, enter(Role.INSPECTOR), "pdf")
    texts = list(texts_of(content))
    numbered = [re.findall(r"HS-1\s+(\d+)/(\d+)", text) for text in texts]
    front = numbered.index([("1", str(len([one for one in numbered if one])))])
    assert [one[0][0] for one in numbered[front:]] == [str(number + 1) for number in range(len(texts) - front)]
    assert len(texts) - front >= 4  # a PDF, a picture, and two papers
    index = " ".join(" ".join(texts[:front]).split())
    assert "MỤC LỤC HỒ SƠ HS-1" in index
    assert index.count("chỉ có trong tệp ZIP") == 1
    decision = re.search(r"218/QĐ-\s?UBND.*?tr\. (\d+)", index)
    assert decision
    assert "QUYẾT ĐỊNH" in texts[front + int(decision[1]) - 1]


def texts_of(content: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(content)
    for page in document:
        text = page.get_textpage()
        yield text.get_text_range()
        text.close()
        page.close()
    document.close()


def test_the_data_has_documents_and_events_in_time_order_with_their_lengths(
    app: Flask, whole: Engine, enter: Any
) -> None:
    root = ET.fromstring(made(app, enter(Role.INSPECTOR), "xml"))
    documents, events = root.findall("Documents/Document"), root.findall("Events/Event")
    assert root.findtext("FileNotation") == "HS-1"
    for rows, moment in ((documents, "MadeAt"), (events, "At")):
        moments = [row.findtext(moment) for row in rows]
        assert moments == sorted(moments, key=str)
        assert len(rows) > 1
    decision = next(one for one in documents if one.findtext("CodeNumber"))
    told = [decision.findtext(name) for name in ("CodeNumber", "CodeNotation", "IssuedDate", "FullName")]
    assert told == ["218", "QĐ-UBND", "10/03/2025", f"Người {world.CHAIRMAN}"]
    for element in root.iter():
        assert len(element.text or "") <= LENGTHS.get(element.tag, 10_000)


def test_what_was_broken_off_goes_on_where_it_was(app: Flask, whole: Engine, enter: Any) -> None:
    browser = enter(Role.INSPECTOR)
    content = made(app, browser, "zip")
    address, digest = f"{PAGE}/zip/file", sha256(content).hexdigest()
    for header, status, expected in (
        ({"Range": "bytes=100-"}, 206, content[100:]),
        ({"Range": "bytes=100-199", "If-Range": f'"{digest}"'}, 206, content[100:200]),
        ({"Range": "bytes=-50"}, 206, content[-50:]),
        ({"Range": "bytes=100-", "If-Range": '"another"'}, 200, content),
        ({"If-None-Match": f'"{digest}"'}, 304, b""),
    ):
        with browser.client.get(address, headers=header) as answer:
            assert (answer.status_code, answer.data == expected) == (status, True), header
    with browser.client.get(address, headers={"Range": f"bytes={len(content) + 1}-"}) as answer:
        assert answer.status_code == 416
    with browser.client.get(address) as answer:  # a server takes bytes of Python's own and nothing like them
        assert {type(piece) for piece in answer.iter_encoded()} == {bytes}


def test_nobody_takes_what_is_not_ready_or_was_asked_for_by_somebody_else(
    app: Flask, whole: Engine, enter: Any
) -> None:
    browser = enter(Role.INSPECTOR)
    browser.get(f"{PAGE}/zip/file", 404)
    browser.post(f"{PAGE}/nothing", {"csrf_token": dict(browser.get(PAGE).form_to("/zip").values)["csrf_token"]}, 404)
    made(app, browser, "xml")
    enter(Role.COMMUNE_OFFICER).get(f"{PAGE}/xml/file", 404)
    with unit_of_work(whole) as connection:
        world.plant(connection, world.add_commune(connection, 1), "recommended", 2)
    enter(Role.COMMUNE_OFFICER).get("/dossiers/2/whole", 404)


def test_what_was_made_is_made_anew_when_asked_and_removed_after_three_days(
    app: Flask, whole: Engine, enter: Any
) -> None:
    browser = enter(Role.INSPECTOR)
    made(app, browser, "xml")
    made(app, browser, "xml")
    B = table_of(Bundle)  # noqa: N806 - a table
    with reading(whole) as connection:
        assert connection.execute(select(B.c.id, B.c.status)).all() == [(1, "done")]
    path = app.extensions["settings"].files_path / "bundles" / "1.xml"
    assert path.exists()
    worked(app, days=4)
    assert not path.exists()
    assert "Lập tệp XML" in browser.get(PAGE).text
