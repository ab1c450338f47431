"""Which tests have the lines counted that they reach: what is measured takes twice as long, so most tests run without.

The tests of the engine are measured one and all, since each of its branches must be reached. Of every other file they
are measured until some of them in a row reached next to nothing that this process had not seen, on one of the two
databases.
`MEASURE_ALL=1 pytest --cov` measures every test.
"""

import os
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

EVERY_BRANCH = "tests/unit/workflow/"
NEVER = (
    "tests/integration/test_practice.py::test_the_same_scenario",  # a smaller one beside it goes the same ways
    "tests/integration/test_practice.py::test_in_three_tiers",  # asks what another process has built
)
PATIENCE = 4
FEW = 20  # ways from line to line
MEASURE_ALL = os.environ.get("MEASURE_ALL") == "1"
IN_VAIN: Counter[str] = Counter()  # how many tests of a file in a row reached next to nothing new


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Count the lines that a test reaches, or let it run without."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    if plugin is None or MEASURE_ALL:
        return (yield)
    file = item.nodeid.partition("::")[0]
    if is_measured(item, file):
        before = reached(plugin)
        try:
            return (yield)
        finally:
            IN_VAIN[file] = IN_VAIN[file] + 1 if reached(plugin) - before < FEW else 0
    plugin.cov_controller.pause()
    try:
        return (yield)
    finally:
        plugin.cov_controller.resume()


def is_measured(item: pytest.Item, file: str) -> bool:
    """Whether what a test of this file reaches may be something new."""
    if file.startswith(EVERY_BRANCH):
        return True
    callspec = getattr(item, "callspec", None)
    again = callspec is not None and "postgresql" in callspec.params.values()
    return not again and not item.nodeid.startswith(NEVER) and IN_VAIN[file] < PATIENCE


def reached(plugin: Any) -> int:
    """How many ways from line to line this process has gone so far."""
    return sum(map(len, plugin.cov_controller.cov._collector.data.values()))
