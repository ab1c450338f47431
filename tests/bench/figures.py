"""A figure beside its floor, both measured in turn in the same run."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: a value, the floor beside it, their ratio and the limit that holds for ratio or value."""

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    limit: float

    @property
    def ok(self) -> bool:
        """Whether the limit is kept: the ratio where there is a floor, else the value itself."""
        return (self.value if self.ratio is None else self.ratio) <= self.limit


def against(name: str, ours: list[float], floors: list[float], limit: float, unit: str = "ms") -> Figure:
    """A figure from rounds of ours and of the floor, in seconds; medians, shown in the unit."""
    scale = {"s": 1, "ms": 1e3, "us": 1e6}[unit]
    value, floor = statistics.median(ours) * scale, statistics.median(floors) * scale
    return Figure(name, value, unit, floor, value / floor, limit)


def alone(name: str, rounds: list[float], limit: float, unit: str) -> Figure:
    """A figure that has a limit of its own."""
    scale = {"s": 1, "ms": 1e3, "us": 1e6}[unit]
    return Figure(name, statistics.median(rounds) * scale, unit, None, None, limit)


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Seconds for one run of some work, averaged over some runs, with the garbage collected beforehand."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times
