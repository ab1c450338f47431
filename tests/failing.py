"""An act whose power goes after one statement, then after a later one, until it comes through."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event

MOST = 500


class PowerCut(Exception):
    """What the act meets instead of its next statement."""


def failures(engine: Engine, act: Callable[[], object], standing: Callable[[], object], step: int = 1) -> int:
    """Let an act fail once after each statement, or each n-th, and see that nothing of it is left each time.

    It ends when the act comes through, which must change what stands; the statement that was then too far is returned.
    """
    before = standing()
    for failing in range(1, MOST, step):
        if _comes_through(engine, act, failing):
            assert standing() != before
            return failing
        assert standing() == before, f"something was left by a failure after statement {failing}"
    pytest.fail("the act never came through")


def _comes_through(engine: Engine, act: Callable[[], object], failing: int) -> bool:
    count = 0

    def fail(*_given: object) -> None:
        nonlocal count
        count += 1
        if count == failing:
            raise PowerCut

    event.listen(engine, "after_cursor_execute", fail)
    try:
        act()
    except PowerCut:
        return False
    finally:
        event.remove(engine, "after_cursor_execute", fail)
    return True
