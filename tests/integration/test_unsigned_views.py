"""A numbered paper outside practice: shown as a draft until a signature stands on it; signed are the issued bytes."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import Engine, select, text

from casework.door import Order, perform
from casework.issued_papers import Sending, note_dispatch
from casework.storage import get
from casework.unit_of_work import reading, unit_of_work
from documents.signing.office import Office as Keys
from jobs.tools import Tools
from models.base import table_of
from models.documents import Paper, UnsignedView
from queries.dossiers import rendered_pdf
from queries.people import read_actor
from queries.whole import read_whole
from tests import crash, world
from tests.house import tools
from tests.integration.test_signing import CLERK, DECISION, ask, drain, office, row
from tests.signing_office import Office
from workflow.names import Role, SigningPart

__all__ = ["office"]
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
P, V = table_of(Paper), table_of(UnsignedView)
READER = world.PERSON[Role.INSPECTOR]


def decided(engine: Engine, folder: Path, office: Office, *, practice: bool) -> Tools:
    """A province whose chairman has decided, and whose worker has rendered the papers."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        connection.execute(text("UPDATE installation SET practice = :practice"), {"practice": practice})
        version = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1).version
        perform(connection, Order(1, "recognise", version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    house = replace(tools(engine, folder), office=Keys(office.folder))
    drain(house)
    return house


def shown(house: Tools, paper_id: int = DECISION) -> tuple[str, str]:
    """What a reader is given: its hash, and the marks that stand on its first page."""
    with reading(house.engine) as connection:
        actor = read_actor(connection, READER)
        found: Any = rendered_pdf(connection, actor, world.TODAY, paper_id)
    page = pypdfium2.PdfDocument(io.BytesIO(get(house.storage, found.digest)))[0]
    words = page.get_textpage().get_text_range()
    return found.digest, ", ".join(mark for mark in ("DỰ THẢO", "BẢN THỰC HÀNH") if mark in words)


def issued(house: Tools) -> str:
    with reading(house.engine) as connection:
        return str(connection.execute(select(P.c.sha256).where(P.c.id == DECISION)).scalar_one())


def test_it_is_a_draft_until_somebody_has_signed_the_issued_bytes(
    engine: Engine, tmp_path: Path, office: Office
) -> None:
    house = decided(engine, tmp_path, office, practice=False)
    digest, marks = shown(house)
    assert marks == "DỰ THẢO"
    assert digest != issued(house)
    assert shown(house, 2)[1] == "", "a certificate is signed by hand alone"
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(house)
    signed, marks = shown(house)
    assert (signed, marks) == (row(house, "signer").file_sha256, "")
    assert get(house.storage, signed).startswith(get(house.storage, issued(house)))


def test_a_whole_dossier_holds_the_issued_bytes_once_somebody_has_signed_them(
    engine: Engine, tmp_path: Path, office: Office
) -> None:
    house = decided(engine, tmp_path, office, practice=False)

    def decisions() -> list[str | None]:
        with reading(engine) as connection:
            return [one.digest for one in read_whole(connection, 1).items if one.kind == "decision"]

    assert decisions() == [shown(house)[0]]
    ask(house, world.CHAIRMAN, SigningPart.SIGNER)
    drain(house)
    assert decisions() == [issued(house), row(house, "signer").file_sha256]


def test_signed_by_hand_it_is_shown_as_issued_once_it_went_out(engine: Engine, tmp_path: Path, office: Office) -> None:
    house = decided(engine, tmp_path, office, practice=False)
    with unit_of_work(engine) as connection:
        note_dispatch(connection, DECISION, Sending(3, date(2025, 3, 10)), None, CLERK, world.NOW)
    assert shown(house) == (issued(house), "")


def test_in_practice_there_is_one_rendering_which_says_so(engine: Engine, tmp_path: Path, office: Office) -> None:
    house = decided(engine, tmp_path, office, practice=True)
    assert shown(house) == (issued(house), "BẢN THỰC HÀNH")
    with reading(engine) as connection:
        assert connection.execute(select(V)).all() == []
