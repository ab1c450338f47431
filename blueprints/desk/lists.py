"""The inbox, and all dossiers within reach."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints import database, signed
from blueprints.access import SIGNED_IN
from blueprints.desk.base import pages
from blueprints.desk.missing import count_of
from blueprints.desk.standing import remaining_days, tone_of_state
from blueprints.face import OPENERS, in_language
from blueprints.register.front import front_page
from queries.calendar import calendar_between
from queries.dossiers import dossiers_seen
from queries.facts import read_cases
from queries.inbox import Line, inbox
from queries.sessions import SignedIn
from workflow.deadlines import Calendar
from workflow.decide import standing_between
from workflow.names import Reach
from workflow.policy import REACH_OF_ROLE

MARGIN = timedelta(days=7)
MOST_COUNTED = 6  # a commune has one dossier for each level at most; a list that never ends is not counted through


class Item(NamedTuple):
    """One line as the list shows it."""

    line: Line
    url: str
    state: str
    tone: str
    days: int | None
    missing: int | None = None


@pages.page("/", access=SIGNED_IN, stranger=front_page)
def inbox_page() -> ResponseReturnValue:
    """Show what lies on one's desk, earliest deadline first."""
    state = request.args.get("state") or None
    page = request.args.get("page", 1, type=int)
    person = signed.require_person()
    found = inbox(database.reader(), person.actor, g.today, page, state)
    tabs = [
        (in_language(one.state_vi, one.state_en), _here(one.state), one.state == state, one.number)
        for one in found.counts
    ]
    return render_template(
        "desk/inbox.html",
        found=found,
        items=_items(found.rows, _missing(person, found.rows)),
        tabs=tabs,
        everything=sum(one.number for one in found.counts),
        chosen=state,
        previous=_here(state, found.page - 1) if found.page > 1 else "",
        following=_here(state, found.page + 1) if found.page < found.pages else "",
        opens=bool(OPENERS & person.roles_on(g.today)),
    )


@pages.page("/dossiers", access=SIGNED_IN)
def dossiers_page() -> ResponseReturnValue:
    """Show every dossier within reach, newest first, and find one by its code or unit."""
    wanted = request.args.get("q", "")[:100]
    before = request.args.get("before", type=int)
    found = dossiers_seen(database.reader(), signed.require_person().actor, g.today, wanted, before)
    following = url_for("desk.dossiers_page", q=wanted or None, before=found.following) if found.following else ""
    return render_template("desk/dossiers.html", items=_items(found.rows), wanted=wanted, following=following)


def _here(state: str | None, page: int = 1) -> str:
    return url_for("desk.inbox_page", state=state, page=page if page > 1 else None)


def _missing(person: SignedIn, rows: tuple[Line, ...]) -> dict[int, int]:
    """How much stands between each dossier and its next step, for offices that make dossiers and have but a few."""
    offices = [office.grant for office in person.offices if office.grant.holds_on(g.today)]
    if not all(REACH_OF_ROLE[grant.role] is Reach.OWN for grant in offices):
        return {}
    files = read_cases(database.reader(), [line.id for line in rows[:MOST_COUNTED]], person.person_id, g.today)
    return {file.row.id: count_of(standing_between(file.procedure, file.facts)) for file in files}


def _items(rows: tuple[Line, ...], missing: Mapping[int, int] | None = None) -> list[Item]:
    calendar = _calendar(rows)
    return [
        Item(
            line,
            url_for("desk.dossier_page", dossier_id=line.id),
            in_language(line.state_vi, line.state_en),
            tone_of_state(line.state),
            remaining_days(line.due_on, g.today, calendar),
            (missing or {}).get(line.id),
        )
        for line in rows
    ]


def _calendar(rows: tuple[Line, ...]) -> Calendar:
    """The calendar that reaches over every deadline shown."""
    days: list[date] = [line.due_on for line in rows if line.due_on]
    return calendar_between(database.reader(), min(days, default=g.today) - MARGIN, max(days, default=g.today) + MARGIN)
