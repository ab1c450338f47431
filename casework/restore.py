"""Bringing a backup back: all of it or nothing, into either database, whichever it was made from.

The archive is read twice: first every hash is checked and nothing is written, then rows and files are written in one
transaction. Files come before the commit and what they replace goes after it, so that at no moment a row names a file
that is not there.
"""

import gzip
import hashlib
import json
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any

import psycopg
from obstore.exceptions import BaseError as ObjectStoreError
from obstore.store import ObjectStore
from sqlalchemy import Connection, Engine, column, func, insert, inspect, select, table, text
from sqlalchemy import types as sql
from sqlalchemy.exc import IntegrityError

import migrations
from casework.backup import FILE_PATH, FORMAT, MANIFEST, ROWS_AT_ONCE, BackupError, Manifest, TableEntry, list_files
from casework.unit_of_work import unit_of_work
from models.base import UtcTime

BLOCK = 1 << 20
TYPES: dict[str, sql.TypeEngine[Any]] = {
    "moment": UtcTime(),
    "text": sql.Text(),
    "boolean": sql.Boolean(),
    "integer": sql.BigInteger(),
    "decimal": sql.Numeric(),
    "date": sql.Date(),
}
READERS: dict[str, Callable[[Any], Any]] = {
    "moment": datetime.fromisoformat,
    "decimal": Decimal,
    "date": date.fromisoformat,
}


def restore(engine: Engine, storage: ObjectStore, source: Path, *, replace: bool = False) -> Manifest:
    """Bring back every row and file of an archive; what stands there now is refused, or with `replace` removed."""
    manifest = inspect_archive(source)
    before = set(list_files(storage))
    if before and not replace:
        raise BackupError(
            "Kho tệp không trống. Hãy khôi phục vào kho trống, hoặc thêm --replace để thay toàn bộ dữ liệu hiện có.",
            "There are files in the storage. Restore into an empty one, or add --replace to replace all data there.",
        )
    added: list[str] = []
    try:
        with _refusing_damage(source), unit_of_work(engine) as connection:
            _make_room(connection, replace=replace)
            migrations.upgrade_within(connection, manifest.head)
            _load(connection, storage, source, manifest, added)
            migrations.upgrade_within(connection)
    except BaseException:
        _delete(storage, set(added) & set(list_files(storage)) - before)
        raise
    _delete(storage, before - set(added))
    return manifest


# --- the archive ---


def inspect_archive(source: Path) -> Manifest:
    """What an archive says of itself; refused when it is not whole, not of ours, or of a newer version."""
    found: dict[str, str] = {}
    content = b""
    with _refusing_damage(source):
        for name, stream in _members(source):
            if name == MANIFEST:
                content = stream.read()
            else:
                found[name] = _digest_of(stream)
        manifest = _read_manifest(content)
    if manifest.members != found or not {entry.member for entry in manifest.tables} <= set(found):
        raise _damaged(source)
    return manifest


def _members(source: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Each member with its content, in the archive's order; the last bytes are read too, for they hold the checksum."""
    with gzip.open(source) as raw:
        with tarfile.open(fileobj=raw, mode="r|") as archive:
            for entry in archive:
                stream = archive.extractfile(entry)
                if stream is None:
                    raise ValueError("a member that is no file")
                yield entry.name, stream
        while raw.read(BLOCK):
            pass


def _digest_of(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


def _read_manifest(content: bytes) -> Manifest:
    """The manifest, when this version can read what it describes."""
    raw = json.loads(content)
    if raw["format"] > FORMAT or not migrations.knows(raw["head"]):
        raise BackupError(
            "Bản sao lưu được tạo bằng phiên bản phần mềm mới hơn. Hãy khôi phục bằng phiên bản đó.",
            "The backup was made by a newer version of this software. Restore it with that version.",
        )
    tables = tuple(
        TableEntry(one["name"], tuple((name, kind) for name, kind in one["columns"]), one["rows"])
        for one in raw["tables"]
    )
    lists = {"tables": tables, "damaged": tuple(raw["damaged"]), "missing": tuple(raw["missing"])}
    return Manifest(**(raw | lists))


@contextmanager
def _refusing_damage(source: Path) -> Iterator[None]:
    """Whatever a damaged archive makes fail becomes one sentence."""
    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError, ValueError, LookupError, TypeError, IntegrityError) as wrong:
        raise _damaged(source) from wrong
    except FileNotFoundError as wrong:
        raise BackupError(f"Không có tệp {source}.", f"There is no file {source}.") from wrong
    except ObjectStoreError as wrong:
        raise BackupError(
            f"Kho tệp không đọc hoặc ghi được ({wrong}). Dữ liệu hiện có vẫn nguyên.",
            f"The storage of files cannot be read or written ({wrong}). The data that was there is unchanged.",
        ) from wrong
    except OSError as wrong:
        if wrong.strerror is None:  # how gzip speaks of what is no gzip, or no longer the same
            raise _damaged(source) from wrong
        raise BackupError(
            f"Không đọc hoặc ghi được ({wrong.strerror}). Dữ liệu hiện có vẫn nguyên.",
            f"Reading or writing failed ({wrong.strerror}). The data that was there is unchanged.",
        ) from wrong


def _damaged(source: Path) -> BackupError:
    return BackupError(
        f"Bản sao lưu {source} bị hỏng hoặc không phải của phần mềm này. Không có gì bị thay đổi; hãy dùng bản khác.",
        f"The backup {source} is damaged, or not one of this software. Nothing was changed; use another one.",
    )


# --- the place ---


def _make_room(connection: Connection, *, replace: bool) -> None:
    """Leave a database without any table of ours; refuse one with rows in it unless they may be replaced."""
    state = migrations.state_of(connection)
    if state == "newer":
        raise BackupError(
            "Cơ sở dữ liệu hiện có thuộc phiên bản mới hơn phần mềm này; không thể thay thế nó.",
            "The present database belongs to a newer version of this software; it cannot be replaced.",
        )
    if state != "empty" and not replace and _has_rows(connection):
        raise BackupError(
            "Cơ sở dữ liệu không trống. Hãy khôi phục vào cơ sở dữ liệu trống, "
            "hoặc thêm --replace để thay toàn bộ dữ liệu hiện có.",
            "The database is not empty. Restore into an empty one, or add --replace to replace all data there.",
        )
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    if state != "empty":
        migrations.clear_within(connection)


def _has_rows(connection: Connection) -> bool:
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    return any(connection.execute(select(1).select_from(table(name)).limit(1)).first() for name in names)


def _delete(storage: ObjectStore, paths: set[str]) -> None:
    if paths:
        storage.delete(sorted(paths))


# --- rows and files ---


def _load(connection: Connection, storage: ObjectStore, source: Path, manifest: Manifest, added: list[str]) -> None:
    """Write every member of the archive where it belongs; `added` names each file before it is written."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL statement_timeout = 0"))
    tables = {entry.member: entry for entry in manifest.tables}
    for name, stream in _members(source):
        if name in tables:
            _load_table(connection, tables[name], stream)
        elif FILE_PATH.fullmatch(path := name.removeprefix("files/")):
            added.append(path)
            storage.put(path, stream.read())
        elif name != MANIFEST:
            raise ValueError(f"a member of no use: {name}")


def _load_table(connection: Connection, entry: TableEntry, stream: IO[bytes]) -> None:
    """Write a table's rows, and let its numbers go on after the highest."""
    rows = (_read_row(line, entry) for line in stream)
    if connection.dialect.name == "postgresql":
        loaded = _copy(connection, entry, rows)
        _continue_numbers(connection, entry)
    else:
        loaded = _insert(connection, entry, rows)
    if loaded != entry.rows:
        raise ValueError(f"{loaded} rows for {entry.name}, not {entry.rows}")


def _read_row(line: bytes, entry: TableEntry) -> list[Any]:
    values = json.loads(line)
    return [
        READERS[kind](value) if kind in READERS and value is not None else value
        for value, (_, kind) in zip(values, entry.columns, strict=True)
    ]


def _insert(connection: Connection, entry: TableEntry, rows: Iterator[list[Any]]) -> int:
    names = [name for name, _ in entry.columns]
    statement = insert(table(entry.name, *(column(name, TYPES[kind]) for name, kind in entry.columns)))
    count = 0
    while some := [dict(zip(names, row, strict=True)) for row in islice(rows, ROWS_AT_ONCE)]:
        connection.execute(statement, some)
        count += len(some)
    return count


def _copy(connection: Connection, entry: TableEntry, rows: Iterator[list[Any]]) -> int:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name, _ in entry.columns)
    count = 0
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {quote(entry.name)} ({columns}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row(row)
                count += 1
    except (psycopg.IntegrityError, psycopg.DataError) as refused:
        raise ValueError(f"{entry.name} does not take its rows") from refused
    return count


def _continue_numbers(connection: Connection, entry: TableEntry) -> None:
    """Let PostgreSQL's numbers of a table go on after its highest one."""
    if ("id", "integer") in entry.columns:
        highest = select(func.max(column("id"))).select_from(table(entry.name)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(entry.name, "id")
        connection.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))
