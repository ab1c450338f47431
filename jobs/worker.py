"""The worker: takes up one effect after the other until it is told to stop; killed in the middle, another does it again."""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine

from casework import clock, effects
from casework.unit_of_work import unit_of_work
from jobs.handlers import HANDLERS, Tools

IDLE_SECONDS = 1.0
log = structlog.get_logger()


def run_one(engine: Engine, tools: Tools, now: Callable[[Connection], datetime] = clock.now) -> bool:
    """Do the effect that has been due longest; false when nothing is due."""
    with unit_of_work(engine) as connection:
        task = effects.take(connection, now(connection))
    if task is None:
        return False
    try:
        with unit_of_work(engine) as connection:
            HANDLERS[task.kind](connection, task.event_id, now(connection), tools)
            effects.finish(connection, task, now(connection))
    except Exception as error:  # whatever goes wrong in one effect must not stop the others
        log.exception("effect failed", effect=task.kind, event=task.event_id, attempt=task.attempt)
        with unit_of_work(engine) as connection:
            effects.put_back(connection, task, f"{type(error).__name__}: {error}", now(connection))
    return True


def drain(engine: Engine, tools: Tools, now: Callable[[Connection], datetime] = clock.now) -> int:
    """Do everything that is due now, and say how many effects that were."""
    count = 0
    while run_one(engine, tools, now):
        count += 1
    return count


def work(engine: Engine, tools: Tools, stop: threading.Event) -> None:
    """Go on until told to stop, looking again every second when nothing is due."""
    while not stop.is_set():
        try:
            idle = not run_one(engine, tools)
        except Exception:  # the database may be away for a while; the worker stays
            log.exception("the worker could not reach the database")
            idle = True
        if idle:
            stop.wait(IDLE_SECONDS)
