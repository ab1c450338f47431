"""The log of web and worker: as JSON, or for eyes on a terminal; never the variables of a function.

What writes it is loaded with the first line, so that no process waits for it before there is something to tell.
"""

import re
import sys
from collections.abc import Callable, MutableMapping
from functools import cache
from typing import Any

DETAIL = re.compile(r"(?m)^DETAIL:.*$")


class Log:
    """A log that is opened when the first line is written."""

    def __getattr__(self, level: str) -> Callable[..., None]:
        """What writes a line of a level: `info`, `warning`, `error` or `exception`."""
        write: Callable[..., None] = getattr(opened(), level)
        return write


log = Log()


@cache
def opened() -> Any:
    """The library's own log, on standard output."""
    import structlog

    shown: list[Any] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if sys.stdout.isatty()
        else [structlog.processors.format_exc_info, without_details, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper("iso", utc=True), *shown]
    )
    return structlog.get_logger()


def without_details(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out what PostgreSQL adds to an error: the values of the row that it is about."""
    return {name: DETAIL.sub("DETAIL: ...", value) if isinstance(value, str) else value for name, value in line.items()}
