"""The door: the only road by which a dossier changes state. Everything an act writes is written in one transaction.

In order: is it done already, is this page current, may you, do the facts allow it; then one event, the state, the
number and the effects. The caller owns the boundary (`unit_of_work`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection, Insert, bindparam, insert, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError

from casework import correcting, drawing, filled_in, issuing, notices, papers, recognising
from casework.chain import hash_of, seal_of
from casework.drawing_frame import Sheet
from casework.errors import KeyReused, NotFound, Refused, Stale
from casework.standing import due_on, holder_of, moved
from models.base import canonical, table_of
from models.dossiers import Dossier
from models.events import DossierEvent, EffectRow
from models.people import Person
from queries.days import day_of
from queries.facts import CaseFile, Earlier, read_case
from queries.papers import read_around
from workflow.decide import Decision, decide, kept_of
from workflow.decide import Refused as NotAllowed
from workflow.events import DECIDING
from workflow.names import EventType, Field, StateKind
from workflow.policy import may_see

D, E, X, P = table_of(Dossier), table_of(DossierEvent), table_of(EffectRow), table_of(Person)
SEALS_COLUMN = frozenset(
    {
        *(EventType.SELF_ASSESSED, EventType.SUBMITTED, EventType.RESUBMITTED, EventType.VERIFIED, EventType.APPRAISED),
        *(EventType.REVOCATION_ASSESSED, EventType.REVOCATION_SUBMITTED, EventType.REVOCATION_APPRAISED),
    }
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for: an action on a dossier as it was seen, with what was typed, under a key of its own.

    The number is typed in where the clerk gives numbers by hand. The notes say of single things that are missing what
    is to be done; without any (None) a notice says what was noted while they were checked.
    """

    dossier_id: int
    action: str
    seen_version: int
    request_key: str
    inputs: Mapping[Field, object] = field(default_factory=dict)
    number: int | None = None
    notes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was done: the event, the state it led to, the dossier's version now, and the number that was taken."""

    dossier_id: int
    event_id: int
    seq: int
    type: EventType
    to_state: str
    repeated: bool = False
    number: int | None = None


_INSERT_EVENT = insert(E).returning(E.c.id)
_MOVE = (
    update(D)
    .where(D.c.id == bindparam("this_id"), D.c.version == bindparam("seen"))
    .values({name: bindparam(name) for name in ("state", "version", "event_count", "head_hash", "holder_role")})
    .values({name: bindparam(name) for name in ("holder_unit_id", "due_on", "is_open", "closed_at", "round")})
    .values({name: bindparam(name) for name in ("procedure_id", "changed_by", "changed_at")})
    .values({name: bindparam(name) for name in ("decided_by", "decided_on", "year_recognised")})
)


def perform(connection: Connection, order: Order, person_id: int, now: datetime) -> Receipt:
    """Carry out one action on one dossier, or say why not; the same order sent again gives the same receipt."""
    file = take_up(connection, order, person_id, now)
    if file.earlier:
        return receipt_of_earlier(file, order)
    if file.row.version != order.seen_version:
        raise stale(connection, file)
    decision = decide(file.procedure, file.facts, file.actor, order.action, order.inputs)
    if isinstance(decision, NotAllowed):
        raise Refused(decision.refusals)
    correcting.require(connection, (file,), decision.event.type, order.inputs)
    issued = number(connection, file, decision, order)
    return write(connection, drawn_up(lay_out(connection, file, decision, order, issued)), now)


def take_up(connection: Connection, order: Order, person_id: int, now: datetime) -> CaseFile:
    """Lock the dossier and read all that a rule may ask about; NotFound outside the person's reach."""
    file = read_case(connection, order.dossier_id, person_id, day_of(now), request_key=order.request_key, lock=True)
    if file is None or not may_see(file.actor, file.facts.unit, file.facts.today):
        raise NotFound(f"dossier {order.dossier_id}")
    return file


def receipt_of_earlier(file: CaseFile, order: Order) -> Receipt:
    """The receipt of what was done under the same key already; KeyReused when that was another act, or said else."""
    earlier, asked = file.earlier, (order.dossier_id, file.actor.person_id, order.action)
    if earlier is None or (earlier.dossier_id, earlier.person_id, earlier.action) != asked:
        raise KeyReused(order.request_key)
    if not _says_the_same(file, earlier, order):
        raise KeyReused(order.request_key)
    return Receipt(
        earlier.dossier_id, earlier.event_id, earlier.seq, EventType(earlier.type), earlier.to_state, repeated=True
    )


def _says_the_same(file: CaseFile, earlier: Earlier, order: Order) -> bool:
    """Whether an order says what was recorded under its key: going back and changing what was typed is another act."""
    action = file.procedure.actions.get(order.action)
    typed = kept_of(action, order.inputs) if action else {}
    typed["notes"] = dict(order.notes) if order.notes else None
    return canonical(typed) == canonical({name: earlier.payload.get(name) for name in typed})


def stale(connection: Connection, file: CaseFile) -> Stale:
    """Who has changed a dossier, and when."""
    name = connection.execute(select(P.c.name).where(P.c.id == file.row.changed_by)).scalar_one()
    return Stale(name, file.row.changed_at, file.row.state, file.row.version)


@dataclass(frozen=True, slots=True)
class Act:
    """An act that is allowed, as it is about to be written: its number, its papers, what was filled in before it."""

    file: CaseFile
    decision: Decision
    order: Order
    issued: issuing.Issued | None
    sheet: Sheet | None
    sealed: filled_in.type_of_seals
    drawn: tuple[papers.Drawn, ...] = ()


def lay_out(
    connection: Connection, file: CaseFile, decision: Decision, order: Order, issued: issuing.Issued | None
) -> Act:
    """Read what stands around an act and seal what was filled in; nothing is written."""
    around, state, sheet = None, file.procedure.states[file.facts.state], None
    if decision.action.documents or state.work:
        around = read_around(connection, file, file.facts.today)
    if around and decision.action.documents:
        sheet = drawing.lay_out(connection, file, around, decision, order.inputs, issued, order.notes)
    sealed = filled_in.seals_of(state, around.filled_in) if around else {}
    return Act(file, decision, order, issued, sheet, sealed)


def drawn_up(act: Act, shared: papers.Drawn | None = None) -> Act:
    """The act with its papers; the decision among them is the shared one, where it is about other dossiers too."""
    return replace(act, drawn=drawing.draw_up(act.sheet, shared)) if act.sheet else act


def write(connection: Connection, act: Act, now: datetime, first_event: int | None = None) -> Receipt:
    """Write an act: its event, the state, what it owes, its papers and its title.

    Where several acts are one decision, its paper is kept with the first of them, whose event the others name.
    """
    file, decision, issued, sheet = act.file, act.decision, act.issued, act.sheet
    event_id = record(connection, event := event_row(file, decision, act.order, now, issued, act.drawn, act.sealed))
    move(connection, file, decision, event, now)
    owe(connection, decision, event_id, now)
    papers.keep(connection, file, act.drawn, event_id, now, first_event)
    if sheet and decision.event.type is EventType.RECOGNISED:
        recognising.enter(connection, sheet)
    if sheet and decision.event.type is EventType.REPLACED:
        recognising.replace(connection, sheet, event_id)
    if sheet and decision.event.type is EventType.REVOKED:
        recognising.end(connection, sheet, event_id, "revoked")
    return Receipt(
        file.row.id,
        event_id,
        file.row.event_count + 1,
        decision.event.type,
        decision.event.to_state,
        number=issued.number if issued else None,
    )


def number(connection: Connection, file: CaseFile, decision: Decision, order: Order) -> issuing.Issued | None:
    """The number that the act takes, if it takes one."""
    signed_on = order.inputs.get(Field.SIGNED_ON)
    if not decision.action.takes_number or not isinstance(signed_on, date):
        return None
    symbol = issuing.provincial_symbol(decision.action.documents[0])
    return issuing.give_number(connection, file.row.province_id, symbol, signed_on, order.number)


def record(connection: Connection, event: Mapping[str, object]) -> int:
    """Write an event and give its id; refused when the same key was used for another dossier at the same moment."""
    try:
        event_id: int = connection.execute(_INSERT_EVENT, event).scalar_one()
    except IntegrityError as error:
        if "request_key" in str(error.orig):
            raise KeyReused(str(event["request_key"])) from error
        raise
    return event_id


def event_row(
    file: CaseFile,
    decision: Decision,
    order: Order,
    now: datetime,
    issued: issuing.Issued | None,
    drawn: Collection[papers.Drawn],
    sealed: filled_in.type_of_seals,
) -> dict[str, object]:
    """The event as it is stored: what happened, in which office of whom, chained to the one before."""
    payload = dict(decision.event.payload)
    if decision.event.type in SEALS_COLUMN:
        payload["column_sha256"] = _seal(file)
    if issued:
        payload["document"] = issued.name
    if order.notes:
        payload["notes"] = dict(order.notes)
    if drawn:
        payload["papers"] = {paper.kind.value: paper.digest for paper in drawn}
    if about := sorted({(bond.relation.value, bond.paper_id) for paper in drawn for bond in paper.bonds}):
        payload["about"] = [list(one) for one in about]
    if sealed:
        payload["sealed"] = sealed
    row: dict[str, object] = {
        "dossier_id": file.row.id,
        "seq": file.row.event_count + 1,
        "type": decision.event.type.value,
        "action": decision.event.action,
        "from_state": decision.event.from_state,
        "to_state": decision.event.to_state,
        "procedure_id": file.procedure.id,
        "person_id": file.actor.person_id,
        "person_name": file.actor.name,
        "role": decision.grant.role.value,
        "unit_id": decision.grant.unit_id,
        "wording": decision.grant.wording,
        "at": now,
        "reason": str(payload.get(Field.REASON, "")),
        "payload": canonical(payload),
        "request_key": order.request_key,
        "previous_hash": file.row.head_hash,
    }
    row["hash"] = hash_of(row)
    return row


def _seal(file: CaseFile) -> str:
    column = file.procedure.states[file.facts.state].column
    facts = file.facts
    return seal_of(facts.answers.get(column, {}), facts.refuted.get(column, ())) if column else seal_of({}, ())


def move(
    connection: Connection, file: CaseFile, decision: Decision, event: Mapping[str, object], now: datetime
) -> None:
    """Set the dossier's new state with its holder and deadline; refused when the row has changed meanwhile."""
    row, procedure, to_state = file.row, file.procedure, decision.event.to_state
    ends = procedure.states[to_state].kind is StateKind.FINAL
    role, unit_id = holder_of(procedure, to_state, row.unit_id, row.district_id, row.province_id)
    decides, stays = decision.event.type in DECIDING, to_state == row.state
    today = file.facts.today
    changed = connection.execute(
        _MOVE,
        {
            "this_id": row.id,
            "seen": row.version,
            "procedure_id": procedure.id,
            "state": to_state,
            "version": row.version + 1,
            "event_count": event["seq"],
            "head_hash": event["hash"],
            "holder_role": role.value if role else None,
            "holder_unit_id": unit_id,
            "due_on": due_on(procedure, to_state, moved(file.stays, to_state, today), file.calendar, today),
            "is_open": not ends,
            "closed_at": row.closed_at if stays else now if ends else None,
            "round": row.round + (to_state in procedure.resets and not stays),
            "changed_by": file.actor.person_id,
            "changed_at": now,
            "decided_by": file.actor.person_id if decides else row.decided_by,
            "decided_on": _day(decision, Field.SIGNED_ON) if decides else row.decided_on,
            "year_recognised": decision.event.payload[Field.YEAR_RECOGNISED] if decides else row.year_recognised,
        },
    )
    if changed.rowcount != 1:
        raise stale(connection, file)


def _day(decision: Decision, name: Field) -> date:
    return date.fromisoformat(str(decision.event.payload[name]))


def owe(connection: Connection, decision: Decision, event_id: int, now: datetime) -> None:
    """Write down the effects that an event owes, to be picked up after the commit."""
    kinds = {f"kind_{place}": effect.value for place, effect in enumerate(notices.effects_of(decision))}
    if kinds:
        connection.execute(_owing(len(kinds)), {"of_event": event_id, "from_now": now, **kinds})


@cache
def _owing(count: int) -> Insert:
    """So many effects of one event in one statement."""
    of_event, from_now = bindparam("of_event", type_=X.c.event_id.type), bindparam("from_now", type_=X.c.run_at.type)
    kinds = (bindparam(f"kind_{place}", type_=X.c.kind.type) for place in range(count))
    rows = (select(of_event, kind, literal("queued"), from_now, literal(0)) for kind in kinds)
    return insert(X).from_select(
        ["event_id", "kind", "status", "run_at", "attempts"], union_all(*rows), include_defaults=False
    )
