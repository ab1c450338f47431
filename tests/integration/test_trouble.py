"""When the machine fails: a full disk, a database that goes away, a file that is gone; nothing is half-written."""

import io
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pikepdf
import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.exc import OperationalError

from casework import storage
from casework.audit import verify
from casework.door import Order, perform
from casework.errors import Refused
from casework.filing import Upload, attach_parts, store
from casework.opening import Opening, open_dossier
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.database import make_engine
from models.dossiers import DossierPart
from models.events import DossierEvent
from models.evidence import StoredFile
from tests import world
from tests.crash import DECIDE
from workflow.names import Level, Part, Role, Subject

OFFICER = world.PERSON[Role.COMMUNE_OFFICER]


@pytest.fixture
def dossier(engine: Engine) -> world.Planted:
    with unit_of_work(engine) as connection:
        world.found(connection)
        return world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)


def count(engine: Engine, model: type) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(model))).scalar_one())


def recognise(engine: Engine, dossier: world.Planted) -> None:
    with unit_of_work(engine) as connection:
        perform(
            connection,
            Order(dossier.id, "recognise", dossier.version, f"k{dossier.id}", DECIDE),
            world.CHAIRMAN,
            world.NOW,
        )


def test_a_full_disk_leaves_the_dossier_as_it_was(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with unit_of_work(engine) as connection:
        world.found(connection, communes=20)
        dossiers = [world.plant(connection, world.FIRST_COMMUNE + n, "recommended", n + 1) for n in range(20)]
    events = count(engine, DossierEvent)
    engine.dispose()

    full = make_engine(sqlite_url)
    event.listen(full, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 1").fetchone())
    done = decide_until_full(full, dossiers)
    full.dispose()
    assert done < len(dossiers)

    engine = make_engine(sqlite_url)
    assert count(engine, DossierEvent) == events + done
    with reading(engine) as connection:
        assert verify(connection).findings == ()
    recognise(engine, dossiers[done])
    engine.dispose()


def decide_until_full(engine: Engine, dossiers: list[world.Planted]) -> int:
    """Decide one after the other (free space inside the file's pages serves a few), and say how many came through."""
    for done, dossier in enumerate(dossiers):
        try:
            recognise(engine, dossier)
        except OperationalError:
            return done
    return len(dossiers)


def test_a_database_that_goes_away_in_the_act_leaves_it_as_it_was(postgresql_url: str) -> None:
    engine = make_engine(postgresql_url)
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
    events = count(engine, DossierEvent)

    def cut(connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE number_series"):
            with engine.connect() as other:
                mine = "pid <> pg_backend_pid() AND datname = current_database()"
                other.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}"))

    event.listen(engine, "after_cursor_execute", cut)
    with pytest.raises(OperationalError):
        recognise(engine, dossier)
    event.remove(engine, "after_cursor_execute", cut)
    assert count(engine, DossierEvent) == events
    recognise(engine, dossier)
    engine.dispose()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The nearest thing to a full disk that needs no disk: the system refuses every byte beyond the size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_file_that_cannot_be_stored_leaves_no_trace(postgresql_url: str, tmp_path: Path) -> None:
    engine = make_engine(postgresql_url)
    with unit_of_work(engine) as connection:
        world.found(connection)
        world.plant(connection, world.FIRST_COMMUNE, "self_assessing", 1)
    parts, files = count(engine, DossierPart), count(engine, StoredFile)
    store = storage.open_storage(tmp_path / "files")
    upload = Upload("to-trinh.pdf", "Tờ trình", paper())

    def attach() -> None:
        with unit_of_work(engine) as connection:
            attach_parts(connection, store, 1, {Part.PROPOSAL: upload}, OFFICER, world.NOW)

    with pytest.raises(Exception, match="File too large|os error 27"), no_file_larger_than(100):
        attach()
    assert (count(engine, DossierPart), count(engine, StoredFile)) == (parts, files)
    attach()
    assert count(engine, DossierPart) == parts + 1
    engine.dispose()


def paper() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()


def test_a_file_that_was_cut_off_or_is_gone_is_there_again_once_somebody_files_it(
    engine: Engine, tmp_path: Path
) -> None:
    files = storage.open_storage(tmp_path / "files")
    content = paper()
    upload = Upload("a.pdf", "Tờ trình", content)
    with unit_of_work(engine) as connection:
        name = store(connection, files, upload, world.NOW)
        place = tmp_path / "files" / name[:2] / name
        place.write_bytes(content[:20])
        assert store(connection, files, upload, world.NOW) == name
        assert storage.get(files, name) == content
        place.unlink()
        assert store(connection, files, upload, world.NOW) == name
        assert storage.get(files, name) == content


def test_a_file_that_is_gone_or_was_changed_is_told(tmp_path: Path) -> None:
    store = storage.open_storage(tmp_path / "files")
    name = storage.put(store, b"to trinh")
    assert storage.put(store, b"to trinh") == name
    for damaged in (b"to trinh khac", b"to tr", b""):
        (tmp_path / "files" / name[:2] / name).write_bytes(damaged)
        with pytest.raises(ValueError, match="changed in the storage"):
            storage.get(store, name)
        assert storage.put(store, b"to trinh") == name
        assert storage.get(store, name) == b"to trinh", "whoever files it again mends it"
    (tmp_path / "files" / name[:2] / name).unlink()
    with pytest.raises(FileNotFoundError):
        storage.get(store, name)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "file.empty"),
        ("a.pdf", b"<script>alert(1)</script>%PDF-1.7", "file.not_what_it_says"),
        ("a.exe", b"MZ", "file.kind"),
        ("a", b"x", "file.kind"),
        ("a.docx", b"PK\x03\x04", "file.not_what_it_says"),
        ("a.png", b"\x89PNG\r\n\x1a\nnothing", "file.not_what_it_says"),
        ("a.pdf", b"0" * (20 * 1024 * 1024 + 1), "file.too_large"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    engine: Engine, dossier: world.Planted, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    with unit_of_work(engine) as connection:
        world.plant(connection, world.add_commune(connection, 1), "self_assessing", 2)
        connection.execute(text("UPDATE role_grant SET unit_id = 11 WHERE role = 'commune_officer'"))
    store = storage.open_storage(tmp_path / "files")
    with unit_of_work(engine) as connection, pytest.raises(Refused) as refused:
        attach_parts(connection, store, 2, {Part.PROPOSAL: Upload(name, "Giấy", content)}, OFFICER, world.NOW)
    assert [refusal.code for refusal in refused.value.refusals] == [code]


def test_of_two_openings_at_once_one_is_refused(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
    barrier = threading.Barrier(2)
    results: list[str] = []

    def open_one(key: str) -> None:
        barrier.wait()
        try:
            with unit_of_work(engine) as connection:
                opening = Opening(world.FIRST_COMMUNE, Subject.COMMUNE, Level.STANDARD, key)
                results.append(open_dossier(connection, opening, OFFICER, world.NOW).to_state)
        except Refused as refused:
            results.append(refused.refusals[0].code)

    threads = [threading.Thread(target=open_one, args=(key,)) for key in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["no_other_open_dossier.exists", "self_assessing"]
    with reading(engine) as connection:
        assert verify(connection).findings == ()
