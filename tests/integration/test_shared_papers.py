"""A decision on several units wherever it goes: whole dossiers as files, backup and restore, signing in a batch."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pypdfium2
import pytest
from sqlalchemy import Engine, func, select

from casework import bundling
from casework.audit import verify
from casework.backup import create
from casework.restore import restore
from casework.signing import Asked, ask
from casework.storage import get, open_storage, read_made
from casework.unit_of_work import reading, unit_of_work
from documents.signing.office import Office as Keys
from jobs import worker
from jobs.tools import Tools
from models.base import table_of
from models.database import make_engine
from models.documents import Paper, PaperDossier
from models.signatures import PaperSignature
from queries.bundles import bundles_of
from queries.people import read_actor
from queries.signatures import shown_file
from tests import world
from tests.house import stopped_at, tools
from tests.integration.rows import snapshot
from tests.integration.test_backup import INTO_THE_OTHER
from tests.integration.test_replaced_together import order, recognised
from tests.integration.test_together import decide
from tests.signing_office import Office
from workflow.names import Bundled, Role, SigningPart

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
P, OF, S = table_of(Paper), table_of(PaperDossier), table_of(PaperSignature)
INSPECTOR, CLERK = world.PERSON[Role.INSPECTOR], world.PERSON[Role.RECORDS_CLERK]


@pytest.fixture
def house(engine: Engine, tmp_path: Path) -> Tools:
    """One decision on three units, with a worker that has signed keys at hand."""
    recognised(engine, 3)
    office = Office(tmp_path / "signing")
    office.trust()
    office.add("signers", f"p{world.CHAIRMAN}", f"Người {world.CHAIRMAN}", 1)
    office.add("seals", "04", "UBND TỈNH CAO BẰNG", 2)
    return replace(tools(engine, tmp_path), office=Keys(office.folder))


def work(house: Tools) -> None:
    worker.drain(house, stopped_at(world.NOW))


def whole(house: Tools, dossier_id: int) -> dict[str, bytes]:
    """Everything that is handed out of a dossier as one file."""
    with unit_of_work(house.engine) as connection:
        actor = read_actor(connection, INSPECTOR)
        for kind in Bundled:
            bundling.ask(connection, actor, dossier_id, kind, world.NOW)
    work(house)
    with reading(house.engine) as connection:
        made = bundles_of(connection, dossier_id, INSPECTOR)
    found: dict[str, bytes] = {}
    for name, one in made.items():
        with read_made(house.storage, one.path) as content:
            found[name] = content.read()
    return found


@ON_SQLITE
def test_each_whole_dossier_has_the_shared_decision_and_its_own_certificate_alone(house: Tools) -> None:
    decide(house.engine, order(house.engine, (1, 2, 3)))
    work(house)
    with reading(house.engine) as connection:
        papers = connection.execute(select(P.c.id, P.c.kind, P.c.sha256)).all()
        mine = set(connection.execute(select(OF.c.paper_id).where(OF.c.dossier_id == 2)).scalars())
    digests = {one.id: one.sha256 for one in papers}
    assert len(mine) == 4, "two decisions, two certificates"
    made = whole(house, 2)
    archive = ZipFile(BytesIO(made["zip"]))
    members = json.loads(archive.read("manifest.json"))["sha256"]
    assert {name: sha256(archive.read(name)).hexdigest() for name in members} == members
    bound = {digest for name, digest in members.items() if name.startswith("van-ban/")}
    assert bound == {digests[one] for one in mine}
    assert not bound & {digest for key, digest in digests.items() if key not in mine}
    index = archive.read("index.html").decode()
    assert set(re.findall(r'href="(van-ban/[^"]+)"', index)) == {one for one in members if one.startswith("van-ban/")}
    told = [one.findtext("CodeNumber") for one in ET.fromstring(made["xml"]).iter("Document")]
    assert sorted(one for one in told if one) == ["218", "219"]
    texts = " ".join(text_of(made["pdf"]).split())
    assert texts.count("DANH SÁCH 03 XÃ") == 2, "the annex of both decisions is bound"
    assert "219/QĐ-UBND" in texts


def text_of(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    texts = []
    for page in document:
        text = page.get_textpage()
        texts.append(text.get_text_range())
        text.close()
        page.close()
    document.close()
    return "\n".join(texts)


@INTO_THE_OTHER
def test_a_backup_brings_back_which_dossiers_share_a_paper(
    engine: Engine, tmp_path: Path, empty_database_url: str
) -> None:
    recognised(engine, 2)
    decide(engine, order(engine, (1, 2)))
    storage, other = open_storage(tmp_path / "files"), open_storage(tmp_path / "other")
    create(engine, storage, tmp_path / "backup.tar.gz", world.NOW)
    brought = make_engine(empty_database_url)
    restore(brought, other, tmp_path / "backup.tar.gz")
    with reading(engine) as before, reading(brought) as after:
        assert snapshot(after) == snapshot(before)
        shared = select(OF.c.paper_id, func.count()).group_by(OF.c.paper_id).having(func.count() > 1)
        assert [count for _, count in after.execute(shared)] == [2, 2]
        assert verify(after).findings == ()
    decide(brought, order(brought, (1, 2), "after the restore", 2024))
    brought.dispose()


@ON_SQLITE
def test_a_shared_paper_is_signed_once_for_all_its_dossiers(house: Tools) -> None:
    work(house)
    with unit_of_work(house.engine) as connection:
        decision = connection.execute(select(P.c.id).where(P.c.number == 218)).scalar_one()
    for person, part in ((world.CHAIRMAN, SigningPart.SIGNER), (CLERK, SigningPart.SEAL)):
        with unit_of_work(house.engine) as connection:
            refused = sign(connection, [decision], part, person)
        assert refused == {}
        work(house)
    with reading(house.engine) as connection:
        rows = connection.execute(select(S.c.part, S.c.status, S.c.file_sha256).order_by(S.c.part)).all()
        assert [(one.part, one.status) for one in rows] == [("seal", "done"), ("signer", "done")]
        sealed = next(one.file_sha256 for one in rows if one.part == "seal")
        shown = connection.execute(select(shown_file()).where(P.c.id == decision)).scalar_one()
    assert shown == sealed
    for dossier_id in (1, 3):
        made = whole(house, dossier_id)
        archive = ZipFile(BytesIO(made["zip"]))
        assert get(house.storage, sealed) in [archive.read(one) for one in archive.namelist()]
        assert b"/AcroForm" not in made["pdf"], "a signature among other pages proves nothing, and is not shown as one"
        assert "218/QĐ-UBND" in text_of(made["pdf"])


def sign(connection: Any, papers: list[int], part: SigningPart, person: int) -> Any:
    return ask(connection, papers, part, Asked(read_actor(connection, person), "batch", world.NOW))
