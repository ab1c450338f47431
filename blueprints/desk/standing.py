"""Where a dossier stands, for every page and list: who holds it, what comes next, by when and how it was counted."""

from dataclasses import dataclass
from datetime import date

from blueprints.face import lang, word
from casework.standing import clock_of
from queries.dossier import Details, holder_name
from queries.facts import CaseFile
from queries.wording import action_label
from workflow.deadlines import Calendar, Clock, DayEntry, Pace, ledger, working_days_between
from workflow.names import EventType, StateKind
from workflow.procedure import Figure

TONES = {
    "returned": "warning",
    "not_recommended": "bad",
    "refusal_proposed": "bad",
    "closed_rejected": "bad",
    "withdrawn": "neutral",
    "recommended": "good",
    "recognised": "final",
    "announced": "final",
    "under_review": "warning",
    "revoked": "bad",
    "recognition_kept": "final",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the dossier lies: the office, since when, the next step, and the deadline with its account of days.

    `days` are those that remain, below zero when they are exceeded; while the clock stands still they are kept.
    """

    holder: str
    since: date
    next_step: str
    days: int | None
    due_on: date | None
    paused: bool
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


def place_of(file: CaseFile, details: Details) -> Place:
    """Where a dossier lies on the day of its facts."""
    today, clock = file.facts.today, _clock(file)
    account = ledger(file.stays, clock, file.calendar, today) if clock else None
    paused = account is not None and account.state is Pace.PAUSED
    due = account.due_on if account else None
    rule = file.procedure.clocks[clock.name] if clock else None
    return Place(
        holder=_holder(file, details),
        since=file.stays[-1].entered,
        next_step=_next_step(file),
        days=account.remaining if account and paused else remaining_days(due, today, file.calendar),
        due_on=due,
        paused=paused,
        figure=file.procedure.figures[rule.figure] if rule else None,
        provisional=bool(account and account.provisional),
        entries=account.entries if account else (),
    )


def _clock(file: CaseFile) -> Clock | None:
    """The clock that runs in the present state; of a dossier that was returned, the one that stands still meanwhile."""
    clock = clock_of(file.procedure, file.facts.state)
    if clock is None and file.facts.history and file.facts.history[-1].type is EventType.RETURNED:
        return clock_of(file.procedure, file.stays[-2].state)
    return clock


def _holder(file: CaseFile, details: Details) -> str:
    role = file.procedure.states[file.facts.state].holder
    return f"{word('roles', role.value)}, {holder_name(file, details)}" if role else ""


def _next_step(file: CaseFile) -> str:
    """The first action that leads on, and whose it is; nothing when the dossier has ended."""
    state = file.procedure.states[file.facts.state]
    if state.kind is StateKind.FINAL:
        return ""
    for action in file.procedure.actions_from(state.name):
        if all(branch.records is not EventType.WITHDRAWN for branch in action.branches):
            return f"{action_label(action, lang())} ({word('roles', action.by[0].value)})"
    return ""
