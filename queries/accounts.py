"""Accounts as an administrator sees them: everybody with the offices held, and one account with all that guards it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select, true

from models.accounts import AdminEvent, PasswordLink, RecoveryCode, SecondFactor, SecondFactorDuty
from models.base import table_of
from models.people import Person, RoleGrant, SignInAttempt, SignInSession
from models.places import AdminUnit
from queries.search import has_words
from workflow.facts import Grant
from workflow.names import AdminAct, Role

P, G, U, S, T = (table_of(one) for one in (Person, RoleGrant, AdminUnit, SignInSession, SignInAttempt))
F, C, L, D, E = (table_of(one) for one in (SecondFactor, RecoveryCode, PasswordLink, SecondFactorDuty, AdminEvent))
PAGE = 25


@dataclass(frozen=True, slots=True)
class HeldOffice:
    """An office with the name of its unit, as it was or is held."""

    id: int
    grant: Grant
    unit_name: str


@dataclass(frozen=True, slots=True)
class User:
    """An account with the offices held on a day."""

    id: int
    login: str
    name: str
    disabled: bool
    second_factor: bool
    offices: tuple[HeldOffice, ...]


@dataclass(frozen=True, slots=True)
class Users:
    """One page of accounts, and how many there are."""

    rows: tuple[User, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Act:
    """One administrative act as the record tells it; `by` is empty for one from the command line."""

    at: datetime
    by: str
    act: AdminAct
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class Account:
    """One account: who it is, how it is guarded, its offices, and what was done to it, newest first."""

    id: int
    login: str
    name: str
    email: str | None
    created_at: datetime
    disabled_at: datetime | None
    factor_since: datetime | None
    codes_left: int
    link_until: datetime | None
    sessions: int
    last_sign_in: datetime | None
    offices: tuple[HeldOffice, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class Factor:
    """Somebody's second factor: the secret, since when it counts (None: not yet), and the recovery codes left."""

    secret: str
    confirmed_at: datetime | None
    codes_left: int


@dataclass(frozen=True, slots=True)
class LinkOwner:
    """The person for whom a one-time link that is still good was made."""

    login: str
    name: str


_OFFICE = (G.c.role, G.c.unit_id, G.c.valid_from, G.c.valid_to, G.c.department, G.c.wording)


def users(connection: Connection, today: date, wanted: str = "", state: str = "", page: int = 1) -> Users:
    """Page `page` (from 1) of 25 accounts by name: those whose name or login has the wanted words, open or closed."""
    found = and_(_of_state(state), has_words(wanted, P.c.search_key) if wanted.strip() else true())
    total = connection.execute(select(func.count()).select_from(P).where(found)).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    people = (
        select(P.c.id, P.c.login, P.c.name, P.c.disabled_at, F.c.confirmed_at)
        .outerjoin(F, F.c.person_id == P.c.id)
        .where(found)
        .order_by(P.c.search_key, P.c.id)
    )
    rows = connection.execute(people.limit(PAGE).offset((page - 1) * PAGE)).all()
    held = _held(connection, [row.id for row in rows], today)
    listed = (_user(row, held[row.id]) for row in rows)
    return Users(tuple(listed), total, page, pages)


def _of_state(state: str) -> ColumnElement[Any]:
    if state == "closed":
        return P.c.disabled_at.is_not(None)
    return P.c.disabled_at.is_(None) if state == "open" else true()


def _user(row: Any, offices: tuple[HeldOffice, ...]) -> User:
    return User(row.id, row.login, row.name, row.disabled_at is not None, row.confirmed_at is not None, offices)


def _held(connection: Connection, people: list[int], today: date) -> dict[int, tuple[HeldOffice, ...]]:
    current = and_(G.c.valid_from <= today, or_(G.c.valid_to.is_(None), G.c.valid_to >= today))
    offices = (
        select(G.c.id, G.c.person_id, *_OFFICE, U.c.full_name)
        .join(U, U.c.id == G.c.unit_id)
        .where(G.c.person_id.in_(people), current)
        .order_by(G.c.id)
    )
    held: dict[int, tuple[HeldOffice, ...]] = defaultdict(tuple)
    for row in connection.execute(offices):
        held[row.person_id] += (_office(row),)
    return held


def _office(row: Any) -> HeldOffice:
    grant = Grant(Role(row.role), row.unit_id, row.valid_from, row.valid_to, row.department, row.wording)
    return HeldOffice(row.id, grant, row.full_name)


def account(connection: Connection, person_id: int, now: datetime) -> Account | None:
    """One account in three statements, or None when there is no such person."""
    row = connection.execute(_guarded(now).where(P.c.id == person_id)).first()
    if row is None:
        return None
    offices = (
        select(G.c.id, *_OFFICE, U.c.full_name)
        .join(U, U.c.id == G.c.unit_id)
        .where(G.c.person_id == person_id)
        .order_by(G.c.valid_from.desc(), G.c.id.desc())
    )
    held = tuple(_office(one) for one in connection.execute(offices))
    return Account(*(*row, held, _acts(connection, E.c.person_id == person_id)))


def _acts(connection: Connection, which: ColumnElement[bool], limit: int | None = None) -> tuple[Act, ...]:
    rows = select(E).where(which).order_by(E.c.id.desc()).limit(limit)
    return tuple(_act(one) for one in connection.execute(rows))


def _act(row: Any) -> Act:
    return Act(row.at, row.actor_name if row.actor_id else "", AdminAct(row.act), row.details)


def _guarded(now: datetime) -> Select[Any]:
    """The statement for an account with what guards it, in the order of `Account`."""
    good = and_(S.c.person_id == P.c.id, S.c.revoked_at.is_(None), S.c.expires_at > now)
    still = and_(L.c.person_id == P.c.id, L.c.closed_at.is_(None), L.c.expires_at > now)
    return select(
        *(P.c.id, P.c.login, P.c.name, P.c.email, P.c.created_at, P.c.disabled_at),
        F.c.confirmed_at,
        _codes_left(P.c.id).label("codes_left"),
        select(L.c.expires_at).where(still).scalar_subquery(),
        select(func.count()).select_from(S).where(good).scalar_subquery(),
        select(func.max(S.c.created_at)).where(S.c.person_id == P.c.id).scalar_subquery(),
    ).outerjoin(F, F.c.person_id == P.c.id)


def _codes_left(person_id: ColumnElement[int]) -> ColumnElement[int]:
    unused = select(func.count()).select_from(C).where(C.c.person_id == person_id, C.c.used_at.is_(None))
    return unused.scalar_subquery()


def second_factor_of(connection: Connection, person_id: int) -> Factor | None:
    """Somebody's second factor, begun or in force; None when there is none."""
    kept = select(F.c.secret, F.c.confirmed_at, _codes_left(F.c.person_id).label("left"))
    found = connection.execute(kept.where(F.c.person_id == person_id)).first()
    return Factor(*found) if found else None


def obliged_roles(connection: Connection) -> frozenset[Role]:
    """The offices that oblige their holders to a second factor."""
    return frozenset(Role(role) for role in connection.execute(select(D.c.role).order_by(D.c.role)).scalars())


def link_owner(connection: Connection, token_hash: str, now: datetime) -> LinkOwner | None:
    """Whose one-time link this is; None for one that is unknown, used, replaced, run out, or of a closed account."""
    good = (L.c.token_hash == token_hash, L.c.closed_at.is_(None), L.c.expires_at > now, P.c.disabled_at.is_(None))
    found = connection.execute(select(P.c.login, P.c.name).join(L, L.c.person_id == P.c.id).where(*good)).first()
    return LinkOwner(*found) if found else None


def acts_upon_settings(connection: Connection, act: AdminAct, limit: int = 20) -> tuple[Act, ...]:
    """The latest acts of a kind that concern nobody's account, newest first."""
    return _acts(connection, and_(E.c.act == act.value, E.c.person_id.is_(None)), limit)
