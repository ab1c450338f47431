"""Who looked at a dossier and its files, the latest first, and how often."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from models.base import table_of
from models.people import Person
from models.record import Viewing
from queries.days import VIETNAM

V, P = table_of(Viewing), table_of(Person)
PAGE = 50
MOST_PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Look:
    """One look: who, when, at what."""

    person: str
    at: datetime
    seen: str
    item: str


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looked: how often at the dossier itself, at papers and files, and when last."""

    person: str
    pages: int
    files: int
    last: datetime


def looks(connection: Connection, dossier_id: int, page: int) -> tuple[tuple[Look, ...], int]:
    """A page of 50 looks at a dossier, the latest first, with the number of all of them."""
    total = connection.execute(select(func.count()).select_from(V).where(V.c.dossier_id == dossier_id)).scalar_one()
    wanted = select(P.c.name, V.c.at, V.c.seen, V.c.item).join(P, P.c.id == V.c.person_id)
    newest = wanted.where(V.c.dossier_id == dossier_id).order_by(V.c.at.desc(), V.c.id)
    rows: Any = connection.execute(newest.limit(PAGE).offset((page - 1) * PAGE))
    return tuple(Look(name, at.astimezone(VIETNAM), seen, item) for name, at, seen, item in rows), total


def lookers(connection: Connection, dossier_id: int) -> tuple[Looker, ...]:
    """Everybody who looked at a dossier, whoever looked last first."""
    pages = func.count().filter(V.c.seen == "dossier")
    last = func.max(V.c.at)
    counted = select(P.c.name, pages, func.count() - pages, last).join(P, P.c.id == V.c.person_id)
    grouped = counted.where(V.c.dossier_id == dossier_id).group_by(P.c.id, P.c.name)
    rows: Any = connection.execute(grouped.order_by(last.desc(), P.c.name).limit(MOST_PEOPLE))
    return tuple(Looker(name, own, files, at.astimezone(VIETNAM)) for name, own, files, at in rows)
