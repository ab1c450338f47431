"""What tests of the running house share: the worker's tools, clocks that stand still, a count of statements."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from casework import publication
from casework.admin_record import COMMAND
from casework.storage import open_storage
from casework.unit_of_work import unit_of_work
from documents.pdf import Rendered
from documents.press import Limits
from jobs.delivery import ToFolder
from jobs.tools import Tools
from queries.publication import signing_key

URL = "https://datchuan.example"
PRINTED: dict[tuple[Limits, str, frozenset[tuple[str, str | bool | None]]], Rendered] = {}
"""The papers that were printed in this process, by what the press was told."""


def tools(engine: Engine, folder: Path) -> Tools:
    """Tools that keep files, messages and keys in a folder; the publication key is made at the first call."""
    give_key(engine, folder / "keys")
    return Tools(
        engine=engine,
        storage=open_storage(folder / "files"),
        viewings=folder / "viewings",
        delivery=ToFolder(folder / "mail"),
        sender="Đạt Chuẩn <datchuan@datchuan.example>",
        public_url=URL,
        practice=False,
        keys_path=folder / "keys",
    )


def give_key(engine: Engine, folder: Path) -> None:
    """Make the publication key, unless there is one."""
    with unit_of_work(engine) as connection:
        if signing_key(connection) is None:
            publication.create(connection, folder, COMMAND, datetime(2025, 1, 2, 3, tzinfo=UTC))


def stopped_at(moment: datetime) -> Callable[[Connection], datetime]:
    """A clock that stands still."""
    return lambda _: moment


def statements(engine: Engine, act: Callable[[], object]) -> int:
    """How many statements an act sends to the database, beginnings of transactions left aside."""
    seen: list[str] = []

    def note(*args: Any) -> None:
        if not args[2].startswith("BEGIN"):
            seen.append(args[2])

    event.listen(engine, "before_cursor_execute", note)
    act()
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)
