"""Accounts as an administrator sees them: everybody with the offices held, found by name or login."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from models.base import table_of
from models.people import Person, RoleGrant
from models.places import AdminUnit
from workflow.names import Role

P, G, U = table_of(Person), table_of(RoleGrant), table_of(AdminUnit)
PAGE = 25


@dataclass(frozen=True, slots=True)
class HeldOffice:
    """An office that somebody holds, with the name of its unit and of its department."""

    role: Role
    unit_name: str
    department: str | None


@dataclass(frozen=True, slots=True)
class User:
    """An account with the offices held on a day."""

    id: int
    login: str
    name: str
    disabled: bool
    offices: tuple[HeldOffice, ...]


@dataclass(frozen=True, slots=True)
class Users:
    """One page of accounts, and how many there are."""

    rows: tuple[User, ...]
    total: int
    page: int
    pages: int


def users(connection: Connection, today: date, wanted: str = "", page: int = 1) -> Users:
    """Page `page` (from 1) of 25 accounts by name, of those whose name or login contains the wanted words."""
    total = connection.execute(select(func.count()).select_from(P).where(_like(wanted))).scalar_one()
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    people = select(P).where(_like(wanted)).order_by(P.c.name, P.c.id).limit(PAGE).offset((page - 1) * PAGE)
    rows = connection.execute(people).all()
    held = _held(connection, [row.id for row in rows], today)
    found = (User(row.id, row.login, row.name, row.disabled_at is not None, held[row.id]) for row in rows)
    return Users(tuple(found), total, page, pages)


def _like(wanted: str) -> ColumnElement[bool]:
    words = wanted.strip()
    if not words:
        return true()
    return or_(P.c.name.icontains(words, autoescape=True), P.c.login.icontains(words, autoescape=True))


def _held(connection: Connection, people: list[int], today: date) -> dict[int, tuple[HeldOffice, ...]]:
    offices = (
        select(G.c.person_id, G.c.role, G.c.department, U.c.full_name)
        .join(U, U.c.id == G.c.unit_id)
        .where(G.c.person_id.in_(people), G.c.valid_from <= today, or_(G.c.valid_to.is_(None), G.c.valid_to >= today))
        .order_by(G.c.id)
    )
    held: dict[int, tuple[HeldOffice, ...]] = defaultdict(tuple)
    for row in connection.execute(offices):
        held[row.person_id] += (HeldOffice(Role(row.role), row.full_name, row.department),)
    return held
