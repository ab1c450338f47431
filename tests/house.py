"""What tests of the running house share: the worker's tools, clocks that stand still, a count of statements."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from casework.storage import open_storage
from jobs.delivery import ToFolder
from jobs.tools import Tools

URL = "https://datchuan.example"


def tools(engine: Engine, folder: Path) -> Tools:
    """Tools that keep files and messages in a folder."""
    return Tools(
        engine=engine,
        storage=open_storage(folder / "files"),
        keys=folder / "keys",
        viewings=folder / "viewings",
        delivery=ToFolder(folder / "mail"),
        sender="Đạt Chuẩn <datchuan@datchuan.example>",
        public_url=URL,
        practice=False,
    )


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
