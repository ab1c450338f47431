"""A backup made while the work goes on, brought back into either database: all of it or nothing."""

import gzip
import hashlib
import io
import json
import resource
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from obstore.store import ObjectStore
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import IntegrityError

import migrations
from casework.audit import verify
from casework.backup import BackupError, create, list_files
from casework.door import Order, perform
from casework.restore import restore
from casework.storage import get, open_storage, put
from casework.unit_of_work import reading, unit_of_work
from commands import backup as backup_commands
from models.base import table_of
from models.database import make_engine
from models.documents import NumberSeries, Paper
from models.dossiers import Dossier
from models.evidence import StoredFile
from settings import ROOT
from tests import world
from tests.crash import DECIDE, PAPER_LAST
from tests.integration.rows import FILE, HASH, fill, insert, snapshot

Members = dict[str, bytes]

# What is refused before any database is asked.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
# The four ways are gone where every row is compared.
INTO_THE_OTHER = pytest.mark.parametrize(
    ("database_url", "empty_database_url"), [("sqlite", "postgresql"), ("postgresql", "sqlite")], indirect=True
)


@pytest.fixture
def storage(tmp_path: Path) -> ObjectStore:
    return open_storage(tmp_path / "files")


@pytest.fixture
def other_storage(tmp_path: Path) -> ObjectStore:
    return open_storage(tmp_path / "other-files")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "backup.tar.gz"


@pytest.fixture
def filled(engine: Engine, storage: ObjectStore) -> Engine:
    """A database with a row in every table and the one file they speak of."""
    put(storage, FILE)
    with unit_of_work(engine) as connection:
        fill(connection)
    return engine


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    made = make_engine(empty_database_url)
    yield made
    made.dispose()


def rows_of(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with reading(engine) as connection:
        return snapshot(connection)


def unpack(archive: Path) -> Members:
    with tarfile.open(archive) as opened:
        return {entry.name: opened.extractfile(entry).read() for entry in opened}  # type: ignore[union-attr]  # files


def pack(archive: Path, members: Members, **said: Any) -> Path:
    """Write an archive with these members and a manifest that is true of them, but for what is said otherwise."""
    kept = {name: content for name, content in members.items() if name != "manifest.json"}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in kept.items()}
    manifest = json.loads(members["manifest.json"]) | {"members": hashes} | said
    with tarfile.open(archive, "w:gz") as opened:
        for name, content in (kept | {"manifest.json": json.dumps(manifest).encode()}).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            opened.addfile(entry, io.BytesIO(content))
    return archive


# --- there and back ---


def test_every_row_and_file_comes_back_in_either_database(
    filled: Engine, storage: ObjectStore, empty_engine: Engine, other_storage: ObjectStore, target: Path
) -> None:
    made = create(filled, storage, target, world.NOW)
    brought = restore(empty_engine, other_storage, target)
    assert rows_of(empty_engine) == rows_of(filled)
    assert get(other_storage, HASH) == FILE
    assert brought == made
    assert {table.name: table.rows for table in made.tables} == {
        name: len(rows) for name, rows in rows_of(filled).items()
    }


def test_the_manifest_says_what_the_archive_is(filled: Engine, storage: ObjectStore, target: Path) -> None:
    create(filled, storage, target, world.NOW)
    members = unpack(target)
    manifest = json.loads(members.pop("manifest.json"))
    assert manifest["members"] == {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    assert manifest["head"] == migrations.head()
    assert manifest["database"] == filled.dialect.name
    assert manifest["created_at"] == world.NOW.isoformat()
    assert target.stat().st_mode & 0o077 == 0


@INTO_THE_OTHER
def test_work_goes_on_after_a_restore(
    engine: Engine, storage: ObjectStore, empty_engine: Engine, other_storage: ObjectStore, target: Path
) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
    create(engine, storage, target, world.NOW)
    restore(empty_engine, other_storage, target)
    with unit_of_work(empty_engine) as connection:
        order = Order(dossier.id, "recognise", dossier.version, "k", DECIDE)
        assert perform(connection, order, world.CHAIRMAN, world.NOW).number == PAPER_LAST + 1
        assert verify(connection).findings == ()
    with pytest.raises(IntegrityError, match="never changed"), unit_of_work(empty_engine) as connection:
        connection.execute(text("DELETE FROM dossier_event"))


@INTO_THE_OTHER
def test_a_backup_made_while_another_process_writes_is_true_to_one_moment(
    engine: Engine, storage: ObjectStore, empty_engine: Engine, other_storage: ObjectStore, target: Path, tmp_path: Path
) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
    url = engine.url.render_as_string(hide_password=False)
    words = [sys.executable, "-m", "tests.keep_writing", url, str(tmp_path / "files")]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as busy:
        assert busy.stdout is not None
        for _ in range(10):
            assert busy.stdout.readline()
        manifest = create(engine, storage, target, world.NOW)
        assert busy.stdout.readline(), "the work went on"
        busy.kill()
    restore(empty_engine, other_storage, target)
    with reading(empty_engine) as connection:
        assert verify(connection).findings == ()
        of = {
            model: connection.execute(select(func.count()).select_from(table_of(model))).scalar_one()
            for model in (Dossier, StoredFile)
        }
        numbered = select(func.count()).where(table_of(Paper).c.number.is_not(None))
        decisions = connection.execute(numbered).scalar_one()
        last = connection.execute(select(table_of(NumberSeries).c.last)).scalar_one()
        hashes = set(connection.execute(select(table_of(StoredFile).c.sha256)).scalars()) - {world.PAPER}
    assert of[Dossier] >= 10
    assert of[Dossier] == decisions == of[StoredFile] - 1 == last - PAPER_LAST
    assert manifest.missing == (world.PAPER,)
    assert all(get(other_storage, name) for name in hashes)


# --- what is refused, and that nothing is changed then ---


def test_a_place_that_is_not_empty(
    filled: Engine, storage: ObjectStore, other_storage: ObjectStore, target: Path
) -> None:
    create(filled, storage, target, world.NOW)
    before = rows_of(filled)
    with pytest.raises(BackupError, match="The database is not empty"):
        restore(filled, other_storage, target)
    with pytest.raises(BackupError, match="There are files in the storage"):
        restore(filled, storage, target)
    assert rows_of(filled) == before
    assert list_files(other_storage) == []


def test_replacing_what_is_there(
    filled: Engine, storage: ObjectStore, database_url: str, other_storage: ObjectStore, target: Path
) -> None:
    create(filled, storage, target, world.NOW)
    before = rows_of(filled)
    with unit_of_work(filled) as connection:
        insert(connection, "dossier", id=2, code="y", level="model")
        insert(connection, "paper_dossier", dossier_id=2)
        insert(connection, "dossier_event", id=2, type="corrected", seq=2, previous_hash="x", request_key="y")
        insert(connection, "paper", id=2, kind="true_copy", symbol="SY-UBND", code="copy", number=2)
    put(storage, b"of no use")
    restore(filled, storage, target, replace=True)
    assert rows_of(filled) == before
    assert list_files(storage) == [f"{HASH[:2]}/{HASH}"]
    assert migrations.differences(database_url) == []


@ON_SQLITE  # where it was made; the place that is replaced is on either
def test_a_place_of_an_older_version_is_replaced(
    filled: Engine, storage: ObjectStore, empty_engine: Engine, target: Path, empty_database_url: str
) -> None:
    create(filled, storage, target, world.NOW)
    migrations.upgrade(empty_database_url, "005")
    with unit_of_work(empty_engine) as connection:
        connection.execute(
            text("INSERT INTO installation (id, practice, scenario, built_at) VALUES (1, true, 'x', '2025-03-10')")
        )
    restore(empty_engine, storage, target, replace=True)
    assert rows_of(empty_engine) == rows_of(filled)
    assert migrations.differences(empty_database_url) == []


def spoil_row(members: Members) -> Members:
    """A row that breaks a promise of the database."""
    return members | {"tables/vote.jsonl": members["tables/vote.jsonl"].replace(b"10, 9, 9", b"10, 9, 10")}


def spoil_link(members: Members) -> Members:
    """An event of nobody."""
    return members | {"tables/person.jsonl": b""}


def spoil_shape(members: Members) -> Members:
    """A row with too few values."""
    return members | {"tables/notice.jsonl": b"[1, 2]\n"}


def spoil_member(members: Members) -> Members:
    """A member that nobody knows."""
    return members | {"../escaped": b"x"}


@pytest.mark.parametrize("spoil", [spoil_row, spoil_link, spoil_shape, spoil_member])
def test_a_restore_that_fails_in_the_middle_changes_nothing(
    filled: Engine, storage: ObjectStore, target: Path, tmp_path: Path, spoil: Callable[[Members], Members]
) -> None:
    create(filled, storage, target, world.NOW)
    members = unpack(target)
    digest = hashlib.sha256(b"new").hexdigest()
    assert spoil(members) != members
    spoilt = pack(tmp_path / "spoilt.tar.gz", {f"files/{digest[:2]}/{digest}": b"new"} | spoil(members))
    with unit_of_work(filled) as connection:
        insert(connection, "notice", id=2, kind="news")
    before = rows_of(filled), list_files(storage)
    with pytest.raises(BackupError, match="damaged"):
        restore(filled, storage, spoilt, replace=True)
    assert (rows_of(filled), list_files(storage)) == before


def test_a_storage_that_takes_no_file(
    filled: Engine, storage: ObjectStore, other_storage: ObjectStore, target: Path, tmp_path: Path
) -> None:
    create(filled, storage, target, world.NOW)
    before = rows_of(filled)
    (tmp_path / "other-files" / HASH[:2]).write_text("a file where a folder must be")
    with pytest.raises(BackupError, match="storage of files cannot be read or written"):
        restore(filled, other_storage, target, replace=True)
    assert rows_of(filled) == before


@ON_SQLITE
def test_an_archive_with_a_changed_or_missing_byte(
    filled: Engine, storage: ObjectStore, other_storage: ObjectStore, target: Path, tmp_path: Path
) -> None:
    create(filled, storage, target, world.NOW)
    whole, spoilt = target.read_bytes(), tmp_path / "spoilt.tar.gz"
    before = rows_of(filled)
    steps = range(60, len(whole), len(whole) // 40)
    flipped = [whole[:place] + bytes([whole[place] ^ 8]) + whole[place + 1 :] for place in steps]
    for content in (*flipped, whole[: len(whole) // 2], whole[:-9], b"", b"no archive", gzip.compress(b"no tar")):
        spoilt.write_bytes(content)
        with pytest.raises(BackupError, match="damaged"):
            restore(filled, other_storage, spoilt, replace=True)
    assert rows_of(filled) == before
    assert list_files(other_storage) == []


@ON_SQLITE
@pytest.mark.parametrize("said", [{"head": "999"}, {"format": 2}])
def test_an_archive_of_a_newer_version(
    filled: Engine, storage: ObjectStore, target: Path, tmp_path: Path, said: dict[str, Any]
) -> None:
    create(filled, storage, target, world.NOW)
    newer = pack(tmp_path / "newer.tar.gz", unpack(target), **said)
    with pytest.raises(BackupError, match="newer version"):
        restore(filled, storage, newer, replace=True)


@ON_SQLITE
@pytest.mark.parametrize("name", ["tables/vote.jsonl", "manifest.json"])
def test_an_archive_without_one_of_its_members(
    filled: Engine, storage: ObjectStore, other_storage: ObjectStore, target: Path, tmp_path: Path, name: str
) -> None:
    create(filled, storage, target, world.NOW)
    members = unpack(target)
    lacking = tmp_path / "lacking.tar.gz"
    if name == "manifest.json":
        with tarfile.open(lacking, "w:gz") as opened:
            opened.addfile(tarfile.TarInfo("tables/vote.jsonl"))
    else:
        del members[name]
        pack(lacking, members)
    with pytest.raises(BackupError, match="damaged"):
        restore(filled, other_storage, lacking, replace=True)


def test_a_database_of_a_newer_version_is_not_replaced(
    filled: Engine, storage: ObjectStore, other_storage: ObjectStore, target: Path
) -> None:
    create(filled, storage, target, world.NOW)
    with unit_of_work(filled) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '999'"))
    with pytest.raises(BackupError, match="newer version"):
        restore(filled, other_storage, target, replace=True)
    with pytest.raises(BackupError, match="not at the version"):
        create(filled, storage, target.with_name("second"), world.NOW)


@ON_SQLITE
def test_a_target_that_cannot_be_written(filled: Engine, storage: ObjectStore, target: Path, tmp_path: Path) -> None:
    create(filled, storage, target, world.NOW)
    before = target.read_bytes()
    with pytest.raises(BackupError, match="exists already"):
        create(filled, storage, target, world.NOW)
    with pytest.raises(BackupError, match="could not be written"):
        create(filled, storage, target / "below-a-file", world.NOW)
    with pytest.raises(BackupError, match="There is no file"):
        restore(filled, storage, tmp_path / "none", replace=True)
    with pytest.raises(BackupError, match="Is a directory"):
        restore(filled, storage, tmp_path, replace=True)
    assert target.read_bytes() == before


@ON_SQLITE
def test_a_disk_that_is_full_keeps_nothing_half_written(filled: Engine, storage: ObjectStore, target: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(BackupError, match="could not be written"):
            create(filled, storage, target, world.NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(target.parent.iterdir()) == []


def test_a_file_that_is_missing_or_changed_is_named(
    filled: Engine, storage: ObjectStore, target: Path, other_storage: ObjectStore
) -> None:
    storage.put(f"{HASH[:2]}/{HASH}", b"changed")
    storage.put("half-written", b"x")
    assert create(filled, storage, target, world.NOW).damaged == (HASH,)
    missing = create(filled, other_storage, target.with_name("second"), world.NOW)
    assert (missing.missing, missing.damaged) == ((HASH,), ())
    assert "half-written" not in unpack(target)


# --- the commands ---


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Callable[..., tuple[int, str]]:
    """A function that runs `flask backup` with its words and returns the code and everything printed."""
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database_url)

    def run_command(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(backup_commands.GROUP, list(words))
        return result.exit_code, result.output

    return run_command


@ON_SQLITE  # the same functions that are tried on both above; that a command reaches either is shown below
def test_the_commands_make_a_backup_and_bring_it_back(
    run: Callable[..., tuple[int, str]], filled: Engine, target: Path, tmp_path: Path
) -> None:
    before = rows_of(filled)
    code, said = run("create", "--to", str(target))
    assert (code, "1 files" in said) == (0, True)
    assert run("restore", str(target))[0] == 1
    assert run("restore", str(target), "--replace")[0] == 0
    assert rows_of(filled) == before
    assert run("create")[0] == 0
    assert [path.suffixes for path in (tmp_path / "backups").glob("dat-chuan-*")] == [[".tar", ".gz"]]


def test_the_commands_name_a_missing_and_a_changed_file(
    run: Callable[..., tuple[int, str]], filled: Engine, storage: ObjectStore, target: Path
) -> None:
    storage.put(f"{HASH[:2]}/{HASH}", b"changed")
    code, said = run("create", "--to", str(target))
    assert (code, f"Changed file: {HASH}" in said) == (1, True)
    storage.delete(f"{HASH[:2]}/{HASH}")
    code, said = run("create", "--to", str(target.with_name("second")))
    assert (code, f"Missing file: {HASH}" in said) == (1, True)
    assert filled.dialect.name in unpack(target)["manifest.json"].decode()


def test_the_commands_refuse_with_a_sentence(
    run: Callable[..., tuple[int, str]], target: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrations.downgrade(database_url, "base")
    code, said = run("create", "--to", str(target))
    assert (code, "flask database upgrade" in said) == (1, True)
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/none")
    code, said = run("create", "--to", str(target))
    assert (code, "The database cannot be used" in said) == (1, True)
