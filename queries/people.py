"""Who is signed in, and which offices a person holds."""

from typing import Any

from sqlalchemy import Connection, bindparam, select

from models.base import table_of
from models.people import Person, RoleGrant
from queries.facts import actor_of
from workflow.facts import Actor
from workflow.names import Mailing

P, G = table_of(Person), table_of(RoleGrant)
_GRANTS = (
    select(P.c.name, G.c.role, G.c.unit_id, G.c.valid_from, G.c.valid_to, G.c.department, G.c.wording)
    .join(G, G.c.person_id == P.c.id)
    .where(P.c.id == bindparam("person_id"), P.c.disabled_at.is_(None))
    .order_by(G.c.id)
)


def grants_of(connection: Connection, person_id: int) -> list[list[Any]]:
    """The offices of a person who is not disabled, oldest first, with the person's name in each row."""
    rows = connection.execute(_GRANTS, {"person_id": person_id}).all()
    return [[*row[:3], row[3].isoformat(), row[4].isoformat() if row[4] else None, *row[5:]] for row in rows]


def read_actor(connection: Connection, person_id: int) -> Actor:
    """A person as an actor, with every office held."""
    return actor_of(person_id, grants_of(connection, person_id))


def read_mailing(connection: Connection, person_id: int) -> tuple[Mailing, str]:
    """How a person wants to be told by e-mail, and at which address, "" where none is known."""
    row = connection.execute(select(P.c.mailing, P.c.email).where(P.c.id == person_id)).one()
    return Mailing(row.mailing), row.email or ""
