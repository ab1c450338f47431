"""Has anybody changed the history? Every chain is walked from its first event and compared with the dossier's head."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from casework.chain import hash_of
from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent
from queries.rulebook import procedures
from workflow.events import BrokenHistory, Event, fold
from workflow.names import EventType

D, E = table_of(Dossier), table_of(DossierEvent)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not add up: the dossier, the event's place in its chain, and what is wrong."""

    dossier: str
    seq: int
    cause: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at and what was found."""

    dossiers: int
    events: int
    findings: tuple[Finding, ...]


def verify(connection: Connection) -> Verdict:
    """Walk every chain: each hash, each link, each number, the head, and that the events lead to the stored state."""
    dossiers = {row.id: row for row in connection.execute(select(D).order_by(D.c.id))}
    chains: dict[int, list[Row[Any]]] = {dossier_id: [] for dossier_id in dossiers}
    count = 0
    for event in connection.execute(select(E).order_by(E.c.dossier_id, E.c.seq)):
        chains[event.dossier_id].append(event)
        count += 1
    findings = [finding for key, row in dossiers.items() for finding in _walk(row, chains[key])]
    return Verdict(len(dossiers), count, tuple(findings))


def _walk(dossier: Row[Any], chain: list[Row[Any]]) -> Iterator[Finding]:
    previous = ""
    for number, event in enumerate(chain, 1):
        if event.seq != number:
            yield Finding(dossier.code, number, f"event {number} is missing")
            return
        if event.previous_hash != previous:
            yield Finding(dossier.code, number, "it does not follow from the event before it")
        if hash_of(dict(zip(E.c.keys(), event, strict=True))) != event.hash:
            yield Finding(dossier.code, number, "its content was changed")
        previous = event.hash
    if len(chain) != dossier.event_count or previous != dossier.head_hash:
        yield Finding(dossier.code, len(chain), "the end of the chain is not where the dossier says")
    yield from _state(dossier, chain)


def _state(dossier: Row[Any], chain: list[Row[Any]]) -> Iterator[Finding]:
    events = [Event(EventType(one.type), one.action, one.from_state, one.to_state, {}) for one in chain]
    try:
        state = fold(procedures()[dossier.procedure_id], events)
    except BrokenHistory as broken:
        yield Finding(dossier.code, len(chain), str(broken))
        return
    if state != dossier.state:
        yield Finding(
            dossier.code, len(chain), f"the events lead to '{state}', the dossier stands in '{dossier.state}'"
        )
