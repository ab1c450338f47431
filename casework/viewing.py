"""Who looked at what: noted by the pages in files of the machine, taken into the database by the worker.

A note is one line, appended under a lock. The worker takes a file away under the same lock, so that no line is written
into a file that is being read; each line has a name of its own, so that one that is taken in twice shows once.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from casework.log import log
from casework.unit_of_work import unit_of_work
from casework.upsert import insert_once
from models.base import canonical, table_of
from models.record import Viewing

V = table_of(Viewing)
ROWS_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at a dossier, or at something of it: under a name of its own, who, what and when."""

    id: str
    person_id: int
    dossier_id: int
    seen: str
    item: str
    at: str


def note(folder: Path, *looks: Look) -> None:
    """Note the looks of one request; durable as far as a file is that the machine has not been asked to flush."""
    lines = "".join(f"{canonical(asdict(look))}\n" for look in looks).encode()
    with _held(folder / "open.jsonl") as handle:
        os.write(handle, lines)


@contextmanager
def _held(path: Path) -> Iterator[int]:
    """The file at a path, locked; one that was taken away while we waited is not written to."""
    while True:
        handle = _opened(path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            if _is_at(path, handle):
                yield handle
                return
        finally:
            os.close(handle)


def _opened(path: Path) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    try:
        return os.open(path, flags, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, flags, 0o600)


def _is_at(path: Path, handle: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False


def gather(engine: Engine, folder: Path) -> int:
    """Take every note into the database and give how many there were; what the database refuses is set aside."""
    if (folder / "open.jsonl").exists():
        with _held(folder / "open.jsonl"):
            (folder / "open.jsonl").rename(folder / f"{uuid4().hex}.taken")
    count = 0
    for taken in sorted(folder.glob("*.taken")):
        rows = list(_rows(taken))
        try:
            with unit_of_work(engine) as connection:
                for start in range(0, len(rows), ROWS_AT_ONCE):
                    insert_once(connection, V, *rows[start : start + ROWS_AT_ONCE])
        except IntegrityError:
            log.exception("notes of looks were refused", file=taken.name)
            taken.rename(taken.with_suffix(".refused"))
            continue
        taken.unlink()
        count += len(rows)
    return count


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """The notes of a file; a line that was torn when the power failed is left out."""
    for line in path.read_bytes().splitlines():
        try:
            look = json.loads(line)
            yield {**look, "at": datetime.fromisoformat(look["at"])}
        except (ValueError, LookupError, TypeError):
            log.warning("a torn note of a look", file=path.name)
