"""Who looked at what is kept without a write of the page, once each, and shown to the inspector alone."""

import json
import shutil
import threading
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError

from casework.door import Order, perform
from casework.storage import put
from casework.unit_of_work import reading, unit_of_work
from casework.viewing import Look, gather, note
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import Paper, PaperDossier
from models.dossiers import Dossier
from models.record import Viewing
from queries.wording import label
from tests import world
from tests.house import statements
from tests.integration.pages.deciding import recommend_three
from tests.integration.pages.test_signing_together import sign
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
V, P, OF = table_of(Viewing), table_of(Paper), table_of(PaperDossier)
OFFICER = world.PERSON[Role.COMMUNE_OFFICER]


@pytest.fixture
def spool(app: Flask) -> Path:
    """The folder of the notes, empty."""
    folder: Path = app.extensions["settings"].viewings_path
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def kept(engine: Engine, folder: Path) -> list[tuple[int, int, str, str]]:
    """Every look, after the worker has taken in the notes."""
    gather(engine, folder)
    with reading(engine) as connection:
        rows = connection.execute(select(V.c.person_id, V.c.dossier_id, V.c.seen, V.c.item).order_by(V.c.at, V.c.id))
        return sorted(tuple(row) for row in rows)


@ON_SQLITE
def test_each_look_at_a_dossier_a_paper_and_a_file_is_kept(
    app: Flask, engine: Engine, enter: Any, plant: Any, spool: Path
) -> None:
    plant("announced")
    content = b"%PDF-1.4 paper"
    digest = put(app.extensions["storage"], content)
    with unit_of_work(engine) as connection:
        connection.execute(table_of(Paper).update().values(sha256=digest, rendered_at=world.NOW))
        paper_id = connection.execute(select(table_of(Paper).c.id)).scalar_one()
    browser = enter(Role.COMMUNE_OFFICER)
    browser.get("/dossiers/1")
    browser.get("/dossiers/1/print")
    browser.get(f"/papers/{paper_id}.pdf")
    browser.get("/dossiers/7", 404)
    browser.get("/dossiers")
    browser.get("/dossiers/1/whole")
    assert kept(engine, spool) == [
        (OFFICER, 1, "dossier", ""),
        (OFFICER, 1, "dossier", ""),
        (OFFICER, 1, "paper", digest),
    ]
    assert list(spool.iterdir()) == []


@ON_SQLITE
def test_a_draft_on_several_dossiers_is_a_look_at_each(engine: Engine, enter: Any, spool: Path) -> None:
    recommend_three(engine)
    enter(Role.PROVINCIAL_CHAIRMAN).get("/signing/together?dossier=1&dossier=3")
    assert kept(engine, spool) == [(world.CHAIRMAN, 1, "dossier", ""), (world.CHAIRMAN, 3, "dossier", "")]


@ON_SQLITE
def test_a_look_at_a_joint_paper_is_a_look_at_each_of_its_dossiers_with_as_many_statements_as_at_any_other(
    app: Flask, engine: Engine, enter: Any, spool: Path
) -> None:
    recommend_three(engine)
    sign(enter(Role.PROVINCIAL_CHAIRMAN))
    drain(tools_of(app.extensions["settings"], engine))
    with reading(engine) as connection:
        joint = connection.execute(select(OF.c.paper_id).group_by(OF.c.paper_id).having(func.count() > 1)).scalar_one()
        single = connection.execute(select(P.c.id).where(P.c.id != joint, P.c.sha256.is_not(None))).scalars().first()
    kept(engine, spool)
    clear(engine)
    officer = enter(Role.COMMUNE_OFFICER)
    for shape in ("/papers/{}", "/papers/{}.pdf", "/papers/{}/signatures"):
        officer.get(shape.format(joint))
        found = [(person, dossier, seen) for person, dossier, seen, _ in kept(engine, spool)]
        assert found == [(OFFICER, dossier, "paper") for dossier in (1, 2, 3)], shape
        clear(engine)
    assert statements(engine, lambda: officer.get(f"/papers/{joint}.pdf")) == statements(
        engine, lambda: officer.get(f"/papers/{single}.pdf")
    )


def clear(engine: Engine) -> None:
    """Forget the looks until now, as nobody but a test can."""
    with unit_of_work(engine) as connection:
        connection.execute(text("DROP TRIGGER IF EXISTS viewing_no_delete"))
        connection.execute(text("DELETE FROM viewing"))


@ON_SQLITE
def test_the_page_and_the_word_version_of_a_paper_are_looks_too(
    engine: Engine, enter: Any, plant: Any, spool: Path
) -> None:
    planted = plant("commune_ready")
    with unit_of_work(engine) as connection:
        version = connection.execute(select(table_of(Dossier).c.version)).scalar_one()
        submitted = Order(planted, "submit", version, "k")
        perform(connection, submitted, world.PERSON[Role.COMMUNE_CHAIRMAN], world.NOW)
    officer = enter(Role.COMMUNE_OFFICER)
    officer.get("/papers/1")
    officer.get("/papers/1.docx")
    digest = sha256(officer.answer.data).hexdigest()
    assert kept(engine, spool) == sorted([(OFFICER, planted, "paper", ""), (OFFICER, planted, "paper", digest)])


@ON_SQLITE
def test_the_inspector_sees_who_looked_and_nobody_else_does(
    engine: Engine, enter: Any, plant: Any, spool: Path
) -> None:
    plant("recommended")
    officer = enter(Role.COMMUNE_OFFICER)
    assert "/viewings" not in officer.get("/dossiers/1").text_of_file
    officer.get("/dossiers/1/viewings", 403)
    inspector = enter(Role.INSPECTOR)
    assert "Chưa có lượt xem nào" in inspector.get("/dossiers/1/viewings").text
    gather(engine, spool)
    assert "/dossiers/1/viewings" in inspector.get("/dossiers/1").text_of_file
    page = inspector.get("/dossiers/1/viewings")
    assert f"Người {OFFICER} 1 0" in page.text
    assert "1 lượt xem" in page.text
    for asked in ("2", "0", "x", "9" * 30):
        inspector.get(f"/dossiers/1/viewings?page={asked}")


def test_a_note_taken_in_twice_shows_once_and_is_never_changed(
    engine: Engine, app: Flask, plant: Any, spool: Path
) -> None:
    plant("recommended")
    look = Look("a" * 32, OFFICER, 1, "dossier", "", world.NOW.isoformat())
    note(spool, look)
    assert gather(engine, spool) == 1
    note(spool, look)  # as after a worker that ended between the commit and the removal of the file
    (spool / "torn.taken").write_bytes(b'{"id":"b')
    gather(engine, spool)
    assert kept(engine, spool) == [(OFFICER, 1, "dossier", "")]
    for statement in ("UPDATE viewing SET item = 'x'", "DELETE FROM viewing"):
        with pytest.raises(DBAPIError, match="never changed"), unit_of_work(engine) as connection:
            connection.execute(text(statement))


@ON_SQLITE
def test_notes_of_a_dossier_that_is_not_there_are_set_aside(engine: Engine, plant: Any, spool: Path) -> None:
    plant("recommended")
    note(spool, Look("c" * 32, OFFICER, 99, "dossier", "", world.NOW.isoformat()))
    assert gather(engine, spool) == 0
    note(spool, Look("d" * 32, OFFICER, 1, "dossier", "", (world.NOW + timedelta(days=1)).isoformat()))
    assert kept(engine, spool) == [(OFFICER, 1, "dossier", "")]
    assert [json.loads(path.read_text())["id"] for path in spool.glob("*.refused")] == ["c" * 32]


@ON_SQLITE
def test_no_note_is_lost_while_the_worker_takes_them_in(engine: Engine, plant: Any, spool: Path) -> None:
    plant("recommended")

    def look(writer_number: int) -> None:
        for number in range(50):
            note(spool, Look(f"{writer_number:016}{number:016}", OFFICER, 1, "dossier", "", world.NOW.isoformat()))

    threads = [threading.Thread(target=look, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    count = 0
    while any(thread.is_alive() for thread in threads):
        count += gather(engine, spool)
    for thread in threads:
        thread.join()
    assert count + gather(engine, spool) == 200
    assert len(kept(engine, spool)) == 200


# --- the whole province ---


def look(engine: Engine, number: int, person: Role, days_ago: int, seen: str = "dossier") -> None:
    row = {"id": f"{number:032}", "person_id": world.PERSON[person], "dossier_id": 1, "seen": seen, "item": ""}
    with unit_of_work(engine) as connection:
        connection.execute(V.insert(), {**row, "at": world.NOW - timedelta(days=days_ago)})


def test_the_province_is_read_by_day_by_office_and_by_person(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    for number, (person, days) in enumerate([(Role.COMMUNE_OFFICER, 0)] * 2 + [(Role.DISTRICT_REVIEWER, 1)]):
        look(engine, number, person, days)
    look(engine, 8, Role.DISTRICT_REVIEWER, 1, "file")
    look(engine, 9, Role.COMMUNE_OFFICER, 40)
    browser = enter(Role.INSPECTOR)
    page = browser.get("/admin/viewings")
    assert "10/03/2025 2 0 1 1 09/03/2025 1 1 1 1 08/03/2025 0 0 0 0" in page.text
    officer, reviewer = (label("roles", role.value, "vi") for role in (Role.COMMUNE_OFFICER, Role.DISTRICT_REVIEWER))
    assert f"{officer} 1 2 0 {reviewer} 1 1 1" in page.text
    assert "4 lượt xem" in page.text
    day = next(href for href, words in page.links if words == "09/03/2025")
    assert "2 lượt xem" in browser.get(day).text
    assert f"{officer} 1 2 0" not in browser.get("/admin/viewings?role=district_reviewer").text
    mine = next(href for href, _words in page.links if f"person={OFFICER}" in href)
    assert "chỉ lượt xem của" in browser.get(mine).text
    assert "1 lượt xem" in browser.get("/admin/viewings?since=28/01/2025&until=01/02/2025").text


@ON_SQLITE
@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("since=hôm qua", "Hãy nhập ngày theo dạng 05/01/2026."),
        ("since=09/03/2025&until=01/03/2025", "Ngày này trước “Từ ngày” (09/03/2025)."),
        ("since=01/01/2025&until=01/03/2025", "Hãy chọn nhiều nhất 31 ngày."),
    ],
)
def test_a_period_that_cannot_be_is_said_beside_its_field(enter: Any, asked: str, sentence: str) -> None:
    page = enter(Role.ADMINISTRATOR).get(f"/admin/viewings?{asked}", 422)
    assert sentence in page.text
    assert "Không có lượt xem nào trong thời gian này" in page.text


@ON_SQLITE
def test_nobody_else_reads_who_read_what(enter: Any) -> None:
    for role in (Role.PROVINCIAL_CHAIRMAN, Role.COMMUNE_OFFICER, Role.RECORDS_CLERK):
        enter(role).get("/admin/viewings", 403)
