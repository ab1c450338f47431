"""No statement that runs in a test names two tables side by side: every join says what it joins on.

Where SQLAlchemy is not told which table of a nested select is that of the statement around it, it takes it for one more
table of the nested select, and the answer is about all of its rows: `correlate` is missing there.
"""

import re
from functools import cache
from typing import Any

from sqlalchemy import Engine, event

SIDE_BY_SIDE = re.compile(r"\bFROM \w+(?: AS \w+)?,\s*\w+")


def pytest_configure() -> None:
    """Look at every statement of every engine of this process."""
    event.listen(Engine, "before_cursor_execute", lambda *given: require_joined(given[2]))


@cache
def require_joined(statement: str) -> Any:
    """Fail where a statement names two tables side by side."""
    assert not SIDE_BY_SIDE.search(statement), f"joined to nothing: {statement}"
