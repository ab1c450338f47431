"""The worker takes up one thing owed after the other until it is told to stop; what it leaves, another does again."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from casework import clock, owed, viewing
from casework.log import log
from casework.owed import BUNDLES, EFFECTS, MESSAGES, SIGNATURES, GiveUp, Task
from casework.unit_of_work import reading, unit_of_work
from jobs import bundles, daily, messages, signatures
from jobs.handlers import HANDLERS
from jobs.tools import Tools
from queries.days import day_of
from workflow.names import DailyWork, Effect

IDLE_SECONDS = 1.0

Clock = Callable[[Connection], datetime]


@dataclass
class Worker:
    """One worker: its tools, its clock, and for which day it has written down the daily work."""

    tools: Tools
    now: Clock
    planned: date | None = None

    def run_one(self) -> bool:
        """Do what has been due longest of the first queue in which anything is due; false when nothing is due."""
        with reading(self.tools.engine) as connection:
            moment = self.now(connection)
            due = owed.queues_due(connection, moment)
        if self.planned != day_of(moment):
            with unit_of_work(self.tools.engine) as connection:
                daily.plan(connection, moment)
            self.planned = day_of(moment)
            return True
        return any(self._run_from(queue) for queue in due)

    def _run_from(self, queue: owed.Queue) -> bool:
        """Take up and do one row of a queue; false when others were quicker."""
        with unit_of_work(self.tools.engine) as connection:
            moment = self.now(connection)
            task = owed.take(connection, queue, moment)
        if task is None:
            return False
        failed = attempt(task, moment, self.tools)
        with unit_of_work(self.tools.engine) as connection:
            if failed is None:
                owed.finish(connection, task, self.now(connection))
            elif isinstance(failed, GiveUp):
                owed.give_up(connection, task, str(failed))
            else:
                owed.put_back(connection, task, f"{type(failed).__name__}: {failed}", self.now(connection))
        return True


def drain(tools: Tools, now: Clock = clock.now) -> int:
    """Do everything that is due now, after writing down the day's work, and say how much that was."""
    worker = Worker(tools, now)
    steps = 0
    while worker.run_one():
        steps += 1
    viewing.gather(tools.engine, tools.viewings)
    return steps - 1  # the first step writes down the day's work


def work(tools: Tools, stop: threading.Event) -> None:
    """Go on until told to stop, looking again every second when nothing is due."""
    worker = Worker(tools, clock.now)
    while not stop.is_set():
        try:
            viewing.gather(tools.engine, tools.viewings)
            idle = not worker.run_one()
        except Exception:  # the database may be away for a while; the worker stays
            log.exception("the worker could not reach the database")
            idle = True
        if idle:
            stop.wait(IDLE_SECONDS)


def attempt(task: Task, moment: datetime, tools: Tools) -> Exception | None:
    """Do one thing that is owed, and give what went wrong; whatever it is, it must not stop the others."""
    try:
        perform(task, moment, tools)
    except Exception as error:
        log.exception("owed work failed", queue=task.queue.table.name, id=task.row.id, attempt=task.attempt)
        if task.queue is MESSAGES and not isinstance(error, GiveUp):
            messages.take_back(task, tools)
        return error
    return None


def perform(task: Task, moment: datetime, tools: Tools) -> None:
    """Do what a row stands for."""
    if task.queue is EFFECTS:
        HANDLERS[Effect(task.row.kind)](task.row.event_id, moment, tools)
    elif task.queue is SIGNATURES:
        signatures.sign(task, moment, tools)
    elif task.queue is MESSAGES:
        messages.send(task, moment, tools)
    elif task.queue is BUNDLES:
        bundles.make(task, tools)
    else:
        daily.JOBS[DailyWork(task.row.name)].do(moment, tools)
