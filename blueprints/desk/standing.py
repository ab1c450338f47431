"""Where a dossier stands, for its page and for lists: who holds it, what comes next, by when and how it was counted."""

from dataclasses import dataclass
from datetime import date

from flask import g

from blueprints.desk.base import Board
from blueprints.face import lang, word
from casework.standing import clock_of
from queries.dossier import holder_name
from queries.wording import action_label
from workflow.deadlines import Calendar, DayEntry, ledger, working_days_between
from workflow.names import EventType, StateKind
from workflow.procedure import Figure

TONES = {
    "returned": "warning",
    "not_recommended": "bad",
    "closed_rejected": "bad",
    "withdrawn": "neutral",
    "recommended": "good",
    "recognised": "final",
    "announced": "final",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the dossier lies: the office, since when, the next step, and the deadline with its account of days."""

    holder: str
    since: date
    next_step: str
    days: int | None
    due_on: date | None
    figure: Figure | None
    provisional: bool
    entries: tuple[DayEntry, ...]


def tone_of_state(state: str) -> str:
    """The tone in which a state is shown."""
    return TONES.get(state, "active")


def remaining_days(due_on: date | None, today: date, calendar: Calendar) -> int | None:
    """The working days that remain until a date, today not counted; below zero when it has passed."""
    if due_on is None:
        return None
    if today <= due_on:
        return working_days_between(today, due_on, calendar)
    return -max(1, working_days_between(due_on, today, calendar))


def place_of(board: Board) -> Place:
    """Where the dossier of a board lies today."""
    file = board.file
    clock = clock_of(file.procedure, file.facts.state)
    account = ledger(file.stays, clock, file.calendar, g.today) if clock else None
    due = account.due_on if account else None
    rule = file.procedure.clocks[clock.name] if clock else None
    return Place(
        holder=_holder(board),
        since=file.stays[-1].entered,
        next_step=_next_step(board),
        days=remaining_days(due, g.today, file.calendar),
        due_on=due,
        figure=file.procedure.figures[rule.figure] if rule else None,
        provisional=bool(account and account.provisional),
        entries=account.entries if account else (),
    )


def _holder(board: Board) -> str:
    role = board.state.holder
    if role is None:
        return ""
    return f"{word('roles', role.value)}, {holder_name(board.file, board.details)}"


def _next_step(board: Board) -> str:
    """The first action that leads on, and whose it is; nothing when the dossier has ended."""
    if board.state.kind is StateKind.FINAL:
        return ""
    for action in board.file.procedure.actions_from(board.state.name):
        if all(branch.records is not EventType.WITHDRAWN for branch in action.branches):
            return f"{action_label(action, lang())} ({word('roles', action.by[0].value)})"
    return ""
