"""Signing in and out: name and password, the lockout after failed tries, and sessions that live on the server.

Of a session only the hash of its secret is kept. Nothing here tells whether an account exists: an unknown name costs
the same work and gets the same answer as a wrong password. A try is checked first, outside of any transaction, since
hashing takes long; then it is settled, which keeps it and says what came of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection, Engine, func, insert, select, update

from casework import passwords
from casework.errors import NotFound
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import Installation
from models.people import Person, SignInAttempt, SignInSession

P, T, S = table_of(Person), table_of(SignInAttempt), table_of(SignInSession)
LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


class Outcome(Enum):
    """What came of a try to sign in."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Tried:
    """A try as it was checked: the person's id when name and password are right."""

    login: str
    address: str
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of signing in: the outcome, and the secret of the session that began, or None."""

    outcome: Outcome
    secret: str | None = None


def login_of(typed: str) -> str:
    """A login name as it is compared: without spaces around it and in small letters."""
    return typed.strip().casefold()[:60]


def check(connection: Connection, login: str, password: str, address: str) -> Tried:
    """Hold a name and a password against the accounts, by one verification whether or not there is such an account."""
    name = login_of(login)
    person = connection.execute(select(P.c.id, P.c.password_hash, P.c.disabled_at).where(P.c.login == name)).first()
    right = passwords.verify(person.password_hash if person else passwords.nobodys(), password)
    known = person.id if person and right and person.disabled_at is None else None
    return Tried(name, address[:60], known)


def settle(connection: Connection, tried: Tried, now: datetime) -> Outcome:
    """Keep a try, and say what came of it; while tries are locked even a right one is not looked at."""
    held = select(P.c.id).where(P.c.login == tried.login).with_for_update()
    connection.execute(held)  # tries at one account wait for each other, so that no sixth slips through
    if is_locked(connection, tried.login, now):
        return Outcome.LOCKED
    right = tried.person_id is not None
    row = {"login": tried.login, "address": tried.address, "at": now, "succeeded": right}
    connection.execute(insert(T), row)
    return Outcome.RIGHT if right else Outcome.WRONG


def is_locked(connection: Connection, login: str, now: datetime) -> bool:
    """Whether a name had 5 failed tries since its last success within 15 minutes; an unknown name is locked as well."""
    last = select(func.max(T.c.id)).where(T.c.login == login, T.c.succeeded).scalar_subquery()
    failed = select(func.count()).where(T.c.login == login, T.c.at > now - LOCK_FOR, ~T.c.succeeded)
    count: int = connection.execute(failed.where(T.c.id > func.coalesce(last, 0))).scalar_one()
    return count >= LOCK_AFTER


def enter(connection: Connection, tried: Tried, browser: str, now: datetime) -> Entered:
    """Settle a try and, when it was right, begin a session."""
    outcome = settle(connection, tried, now)
    if outcome is not Outcome.RIGHT or tried.person_id is None:
        return Entered(outcome)
    return Entered(outcome, begin(connection, tried.person_id, tried.address, browser, now))


def confirm(engine: Engine, login: str, password: str, address: str, now: datetime) -> Outcome:
    """Whether it is really this person who asks, by the password; a wrong try counts whatever the caller does next."""
    with reading(engine) as connection:
        tried = check(connection, login, password, address)
    with unit_of_work(engine) as connection:
        return settle(connection, tried, now)


def begin(connection: Connection, person_id: int, address: str, browser: str, now: datetime) -> str:
    """Begin a session of 12 hours and give its secret, of which only the hash is kept."""
    secret = token_urlsafe(32)
    row = {"id": id_of(secret), "person_id": person_id, "created_at": now, "last_seen_at": now}
    connection.execute(
        insert(S), {**row, "expires_at": now + SESSION_LASTS, "address": address[:60], "browser": browser[:200]}
    )
    return secret


def enter_practice(connection: Connection, login: str, address: str, browser: str, now: datetime) -> str:
    """Begin a session of a practice account without a password; only in a practice province, else NotFound."""
    practice = connection.execute(select(table_of(Installation).c.practice)).scalar()
    person = connection.execute(select(P.c.id).where(P.c.login == login_of(login), P.c.disabled_at.is_(None))).scalar()
    if not practice or person is None:
        raise NotFound("practice account")
    return begin(connection, person, address, browser, now)


def id_of(secret: str) -> str:
    """The name under which the session of a secret is kept."""
    return sha256(secret.encode()).hexdigest()


def revoke(connection: Connection, session_id: str, now: datetime) -> None:
    """End a session for good."""
    connection.execute(update(S).where(S.c.id == session_id, S.c.revoked_at.is_(None)).values(revoked_at=now))


def note_seen(connection: Connection, session_id: str, now: datetime) -> None:
    """Keep when a session was last used."""
    connection.execute(update(S).where(S.c.id == session_id).values(last_seen_at=now))


def set_language(connection: Connection, person_id: int, language: str) -> None:
    """Keep the language in which a person reads the pages."""
    connection.execute(update(P).where(P.c.id == person_id).values(language=language))
