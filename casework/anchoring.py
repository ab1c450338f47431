"""The daily anchor: one short value that vouches for the end of every chain, linked to the anchor of the day before."""

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, update

from casework.publication import sign
from documents.verify_record import ANCHOR_FORMAT, Acts, Chains, Fault, Links, digest, leaf_of_chain, root_of
from models.base import canonical, table_of
from models.events import DossierEvent
from models.record import Anchor
from queries.anchors import acts, moment_of
from queries.days import day_of
from queries.publication import signing_key

N, E = table_of(Anchor), table_of(DossierEvent)
SETTLING = timedelta(minutes=15)
"""Longer than any act waits for a lock: what bears an earlier moment than this is written by then, or never."""


def make(connection: Connection, now: datetime, *, practice: bool = False) -> bool:
    """Anchor all chains and the administrative acts once on this day; false when that is done already.

    In practice people walk through days that are past, so that there an anchor says nothing of moments.
    """
    day = day_of(now)
    if connection.execute(select(N.c.number).where(N.c.day >= day).limit(1)).first():
        return False
    last = connection.execute(select(N.c.number, N.c.hash).order_by(N.c.number.desc()).limit(1)).first()
    settled = "" if practice else moment_of(now - SETTLING)
    leaves = sorted([*_ends(connection), Acts(acts(connection)).leaf(settled)])
    body = {
        "format": ANCHOR_FORMAT,
        "number": last.number + 1 if last else 1,
        "day": day.isoformat(),
        "at": moment_of(now),
        "settled": settled,
        "previous": last.hash if last else "",
        "leaves": leaves,
        "root": root_of(leaves),
    }
    row = {"number": body["number"], "day": day, "at": now, "content": canonical(body), "hash": digest(body)}
    connection.execute(insert(N), row)
    return True


def sign_all(connection: Connection, keys: Path) -> None:
    """Sign every anchor that has no signature; all wait while the province has no publication key."""
    if signing_key(connection) is None:
        return
    for row in connection.execute(select(N.c.number, N.c.content).where(N.c.signature.is_(None))).all():
        key_id, signature = sign(connection, keys, row.content.encode())
        signed = {"key_id": key_id, "signature": b64encode(signature).decode()}
        connection.execute(update(N).where(N.c.number == row.number).values(signed))


def _ends(connection: Connection) -> Iterator[str]:
    """The leaf of every dossier: how many events its chain has and the hash of the last."""
    last = select(E.c.dossier_id, func.max(E.c.seq).label("seq")).group_by(E.c.dossier_id).subquery()
    same = (E.c.dossier_id == last.c.dossier_id) & (E.c.seq == last.c.seq)
    for row in connection.execute(select(E.c.dossier_id, E.c.seq, E.c.hash).join(last, same)):
        yield leaf_of_chain(row.dossier_id, row.seq, row.hash)


def check(connection: Connection, chains: Chains) -> Iterator[Fault]:
    """Hold the chains and the administrative acts against every anchor that is kept, one at a time."""
    links, recorded = Links(every=True), Acts(acts(connection))
    for row in connection.execute(select(N).order_by(N.c.number), execution_options={"yield_per": 10}):
        body = json.loads(row.content)
        yield from links.check({"anchor": body, "hash": row.hash})
        if (row.number, row.day.isoformat(), moment_of(row.at)) != (body["number"], body["day"], body["at"]):
            yield Fault(body["day"], row.number, "anchor_broken")
        yield from chains.check(body, whole=True, acts=recorded.leaf(body["settled"]))
