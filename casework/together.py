"""One decision on several units, or one in its place: each dossier passes the same door, all in one transaction.

Every dossier is locked in the order of its id before anything is decided; when one of them is stale or refused, nothing
is written and every reason is told. Each gets its own event, its own certificate and its own title; the decision is one
paper under one number, which each of their events vouches for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from casework import correcting, door, drawing
from casework.door import Act, Order, Receipt
from casework.errors import KeyReused, NotFound, NotTogether, Refused
from queries.facts import CaseFile
from queries.papers import read_around, read_names
from workflow.decide import Decision, decide
from workflow.decide import Refused as NotAllowed
from workflow.names import Field
from workflow.refusal import Refusal
from workflow.together import apart, gives_title


@dataclass(frozen=True, slots=True)
class JointOrder:
    """What a person asks for: one action on several dossiers as each was seen, under one key and one number."""

    action: str
    seen: Mapping[int, int]
    request_key: str
    inputs: Mapping[Field, object] = field(default_factory=dict)
    number: int | None = None

    def parts(self) -> tuple[Order, ...]:
        """The orders of the single dossiers in the order of their ids; the key of the whole is that of the first.

        The keys of the others name the whole as well, so that the same key with other dossiers is found out.
        """
        ids = sorted(self.seen)
        keys = [self.request_key, *(f"{self.request_key}.{len(ids)}.{one}" for one in ids[1:])]
        return tuple(
            Order(one, self.action, self.seen[one], key, self.inputs, self.number)
            for one, key in zip(ids, keys, strict=True)
        )


def perform_together(connection: Connection, order: JointOrder, person_id: int, now: datetime) -> tuple[Receipt, ...]:
    """Take one decision on several dossiers, or say of each why not; the same order sent again, the same receipts."""
    parts = order.parts()
    files = [door.take_up(connection, part, person_id, now) for part in parts]
    if any(file.earlier for file in files):
        if not all(file.earlier for file in files):
            raise KeyReused(order.request_key)
        return tuple(door.receipt_of_earlier(file, part) for file, part in zip(files, parts, strict=True))
    stale = {
        file.row.id: door.stale(connection, file)
        for file, part in zip(files, parts, strict=True)
        if file.row.version != part.seen_version
    }
    fresh = [file for file in files if file.row.id not in stale]
    decisions = judge(fresh, order.action, order.inputs, stale)
    correcting.require(connection, files, decisions[0].event.type, order.inputs)
    issued = door.number(connection, files[0], decisions[0], parts[0])
    acts = [
        door.lay_out(connection, file, decision, part, issued)
        for file, decision, part in zip(files, decisions, parts, strict=True)
    ]
    return _write(connection, _joined(acts), now)


def judge(
    files: list[CaseFile], action: str, inputs: Mapping[Field, object], stale: Mapping[int, Any] | None = None
) -> list[Decision]:
    """What is decided on each dossier; NotTogether with every reason of every dossier, Refused where all do not fit."""
    found = [(file, decide(file.procedure, file.facts, file.actor, action, inputs)) for file in files]
    refused: dict[int, tuple[Refusal, ...]] = {
        file.row.id: one.refusals for file, one in found if isinstance(one, NotAllowed)
    }
    if stale or refused:
        raise NotTogether(stale or {}, refused)
    decisions = [one for _, one in found if isinstance(one, Decision)]
    against = apart([(file.procedure, file.facts) for file in files])
    if not all(gives_title(one.action) for one in decisions):
        raise NotFound(f"{action} on several dossiers")
    if against:
        raise Refused(against)
    return decisions


def sketch_together(connection: Connection, files: list[CaseFile], action: str, inputs: Mapping[Field, object]) -> Any:
    """The decision as it would be drawn up now, without a number; refused when the act would be."""
    decisions = judge(files, action, inputs)
    around = read_around(connection, files[0], files[0].facts.today)
    ids = {unit_id for file in files for unit_id in (file.row.unit_id, file.row.district_id) if unit_id}
    everywhere = replace(around, units={**around.units, **read_names(connection, ids)})
    sheet = drawing.lay_out(connection, files[0], everywhere, decisions[0], inputs, None)
    others = zip(files[1:], decisions[1:], strict=True)
    first = replace(sheet, beside=tuple(drawing.beside(sheet, file, decision) for file, decision in others))
    return drawing.facts_of(first, first.decision.action.documents[0])


def _joined(acts: list[Act]) -> list[Act]:
    """The acts with the one decision in the place of each one's own."""
    sheets = [sheet for act in acts if (sheet := act.sheet)]
    first = replace(sheets[0], beside=tuple(sheets[1:]))
    shared = next(paper for paper in drawing.draw_up(first) if paper.issued)
    return [door.drawn_up(act, shared) for act in acts]


def _write(connection: Connection, acts: list[Act], now: datetime) -> tuple[Receipt, ...]:
    first = door.write(connection, acts[0], now)
    return (first, *(door.write(connection, act, now, first.event_id) for act in acts[1:]))
