"""One-time links by which somebody sets a new password: made by an administrator, handed over, good for one day."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import Connection, insert, select, update

from casework.admin_record import Keeper, keep
from casework.errors import NotFound, Refused
from casework.signing_in import end_sessions, forgive_tries
from models.accounts import PasswordLink
from models.base import table_of
from models.people import Person
from workflow.names import AdminAct
from workflow.refusal import refuse

L, P = table_of(PasswordLink), table_of(Person)
LASTS = timedelta(hours=24)


def make_link(connection: Connection, person_id: int, by: Keeper, now: datetime) -> str:
    """Make somebody a link in place of an earlier one, and give its secret, which is shown once and not kept."""
    person = connection.execute(select(P.c.disabled_at).where(P.c.id == person_id).with_for_update()).first()
    if person is None:
        raise NotFound(f"person {person_id}")
    if person.disabled_at is not None:
        raise Refused((refuse("person.disabled"),))
    if by.person_id == person_id:
        raise Refused((refuse("person.oneself"),))
    connection.execute(update(L).where(L.c.person_id == person_id, L.c.closed_at.is_(None)).values(closed_at=now))
    secret = token_urlsafe(32)
    row = {"token_hash": hash_of(secret), "person_id": person_id, "made_at": now, "expires_at": now + LASTS}
    connection.execute(insert(L), row)
    keep(connection, by, AdminAct.LINK_MADE, now, person_id)
    return secret


def hash_of(secret: str) -> str:
    """The name under which the link of a secret is kept."""
    return sha256(secret.encode()).hexdigest()


def use_link(connection: Connection, secret: str, password_hash: str, now: datetime) -> None:
    """Set the password for which a link was made: the link is used up, all sessions end, failed tries are forgiven."""
    still_good = (L.c.token_hash == hash_of(secret), L.c.closed_at.is_(None), L.c.expires_at > now)
    used = update(L).where(*still_good).values(closed_at=now).returning(L.c.person_id)
    person_id = connection.execute(used).scalar()
    person = connection.execute(select(P).where(P.c.id == person_id, P.c.disabled_at.is_(None))).first()
    if person is None:
        raise NotFound("password link")
    connection.execute(update(P).where(P.c.id == person.id).values(password_hash=password_hash))
    end_sessions(connection, person.id, now)
    forgive_tries(connection, person.login)
    keep(connection, Keeper(person.name, person.id), AdminAct.PASSWORD_SET, now, person.id)
