"""Sending what is owed by e-mail: written at the last moment, within reach, and handed over at most once."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from casework.owed import GiveUp, Task, is_mine
from casework.unit_of_work import reading, unit_of_work
from jobs.letters import Letter, write
from jobs.tools import Tools
from models.base import table_of
from models.notices import Message
from models.people import Person
from queries.days import VIETNAM, day_of
from queries.notices import news_since, notice_for
from workflow.names import Mailing

M, P = table_of(Message), table_of(Person)
PERHAPS_SENT = "the worker ended while the message was handed over: it may have arrived, and is not sent again"
A_DAY = timedelta(days=1)
SUMMARY_AT = time(7)


def send(task: Task, now: datetime, tools: Tools) -> None:
    """Send one message, unless its person no longer wants or may read it, or an earlier try may have sent it."""
    if task.row.handed_at is not None:
        raise GiveUp(PERHAPS_SENT)
    with reading(tools.engine) as connection:
        letter = _letter(connection, task.row, now)
    if letter is None:
        return
    message = write(letter, tools.sender, tools.public_url, now, practice=tools.practice)
    tools.delivery.deliver(message, lambda: _hand_over(tools, task, now))


def take_back(task: Task, tools: Tools) -> None:
    """Note that a message was not handed over after all: its worker lives and saw it fail."""
    _set_handed(tools, task, None)


def _hand_over(tools: Tools, task: Task, now: datetime) -> None:
    """Write down that the message is handed over now, or stop: another worker has taken it up meanwhile."""
    if not _set_handed(tools, task, now):
        raise GiveUp("another worker has taken the message up")


def _set_handed(tools: Tools, task: Task, moment: datetime | None) -> bool:
    with unit_of_work(tools.engine) as connection:
        return connection.execute(update(M).where(is_mine(task)).values(handed_at=moment)).rowcount == 1


def _letter(connection: Connection, owed: Row[Any], now: datetime) -> Letter | None:
    """What is to be sent as things stand now; None when there is nothing to say, or nobody who wants to hear it."""
    person = connection.execute(select(P).where(P.c.id == owed.person_id)).one()
    wanted = Mailing.EACH if owed.day is None else Mailing.DAILY
    if person.disabled_at is not None or not person.email or person.mailing != wanted:
        return None
    if owed.day is None:
        line = notice_for(connection, owed.notice_id, day_of(now))
        lines = [line] if line and line.unread else []
    else:
        until = datetime.combine(owed.day, SUMMARY_AT, VIETNAM)
        lines = news_since(connection, person.id, until - A_DAY, until, day_of(now))
    if not lines:
        return None
    key = f"notice-{owed.notice_id}" if owed.day is None else f"day-{owed.day}-{person.id}"
    return Letter(key, person.name, person.email, person.language, lines, owed.day)
