"""Notices: what a person is told, within reach only; and who is to be told of a dossier."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    FromClause,
    Row,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
)

from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent
from models.notices import Notice
from models.people import Person, RoleGrant
from models.places import AdminUnit
from queries.days import NO_DEADLINE
from queries.inbox import PAGE
from queries.rulebook import procedures
from queries.scope import reached_by, visible_to
from queries.wording import action_label, words
from workflow.decide import onward
from workflow.events import BY_NO_PROCEDURE
from workflow.facts import Actor
from workflow.names import EventType, NoticeKind, Role

D, E, N, U = table_of(Dossier), table_of(DossierEvent), table_of(Notice), table_of(AdminUnit)
P, G = table_of(Person), table_of(RoleGrant)
MOST_COUNTED = 100


# --- what a person reads ---


@dataclass(frozen=True, slots=True)
class Line:
    """One notice: the event that it tells of, whose dossier, and whether the dossier still lies where the event led."""

    id: int
    kind: NoticeKind
    at: datetime
    unread: bool
    type: str
    by: str
    role: Role
    dossier_id: int
    code: str
    unit_name: str
    level: str
    due_on: date | None
    lies_there: bool
    state: str
    procedure_id: str


@dataclass(frozen=True, slots=True)
class Notices:
    """One page of a person's notices, unread first, and how many there are, read and unread."""

    rows: tuple[Line, ...]
    unread: int
    total: int
    page: int
    pages: int


def _led(events: FromClause = E) -> ColumnElement[bool]:
    """Whether a step led the dossier somewhere; what was only recorded of it leaves it where it lies."""
    return or_(events.c.from_state != events.c.to_state, events.c.type.in_(BY_NO_PROCEDURE))


def _moved_on() -> ColumnElement[bool]:
    """Whether a later step led the dossier away."""
    later = E.alias("later")
    after = (later.c.dossier_id == E.c.dossier_id, later.c.seq > E.c.seq, _led(later))
    return select(later.c.id).where(*after).correlate_except(later).exists()


_LINE = (
    select(N.c.id, N.c.kind, N.c.at, N.c.read_at, E.c.type, E.c.person_name, E.c.role, D.c.id.label("dossier_id"))
    .add_columns(D.c.code, U.c.full_name, D.c.level, D.c.due_on, D.c.state, D.c.procedure_id)
    .add_columns(and_(~_moved_on(), D.c.is_open).label("lies_there"))
    .join(E, E.c.id == N.c.event_id)
    .join(D, D.c.id == E.c.dossier_id)
    .join(U, U.c.id == D.c.unit_id)
)


def notices_of(connection: Connection, actor: Actor, today: date, page: int = 1) -> Notices:
    """Page `page` (from 1) of what a person was told of dossiers within reach today, unread first, then the newest."""
    mine = and_(N.c.person_id == actor.person_id, visible_to(actor, today))
    counts = select(func.count(), func.count(N.c.read_at)).join(E, E.c.id == N.c.event_id)
    total, read = connection.execute(counts.join(D, D.c.id == E.c.dossier_id).where(mine)).one()
    pages = max(1, -(-total // PAGE))
    shown = min(max(1, page), pages)
    ordered = _LINE.where(mine).order_by(N.c.read_at.is_not(None), N.c.id.desc())
    rows = connection.execute(ordered.limit(PAGE).offset((shown - 1) * PAGE)).all()
    return Notices(tuple(line_of(row) for row in rows), total - read, total, shown, pages)


def notice_for(connection: Connection, notice_id: int, today: date) -> Line | None:
    """A notice as its person would read it today; None when the dossier is out of that person's reach."""
    reached = reached_by(N.c.person_id, literal(today, Date))
    row = connection.execute(_LINE.where(N.c.id == notice_id, reached)).first()
    return line_of(row) if row else None


def news_since(connection: Connection, person_id: int, since: datetime, until: datetime, today: date) -> list[Line]:
    """What a person was told in a stretch of time, has not read, and may see today; oldest first."""
    told = and_(N.c.person_id == person_id, N.c.read_at.is_(None), N.c.at > since, N.c.at <= until)
    reached = reached_by(N.c.person_id, literal(today, Date))
    return [line_of(row) for row in connection.execute(_LINE.where(told, reached).order_by(N.c.id))]


def line_of(row: Row[Any]) -> Line:
    """A notice from the columns of its statement."""
    return Line(
        id=row.id,
        kind=NoticeKind(row.kind),
        at=row.at,
        unread=row.read_at is None,
        type=row.type,
        by=row.person_name,
        role=Role(row.role),
        dossier_id=row.dossier_id,
        code=row.code,
        unit_name=row.full_name,
        level=row.level,
        due_on=None if row.due_on == NO_DEADLINE else row.due_on,
        lies_there=bool(row.lies_there),
        state=row.state,
        procedure_id=row.procedure_id,
    )


def unread_count(person_id: ColumnElement[Any]) -> Any:
    """How many unread notices a person may see on the day `today`, up to 100, as a part of another statement."""
    few = (
        select(N.c.id)
        .join(E, E.c.id == N.c.event_id)
        .join(D, D.c.id == E.c.dossier_id)
        .where(N.c.person_id == person_id, N.c.read_at.is_(None), reached_by(person_id, bindparam("today", type_=Date)))
        .limit(MOST_COUNTED)
        .correlate(P)
        .subquery()
    )
    return select(func.count()).select_from(few).scalar_subquery()


def said(line: Line, lang: str) -> str:
    """A notice as a sentence: what happened to whose dossier, or that its time runs out."""
    deadline = line.kind in {NoticeKind.DUE_SOON, NoticeKind.OVERDUE}
    group, name = ("notice_kinds", line.kind.value) if deadline else ("news", line.type)
    return words()[group][name][lang].format(unit=line.unit_name)


def next_step(line: Line, lang: str) -> str:
    """What the reader is to do with the dossier, while it lies there; "" when it has moved on or is only told of."""
    if not line.lies_there or line.kind is NoticeKind.NEWS:
        return ""
    step = onward(procedures()[line.procedure_id], line.state)
    return action_label(step, lang) if step else ""


# --- who is to be told ---


def taken_part(connection: Connection, dossier_id: int, today: date, *which: ColumnElement[bool]) -> frozenset[int]:
    """Everybody who took a step of a dossier, or one of these steps, and may still see it."""
    took = (
        select(E.c.person_id)
        .join(D, D.c.id == E.c.dossier_id)
        .join(P, P.c.id == E.c.person_id)
        .where(E.c.dossier_id == dossier_id, P.c.disabled_at.is_(None))
        .where(reached_by(E.c.person_id, literal(today, Date)), *which)
    )
    return frozenset(connection.execute(took.distinct()).scalars())


def asked_for(
    connection: Connection, event: Row[Any], asked: EventType, answers: Collection[EventType], today: date
) -> frozenset[int]:
    """Everybody who took a step that an event answers, since the answer before it, and may still see the dossier."""
    earlier = E.alias("earlier")
    answered = select(func.coalesce(func.max(earlier.c.seq), 0)).where(
        earlier.c.dossier_id == event.dossier_id,
        earlier.c.seq < event.seq,
        earlier.c.type.in_([one.value for one in answers]),
    )
    between = and_(E.c.seq > answered.scalar_subquery(), E.c.seq < event.seq)
    return taken_part(connection, event.dossier_id, today, E.c.type == asked.value, between)


def acted_since(connection: Connection, dossier_id: int, seq: int) -> Mapping[int, datetime]:
    """Who took a later step of a dossier, and when first: they have seen what came before."""
    later = select(E.c.person_id, func.min(E.c.at)).where(E.c.dossier_id == dossier_id, E.c.seq > seq)
    return {row[0]: row[1] for row in connection.execute(later.group_by(E.c.person_id))}


def coming_due(connection: Connection, until: date, after: int, most: int) -> list[Row[Any]]:
    """Open dossiers whose time ends by a day, with the step that led where they lie, by their ids from `after` on."""
    asked = (
        select(D.c.id, D.c.procedure_id, D.c.state, D.c.due_on, D.c.unit_id, D.c.district_id, D.c.province_id)
        .add_columns(E.c.id.label("event_id"))
        .select_from(D.join(E, and_(E.c.dossier_id == D.c.id, _led(), ~_moved_on())))
        .where(D.c.is_open, D.c.due_on <= until, D.c.id > after)
    )
    return list(connection.execute(asked.order_by(D.c.id).limit(most)))


def holders_of(
    connection: Connection, roles: Collection[Role], today: date, units: Collection[int | None] | None = None
) -> dict[tuple[Role, int], list[int]]:
    """For each office of these roles, in all units or in the named ones, who holds it today."""
    held = (
        select(G.c.role, G.c.unit_id, G.c.person_id)
        .join(P, P.c.id == G.c.person_id)
        .where(G.c.role.in_([role.value for role in roles]), P.c.disabled_at.is_(None))
        .where(G.c.valid_from <= today, or_(G.c.valid_to.is_(None), G.c.valid_to >= today))
    )
    if units is not None:
        held = held.where(G.c.unit_id.in_([unit for unit in units if unit is not None]))
    found: dict[tuple[Role, int], list[int]] = {}
    for row in connection.execute(held.order_by(G.c.id)):
        found.setdefault((Role(row.role), row.unit_id), []).append(row.person_id)
    return found
