"""The worker takes up one effect after the other until it is told to stop; what it leaves, another does again."""

import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Connection

from casework import clock, effects
from casework.unit_of_work import unit_of_work
from jobs.handlers import HANDLERS, Tools

IDLE_SECONDS = 1.0
log = structlog.get_logger()


def run_one(tools: Tools, now: Callable[[Connection], datetime] = clock.now) -> bool:
    """Do the effect that has been due longest; false when nothing is due."""
    with unit_of_work(tools.engine) as connection:
        moment = now(connection)
        task = effects.take(connection, moment)
    if task is None:
        return False
    error = _attempt(task, moment, tools)
    with unit_of_work(tools.engine) as connection:
        if error:
            effects.put_back(connection, task, error, now(connection))
        else:
            effects.finish(connection, task, now(connection))
    return True


def _attempt(task: effects.Task, moment: datetime, tools: Tools) -> str:
    """Run an effect's handler, and say what went wrong; whatever it is, it must not stop the other effects."""
    try:
        HANDLERS[task.kind](task.event_id, moment, tools)
    except Exception as error:
        log.exception("effect failed", effect=task.kind.value, event_id=task.event_id, attempt=task.attempt)
        return f"{type(error).__name__}: {error}"
    return ""


def drain(tools: Tools, now: Callable[[Connection], datetime] = clock.now) -> int:
    """Do everything that is due now, and say how many effects that were."""
    count = 0
    while run_one(tools, now):
        count += 1
    return count


def work(tools: Tools, stop: threading.Event) -> None:
    """Go on until told to stop, looking again every second when nothing is due."""
    while not stop.is_set():
        try:
            idle = not run_one(tools)
        except Exception:  # the database may be away for a while; the worker stays
            log.exception("the worker could not reach the database")
            idle = True
        if idle:
            stop.wait(IDLE_SECONDS)
