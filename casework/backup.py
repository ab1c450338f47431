"""A backup: every row and every file in one archive, true to one moment while the work goes on, for either database.

The archive is a gzipped tar: `tables/<name>.jsonl` (one row a line, in the order in which the tables need each other),
`files/<xx>/<sha256>`, and last `manifest.json` with the schema's revision, the tables and the SHA-256 of each member.
Rows are read in one snapshot; files are read after it, since a file is stored before the row that names it and never
changes. So whatever the rows name is there.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile, mkstemp
from typing import IO, Any

from obstore.exceptions import BaseError as ObjectStoreError
from obstore.store import ObjectStore
from sqlalchemy import Connection, Engine, Table, Text, select, text, type_coerce
from sqlalchemy import types as sql

import migrations
from casework.errors import CaseworkError
from models.base import Json, UtcTime, table_of
from models.database import begun
from models.documents import Paper
from models.evidence import StoredFile
from models.signatures import PaperSignature
from models.tables import METADATA

FORMAT = 1
MANIFEST = "manifest.json"
FILE_PATH = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})")
KINDS: tuple[tuple[type[sql.TypeEngine[Any]], str], ...] = (
    (UtcTime, "moment"),
    (Json, "text"),
    (sql.Boolean, "boolean"),
    (sql.Integer, "integer"),
    (sql.Numeric, "decimal"),
    (sql.Date, "date"),
    (sql.String, "text"),
)
ROWS_AT_ONCE = 2000


class BackupError(CaseworkError):
    """A backup that cannot be made or restored, as a sentence in Vietnamese and in English."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi}\n{en}")


@dataclass(frozen=True, slots=True)
class TableEntry:
    """A table of an archive: its columns with the kind of their values, and how many rows it has."""

    name: str
    columns: tuple[tuple[str, str], ...]
    rows: int

    @property
    def member(self) -> str:
        """The member of the archive that holds its rows."""
        return member_of(self.name)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds; files that were missing or no longer their own hash when it was made are named."""

    format: int
    head: str
    database: str
    created_at: str
    tables: tuple[TableEntry, ...]
    damaged: tuple[str, ...]
    missing: tuple[str, ...]
    members: dict[str, str]


def create(engine: Engine, storage: ObjectStore, target: Path, now: datetime) -> Manifest:
    """Write a backup to a file that does not exist yet; when it cannot be finished, nothing of it is left."""
    if target.exists():
        raise BackupError(
            f"Tệp {target} đã có; bản sao lưu không ghi đè lên tệp nào. Hãy chọn tên khác.",
            f"{target} exists already; a backup overwrites nothing. Choose another name.",
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _whole_or_nothing(target) as out, tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
            return _write(engine, storage, _Writing(archive, target.parent, now))
    except OSError as refused:
        raise _unwritable(target, refused) from refused
    except ObjectStoreError as refused:
        raise BackupError(
            f"Kho tệp không đọc được ({refused}). Không có gì được ghi lại.",
            f"The storage of files cannot be read ({refused}). Nothing was left behind.",
        ) from refused


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner can read, and that takes its name when all of it is on the disk."""
    descriptor, name = mkstemp(dir=target.parent, prefix=f"{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.rename(target)
        _make_durable(target.parent)
    finally:
        part.unlink(missing_ok=True)


class _Writing:
    """An archive being written, with the hash of each member so far."""

    def __init__(self, archive: tarfile.TarFile, folder: Path, now: datetime) -> None:
        self.archive, self.folder, self.now = archive, folder, now
        self.members: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> str:
        """Add some bytes as a member and give their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        self.stream(name, io.BytesIO(content), len(content), digest)
        return digest

    def stream(self, name: str, content: IO[bytes], size: int, digest: str) -> None:
        """Add a stream of known size and SHA-256 as a member."""
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, int(self.now.timestamp())
        self.archive.addfile(entry, content)
        self.members[name] = digest


def _write(engine: Engine, storage: ObjectStore, writing: _Writing) -> Manifest:
    """Add the rows as they are at one moment, then the files, then what all of it is."""
    with _snapshot(engine) as connection:
        head = _require_current(connection)
        tables = tuple(_add_table(writing, connection, table) for table in METADATA.sorted_tables)
        named = _named_files(connection)
    files = list_files(storage)
    manifest = Manifest(
        format=FORMAT,
        head=head,
        database=engine.dialect.name,
        created_at=writing.now.isoformat(),
        tables=tables,
        damaged=tuple(_add_files(writing, storage, files)),
        missing=tuple(sorted(named - {name_of(path) for path in files})),
        members=dict(writing.members),
    )
    writing.add(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
    return manifest


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, however long it reads; nobody waits for it."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with begun(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL statement_timeout = 0"))
        yield connection


def _require_current(connection: Connection) -> str:
    """The revision of a database whose schema is this code's."""
    if migrations.state_of(connection) != "current":
        raise BackupError(
            "Cơ sở dữ liệu không ở phiên bản của phần mềm này. Hãy chạy: script/flask database upgrade",
            "The database is not at the version of this software. Run: script/flask database upgrade",
        )
    return migrations.head()


def _add_table(writing: _Writing, connection: Connection, table: Table) -> TableEntry:
    """Add a table's rows in the order of its key."""
    columns = tuple((column.name, kind_of(column.type)) for column in table.columns)
    wanted = [type_coerce(one, Text) if isinstance(one.type, Json) else one for one in table.columns]
    statement = select(*wanted).select_from(table).order_by(*table.primary_key.columns)
    rows = connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE})
    count, digest = 0, hashlib.sha256()
    with TemporaryFile(dir=writing.folder) as lines:
        for row in rows:
            line = json.dumps([_plain(value) for value in row], ensure_ascii=False).encode() + b"\n"
            digest.update(line)
            lines.write(line)
            count += 1
        size = lines.tell()
        lines.seek(0)
        writing.stream(member_of(table.name), lines, size, digest.hexdigest())
    return TableEntry(table.name, columns, count)


def member_of(table: str) -> str:
    """The member of an archive that holds a table's rows."""
    return f"tables/{table}.jsonl"


def kind_of(column_type: sql.TypeEngine[Any]) -> str:
    """The kind of value that a column holds, the same for both databases."""
    return next(kind for one, kind in KINDS if isinstance(column_type, one))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _named_files(connection: Connection) -> set[str]:
    """The hashes of every file that the rows speak of."""
    stored, paper, signature = table_of(StoredFile), table_of(Paper), table_of(PaperSignature)
    either = select(stored.c.sha256).union(
        select(paper.c.sha256).where(paper.c.sha256.is_not(None)),
        select(signature.c.file_sha256).where(signature.c.file_sha256.is_not(None)),
    )
    return set(connection.execute(either).scalars())


def _add_files(writing: _Writing, storage: ObjectStore, paths: list[str]) -> Iterator[str]:
    """Add these files of the storage, and give the names of those whose content is no longer their hash."""
    for path in paths:
        if writing.add(f"files/{path}", bytes(storage.get(path).bytes())) != name_of(path):
            yield name_of(path)


def list_files(storage: ObjectStore) -> list[str]:
    """The paths of all files in the storage, in order; half-written ones are not among them."""
    paths = (entry["path"] for entries in storage.list() for entry in entries)
    return sorted(path for path in paths if FILE_PATH.fullmatch(path))


def name_of(path: str) -> str:
    """The name of the file at a path of the storage: its SHA-256."""
    return path.partition("/")[2]


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(target: Path, refused: OSError) -> BackupError:
    return BackupError(
        f"Không ghi được {target} ({refused.strerror}). Không có gì được ghi lại; hãy kiểm tra chỗ trống và quyền ghi.",
        f"{target} could not be written ({refused.strerror}). Nothing was left behind; check free space and rights.",
    )
