"""What the house does by itself once a day: planned as rows by every worker, of which each day has one of each name."""

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import NamedTuple

from sqlalchemy import Connection

from casework import anchoring, bundling, cleaning, notices
from casework.audit import verify
from casework.owed import DAILY, GiveUp
from casework.publication import KeyFault
from casework.storage import remove_made
from casework.unit_of_work import reading, unit_of_work
from casework.upsert import insert_once
from jobs.messages import SUMMARY_AT
from jobs.tools import Tools
from queries.days import VIETNAM, day_of
from workflow.names import DailyWork

MOST_TOLD = 20


def check_history(_now: datetime, tools: Tools) -> None:
    """Walk every chain of events and fold it to the state; what does not add up stays as a failed job."""
    with reading(tools.engine) as connection:
        verdict = verify(connection)
    if verdict.findings:
        told = [f"{one.dossier}, event {one.seq}: {one.cause}" for one in verdict.findings[:MOST_TOLD]]
        raise GiveUp(f"{len(verdict.findings)} findings. " + "; ".join(told))


def anchor_chains(now: datetime, tools: Tools) -> None:
    """Anchor every chain of events, once on this day, and sign what is not signed yet; a lost key stays visible."""
    with unit_of_work(tools.engine) as connection:
        anchoring.make(connection, now, practice=tools.practice)
    try:
        with unit_of_work(tools.engine) as connection:
            anchoring.sign_all(connection, tools.keys_path)
    except KeyFault as fault:
        raise GiveUp(str(fault)) from fault


def clean_up(now: datetime, tools: Tools) -> None:
    """Remove what has run out and is no part of the history."""
    with unit_of_work(tools.engine) as connection:
        cleaning.clean_up(connection, now)
        old = bundling.sweep(connection, now)
    remove_made(tools.storage, old)


def tell_deadlines(now: datetime, tools: Tools) -> None:
    """Tell every desk of the dossiers whose time runs out or has run out, in acts of 200 dossiers."""
    after: int | None = 0
    while after is not None:
        with unit_of_work(tools.engine) as connection:
            after = notices.tell_deadlines(connection, after, now)


def send_summaries(now: datetime, tools: Tools) -> None:
    """Owe the day's summary to everybody who wants one."""
    with unit_of_work(tools.engine) as connection:
        notices.owe_summaries(connection, day_of(now), now)


class Daily(NamedTuple):
    """One piece of daily work: from what time of the day in Vietnam, and what does it."""

    at: time
    do: Callable[[datetime, Tools], None]


JOBS: Mapping[DailyWork, Daily] = {
    DailyWork.CHECK_HISTORY: Daily(time(2), check_history),
    DailyWork.ANCHOR_CHAINS: Daily(time(2, 30), anchor_chains),
    DailyWork.CLEAN_UP: Daily(time(3), clean_up),
    DailyWork.TELL_DEADLINES: Daily(time(6), tell_deadlines),
    DailyWork.SEND_SUMMARIES: Daily(SUMMARY_AT, send_summaries),
}


def plan(connection: Connection, now: datetime) -> None:
    """Write down the day's work, each piece once, whoever else does so too."""
    day = day_of(now)
    rows = [
        {"name": name.value, "day": day, "run_at": datetime.combine(day, job.at, VIETNAM)} for name, job in JOBS.items()
    ]
    insert_once(connection, DAILY.table, *({**row, "status": "queued", "attempts": 0} for row in rows))
