"""Everything a rule may ask about one dossier, in two round trips: the locked row, then all lists in one statement."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row

from queries.calendar import calendar_of
from queries.case_lists import EVERYTHING, EVERYTHING_OF, HEADER, HEADERS, LISTS, LOCKED, STANDING, answers_in
from queries.columns import columns_of
from queries.days import day_of, day_of_text, moment_of_text
from queries.fresh import SUBMITTED
from queries.fused import RowLists, rows_of
from queries.rulebook import procedures, rules_of
from queries.written_out import ask
from workflow.criteria import Rules
from workflow.deadlines import Calendar, Stay
from workflow.facts import (
    Actor,
    Conclusion,
    Debt,
    Facts,
    Former,
    Grant,
    Past,
    Posting,
    Return,
    Security,
    Sitting,
    Standing,
    Survey,
    SurveyItem,
    Title,
    Unit,
    Vote,
)
from workflow.names import Column, EventType, Level, Part, Role, Stage, Tier
from workflow.procedure import Procedure

FAR_AHEAD_DAYS = 150


@dataclass(frozen=True, slots=True)
class Earlier:
    """An event that was recorded under the same request key: the act is done already."""

    event_id: int
    dossier_id: int
    person_id: int
    action: str
    seq: int
    type: str
    to_state: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """One dossier as it stands: its row, procedure and facts, the actor with offices, the working-day calendar."""

    row: Row[Any]
    procedure: Procedure
    facts: Facts
    actor: Actor
    calendar: Calendar
    stays: tuple[Stay, ...]
    earlier: Earlier | None


@dataclass(frozen=True, slots=True)
class HeldCase:
    """One dossier that is held for writing, with what the policy asks: its row, where it stands, the actor."""

    row: Row[Any]
    procedure: Procedure
    standing: Standing
    actor: Actor

    @property
    def rules(self) -> Rules | None:
        """The rules by which its values are judged."""
        return rules_of_row(self.row)


def hold_case(connection: Connection, dossier_id: int, person_id: int, today: date) -> HeldCase | None:
    """Hold a dossier for writing and read where it stands, or None when there is no such dossier."""
    row = connection.execute(LOCKED, {"dossier_id": dossier_id}).first()
    if row is None:
        return None
    texts = ask(connection, STANDING, {"dossier_id": dossier_id, "person_id": person_id}).one()
    steps, grants = map(rows_of, texts)
    history = tuple(Past(EventType(kind), person, day_of_text(at)) for kind, person, at in steps)
    standing = Standing(today, row.state, unit_of(row), Level(row.level), history)
    return HeldCase(row, procedures()[row.procedure_id], standing, actor_of(person_id, grants))


def read_case(
    connection: Connection, dossier_id: int, person_id: int, today: date, *, request_key: str = "", lock: bool = False
) -> CaseFile | None:
    """One dossier with everything the rules ask, or None when there is no such dossier; `lock` holds it for writing."""
    row = connection.execute(LOCKED if lock else HEADER, {"dossier_id": dossier_id}).first()
    if row is None:
        return None
    values = _values(row.opened_at, person_id, today, request_key)
    lists = ask(connection, EVERYTHING, {**values, "dossier_id": dossier_id}).one()
    return _case_file(row, lists, person_id, today)


def read_cases(
    connection: Connection, dossier_ids: Collection[int], person_id: int, today: date
) -> tuple[CaseFile, ...]:
    """A few dossiers with everything the rules ask, by their ids, all of them in two round trips."""
    these = {"dossier_ids": list(dossier_ids)}
    rows = connection.execute(HEADERS, these).all()
    if not rows:
        return ()
    values = _values(min(row.opened_at for row in rows), person_id, today, "")
    lists = ask(connection, EVERYTHING_OF, values | these)
    return tuple(_case_file(row, texts, person_id, today) for row, texts in zip(rows, lists, strict=True))


def _values(opened_at: datetime, person_id: int, today: date, request_key: str) -> dict[str, Any]:
    """What the lists are found by besides the dossier; the days off are those from its first year on."""
    first_day = date(opened_at.year, 1, 1)
    last_day = date(date.fromordinal(today.toordinal() + FAR_AHEAD_DAYS).year, 12, 31)
    asked = {"person_id": person_id, "request_key": request_key}
    return {**asked, "today": today, "first_day": first_day, "last_day": last_day}


def _case_file(row: Row[Any], texts: Iterable[str | None], person_id: int, today: date) -> CaseFile:
    by_name = dict(zip(LISTS, texts, strict=True))
    calendar = _calendar(by_name.pop("holidays"), today.year)
    lists = RowLists(by_name)
    procedure = procedures()[row.procedure_id]
    history = [
        (kind, person, day_of_text(at), to, left, payload) for kind, person, at, to, left, payload in lists["history"]
    ]
    return CaseFile(
        row=row,
        procedure=procedure,
        facts=_facts(row, lists, today, procedure, history),
        actor=actor_of(person_id, lists["grants"]),
        calendar=calendar,
        stays=stays_of(history),
        earlier=Earlier(*lists["earlier"][0]) if lists["earlier"] else None,
    )


@lru_cache(maxsize=32)
def _calendar(text: str | None, year: int) -> Calendar:
    """The calendar of the dossier's time; without any holiday on record the week's rule alone holds."""
    rows = rows_of(text)
    if not rows:
        return Calendar({}, {}, year, year)
    return calendar_of((date.fromisoformat(day), effect, name, bool(known)) for day, effect, name, known in rows)


def _facts(
    row: Row[Any],
    lists: Mapping[str, list[list[Any]]],
    today: date,
    procedure: Procedure,
    history: list[tuple[Any, ...]],
) -> Facts:
    returns = _returns(history, procedure)
    answers, refuted, reasons = columns_of(lambda column: lists[answers_in(column)], returned=bool(returns))
    since = _last(lists["history"], SUBMITTED)
    counts = _counting(since)
    condition = lists["condition"][0] if lists["condition"] else (None, 0, None, 0)
    return Facts(
        today=today,
        state=row.state,
        unit=unit_of(row),
        level=Level(row.level),
        history=tuple(Past(EventType(kind), person, day) for kind, person, day, *_ in history),
        held_levels=held_levels(procedure, lists["titles"]) | _held_before(history),
        title=title_at(Level(row.level), lists["titles"]),
        rules=rules_of_row(row),
        answers=answers,
        refuted=refuted,
        reasons=reasons,
        evidence=frozenset(code for code, _ in lists["evidence"]),
        parts=frozenset(Part(code) for code, _ in lists["parts"]),
        postings={
            Stage(stage): Posting(date.fromisoformat(day), frozenset(places), times, bool(front))
            for stage, at, day, places, times, front in lists["postings"]
            if stage == Stage.COMMUNE or counts(at)
        },
        open_comments=_tally(lists["comments"]),
        survey=_survey_of(lists["survey"]),
        votes={
            Stage(stage): Vote(members, present, agreed, bool(filed))
            for stage, at, members, present, agreed, filed in lists["votes"]
            if stage == Stage.COMMUNE or counts(at)
        },
        debt=None if condition[0] is None else Debt(condition[0], bool(condition[1])),
        security=None if condition[2] is None else Security(bool(condition[2]), bool(condition[3])),
        checklists=_checklists(line for line in lists["checks"] if counts(line[1])),
        conclusions={
            code: Conclusion(department, bool(met)) for code, at, department, met in lists["conclusions"] if counts(at)
        },
        field_checked=row.field_checked_on is not None and (since is None or row.field_checked_on >= day_of(since)),
        sitting=_sitting_of(lists["sitting"]),
        returns=returns,
        formerly=_formerly(history),
        changed=_changed(lists),
    )


def unit_of(row: Row[Any]) -> Unit:
    """The unit of a dossier with the units above it."""
    above = tuple(unit for unit in (row.district_id, row.province_id) if unit is not None)
    return Unit(row.unit_id, row.unit_name, row.unit_tier, above, row.unit_valid_to)


def rules_of_row(row: Row[Any]) -> Rules | None:
    """The rules by which a dossier is judged, for its group of communes and its year."""
    if row.set_key is None:
        return None
    return rules_of(
        row.set_key,
        row.adoption_decision,
        row.adopted_on,
        row.criteria_group,
        row.criteria_year,
        row.thresholds,
        practice=bool(row.adoption_practice),
    )


def actor_of(person_id: int, rows: list[list[Any]]) -> Actor:
    """A person with every office held; somebody disabled or unknown holds none."""
    grants = tuple(
        Grant(
            Role(role), unit, date.fromisoformat(first), date.fromisoformat(last) if last else None, department, wording
        )
        for _, role, unit, first, last, department, wording in rows
    )
    return Actor(person_id, rows[0][0] if rows else "", grants)


def held_levels(procedure: Procedure, titles: list[list[Any]]) -> frozenset[Level]:
    """The levels a unit holds; whoever holds a higher level holds those that come before it."""
    held: set[Level] = set()
    for name, *_ in titles:
        level: Level | None = Level(name)
        while level and level not in held:
            held.add(level)
            level = procedure.levels.get(level)
    return frozenset(held)


def title_at(level: Level, titles: list[list[Any]]) -> Title | None:
    """The unit's own title at a level: that of the dossier itself, else the latest where there are several."""
    held = [(mine, day, key, name, year, by) for at, mine, key, name, day, year, by in titles if at == level]
    if not held:
        return None
    _, day, key, name, year, by = max(held)
    return Title(key, name, date.fromisoformat(day), year, by)


def stays_of(history: list[tuple[Any, ...]]) -> tuple[Stay, ...]:
    """The states a dossier has lain in, each with the days of arrival and leaving."""
    stays: list[Stay] = []
    for _, _, on, to, _, _ in history:
        if stays and stays[-1].state == to:  # what was recorded without moving the dossier interrupts nothing
            continue
        day = max(on, stays[-1].entered) if stays else on  # a clock that was set back must not put it out of order
        if stays:
            stays[-1] = stays[-1]._replace(left=day)
        stays.append(Stay(to, day, None))
    return tuple(stays)


def _last(history: list[list[Any]], kinds: Collection[EventType]) -> datetime | None:
    """When one of these happened last; None before the first time."""
    return next((moment_of_text(at) for kind, _, at, *_ in reversed(history) if kind in kinds), None)


def _counting(since: datetime | None) -> Callable[[str], bool]:
    """Whether what an upper tier wrote down at a moment is of the dossier as it was submitted last."""
    return lambda at: since is None or moment_of_text(at) >= since


def _tally(rows: list[list[Any]]) -> dict[Stage, int]:
    counts: dict[Stage, int] = {}
    for (stage,) in rows:
        counts[Stage(stage)] = counts.get(Stage(stage), 0) + 1
    return counts


def _survey_of(rows: list[list[Any]]) -> Survey | None:
    if not rows:
        return None
    total, issued, valid, satisfied, filed, items = rows[0]
    questions = tuple(SurveyItem(code, yes, answered) for code, yes, answered in items)
    return Survey(total, issued, valid, satisfied, bool(filed), questions)


def _checklists(rows: Iterable[list[Any]]) -> dict[Stage, dict[str, bool]]:
    lists: dict[Stage, dict[str, bool]] = {}
    for stage, _at, part, complete in rows:
        lists.setdefault(Stage(stage), {})[part] = bool(complete)
    return lists


def _sitting_of(rows: list[list[Any]]) -> Sitting | None:
    if not rows:
        return None
    held, members, present, yes, no, blank, filed = rows[0]
    return Sitting(date.fromisoformat(held) if held else None, members, present, yes, no, blank, bool(filed))


def _returns(history: list[tuple[Any, ...]], procedure: Procedure) -> tuple[Return, ...]:
    """Every notice of return, by the tier that gave it."""
    return tuple(
        Return(Stage(_tier_of(left, procedure) or Stage.PROVINCE), frozenset(payload.get("missing", ())))
        for kind, _, _, _, left, payload in history
        if kind == EventType.RETURNED
    )


def _held_before(history: list[tuple[Any, ...]]) -> frozenset[Level]:
    """The levels that the unit held under the names that it had while the dossier was under way."""
    return frozenset(Level(level) for told in _passed_on(history) for level in told["held"])


def _formerly(history: list[tuple[Any, ...]]) -> tuple[Former, ...]:
    """The names of the unit before the one of today, the first first."""
    names = (name for told in _passed_on(history) for name in told["formerly"])
    return tuple(Former(was, date.fromisoformat(last), basis, now) for was, last, basis, now in names)


def _passed_on(history: list[tuple[Any, ...]]) -> Iterator[Mapping[str, Any]]:
    return (told for kind, *_, told in history if kind == EventType.PASSED_ON)


def _tier_of(state: str, procedure: Procedure) -> Tier | None:
    """The tier of a state, also of one that a dossier left before it was moved to its procedure."""
    found = procedure.states.get(state) or next(
        one.states[state] for one in procedures().values() if state in one.states
    )
    return found.tier


def _changed(lists: Mapping[str, list[list[Any]]]) -> frozenset[str]:
    """What the commune has filed, entered or proved since the dossier was returned last; nothing without a return."""
    returned = _last(lists["history"], {EventType.RETURNED})
    if returned is None:
        return frozenset()
    entered = ((code, at) for code, *_, at in lists[answers_in(Column.COMMUNE)])
    touched = [*entered, *lists["evidence"], *lists["parts"]]
    return frozenset(code for code, at in touched if moment_of_text(at) > returned)
