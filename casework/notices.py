"""Telling people: notices of what happened to a dossier or of its time running out, and the messages that follow.

Who is told: the office that the dossier came to lie with; the commune, where the step says so; and when a dossier comes
back or ends, everybody who took a step of it. What somebody asked for is answered to those who did, whatever the
procedure says. Nobody is told of an own step, and nobody of a dossier out of reach.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, insert, literal, select, update

from casework.errors import NotFound
from casework.upsert import insert_once
from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent
from models.notices import Message, Notice
from models.people import Person
from queries.calendar import calendar_between
from queries.days import day_of
from queries.inbox import desk_of
from queries.notices import acted_since, asked_for, coming_due, holders_of, taken_part
from queries.rulebook import procedures
from workflow.deadlines import Calendar, working_days_between
from workflow.decide import Decision
from workflow.names import Effect, EventType, Mailing, NoticeKind, Role

D, E, N, M, P = (table_of(one) for one in (Dossier, DossierEvent, Notice, Message, Person))
COMMUNE_OFFICES = (Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIRMAN)
TURNING_POINTS = frozenset(
    {
        EventType.RETURNED,
        EventType.NOT_RECOMMENDED,
        EventType.DECLINED,
        EventType.RECOGNISED,
        EventType.ANNOUNCED,
        EventType.WITHDRAWN,
        EventType.LAPSED,
        EventType.REFUSED,
        EventType.REVOCATION_PROPOSED,
        EventType.REVOCATION_RETURNED,
        EventType.RECOVERED,
        EventType.REVOCATION_NOT_RECOMMENDED,
        EventType.REVOCATION_DECLINED,
        EventType.REVOKED,
    }
)
ANSWERS = {EventType.CORRECTION_DRAFTED: frozenset({EventType.CORRECTED, EventType.CORRECTION_DECLINED})}
"""A step that asks for something, and the steps that answer it."""
BRING_NO_WORK = frozenset({EventType.CORRECTION_DECLINED})
NEWS_GROWS_OLD = timedelta(days=7)
SOON = 3
LOOKS_AHEAD = timedelta(days=14)
AT_ONCE = 200

Recipients = dict[int, NoticeKind]


def effects_of(decision: Decision) -> tuple[Effect, ...]:
    """What an act owes: what the procedure says, and the answer to whoever asked for it, which no law mentions."""
    tells = Effect.NOTIFY_HOLDER, Effect.NOTIFY_COMMUNE
    answers = any(decision.event.type in answers for answers in ANSWERS.values())
    if not answers or any(one in tells for one in decision.action.effects):
        return decision.action.effects
    return (*decision.action.effects, Effect.NOTIFY_HOLDER)


def tell(connection: Connection, event_id: int, now: datetime, *, commune: bool) -> None:
    """Write the notices of an event, each person's once, and the messages to those who want one for each notice."""
    event = _event(connection, event_id)
    recipients = _recipients(connection, event, day_of(now), commune=commune)
    seen = acted_since(connection, event.dossier_id, event.seq)
    insert_once(connection, N, *_rows(recipients, event.id, event.at, seen))
    owe_messages(connection, [event.id], now)


def _event(connection: Connection, event_id: int) -> Row[Any]:
    joined = select(E, D.c.unit_id.label("commune_id"), D.c.district_id, D.c.province_id).join(
        D, D.c.id == E.c.dossier_id
    )
    return connection.execute(joined.where(E.c.id == event_id)).one()


def _recipients(connection: Connection, event: Row[Any], today: date, *, commune: bool) -> Recipients:
    lies_with = desk_of(procedures()[event.procedure_id], event.to_state)
    desk = () if event.type in BRING_NO_WORK else lies_with
    units = {"commune": event.commune_id, "district": event.district_id, "province": event.province_id}
    holders = holders_of(connection, (*desk, *COMMUNE_OFFICES), today, units.values())
    told: Recipients = {}
    if event.type in TURNING_POINTS:
        told = dict.fromkeys(taken_part(connection, event.dossier_id, today), NoticeKind.NEWS)
    for asked, answers in ANSWERS.items():
        if event.type in answers:
            told |= dict.fromkeys(asked_for(connection, event, asked, answers, today), NoticeKind.NEWS)
    if commune:
        told |= _each(holders, [(role, event.commune_id) for role in COMMUNE_OFFICES], NoticeKind.NEWS)
    told |= _each(holders, [(role, units[role.tier]) for role in desk], NoticeKind.DESK)
    told.pop(event.person_id, None)
    return told


def _each(
    holders: Mapping[tuple[Role, int], list[int]], offices: Iterable[tuple[Role, int]], kind: NoticeKind
) -> Recipients:
    return {person: kind for office in offices for person in holders.get(office, ())}


def _rows(recipients: Recipients, event_id: int, at: datetime, seen: Mapping[int, datetime]) -> list[dict[str, Any]]:
    return [
        {"person_id": person, "event_id": event_id, "kind": kind.value, "at": at, "read_at": seen.get(person)}
        for person, kind in sorted(recipients.items())
    ]


# --- deadlines ---


def tell_deadlines(connection: Connection, after: int, now: datetime) -> int | None:
    """Tell the desks of up to 200 dossiers that their time runs out or has run out, each person once for each stay.

    The dossiers are those with an id above `after`; gives the last id that was looked at, or None at the end.
    """
    today = day_of(now)
    dossiers = coming_due(connection, today + LOOKS_AHEAD, after, AT_ONCE)
    if not dossiers:
        return None
    calendar = calendar_between(connection, min(row.due_on for row in dossiers), today + LOOKS_AHEAD)
    holders = holders_of(connection, tuple(Role), today)
    told = []
    for row in dossiers:
        kind = _urgency(row.due_on, today, calendar)
        if kind is not None:
            units = {"commune": row.unit_id, "district": row.district_id, "province": row.province_id}
            desk = desk_of(procedures()[row.procedure_id], row.state)
            told += _rows(_each(holders, [(role, units[role.tier]) for role in desk], kind), row.event_id, now, {})
    insert_once(connection, N, *told)
    owe_messages(connection, [row.event_id for row in dossiers], now)
    last: int = dossiers[-1].id
    return last


def _urgency(due_on: date, today: date, calendar: Calendar) -> NoticeKind | None:
    """Overdue, due within three working days, or neither."""
    if due_on < today:
        return NoticeKind.OVERDUE
    return NoticeKind.DUE_SOON if working_days_between(today, due_on, calendar) <= SOON else None


# --- messages ---


def owe_messages(connection: Connection, event_ids: Iterable[int], now: datetime) -> None:
    """Owe a message for each fresh, unread notice of these events to whoever wants that and has an address."""
    owed = (
        select(N.c.person_id, N.c.id, literal("queued"), literal(now, M.c.run_at.type), literal(0))
        .join(P, P.c.id == N.c.person_id)
        .where(N.c.event_id.in_(list(event_ids)), N.c.read_at.is_(None), N.c.at > now - NEWS_GROWS_OLD)
        .where(P.c.mailing == Mailing.EACH.value, P.c.email.is_not(None), P.c.disabled_at.is_(None))
        .where(~select(M.c.id).where(M.c.notice_id == N.c.id).exists())
    )
    connection.execute(insert(M).from_select(["person_id", "notice_id", "status", "run_at", "attempts"], owed))


def owe_summaries(connection: Connection, day: date, now: datetime) -> None:
    """Owe the summary of a day to whoever wants one and has an address."""
    people = select(P.c.id).where(P.c.mailing == Mailing.DAILY.value, P.c.email.is_not(None), P.c.disabled_at.is_(None))
    owed = {"day": day, "status": "queued", "run_at": now, "attempts": 0}
    insert_once(connection, M, *({"person_id": row.id, **owed} for row in connection.execute(people.order_by(P.c.id))))


# --- what a person does with them ---


def read_one(connection: Connection, person_id: int, notice_id: int, now: datetime) -> int:
    """Mark one of a person's own notices as read and give its dossier; NotFound for anybody else's."""
    mine = (N.c.id == notice_id) & (N.c.person_id == person_id)
    dossier = connection.execute(select(E.c.dossier_id).join(N, N.c.event_id == E.c.id).where(mine)).scalar()
    if dossier is None:
        raise NotFound(f"notice {notice_id}")
    connection.execute(update(N).where(mine, N.c.read_at.is_(None)).values(read_at=now))
    return int(dossier)


def read_all(connection: Connection, person_id: int, up_to: int, now: datetime) -> None:
    """Mark a person's notices as read, up to the newest one that the page showed."""
    shown = (N.c.person_id == person_id) & (N.c.id <= up_to) & N.c.read_at.is_(None)
    connection.execute(update(N).where(shown).values(read_at=now))


def read_dossier(connection: Connection, person_id: int, dossier_id: int, now: datetime) -> None:
    """Mark as read what a person was told of a dossier in which the person has just taken a step."""
    events = select(E.c.id).where(E.c.dossier_id == dossier_id)
    of_it = (N.c.person_id == person_id) & N.c.read_at.is_(None) & N.c.event_id.in_(events)
    connection.execute(update(N).where(of_it).values(read_at=now))


def set_mailing(connection: Connection, person_id: int, mailing: Mailing, email: str | None) -> None:
    """Keep how a person wants to be told by e-mail, and at which address."""
    connection.execute(update(P).where(P.c.id == person_id).values(mailing=mailing.value, email=email))
