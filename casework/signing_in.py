"""Signing in and out: name and password, the lockout after failed tries, and sessions that live on the server.

Of a session only the hash of its secret is kept. Nothing here tells whether an account exists: an unknown name costs
the same work and gets the same answer as a wrong password. A try is checked first, outside of any transaction, since
hashing takes long; then it is settled, which keeps it and says what came of it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection, Engine, insert, select, update

from casework import passwords, second_factor
from casework.errors import NotFound
from casework.second_factor import Code
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import Installation
from models.people import Person, SignInAttempt, SignInSession
from queries.days import day_of
from queries.sessions import Waiting
from workflow.names import SessionStage

P, T, S = table_of(Person), table_of(SignInAttempt), table_of(SignInSession)
LOCK_AFTER = 5  # failed tries of one address at a name
LOCK_ALL_AFTER = 20  # of all addresses together
LOCK_FOR = timedelta(minutes=15)
SESSION_LASTS = timedelta(hours=12)
WAITING_LASTS = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=5)


class Outcome(Enum):
    """What came of a try to sign in."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    CODE_WANTED = "code_wanted"
    CODE_WRONG = "code_wrong"


@dataclass(frozen=True, slots=True)
class Browser:
    """From where somebody signs in: the address on the network, and what the browser says of itself."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A try as it was checked: the person's id when name and password are right."""

    login: str
    browser: Browser
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Entered:
    """What came of signing in: the outcome, and the secret of the session that began, or None."""

    outcome: Outcome
    secret: str | None = None


def login_of(typed: str) -> str:
    """A login name as it is compared: without spaces around it and in small letters."""
    return typed.strip().casefold()[:60]


def check(connection: Connection, login: str, password: str, browser: Browser) -> Tried:
    """Hold a name and a password against the accounts, by one verification whether or not there is such an account."""
    name, nobodys = login_of(login), passwords.nobodys()  # made on the first try of a process, whosever it is
    person = connection.execute(select(P.c.id, P.c.password_hash, P.c.disabled_at).where(P.c.login == name)).first()
    right = passwords.verify(person.password_hash if person else nobodys, password)
    known = person.id if person and right and person.disabled_at is None else None
    return Tried(name, browser, known)


def settle(connection: Connection, tried: Tried, code: Code, now: datetime) -> Outcome:
    """Keep a try, and say what came of it; while tries are locked even a right one is not looked at.

    A right password alone is neither kept as a success nor as a failure where a code is still wanted: otherwise it
    would open the way to as many codes as one likes.
    """
    held = select(P.c.id).where(P.c.login == tried.login).with_for_update()
    connection.execute(held)  # tries at one account wait for each other, so that no sixth slips through
    if is_locked(connection, tried.login, now, tried.browser.address):
        return Outcome.LOCKED
    outcome = _judge(connection, tried, code, now)
    if outcome is not Outcome.CODE_WANTED:
        row = {"login": tried.login, "address": tried.browser.address[:60], "at": now}
        connection.execute(insert(T), {**row, "succeeded": outcome is Outcome.RIGHT})
    return outcome


def _judge(connection: Connection, tried: Tried, code: Code, now: datetime) -> Outcome:
    if tried.person_id is None:
        return Outcome.WRONG
    if not second_factor.is_set(connection, tried.person_id):
        return Outcome.RIGHT
    if not code.typed.strip():
        return Outcome.CODE_WANTED
    return Outcome.RIGHT if second_factor.accept(connection, tried.person_id, code, now) else Outcome.CODE_WRONG


def is_locked(connection: Connection, login: str, now: datetime, address: str | None = None) -> bool:
    """Whether tries of an address at a name are locked, known or not; without an address, whether those of any are.

    Within 15 minutes an address has 5 failed tries since its last success, so that nobody elsewhere can lock somebody
    out, and all addresses together have 20.
    """
    tries = select(T.c.address, T.c.succeeded).where(T.c.login == login, T.c.at > now - LOCK_FOR, ~T.c.forgiven)
    failed, total = Counter[str](), 0
    for place, succeeded in connection.execute(tries.order_by(T.c.id)):
        failed[place] = 0 if succeeded else failed[place] + 1
        total += not succeeded
    most = max(failed.values(), default=0) if address is None else failed[address[:60]]
    return most >= LOCK_AFTER or total >= LOCK_ALL_AFTER


def forgive_tries(connection: Connection, login: str) -> None:
    """Let the failed tries at an account count no longer."""
    connection.execute(update(T).where(T.c.login == login, ~T.c.succeeded, ~T.c.forgiven).values(forgiven=True))


def enter(connection: Connection, tried: Tried, code: Code, now: datetime) -> Entered:
    """Settle a try and, when it was right, begin a session."""
    outcome = settle(connection, tried, code, now)
    if outcome is not Outcome.RIGHT or tried.person_id is None:
        return Entered(outcome)
    return Entered(outcome, begin(connection, tried.person_id, tried.browser, now))


def wait_for_code(connection: Connection, tried: Tried, now: datetime) -> str:
    """Begin a session of 10 minutes in which nothing can be done but give the code; its secret."""
    if tried.person_id is None:
        raise NotFound("nobody waits")
    return _begin(connection, tried.person_id, tried.browser, SessionStage.CODE, now)


def give_code(connection: Connection, waiting: Waiting, code: Code, browser: Browser, now: datetime) -> Entered:
    """Settle the code that was still wanted and, when it was right, begin the session in place of the waiting one."""
    entered = enter(connection, Tried(waiting.login, browser, waiting.person_id), code, now)
    if entered.secret is not None:
        revoke(connection, waiting.session_id, now)
    return entered


def confirm(engine: Engine, login: str, password: str, code: Code, browser: Browser, now: datetime) -> Outcome:
    """Whether it is really this person who asks, by password and, where there is a second factor, by code.

    It keeps the try by itself, before the act for which it is asked: a wrong one counts whatever becomes of the act.
    """
    with reading(engine) as connection:
        tried = check(connection, login, password, browser)
    with unit_of_work(engine) as connection:
        return settle(connection, tried, code, now)


def begin(connection: Connection, person_id: int, browser: Browser, now: datetime) -> str:
    """Begin a session of 12 hours and give its secret; whoever owes a second factor can only set it up in it."""
    owed = second_factor.is_owed(connection, person_id, day_of(now))
    return _begin(connection, person_id, browser, SessionStage.SET_UP if owed else SessionStage.WHOLE, now)


def _begin(connection: Connection, person_id: int, browser: Browser, stage: SessionStage, now: datetime) -> str:
    secret, lasts = token_urlsafe(32), WAITING_LASTS if stage is SessionStage.CODE else SESSION_LASTS
    row = {"id": id_of(secret), "person_id": person_id, "created_at": now, "last_seen_at": now, "stage": stage.value}
    place = {"address": browser.address[:60], "browser": browser.name[:200]}
    connection.execute(insert(S), {**row, **place, "expires_at": now + lasts})
    return secret


def enter_practice(connection: Connection, login: str, browser: Browser, now: datetime) -> str:
    """Begin a session of a practice account without password or code; only in a practice province, else NotFound."""
    practice = connection.execute(select(table_of(Installation).c.practice)).scalar()
    person = connection.execute(select(P.c.id).where(P.c.login == login_of(login), P.c.disabled_at.is_(None))).scalar()
    if not practice or person is None:
        raise NotFound("practice account")
    return begin(connection, person, browser, now)


def id_of(secret: str) -> str:
    """The name under which the session of a secret is kept."""
    return sha256(secret.encode()).hexdigest()


def revoke(connection: Connection, session_id: str, now: datetime) -> None:
    """End a session for good."""
    connection.execute(update(S).where(S.c.id == session_id, S.c.revoked_at.is_(None)).values(revoked_at=now))


def revoke_own(connection: Connection, person_id: int, session_id: str, now: datetime) -> None:
    """End a session of one's own; NotFound when it is somebody else's or has ended."""
    own = (S.c.id == session_id, S.c.person_id == person_id, S.c.revoked_at.is_(None))
    if connection.execute(update(S).where(*own).values(revoked_at=now)).rowcount == 0:
        raise NotFound("session")


def end_sessions(connection: Connection, person_id: int, now: datetime, but: str = "") -> None:
    """End all sessions of somebody, but for one."""
    others = (S.c.person_id == person_id, S.c.revoked_at.is_(None), S.c.id != but)
    connection.execute(update(S).where(*others).values(revoked_at=now))


def open_up(connection: Connection, session_id: str) -> None:
    """Let a session in which the second factor was to be set up reach everything, now that it is."""
    connection.execute(update(S).where(S.c.id == session_id).values(stage=SessionStage.WHOLE.value))


def note_seen(connection: Connection, session_id: str, now: datetime) -> None:
    """Keep when a session was last used."""
    connection.execute(update(S).where(S.c.id == session_id).values(last_seen_at=now))


def set_language(connection: Connection, person_id: int, language: str) -> None:
    """Keep the language in which a person reads the pages."""
    connection.execute(update(P).where(P.c.id == person_id).values(language=language))
