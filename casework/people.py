"""Accounts and offices: adding people, granting and ending offices, disabling, new passwords. Nothing is deleted."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, insert, or_, select, update

from casework import passwords
from casework.errors import NotFound, Refused
from casework.signing_in import login_of
from models.base import table_of
from models.people import Person, RoleGrant, SignInSession
from models.places import AdminUnit
from models.text import plain
from queries.wording import departments
from workflow.names import Role
from workflow.refusal import Refusal, refuse

P, G, S, U = table_of(Person), table_of(RoleGrant), table_of(SignInSession), table_of(AdminUnit)
SHORTEST_PASSWORD = 10
WORDINGS = ("", "Q.", "KT.", "TL.", "TUQ.")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added, by the hash of the password."""

    login: str
    name: str
    password_hash: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class NewGrant:
    """An office to be held from one day to another, first and last day included."""

    role: Role
    unit_id: int
    valid_from: date
    valid_to: date | None = None
    department: str | None = None
    wording: str = ""


def protect(password: str) -> str:
    """The hash of a password that was chosen; one of fewer than 10 letters is refused."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused((refuse("person.password_short", need=SHORTEST_PASSWORD),))
    return passwords.keep(password)


def add_person(connection: Connection, new: NewPerson, now: datetime) -> int:
    """Add somebody who can sign in, and give the id; a login that is taken already is refused."""
    login = login_of(new.login)
    if not login or not new.name.strip():
        raise Refused((refuse("person.unnamed"),))
    if connection.execute(select(P.c.id).where(P.c.login == login)).first():
        raise Refused((refuse("person.login_taken", login=login),))
    row = {"login": login, "name": plain(new.name).strip(), "email": new.email, "password_hash": new.password_hash}
    person_id: int = connection.execute(insert(P).returning(P.c.id), {**row, "created_at": now}).scalar_one()
    return person_id


def person_of(connection: Connection, login: str) -> int:
    """The id of the person with a login; NotFound when there is none."""
    found: int | None = connection.execute(select(P.c.id).where(P.c.login == login_of(login))).scalar()
    if found is None:
        raise NotFound(f"person {login}")
    return found


def grant_office(connection: Connection, person_id: int, new: NewGrant) -> int:
    """Give somebody an office, and its id; refused at a unit of another tier, or when it is held already by then."""
    tier = connection.execute(select(U.c.tier).where(U.c.id == new.unit_id)).scalar()
    if tier is None:
        raise NotFound(f"unit {new.unit_id}")
    wrong = _faults(new, tier)
    if not wrong and _held_already(connection, person_id, new):
        wrong = (refuse("grant.held_already", roles=(new.role,)),)
    if wrong:
        raise Refused(wrong)
    row = {"person_id": person_id, "role": new.role.value, "unit_id": new.unit_id, "department": new.department}
    period = {"wording": new.wording, "valid_from": new.valid_from, "valid_to": new.valid_to}
    grant_id: int = connection.execute(insert(G).returning(G.c.id), {**row, **period}).scalar_one()
    return grant_id


def _faults(new: NewGrant, tier: str) -> tuple[Refusal, ...]:
    faults = []
    if new.role.tier != tier:
        faults.append(refuse("grant.other_tier", roles=(new.role,)))
    if new.role is Role.DEPARTMENT_REVIEWER and new.department is None:
        faults.append(refuse("grant.no_department"))
    if new.department is not None and new.department not in departments():
        faults.append(refuse("grant.unknown_department", name=new.department))
    if new.wording not in WORDINGS:
        faults.append(refuse("grant.unknown_wording", known=tuple(filter(None, WORDINGS))))
    if new.valid_to and new.valid_to < new.valid_from:
        faults.append(refuse("grant.dates"))
    return tuple(faults)


def _held_already(connection: Connection, person_id: int, new: NewGrant) -> bool:
    same = and_(G.c.person_id == person_id, G.c.role == new.role.value, G.c.unit_id == new.unit_id)
    department = G.c.department.is_(None) if new.department is None else G.c.department == new.department
    begun = [] if new.valid_to is None else [G.c.valid_from <= new.valid_to]
    open_then = or_(G.c.valid_to.is_(None), G.c.valid_to >= new.valid_from)
    return connection.execute(select(G.c.id).where(same, department, open_then, *begun)).first() is not None


def end_grant(connection: Connection, grant_id: int, last_day: date) -> None:
    """End an office with its last day; one that ended earlier stays as it is and is refused."""
    grant = connection.execute(select(G.c.valid_from, G.c.valid_to).where(G.c.id == grant_id).with_for_update()).first()
    if grant is None:
        raise NotFound(f"grant {grant_id}")
    if grant.valid_to is not None and grant.valid_to <= last_day:
        raise Refused((refuse("grant.ended_already", on=grant.valid_to),))
    if last_day < grant.valid_from:
        raise Refused((refuse("grant.dates"),))
    connection.execute(update(G).where(G.c.id == grant_id).values(valid_to=last_day))


def disable(connection: Connection, login: str, now: datetime) -> None:
    """Close an account: it can no longer sign in, its sessions end, what it did stays."""
    person_id = person_of(connection, login)
    connection.execute(update(P).where(P.c.id == person_id, P.c.disabled_at.is_(None)).values(disabled_at=now))
    _end_sessions(connection, person_id, now)


def reset_password(connection: Connection, login: str, password_hash: str, now: datetime) -> None:
    """Give an account a new password; every session of it ends."""
    person_id = person_of(connection, login)
    connection.execute(update(P).where(P.c.id == person_id).values(password_hash=password_hash))
    _end_sessions(connection, person_id, now)


def _end_sessions(connection: Connection, person_id: int, now: datetime) -> None:
    connection.execute(update(S).where(S.c.person_id == person_id, S.c.revoked_at.is_(None)).values(revoked_at=now))
