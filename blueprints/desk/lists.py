"""The inbox, what one has done lately, and all dossiers within reach."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import database, signed
from blueprints.access import SIGNED_IN
from blueprints.desk.base import pages
from blueprints.desk.missing import count_of
from blueprints.desk.next_steps import next_of, offices_of
from blueprints.desk.standing import remaining_days, tone_of_state
from blueprints.face import OPENERS, in_language, lang, word
from blueprints.incoming import page_in
from blueprints.register.front import front_page
from queries.calendar import calendar_between
from queries.days import VIETNAM
from queries.done import Deed, done_by
from queries.dossiers import Area, Filter, Numbers, areas, dossiers_seen, numbers_seen
from queries.facts import read_cases
from queries.inbox import Choice, Line, inbox, state_names
from queries.left import read_left
from queries.reviewable import reviewers_on
from queries.sessions import SignedIn
from workflow.deadlines import Calendar
from workflow.decide import standing_between
from workflow.names import Level, Reach, Tier
from workflow.policy import REACH_OF_ROLE

MARGIN = timedelta(days=7)
LONGEST = 100
FIRST_YEAR = 2022
MOST_COUNTED = 6  # a commune has one dossier for each level at most; a list that never ends is not counted through


class Item(NamedTuple):
    """One line as the list shows it: what is to be done next where it is one's own work, who holds it, until when."""

    line: Line
    url: str
    state: str
    tone: str
    days: int | None
    todo: str
    holder: str
    missing: int | None = None


@pages.page("/", access=SIGNED_IN, stranger=front_page)
def inbox_page() -> ResponseReturnValue:
    """Show what lies on one's desk, earliest deadline first."""
    person = signed.require_person()
    wanted = request.args.get("q", "")[:LONGEST]
    choice = Choice(request.args.get("state") or None, "overdue" in request.args, wanted)
    page = page_in(request.args)
    found = inbox(database.reader(), person.actor, g.today, page, choice)
    offices = offices_of(person.actor.grants, g.today)
    left = read_left(database.reader(), [line.id for line in found.rows], offices.works, person.person_id)
    everything = sum(one.number for one in found.counts)
    tabs = [(_("Tất cả"), _desk(wanted), choice.state is None and not choice.overdue, everything)]
    if found.overdue or choice.overdue:
        tabs.append((_("Quá hạn"), _desk(wanted, choice.state, "yes"), choice.overdue, found.overdue))
    tabs += [
        (in_language(one.state_vi, one.state_en), _desk(wanted, one.state), one.state == choice.state, one.number)
        for one in found.counts
    ]
    late = "yes" if choice.overdue else None
    return render_template(
        "desk/inbox.html",
        found=found,
        items=items_of(found.rows, lambda line: next_of(line, left[line.id], offices), _missing(person, found.rows)),
        tabs=tabs,
        choice=choice,
        narrowed=bool(choice.state or choice.overdue or wanted),
        previous=_desk(wanted, choice.state, late, found.page - 1) if found.page > 1 else "",
        following=_desk(wanted, choice.state, late, found.page + 1) if found.page < found.pages else "",
        opens=bool(OPENERS & person.roles_on(g.today)),
    )


@pages.page("/done", access=SIGNED_IN)
def done_page() -> ResponseReturnValue:
    """Show what one has done lately."""
    deeds = done_by(database.reader(), signed.require_person().person_id)
    return render_template("desk/done.html", deeds=[(deed, _told(deed), deed.at.astimezone(VIETNAM)) for deed in deeds])


def _told(deed: Deed) -> str:
    """What was done, in words."""
    if deed.kind == "event":
        return word("events", deed.name)
    return _("Kết luận tiêu chí %(code)s", code=deed.name) if deed.kind == "conclusion" else _("Bỏ phiếu")


@pages.page("/dossiers", access=SIGNED_IN)
def dossiers_page() -> ResponseReturnValue:
    """Show the dossiers within reach, newest first, narrowed by what was chosen."""
    chosen, reader, person = _filter(), database.reader(), signed.require_person()
    actor = person.actor
    found = dossiers_seen(reader, actor, g.today, chosen, request.args.get("before", type=int))
    numbers = numbers_seen(reader, actor, g.today, chosen)
    following = _dossiers(chosen, before=found.following) if found.following else ""
    return render_template(
        "desk/dossiers.html",
        items=items_of(found.rows, lambda _line: ""),
        chosen=chosen,
        counted=_counts(chosen, numbers),
        following=following,
        narrowed=chosen != Filter(),
        filtered=replace(chosen, wanted="", open=False) != Filter(),
        choices=_choices(numbers, chosen),
        reviews=bool(reviewers_on(g.today) & person.roles_on(g.today)),
    )


def _counts(chosen: Filter, numbers: Numbers) -> list[tuple[int, str, str] | tuple[int, str, str, str]]:
    """How many there are of what is chosen, each with the list of them."""
    every = replace(chosen, state="", overdue=False, paused=False, open=False)
    return [
        (numbers.total, _("Tất cả hồ sơ"), _dossiers(every)),
        (numbers.open, _("Đang giải quyết"), _dossiers(replace(every, open=True))),
        (numbers.late, _("Quá hạn"), _dossiers(replace(every, overdue=True)), "bad" if numbers.late else ""),
        (numbers.paused, _("Chờ xã bổ sung"), _dossiers(replace(every, paused=True))),
    ]


def _filter() -> Filter:
    """What the address asks for; what is none of the choices is not asked for."""
    sent = request.args
    state, level = sent.get("state", ""), sent.get("level", "")
    return Filter(
        wanted=sent.get("q", "")[:LONGEST],
        state=state if state in state_names() else "",
        level=level if level in set(Level) else "",
        district=sent.get("district", type=int),
        commune=sent.get("commune", type=int),
        year=sent.get("year", type=int),
        overdue="overdue" in sent,
        paused="paused" in sent,
        open="open" in sent,
    )


def _choices(numbers: Numbers, chosen: Filter) -> dict[str, list[tuple[Any, Any]]]:
    """What each field of the filter offers: the states with how many lie there, and the units within reach."""
    labels, counted = state_names(), {one.state: one.number for one in numbers.states}
    named = [(name, labels[name][0 if lang() == "vi" else 1]) for name in labels]
    listed = _areas(chosen)
    return {
        "state": [(name, f"{words} ({counted.get(name, 0)})") for name, words in named],
        "level": [(level.value, word("levels", level.value)) for level in Level],
        "district": [(one.id, one.name) for one in listed if one.tier == Tier.DISTRICT],
        "commune": [(one.id, one.name) for one in listed if one.tier == Tier.COMMUNE],
        "year": [(year, year) for year in range(g.today.year, FIRST_YEAR - 1, -1)],
    }


def _areas(chosen: Filter) -> tuple[Area, ...]:
    """The units that a person can choose among: none in a commune, communes in districts, else districts first."""
    offices = [one.grant for one in signed.require_person().offices if one.grant.holds_on(g.today)]
    if all(REACH_OF_ROLE[grant.role] is Reach.OWN for grant in offices):
        return ()
    if not all(grant.role.tier is Tier.DISTRICT for grant in offices):
        return areas(database.reader(), g.today, () if chosen.district is None else (chosen.district,))
    own = sorted({grant.unit_id for grant in offices})
    return tuple(one for one in areas(database.reader(), g.today, own) if one.tier == Tier.COMMUNE)


def _dossiers(chosen: Filter, before: int | None = None) -> str:
    asked = {"q": chosen.wanted, "state": chosen.state, "level": chosen.level, "year": chosen.year}
    places = {"district": chosen.district, "commune": chosen.commune}
    marks = {name: "yes" if getattr(chosen, name) else None for name in ("overdue", "paused", "open")}
    kept: dict[str, Any] = {name: value for name, value in (asked | places | marks).items() if value}
    return url_for("desk.dossiers_page", **kept, before=before)


def _desk(wanted: str, state: str | None = None, overdue: str | None = None, page: int = 1) -> str:
    more: dict[str, Any] = {"state": state, "overdue": overdue, "page": page if page > 1 else None}
    return url_for("desk.inbox_page", q=wanted or None, **more)


def _missing(person: SignedIn, rows: tuple[Line, ...]) -> dict[int, int]:
    """How much stands between each dossier and its next step, for offices that make dossiers and have but a few."""
    offices = [office.grant for office in person.offices if office.grant.holds_on(g.today)]
    if not all(REACH_OF_ROLE[grant.role] is Reach.OWN for grant in offices):
        return {}
    files = read_cases(database.reader(), [line.id for line in rows[:MOST_COUNTED]], person.person_id, g.today)
    return {file.row.id: count_of(standing_between(file.procedure, file.facts)) for file in files}


def items_of(rows: tuple[Line, ...], todo: Any, missing: Mapping[int, int] | None = None) -> list[Item]:
    """The lines of a list with what is to be done next in each."""
    calendar = _calendar(rows)
    return [
        Item(
            line,
            url_for("desk.dossier_page", dossier_id=line.id),
            in_language(line.state_vi, line.state_en),
            tone_of_state(line.state),
            remaining_days(line.due_on, g.today, calendar),
            todo(line),
            word("roles", line.holder_role) if line.holder_role else "",
            (missing or {}).get(line.id),
        )
        for line in rows
    ]


def _calendar(rows: tuple[Line, ...]) -> Calendar:
    """The calendar that reaches over every deadline shown."""
    days: list[date] = [line.due_on for line in rows if line.due_on]
    return calendar_between(database.reader(), min(days, default=g.today) - MARGIN, max(days, default=g.today) + MARGIN)
