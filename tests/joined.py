"""No statement that is composed in a test names two tables side by side: every join says what it joins on.

Where SQLAlchemy is not told which table of a nested select is that of the statement around it, it takes it for one more
table of the nested select, and the answer is about all of its rows: `correlate` is missing there.
"""

import re
from typing import Any

from sqlalchemy.sql.compiler import SQLCompiler

SIDE_BY_SIDE = re.compile(r"\bFROM \w+(?: AS \w+)?,\s*\w+")
compose = SQLCompiler.__init__


def pytest_configure() -> None:
    """Look at every statement when it is composed, which happens once, and not whenever it is run."""
    SQLCompiler.__init__ = compose_joined  # type: ignore[method-assign]  # in tests alone


def compose_joined(self: SQLCompiler, *told: Any, **more: Any) -> None:
    """Compose a statement, and fail where it names two tables side by side."""
    compose(self, *told, **more)
    assert not SIDE_BY_SIDE.search(self.string), f"joined to nothing: {self.string}"
