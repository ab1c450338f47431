"""Accounts and offices: adding and correcting people, granting and ending offices, closing accounts.

Nothing is deleted, every act is recorded, and somebody who can administer always remains.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, insert, or_, select, update

from casework import passwords, second_factor, signing_in
from casework.admin_record import Keeper, keep
from casework.errors import NotFound, Refused
from casework.signing_in import login_of
from models.base import table_of
from models.keys import search_key
from models.people import Person, RoleGrant
from models.places import AdminUnit
from models.text import plain
from queries.days import day_of
from queries.wording import departments
from workflow.names import AdminAct, Role
from workflow.refusal import Refusal, refuse

P, G, U = table_of(Person), table_of(RoleGrant), table_of(AdminUnit)
WORDINGS = ("", "Q.", "KT.", "TL.", "TUQ.")
LOGIN = re.compile(r"[._-]*[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be added; without a password's hash nobody knows the password until a one-time link is used."""

    login: str
    name: str
    email: str | None = None
    password_hash: str = ""


@dataclass(frozen=True, slots=True)
class NewGrant:
    """An office to be held from one day to another, first and last day included."""

    role: Role
    unit_id: int
    valid_from: date
    valid_to: date | None = None
    department: str | None = None
    wording: str = ""


def fits_as_login(typed: str) -> bool:
    """Whether a login name is of letters without marks, digits, dots and hyphens, so that it can be typed anywhere."""
    return LOGIN.fullmatch(login_of(typed)) is not None


def add_person(connection: Connection, new: NewPerson, by: Keeper, now: datetime) -> int:
    """Add somebody who can sign in, and give the id; a login that is taken already is refused."""
    login, name = login_of(new.login), plain(new.name).strip()
    if not login or not name:
        raise Refused((refuse("person.unnamed"),))
    if not fits_as_login(login):
        raise Refused((refuse("person.login_unfit"),))
    if connection.execute(select(P.c.id).where(P.c.login == login)).first():
        raise Refused((refuse("person.login_taken", login=login),))
    row = {"login": login, "name": name, "email": new.email, "created_at": now}
    row["password_hash"] = new.password_hash or passwords.unknown()
    person_id: int = connection.execute(insert(P).returning(P.c.id), row).scalar_one()
    keep(connection, by, AdminAct.PERSON_ADDED, now, person_id, login=login, name=name)
    return person_id


def person_of(connection: Connection, login: str) -> int:
    """The id of the person with a login; NotFound when there is none."""
    found: int | None = connection.execute(select(P.c.id).where(P.c.login == login_of(login))).scalar()
    if found is None:
        raise NotFound(f"person {login}")
    return found


def correct_person(
    connection: Connection, person_id: int, name: str, email: str | None, by: Keeper, now: datetime
) -> None:
    """Correct somebody's name or address; what was signed before keeps the name of that time."""
    person = _person(connection, person_id)
    name = plain(name).strip()
    if not name:
        raise Refused((refuse("person.unnamed"),))
    if (name, email) == (person.name, person.email):
        return
    values = {"name": name, "email": email, "search_key": search_key(f"{name} {person.login}")}
    connection.execute(update(P).where(P.c.id == person_id).values(values))
    keep(connection, by, AdminAct.PERSON_CORRECTED, now, person_id, before=person.name, name=name, email=email or "")


def grant_office(connection: Connection, person_id: int, new: NewGrant, by: Keeper, now: datetime) -> int:
    """Give somebody an office, and its id; refused with every reason: another tier, held already by then, oneself."""
    unit = connection.execute(select(U).where(U.c.id == new.unit_id)).first()
    if unit is None:
        raise NotFound(f"unit {new.unit_id}")
    wrong = _faults(new, unit)
    if not wrong and _held_already(connection, person_id, new):
        wrong = (refuse("grant.held_already", roles=(new.role,)),)
    if by.person_id == person_id:
        wrong = (*wrong, refuse("grant.to_oneself"))
    if wrong:
        raise Refused(wrong)
    row = {"person_id": person_id, "role": new.role.value, "unit_id": new.unit_id, "department": new.department}
    period = {"wording": new.wording, "valid_from": new.valid_from, "valid_to": new.valid_to}
    grant_id: int = connection.execute(insert(G).returning(G.c.id), {**row, **period}).scalar_one()
    told = {"role": new.role.value, "unit": unit.full_name, "wording": new.wording, "first": new.valid_from.isoformat()}
    last = new.valid_to.isoformat() if new.valid_to else ""
    keep(connection, by, AdminAct.OFFICE_GRANTED, now, person_id, **told, last=last, department=new.department or "")
    return grant_id


def _faults(new: NewGrant, unit: Any) -> tuple[Refusal, ...]:
    faults = []
    if new.role.tier != unit.tier:
        faults.append(refuse("grant.other_tier", roles=(new.role,)))
    if new.valid_from < unit.valid_from or (unit.valid_to and new.valid_from > unit.valid_to):
        faults.append(refuse("grant.unit_not_then", unit=unit.full_name, on=new.valid_from))
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


def end_grant(connection: Connection, grant_id: int, last_day: date, by: Keeper, now: datetime) -> None:
    """End an office with its last day; refused when it ended earlier, or when nobody could administer afterwards."""
    _hold_administrators(connection)
    office = select(G, U.c.full_name).join(U, U.c.id == G.c.unit_id).where(G.c.id == grant_id)
    grant = connection.execute(office.with_for_update(of=G)).first()
    if grant is None:
        raise NotFound(f"grant {grant_id}")
    if grant.valid_to is not None and grant.valid_to <= last_day:
        raise Refused((refuse("grant.ended_already", on=grant.valid_to),))
    if last_day < grant.valid_from:
        raise Refused((refuse("grant.dates"),))
    afterwards = last_day if last_day == date.max else last_day + timedelta(days=1)
    if grant.role == Role.ADMINISTRATOR and not _somebody_stays(connection, afterwards, G.c.id != grant_id):
        raise Refused((refuse("person.last_administrator"),))
    connection.execute(update(G).where(G.c.id == grant_id).values(valid_to=last_day))
    told = {"role": grant.role, "unit": grant.full_name, "last": last_day.isoformat()}
    keep(connection, by, AdminAct.OFFICE_ENDED, now, grant.person_id, **told)


def disable(connection: Connection, person_id: int, by: Keeper, now: datetime) -> None:
    """Close an account: it can no longer sign in, its sessions end, what it did stays; refused for the last keeper."""
    _hold_administrators(connection)
    person, today = _person(connection, person_id), day_of(now)
    if person.disabled_at is not None:
        raise Refused((refuse("person.disabled"),))
    if by.person_id == person_id:
        raise Refused((refuse("person.oneself"),))
    if _administers(connection, person_id, today) and not _somebody_stays(connection, today, P.c.id != person_id):
        raise Refused((refuse("person.last_administrator"),))
    connection.execute(update(P).where(P.c.id == person_id).values(disabled_at=now))
    signing_in.end_sessions(connection, person_id, now)
    keep(connection, by, AdminAct.PERSON_DISABLED, now, person_id)


def enable(connection: Connection, person_id: int, by: Keeper, now: datetime) -> None:
    """Open a closed account again, with the password and the offices that it had."""
    if _person(connection, person_id).disabled_at is None:
        raise Refused((refuse("person.not_disabled"),))
    connection.execute(update(P).where(P.c.id == person_id).values(disabled_at=None))
    keep(connection, by, AdminAct.PERSON_ENABLED, now, person_id)


def change_password(connection: Connection, by: Keeper, password_hash: str, session_id: str, now: datetime) -> None:
    """Keep the new password of somebody who has given the old one; the sessions elsewhere end."""
    person = _person(connection, by.person_id or 0)
    connection.execute(update(P).where(P.c.id == person.id).values(password_hash=password_hash))
    signing_in.end_sessions(connection, person.id, now, but=session_id)
    keep(connection, by, AdminAct.PASSWORD_CHANGED, now, person.id)


def unlock(connection: Connection, person_id: int, by: Keeper, now: datetime) -> None:
    """Let somebody try again at once who failed to sign in too often."""
    person = _person(connection, person_id)
    signing_in.forgive_tries(connection, person.login)
    keep(connection, by, AdminAct.TRIES_FORGIVEN, now, person_id)


def take_factor_away(connection: Connection, person_id: int, by: Keeper, now: datetime) -> None:
    """Take the second factor of somebody who has lost the telephone; all sessions end, the lost one's too."""
    if by.person_id == person_id:
        raise Refused((refuse("person.oneself"),))
    second_factor.remove(connection, person_id, by, now)
    signing_in.end_sessions(connection, person_id, now)


def _person(connection: Connection, person_id: int) -> Any:
    found = connection.execute(select(P).where(P.c.id == person_id).with_for_update()).first()
    if found is None:
        raise NotFound(f"person {person_id}")
    return found


def _hold_administrators(connection: Connection) -> None:
    """Make acts upon administrators wait for each other: two who close each other at once must not both succeed."""
    offices = select(P.c.id).join(G, G.c.person_id == P.c.id).where(G.c.role == Role.ADMINISTRATOR.value)
    connection.execute(offices.order_by(P.c.id).with_for_update(of=P))


def _administers(connection: Connection, person_id: int, day: date) -> bool:
    """Whether somebody administers on a day."""
    ended = and_(G.c.valid_to.is_not(None), G.c.valid_to < day)
    offices = select(G.c.id).where(G.c.person_id == person_id, G.c.role == Role.ADMINISTRATOR.value)
    return connection.execute(offices.where(G.c.valid_from <= day, ~ended)).first() is not None


def _somebody_stays(connection: Connection, day: date, others: ColumnElement[bool]) -> bool:
    """Whether one of the others administers from a day on without an end: one whose office runs out is no help."""
    offices = select(G.c.id).join(P, P.c.id == G.c.person_id).where(G.c.role == Role.ADMINISTRATOR.value)
    lasting = and_(G.c.valid_from <= day, G.c.valid_to.is_(None), P.c.disabled_at.is_(None))
    return connection.execute(offices.where(lasting, others)).first() is not None
