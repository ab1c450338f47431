"""The public check of a paper: by code, by QR code, by its file; what was revoked shows at once; nothing is kept."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, insert, select, text, update

from blueprints.throttle import Throttle
from casework import publication
from casework.admin_record import COMMAND
from casework.storage import get, open_storage
from casework.succession import NewUnit, Resolution, merge_unit
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.seal import facts_of, read
from jobs.tools import tools_of
from jobs.worker import drain
from models.base import table_of
from models.documents import Paper
from models.places import Recognition, TitleEnd
from models.trust import PaperSeal
from tests import world
from tests.client import Browser
from tests.house import PRINTED
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
P, S = table_of(Paper), table_of(PaperSeal)


@pytest.fixture
def code(enter: Any, plant: Any, engine: Engine, app: Flask) -> str:
    """The look-up code of a decision that the chairman has just signed and the worker has rendered."""
    plant("recommended")
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    form = chairman.get("/dossiers/1/actions/recognise")
    chairman.send(form, "/recognise", year_recognised="2024", signed_on="10/03/2025")
    drain(tools_of(app.extensions["settings"], engine))
    with reading(engine) as connection:
        return str(connection.execute(select(P.c.code).where(P.c.code.is_not(None))).scalar_one())


@pytest.fixture
def stranger(app: Flask) -> Browser:
    return Browser(app)


def digests(engine: Engine) -> dict[str, str]:
    wanted = select(P.c.kind, P.c.sha256).where(P.c.kind.in_(["decision", "certificate"]))
    with reading(engine) as connection:
        return dict(connection.execute(wanted).all())


def sealed(engine: Engine, kind: str = "decision") -> str:
    with reading(engine) as connection:
        found = select(S.c.text).join(P, P.c.id == S.c.paper_id).where(P.c.kind == kind)
        return str(connection.execute(found).scalar_one())


def path_of(scanned: str) -> str:
    return "/V/" + scanned.split("/V/")[1]


def end_title(engine: Engine, standing: str) -> None:
    """Write how the title ended, as the door does it."""
    row = {"recognition_id": 1, "standing": standing, "decision": "231/QĐ-UBND", "signed_on": date(2025, 3, 20)}
    with unit_of_work(engine) as connection:
        connection.execute(insert(table_of(TitleEnd)), {**row, "authority": "x", "reason": "x", "event_id": 1})
        connection.execute(update(table_of(Recognition)).values(status=standing))


# --- what it says ---


def test_a_decision_in_force_shows_with_both_its_files(code: str, stranger: Browser, engine: Engine) -> None:
    page = stranger.get(f"/v/{code}")
    for words in (
        "218/QĐ-UBND",
        "10/03/2025",
        "Văn bản có thật và còn hiệu lực",
        "Xã Thử 1",
        *digests(engine).values(),
    ):
        assert words in page.text
    assert stranger.answer.headers["Cache-Control"] == "no-store"
    for spelled in (code.upper(), f"{code[:4]}-{code[4:8]}-{code[8:]}"):
        assert "Văn bản có thật" in stranger.get(f"/v/{spelled}").text


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("revoked", "Thu hồi theo Quyết định số 231/QĐ-UBND ngày 20/03/2025."),
        ("replaced", "Thay bằng Quyết định số 231/QĐ-UBND ngày 20/03/2025."),
    ],
)
def test_what_ended_shows_in_the_next_request(
    code: str, stranger: Browser, engine: Engine, standing: str, said: str
) -> None:
    assert said not in stranger.get(f"/v/{code}").text
    end_title(engine, standing)
    page = stranger.get(f"/v/{code}")
    assert said in page.text
    assert "còn hiệu lực" not in page.text


def test_a_unit_that_was_merged_is_said(code: str, stranger: Browser, engine: Engine) -> None:
    resolution = Resolution(world.TODAY, "Nghị quyết 9")
    with unit_of_work(engine) as connection:
        new = NewUnit("c99999", "xã", "Mới")
        merge_unit(connection, world.FIRST_COMMUNE, new, resolution, COMMAND, world.NOW)
    assert "Văn bản có thật; đơn vị đã sáp nhập" in stranger.get(f"/v/{code}").text


def test_a_wrong_code_says_what_to_do(code: str, stranger: Browser) -> None:
    for wrong in ("2" * 12, code[:-1], "x", "%20"):
        stranger.get(f"/v/{wrong}", 404)
    unknown = stranger.get(f"/v/{'2' * 12}", 404)
    assert "Hãy so lại từng ký tự" in unknown.text
    assert ("code", "2" * 12) in unknown.form_to("/v").values
    stranger.get(f"/v?code={code[:4]}-{code[4:]}", 303)
    assert stranger.answer.headers["Location"] == f"/v/{code}"


# --- the seal ---


def test_the_qr_code_of_each_paper_is_told_from_a_forged_one(code: str, stranger: Browser, engine: Engine) -> None:
    for kind in ("decision", "certificate"):
        scanned = path_of(sealed(engine, kind))
        assert "chữ ký trong mã khớp" in stranger.get(scanned).text
        assert "chữ ký trong mã không khớp" in stranger.get(scanned.replace(".218.", ".219.")).text
        assert "chữ ký trong mã không khớp" in stranger.get(scanned[:-1]).text
    assert "chữ ký" not in stranger.get(f"/V/{code.upper()}").text.replace("Khóa công bố", "")


def test_the_seal_says_what_the_frozen_context_says(code: str, engine: Engine) -> None:
    with reading(engine) as connection:
        rows = connection.execute(select(P.c.context, S.c.text, S.c.address).join(S, S.c.paper_id == P.c.id)).all()
    assert len(rows) == 2
    for row in rows:
        seal = read(row.text)
        assert seal is not None
        assert (seal.facts, seal.code) == (facts_of(from_json(row.context)), code)
        assert row.address == f"http://127.0.0.1:8000/v/{code}"


def test_a_paper_rendered_again_is_the_same_though_the_key_was_succeeded(code: str, engine: Engine, app: Flask) -> None:
    before, settings = digests(engine), app.extensions["settings"]
    with unit_of_work(engine) as connection:
        publication.create(connection, settings.keys_path, COMMAND, world.NOW, succeed=True)
        connection.execute(text("DROP TRIGGER paper_no_update"))
        connection.execute(text("UPDATE paper SET sha256 = NULL, pages = NULL, rendered_at = NULL"))
        connection.execute(text("UPDATE effect SET status = 'queued', done_at = NULL WHERE kind = 'render_papers'"))
    PRINTED.clear()
    drain(tools_of(settings, engine))
    assert digests(engine) == before
    assert code


# --- the file ---


def send(stranger: Browser, code: str, content: bytes | None) -> Any:
    data = {"file": (BytesIO(content), "quyet-dinh.pdf")} if content is not None else {}
    return stranger.client.post(f"/v/{code}", data=data, content_type="multipart/form-data")


def test_a_file_is_compared_without_a_session_and_not_kept(
    code: str, stranger: Browser, engine: Engine, app: Flask
) -> None:
    storage = open_storage(app.extensions["settings"].files_path)
    kept = len([1 for some in storage.list() for _ in some])
    for kind, said in (("decision", "Quyết định công nhận"), ("certificate", "Bằng công nhận")):
        content = get(storage, digests(engine)[kind])
        assert f"Tệp trùng với bản gốc: {said}" in send(stranger, code, content).text
        changed = send(stranger, code, content[:-1] + b" ")
        assert (changed.status_code, "Mã SHA-256 của tệp vừa gửi" in changed.text) == (200, True)
    nothing = send(stranger, code, None)
    assert (nothing.status_code, "Hãy chọn một tệp." in nothing.text) == (422, True)
    large = stranger.client.post(f"/v/{code}", environ_overrides={"CONTENT_LENGTH": str(22 * 1024 * 1024)})
    assert large.status_code == 413
    assert send(stranger, "2" * 12, b"x").status_code == 404
    assert len([1 for some in storage.list() for _ in some]) == kept
    assert "Set-Cookie" not in nothing.headers


def test_whoever_asks_too_often_is_asked_to_wait(code: str, stranger: Browser, app: Flask) -> None:
    app.extensions["throttle"] = Throttle(2)
    for _ in range(2):
        stranger.get(f"/v/{code}")
    answer = stranger.client.get(f"/v/{code}")
    assert (answer.status_code, answer.headers["Retry-After"], "chờ một phút" in answer.text) == (429, "60", True)
    elsewhere = stranger.client.get(f"/v/{code}", environ_base={"REMOTE_ADDR": "127.0.0.9"})
    assert elsewhere.status_code == 200


# --- the keys ---


def test_the_keys_are_public(code: str, stranger: Browser, engine: Engine) -> None:
    with reading(engine) as connection:
        key_id = connection.execute(select(S.c.key_id).limit(1)).scalar_one()
    page = stranger.get("/keys")
    assert f"Khóa {key_id}" in page.text
    assert key_id in stranger.client.get("/keys.json").text
    assert code not in page.text
