"""Who is signed in, in one statement: session, person, offices, unread notices; and the practice accounts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from models.base import table_of
from models.people import Person, RoleGrant, SignInSession
from models.places import AdminUnit
from queries.days import day_of
from queries.notices import unread_count
from workflow.facts import Actor, Grant
from workflow.names import Role, SessionStage

P, G, S, U = table_of(Person), table_of(RoleGrant), table_of(SignInSession), table_of(AdminUnit)


@dataclass(frozen=True, slots=True)
class Office:
    """An office held, with the name of its unit."""

    grant: Grant
    unit_name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person behind a valid session, with the offices held, oldest first."""

    session_id: str
    last_seen_at: datetime
    person_id: int
    name: str
    login: str
    language: str
    offices: tuple[Office, ...]
    unread: int = 0
    must_set_up: bool = False

    @property
    def actor(self) -> Actor:
        """The person as the rules know one."""
        return Actor(self.person_id, self.name, tuple(office.grant for office in self.offices))

    def roles_on(self, day: date) -> frozenset[Role]:
        """The offices in force on a day."""
        return frozenset(office.grant.role for office in self.offices if office.grant.holds_on(day))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose password was right and who has yet to give the code."""

    session_id: str
    person_id: int
    login: str


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A session of one's own: from where, since when, and when something was last sent in it."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a practice province: what one presses to be that person."""

    login: str
    name: str
    role: Role
    unit_name: str
    department: str | None


_OFFICE = (G.c.role, G.c.unit_id, G.c.department, G.c.wording, G.c.valid_from, G.c.valid_to, U.c.full_name)
_SIGNED_IN = (
    select(S.c.id, S.c.last_seen_at, S.c.stage, P.c.id.label("person_id"), P.c.name, P.c.login, P.c.language, *_OFFICE)
    .add_columns(unread_count(P.c.id).label("unread"))
    .join(P, P.c.id == S.c.person_id)
    .outerjoin(G, G.c.person_id == P.c.id)
    .outerjoin(U, U.c.id == G.c.unit_id)
    .where(
        S.c.id == bindparam("session_id"),
        S.c.revoked_at.is_(None),
        S.c.expires_at > bindparam("now"),
        S.c.stage != SessionStage.CODE.value,
        P.c.disabled_at.is_(None),
    )
    .order_by(G.c.id)
)


def signed_in(connection: Connection, session_id: str, now: datetime) -> SignedIn | None:
    """The person behind a session that is neither ended nor revoked nor of somebody disabled; None otherwise."""
    values = {"session_id": session_id, "now": now, "today": day_of(now)}
    rows = connection.execute(_SIGNED_IN, values).all()
    if not rows:
        return None
    one = rows[0]
    offices = tuple(_office(row) for row in rows if row.role is not None)
    setting_up = one.stage == SessionStage.SET_UP
    return SignedIn(
        one.id,
        one.last_seen_at,
        one.person_id,
        one.name,
        one.login,
        one.language,
        offices,
        unread=one.unread,
        must_set_up=setting_up,
    )


def waiting_for_code(connection: Connection, session_id: str, now: datetime) -> Waiting | None:
    """Whoever gave the right password in a session that still waits for the code; None when it has run out."""
    found = connection.execute(
        select(S.c.id, P.c.id, P.c.login)
        .join(P, P.c.id == S.c.person_id)
        .where(
            S.c.id == session_id,
            S.c.stage == SessionStage.CODE.value,
            S.c.revoked_at.is_(None),
            S.c.expires_at > now,
            P.c.disabled_at.is_(None),
        )
    ).first()
    return Waiting(*found) if found else None


def own_sessions(connection: Connection, person_id: int, now: datetime) -> tuple[OwnSession, ...]:
    """The sessions of somebody that are still good, the one last used first."""
    rows = connection.execute(
        select(S.c.id, S.c.created_at, S.c.last_seen_at, S.c.address, S.c.browser)
        .where(
            S.c.person_id == person_id,
            S.c.stage != SessionStage.CODE.value,
            S.c.revoked_at.is_(None),
            S.c.expires_at > now,
        )
        .order_by(S.c.last_seen_at.desc(), S.c.id)
    )
    return tuple(OwnSession(*row) for row in rows)


def _office(row: Any) -> Office:
    grant = Grant(Role(row.role), row.unit_id, row.valid_from, row.valid_to, row.department, row.wording)
    return Office(grant, row.full_name)


def practice_accounts(connection: Connection, logins: Collection[str], today: date) -> tuple[Account, ...]:
    """Those of these accounts that hold an office today, by office and unit."""
    rows = connection.execute(
        select(P.c.login, P.c.name, *_OFFICE)
        .join(G, G.c.person_id == P.c.id)
        .join(U, U.c.id == G.c.unit_id)
        .where(P.c.disabled_at.is_(None), P.c.login.in_(logins))
        .order_by(U.c.sort_key, P.c.id)
    )
    found = [
        Account(row.login, row.name, Role(row.role), row.full_name, row.department)
        for row in rows
        if _office(row).grant.holds_on(today)
    ]
    order = list(Role)
    return tuple(sorted(found, key=lambda account: order.index(account.role)))
