"""Everything a rule may ask about one dossier, in two round trips: the locked row, then all lists in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, func, null, or_, select

from models.base import canonical, table_of
from models.council import AgendaItem, Attendance, Ballot, CouncilSession
from models.dossiers import (
    Answer as AnswerRow,
)
from models.dossiers import (
    CheckedPart,
    Comment,
    Condition,
    Dossier,
    DossierPart,
)
from models.dossiers import (
    Conclusion as ConclusionRow,
)
from models.dossiers import (
    Posting as PostingRow,
)
from models.dossiers import (
    Survey as SurveyRow,
)
from models.dossiers import (
    Vote as VoteRow,
)
from models.events import DossierEvent
from models.evidence import EvidenceItem, EvidenceUse
from models.people import Person, RoleGrant
from models.places import AdminUnit, CriteriaAdoption, Holiday, Recognition
from queries.days import day_of_text
from queries.fused import JsonText, row_list, rows_of
from queries.rulebook import procedures, rules_of
from workflow.criteria import Answer, Rules
from workflow.deadlines import Calendar, Stay
from workflow.facts import (
    Actor,
    Conclusion,
    Debt,
    Facts,
    Grant,
    Past,
    Posting,
    Return,
    Security,
    Sitting,
    Survey,
    SurveyItem,
    Unit,
    Vote,
)
from workflow.names import Column, EventType, Level, Part, Role, Stage
from workflow.procedure import Procedure

D, U, A = table_of(Dossier), table_of(AdminUnit), table_of(CriteriaAdoption)
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


_HEADER = (
    *D.c,
    U.c.name.label("unit_name"),
    U.c.tier.label("unit_tier"),
    U.c.valid_to.label("unit_valid_to"),
    U.c.code.label("unit_code"),
    A.c.set_key,
    A.c.decision.label("adoption_decision"),
    A.c.decided_on.label("adopted_on"),
    A.c.thresholds,
    A.c.practice.label("adoption_practice"),
)
HEADER: Select[Any] = (
    select(*_HEADER)
    .join(U, U.c.id == D.c.unit_id)
    .outerjoin(A, A.c.id == D.c.adoption_id)
    .where(D.c.id == bindparam("dossier_id"))
)
LOCKED = HEADER.with_for_update(of=D)


def _mine(table: Any) -> Any:
    return table.c.dossier_id == bindparam("dossier_id")


def _this_round(table: Any) -> Any:
    return and_(_mine(table), table.c.round == bindparam("round"))


def _answers() -> Any:
    t = table_of(AnswerRow)
    return row_list(
        t.c.column_name,
        t.c.indicator,
        JsonText(t.c.value),
        t.c.not_applicable,
        t.c.refuted,
        case((t.c.reason != "", 1), else_=0),
    ).where(_mine(t))


def _evidence() -> Any:
    use, item = table_of(EvidenceUse), table_of(EvidenceItem)
    valid = or_(item.c.expires_on.is_(None), item.c.expires_on >= bindparam("today"))
    inner = (
        select(use.c.indicator).join(item, item.c.id == use.c.item_id).where(_mine(use), valid).distinct().subquery()
    )
    return row_list(inner.c.indicator)


def _parts() -> Any:
    t = table_of(DossierPart)
    return row_list(t.c.part).where(_mine(t), t.c.replaced_at.is_(None))


def _postings() -> Any:
    t = table_of(PostingRow)
    return row_list(t.c.stage, t.c.posted_on, JsonText(t.c.places), t.c.loudspeaker_times, t.c.front_opinion).where(
        _this_round(t)
    )


def _comments() -> Any:
    t = table_of(Comment)
    return row_list(t.c.stage).where(_this_round(t), t.c.accepted.is_(None))


def _survey() -> Any:
    t = table_of(SurveyRow)
    return row_list(
        t.c.households_total,
        t.c.ballots_issued,
        t.c.ballots_valid,
        t.c.satisfied,
        case((t.c.minutes_sha256.is_not(None), 1), else_=0),
        JsonText(t.c["items"]),
    ).where(_this_round(t))


def _votes() -> Any:
    t = table_of(VoteRow)
    filed = case((t.c.minutes_sha256.is_not(None), 1), else_=0)
    return row_list(t.c.stage, t.c.members, t.c.present, t.c.agreed, filed).where(_this_round(t))


def _condition() -> Any:
    t = table_of(Condition)
    return row_list(
        t.c.debt_amount,
        case((t.c.debt_sha256.is_not(None), 1), else_=0),
        t.c.security_complex,
        case((t.c.security_sha256.is_not(None), 1), else_=0),
    ).where(_mine(t))


def _checks() -> Any:
    t = table_of(CheckedPart)
    return row_list(t.c.stage, t.c.part, t.c.complete).where(_mine(t))


def _conclusions() -> Any:
    t = table_of(ConclusionRow)
    return row_list(t.c.criterion, t.c.department, t.c.met).where(_mine(t))


def _sitting() -> Any:
    item, session = table_of(AgendaItem), table_of(CouncilSession)
    ballot, present = table_of(Ballot), table_of(Attendance)
    counts = [
        select(func.count())
        .select_from(ballot)
        .where(
            ballot.c.session_id == item.c.session_id, ballot.c.dossier_id == item.c.dossier_id, ballot.c.choice == one
        )
        .scalar_subquery()
        for one in ("yes", "no", "blank")
    ]
    attended = (
        select(func.count()).select_from(present).where(present.c.session_id == item.c.session_id).scalar_subquery()
    )
    held = case((session.c.closed_at.is_not(None), session.c.held_on), else_=null())
    filed = case((session.c.minutes_sha256.is_not(None), 1), else_=0)
    last = select(func.max(item.c.session_id)).where(item.c.dossier_id == bindparam("dossier_id")).scalar_subquery()
    return (
        row_list(held, session.c.members, attended, *counts, filed)
        .select_from(item.join(session, session.c.id == item.c.session_id))
        .where(_mine(item), item.c.session_id == last)
    )


def _history() -> Any:
    t = table_of(DossierEvent)
    inner = select(t).where(_mine(t)).order_by(t.c.seq).subquery()
    payload = case((or_(inner.c.type == "returned", inner.c.type == "resubmitted"), inner.c.payload), else_="{}")
    return row_list(
        inner.c.type, inner.c.person_id, inner.c.at, inner.c.to_state, inner.c.from_state, JsonText(payload)
    )


def _titles() -> Any:
    t = table_of(Recognition)
    return row_list(t.c.level).where(t.c.unit_id == bindparam("unit_id"), t.c.status == "valid")


def _grants() -> Any:
    t, person = table_of(RoleGrant), table_of(Person)
    return (
        row_list(person.c.name, t.c.role, t.c.unit_id, t.c.valid_from, t.c.valid_to, t.c.department, t.c.wording)
        .select_from(person.join(t, t.c.person_id == person.c.id))
        .where(person.c.id == bindparam("person_id"), person.c.disabled_at.is_(None))
    )


def _holidays() -> Any:
    t = table_of(Holiday)
    return row_list(t.c.day, t.c.effect, t.c.name_vi).where(
        t.c.day.between(bindparam("first_day"), bindparam("last_day"))
    )


def _earlier() -> Any:
    t = table_of(DossierEvent)
    return row_list(t.c.id, t.c.dossier_id, t.c.person_id, t.c.action, t.c.seq, t.c.type, t.c.to_state).where(
        t.c.request_key == bindparam("request_key")
    )


_LISTS = {
    "answers": _answers,
    "evidence": _evidence,
    "parts": _parts,
    "postings": _postings,
    "comments": _comments,
    "survey": _survey,
    "votes": _votes,
    "condition": _condition,
    "checks": _checks,
    "conclusions": _conclusions,
    "sitting": _sitting,
    "history": _history,
    "titles": _titles,
    "grants": _grants,
    "holidays": _holidays,
    "earlier": _earlier,
}
EVERYTHING = select(*(make().scalar_subquery().label(name) for name, make in _LISTS.items()))


def read_case(
    connection: Connection, dossier_id: int, person_id: int, today: date, *, request_key: str = "", lock: bool = False
) -> CaseFile | None:
    """One dossier with everything the rules ask, or None when there is no such dossier; `lock` holds it for writing."""
    row = connection.execute(LOCKED if lock else HEADER, {"dossier_id": dossier_id}).first()
    if row is None:
        return None
    lists = connection.execute(
        EVERYTHING,
        {
            "dossier_id": dossier_id,
            "round": row.round,
            "unit_id": row.unit_id,
            "person_id": person_id,
            "today": today,
            "first_day": row.opened_at.date(),
            "last_day": date.fromordinal(today.toordinal() + FAR_AHEAD_DAYS),
            "request_key": request_key,
        },
    ).one()
    return _case_file(row, {name: rows_of(text) for name, text in zip(_LISTS, lists, strict=True)}, person_id, today)


def _case_file(row: Row[Any], lists: Mapping[str, list[list[Any]]], person_id: int, today: date) -> CaseFile:
    procedure = procedures()[row.procedure_id]
    history = [
        (kind, person, day_of_text(at), to, left, payload) for kind, person, at, to, left, payload in lists["history"]
    ]
    return CaseFile(
        row=row,
        procedure=procedure,
        facts=_facts(row, lists, today, procedure, history),
        actor=actor_of(person_id, lists["grants"]),
        calendar=_calendar(lists["holidays"], today),
        stays=stays_of(history),
        earlier=Earlier(*lists["earlier"][0]) if lists["earlier"] else None,
    )


def _calendar(rows: list[list[Any]], today: date) -> Calendar:
    """The calendar of the dossier's time; without any holiday on record the week's rule alone holds."""
    if not rows:
        return Calendar({}, {}, today.year, today.year)
    return Calendar.of((date.fromisoformat(day), effect, name) for day, effect, name in rows)


def _facts(
    row: Row[Any],
    lists: Mapping[str, list[list[Any]]],
    today: date,
    procedure: Procedure,
    history: list[tuple[Any, ...]],
) -> Facts:
    answers, refuted, reasons = _columns(lists["answers"])
    returns, changed = _returns(history, procedure)
    condition = lists["condition"][0] if lists["condition"] else (None, 0, None, 0)
    return Facts(
        today=today,
        state=row.state,
        unit=unit_of(row),
        level=Level(row.level),
        history=tuple(Past(EventType(kind), person, day) for kind, person, day, *_ in history),
        held_levels=held_levels(procedure, lists["titles"]),
        rules=rules_of_row(row),
        answers=answers,
        refuted=refuted,
        reasons=reasons,
        evidence=frozenset(code for (code,) in lists["evidence"]),
        parts=frozenset(Part(code) for (code,) in lists["parts"]),
        postings={
            Stage(stage): Posting(date.fromisoformat(day), frozenset(places), times, bool(front))
            for stage, day, places, times, front in lists["postings"]
        },
        open_comments=_tally(lists["comments"]),
        survey=_survey_of(lists["survey"]),
        votes={
            Stage(stage): Vote(members, present, agreed, bool(filed))
            for stage, members, present, agreed, filed in lists["votes"]
        },
        debt=None if condition[0] is None else Debt(condition[0], bool(condition[1])),
        security=None if condition[2] is None else Security(bool(condition[2]), bool(condition[3])),
        checklists=_checklists(lists["checks"]),
        conclusions={code: Conclusion(department, bool(met)) for code, department, met in lists["conclusions"]},
        field_checked=row.field_checked_on is not None,
        sitting=_sitting_of(lists["sitting"]),
        returns=returns,
        changed=changed,
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
        canonical(row.thresholds),
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
    for (name,) in titles:
        level: Level | None = Level(name)
        while level and level not in held:
            held.add(level)
            level = procedure.levels.get(level)
    return frozenset(held)


def stays_of(history: list[tuple[Any, ...]]) -> tuple[Stay, ...]:
    """The states a dossier has lain in, each with the days of arrival and leaving."""
    stays: list[Stay] = []
    for _, _, day, to, _, _ in history:
        if stays:
            stays[-1] = stays[-1]._replace(left=day)
        stays.append(Stay(to, day, None))
    return tuple(stays)


type_of_columns = tuple[dict[Column, dict[str, Answer]], dict[Column, frozenset[str]], dict[Column, frozenset[str]]]


def _columns(rows: list[list[Any]]) -> type_of_columns:
    answers: dict[str, dict[str, Answer]] = {}
    refuted: dict[str, set[str]] = {}
    reasons: dict[str, set[str]] = {}
    for column, code, value, absent, rejected, explained in rows:
        answers.setdefault(column, {})[code] = Answer(value, bool(absent))
        if rejected:
            refuted.setdefault(column, set()).add(code)
        if explained:
            reasons.setdefault(column, set()).add(code)
    return (
        {Column(column): found for column, found in answers.items()},
        {Column(column): frozenset(found) for column, found in refuted.items()},
        {Column(column): frozenset(found) for column, found in reasons.items()},
    )


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


def _checklists(rows: list[list[Any]]) -> dict[Stage, dict[str, bool]]:
    lists: dict[Stage, dict[str, bool]] = {}
    for stage, part, complete in rows:
        lists.setdefault(Stage(stage), {})[part] = bool(complete)
    return lists


def _sitting_of(rows: list[list[Any]]) -> Sitting | None:
    if not rows:
        return None
    held, members, present, yes, no, blank, filed = rows[0]
    return Sitting(date.fromisoformat(held) if held else None, members, present, yes, no, blank, bool(filed))


def _returns(history: list[tuple[Any, ...]], procedure: Procedure) -> tuple[tuple[Return, ...], frozenset[str]]:
    returns: list[Return] = []
    changed: frozenset[str] = frozenset()
    for kind, _, _, _, left, payload in history:
        if kind == EventType.RETURNED:
            tier = procedure.states[left].tier or Stage.PROVINCE
            returns.append(Return(Stage(tier), frozenset(payload.get("missing", ()))))
        elif kind == EventType.RESUBMITTED:
            changed = frozenset(payload.get("changes", ()))
    return tuple(returns), changed
