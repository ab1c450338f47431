"""The council's sessions: the list of them, one with its agenda and members, and the dossiers that wait for one.

How somebody voted is read only of the person who asks, until the session is over.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select

from models.base import table_of
from models.council import AgendaItem, Attendance, Ballot, Council, CouncilMember, CouncilSession
from models.dossiers import Conclusion, Dossier
from models.events import DossierEvent
from models.people import Person
from models.places import AdminUnit
from queries.fused import row_list, rows_of
from queries.rulebook import procedures
from queries.voting import brought_by, last_session, voters
from queries.written_out import ask
from workflow.case import reaches
from workflow.facts import Actor
from workflow.names import EventType, Reach, Role, Work
from workflow.policy import REACH_OF_ROLE

S, ITEM, B, MEMBER = table_of(CouncilSession), table_of(AgendaItem), table_of(Ballot), table_of(CouncilMember)
C, HERE, D, U = table_of(Council), table_of(Attendance), table_of(Dossier), table_of(AdminUnit)
P, E, K = table_of(Person), table_of(DossierEvent), table_of(Conclusion)
PAGE = 25
AGREED = (EventType.RECOMMENDED, EventType.REVOCATION_RECOMMENDED)
OUTCOMES = (*AGREED, EventType.NOT_RECOMMENDED, EventType.REVOCATION_NOT_RECOMMENDED)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in the list: when, where, how far it is, and how many of its dossiers wait for their conclusion."""

    id: int
    held_on: date
    place: str
    opened: bool
    closed: bool
    dossiers: int
    waiting: int


class Item(NamedTuple):
    """A dossier on the agenda: who of those present votes, the ballots, counted once the session is over, one's own."""

    dossier_id: int
    position: int
    code: str
    unit_name: str
    level: str
    procedure_id: str
    state: str
    version: int
    cast: int
    yes: int
    no: int
    blank: int
    mine: str | None
    concluded: int
    concluded_met: int
    outcome: str | None
    voters: int
    brought: int
    counts: int

    @property
    def is_there(self) -> bool:
        """Whether the dossier lies before the council, and this is the session that counts for it."""
        return bool(self.counts) and self.state in council_states()

    @property
    def is_mine_to_vote_on(self) -> bool:
        """Whether it lies there, and the person who asks did not bring it there."""
        return self.is_there and not self.brought


class Seat(NamedTuple):
    """A member of the council on that day: present or not, how many ballots were cast, and how many are asked for."""

    person_id: int
    name: str
    post: str
    chairs: bool
    present: bool
    cast: int
    asked: int


class Cast(NamedTuple):
    """One ballot of a session that is over."""

    dossier_id: int
    person_id: int
    choice: str


@dataclass(frozen=True, slots=True)
class SessionFile:
    """One session with its agenda in order, the members of its day, and the ballots once it is over."""

    id: int
    council_id: int
    unit_id: int
    council: str
    held_on: date
    place: str
    members: int
    opened_at: datetime | None
    closed_at: datetime | None
    minutes: str | None
    items: tuple[Item, ...]
    seats: tuple[Seat, ...]
    ballots: tuple[Cast, ...]

    @property
    def present(self) -> int:
        """How many members are present."""
        return sum(seat.present for seat in self.seats)


class Waiting(NamedTuple):
    """A dossier that lies before the council and stands on no agenda yet."""

    dossier_id: int
    code: str
    unit_name: str
    level: str


@cache
def council_states() -> frozenset[str]:
    """The states in which a dossier lies before the council."""
    states = (state for one in procedures().values() for state in one.states.values())
    return frozenset(state.name for state in states if Work.KEEP_COUNCIL in state.work)


def units_of(actor: Actor, today: date, roles: Collection[Role] = tuple(Role)) -> frozenset[int]:
    """The units in which a person holds one of these offices today."""
    return frozenset(grant.unit_id for grant in actor.grants if grant.role in roles and grant.holds_on(today))


def sees_all(actor: Actor, today: date) -> bool:
    """Whether a person reads the sessions of every council."""
    return any(REACH_OF_ROLE[grant.role] is Reach.ALL and grant.holds_on(today) for grant in actor.grants)


def sessions_seen(connection: Connection, actor: Actor, today: date, page: int = 1) -> tuple[SessionLine, ...]:
    """One page of the sessions of the councils in one's units, latest first; one more than a page when more follow."""
    agenda = select(func.count()).select_from(ITEM).where(ITEM.c.session_id == S.c.id)
    there = row_list(D.c.procedure_id, S.c.members, voters(ITEM.c.session_id, D.c.id))
    there = there.select_from(ITEM.join(D, D.c.id == ITEM.c.dossier_id)).where(ITEM.c.session_id == S.c.id)
    there = there.where(D.c.state.in_(council_states()), S.c.id == last_session(D.c.id)).correlate(S)
    opened, closed = S.c.opened_at.is_not(None), S.c.closed_at.is_not(None)
    counts = (agenda.scalar_subquery(), there.scalar_subquery())
    lines = select(S.c.id, S.c.held_on, S.c.place, opened, closed, *counts).join(C, C.c.id == S.c.council_id)
    if not sees_all(actor, today):
        lines = lines.where(C.c.unit_id.in_(units_of(actor, today)))
    shown = lines.order_by(S.c.held_on.desc(), S.c.id.desc()).limit(PAGE + 1).offset((page - 1) * PAGE)
    return tuple(_line(*row) for row in connection.execute(shown))


def _line(session_id: int, held_on: date, place: str, *rest: Any) -> SessionLine:
    opened, closed, dossiers, there = rest
    waiting = sum(quorate(*one) for one in rows_of(there))
    return SessionLine(session_id, held_on, place, opened, closed, dossiers, waiting)


def quorate(procedure_id: str, members: int, voting: int) -> bool:
    """Whether enough members of a council vote on a dossier for a result to stand."""
    return reaches(voting, members, procedures()[procedure_id].number("council.quorum"))


def _items() -> Any:
    over = S.c.closed_at.is_not(None)
    of_item = and_(B.c.session_id == ITEM.c.session_id, B.c.dossier_id == ITEM.c.dossier_id)
    ballots = select(func.count()).select_from(B).where(of_item)
    tally = [
        case((over, ballots.where(B.c.choice == choice).scalar_subquery()), else_=0)
        for choice in ("yes", "no", "blank")
    ]
    mine = select(B.c.choice).where(of_item, B.c.person_id == bindparam("person_id")).scalar_subquery()
    concluded = select(func.count()).select_from(K).where(K.c.dossier_id == D.c.id)
    after = and_(E.c.dossier_id == D.c.id, E.c.type.in_(OUTCOMES), E.c.at >= S.c.closed_at)
    outcome = select(E.c.type).where(after, ~_another_between()).order_by(E.c.seq).limit(1).scalar_subquery()
    counts = case((S.c.id == last_session(D.c.id), 1), else_=0)
    dossier = (D.c.code, U.c.full_name, D.c.level, D.c.procedure_id, D.c.state, D.c.version)
    conclusions = (concluded.scalar_subquery(), concluded.where(K.c.met).scalar_subquery())
    brought = case((brought_by(bindparam("person_id"), D.c.id), 1), else_=0)
    told = (ballots.scalar_subquery(), *tally, mine, *conclusions, outcome, voters(ITEM.c.session_id, D.c.id))
    listed = row_list(D.c.id, ITEM.c.position, *dossier, *told, brought, counts)
    joined = ITEM.join(S, S.c.id == ITEM.c.session_id).join(D, D.c.id == ITEM.c.dossier_id)
    return listed.select_from(joined.join(U, U.c.id == D.c.unit_id)).where(ITEM.c.session_id == bindparam("session_id"))


def _another_between() -> ColumnElement[bool]:
    """Whether another session on the dossier ended before the outcome, which is that session's then."""
    item, later = ITEM.alias("again"), S.alias("later")
    both = item.join(later, later.c.id == item.c.session_id)
    between = (later.c.closed_at > S.c.closed_at, later.c.closed_at <= E.c.at)
    other = select(later.c.id).select_from(both).where(item.c.dossier_id == D.c.id, *between)
    return other.correlate_except(item, later).exists()


def _seats() -> Any:
    here = and_(HERE.c.session_id == S.c.id, HERE.c.person_id == MEMBER.c.person_id)
    there = (ITEM.c.session_id == S.c.id, D.c.state.in_(council_states()))
    asked = select(func.count()).select_from(ITEM.join(D, D.c.id == ITEM.c.dossier_id)).where(*there)
    mine = and_(*(B.c[key] == ITEM.c[key] for key in ("session_id", "dossier_id")), B.c.person_id == MEMBER.c.person_id)
    cast = asked.where(select(B.c.at).where(mine).correlate_except(B).exists()).correlate(S, MEMBER)
    asked = asked.where(~brought_by(MEMBER.c.person_id, D.c.id)).correlate(S, MEMBER)
    present = case((HERE.c.person_id.is_not(None), 1), else_=0)
    chairs = case((MEMBER.c.chairs, 1), else_=0)
    listed = row_list(P.c.id, P.c.name, MEMBER.c.post, chairs, present, cast.scalar_subquery(), asked.scalar_subquery())
    joined = S.join(MEMBER, MEMBER.c.council_id == S.c.council_id).join(P, P.c.id == MEMBER.c.person_id)
    in_office = or_(MEMBER.c.valid_to.is_(None), MEMBER.c.valid_to >= S.c.held_on)
    on_the_day = (S.c.id == bindparam("session_id"), MEMBER.c.valid_from <= S.c.held_on, in_office)
    return listed.select_from(joined.outerjoin(HERE, here)).where(*on_the_day)


def _ballots() -> Any:
    over = (B.c.session_id == bindparam("session_id"), S.c.closed_at.is_not(None))
    listed = row_list(B.c.dossier_id, B.c.person_id, B.c.choice)
    return listed.select_from(B.join(S, S.c.id == B.c.session_id)).where(*over)


_SESSION = (
    select(
        *(S.c.id, S.c.council_id, C.c.unit_id, C.c.name.label("council"), S.c.held_on, S.c.place, S.c.members),
        *(S.c.opened_at, S.c.closed_at, S.c.minutes_sha256),
        *(make().scalar_subquery().label(name) for name, make in (("agenda", _items), ("seated", _seats))),
        _ballots().scalar_subquery().label("ballots"),
    )
    .join(C, C.c.id == S.c.council_id)
    .where(S.c.id == bindparam("session_id"))
)


def read_session(connection: Connection, session_id: int, person_id: int) -> SessionFile | None:
    """One session as this person may know it; None when there is no such session."""
    row = ask(connection, _SESSION, {"session_id": session_id, "person_id": person_id}).first()
    if row is None:
        return None
    items, seats = [Item(*one) for one in rows_of(row.agenda)], [_seat(one) for one in rows_of(row.seated)]
    return SessionFile(
        *(row.id, row.council_id, row.unit_id, row.council, row.held_on, row.place, row.members),
        *(row.opened_at, row.closed_at, row.minutes_sha256),
        items=tuple(sorted(items, key=lambda item: item.position)),
        seats=tuple(sorted(seats, key=lambda seat: (not seat.chairs, seat.person_id))),
        ballots=tuple(sorted(Cast(*one) for one in rows_of(row.ballots))),
    )


def _seat(row: list[Any]) -> Seat:
    person_id, name, post, chairs, present, *ballots = row
    return Seat(person_id, name, post, bool(chairs), bool(present), *ballots)


def waiting_for_session(
    connection: Connection, actor: Actor, today: date, province_id: int | None = None
) -> tuple[Waiting, ...]:
    """The dossiers before the councils of which one is secretary that no session has voted on or will, by unit.

    They may be those of one province alone.
    """
    mine = units_of(actor, today, (Role.COUNCIL_SECRETARY,))
    rows = connection.execute(
        select(D.c.id, D.c.code, U.c.full_name, D.c.level, D.c.procedure_id, S.c.members, voters(S.c.id, D.c.id))
        .join(U, U.c.id == D.c.unit_id)
        .outerjoin(S, S.c.id == last_session(D.c.id))
        .where(D.c.state.in_(council_states()), or_(S.c.id.is_(None), S.c.closed_at.is_not(None)))
        .where(D.c.province_id.in_(mine if province_id is None else mine & {province_id}))
        .order_by(U.c.sort_key, D.c.id)
    )
    return tuple(Waiting(*row[:4]) for row in rows if row.members is None or not quorate(*row[4:]))


def councils_of(connection: Connection, actor: Actor, today: date) -> dict[int, str]:
    """The councils of which one is secretary, by id."""
    mine = C.c.unit_id.in_(units_of(actor, today, (Role.COUNCIL_SECRETARY,)))
    rows = connection.execute(select(C.c.id, C.c.name).where(mine).order_by(C.c.id))
    return {row.id: row.name for row in rows}
