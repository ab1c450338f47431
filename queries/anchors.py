"""The published anchors of the days, and the record that they vouch for: every chain and every administrative act."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from documents.verify_record import ADMIN, CHAINED, EVENTS_FORMAT, canonical
from models.accounts import AdminEvent
from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent
from models.record import Anchor

N, D, E, A = table_of(Anchor), table_of(Dossier), table_of(DossierEvent), table_of(AdminEvent)
PAGE = 31


@dataclass(frozen=True, slots=True)
class Anchored:
    """The anchor of a day: its number, its hash, and the key that signed it, if one has."""

    number: int
    day: date
    hash: str
    key_id: str | None


def anchors(connection: Connection, before: int | None = None) -> tuple[Anchored, ...]:
    """Up to 31 anchors, the newest first; those before a number when one is given."""
    newest = select(N.c.number, N.c.day, N.c.hash, N.c.key_id).order_by(N.c.number.desc()).limit(PAGE)
    if before is not None:
        newest = newest.where(N.c.number < before)
    return tuple(Anchored(*row) for row in connection.execute(newest))


def published(row: Row[Any]) -> bytes:
    """An anchor as it is published: its content, hash and signature as canonical JSON."""
    named = {"anchor": json.loads(row.content), "hash": row.hash, "key_id": row.key_id, "signature": row.signature}
    return canonical(named)


def published_on(connection: Connection, day: date) -> bytes | None:
    """The published anchor of a day; None where there is none."""
    row = connection.execute(select(N).where(N.c.day == day)).first()
    return published(row) if row else None


def every_published(connection: Connection, since: date | None = None) -> Iterator[tuple[date, bytes]]:
    """Every published anchor with its day, or those since a day, the oldest first, one at a time."""
    wanted = select(N).order_by(N.c.number)
    if since is not None:
        wanted = wanted.where(N.c.day >= since)
    rows = connection.execute(wanted, execution_options={"yield_per": 10})
    yield from ((row.day, published(row)) for row in rows)


def record_lines(connection: Connection, dossier_id: int | None = None) -> Iterator[bytes]:
    """The export of events for the stand-alone check: of one dossier, or the whole record with administrative acts."""
    yield canonical({"format": EVENTS_FORMAT, "whole": dossier_id is None}) + b"\n"
    dossiers = select(D.c.id, D.c.code, D.c.event_count, D.c.head_hash).order_by(D.c.id)
    if dossier_id is not None:
        dossiers = dossiers.where(D.c.id == dossier_id)
    for row in connection.execute(dossiers).all():
        chain = connection.execute(select(E).where(E.c.dossier_id == row.id).order_by(E.c.seq))
        events = [_plain(event._mapping, (*CHAINED, "hash")) for event in chain]  # noqa: SLF001 - its public name
        yield canonical({**row._mapping, "events": events}) + b"\n"  # noqa: SLF001 - its public name
    if dossier_id is None:
        yield from (canonical(act) + b"\n" for act in acts(connection))


def acts(connection: Connection) -> Iterator[dict[str, object]]:
    """Every administrative act as it is anchored and exported."""
    for row in connection.execute(select(A).order_by(A.c.at, A.c.id)).mappings():
        yield _plain(row, ADMIN)


def _plain(row: Mapping[Any, Any], names: tuple[str, ...]) -> dict[str, object]:
    return {name: exact(row[name]) for name in names}


def exact(value: object) -> object:
    """A value as it goes into a hash: a moment as UTC to the microsecond, anything else as it is."""
    return moment_of(value) if isinstance(value, datetime) else value


def moment_of(moment: datetime) -> str:
    """A moment as it is hashed: UTC to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
