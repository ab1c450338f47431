"""Has anybody changed the history, or what it led to? Every chain is walked and held against what stands beside it."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from casework import anchoring, filled_in
from casework.chain import FIXED, hash_of, seal_of
from casework.issued_papers import numbered_by_hand
from casework.standing import holder_of
from documents.context import from_json
from documents.verify_record import Chains
from models.base import table_of
from models.documents import Paper, PaperDossier, PaperRelation
from models.dossiers import Answer, AnswerRevision, Dossier
from models.events import DossierEvent
from models.places import Recognition
from models.record import Anchor
from queries.about import papers_of
from queries.anchors import moment_of
from queries.columns import columns_of
from queries.filled_in import SITTINGS, tables_of
from queries.rulebook import move_plans, procedures
from workflow.copies import COPIES
from workflow.events import DECIDING, GIVES_TITLE, BrokenHistory, Event
from workflow.moving import fold_moved
from workflow.names import Column, EventType, Relation, StateKind

D, E, A, V = table_of(Dossier), table_of(DossierEvent), table_of(Answer), table_of(AnswerRevision)
R, P, OF, B, N = (table_of(one) for one in (Recognition, Paper, PaperDossier, PaperRelation, Anchor))
C = P.alias("copied")
VALUE = ("column_name", "indicator", "value", "not_applicable", "refuted", "reason", "person_id", "at", "version")


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
    anchors: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A dossier's row with its chain and what stands beside it: the book's entries, the papers, the answers."""

    row: Row[Any]
    chain: list[Row[Any]]
    titles: list[Row[Any]]
    papers: list[Row[Any]]
    relations: list[Row[Any]]
    answers: list[Row[Any]]
    revisions: list[Row[Any]]


def verify(connection: Connection) -> Verdict:
    """Walk every chain, hold the dossier, its title, papers and answers against it, and all chains against anchors."""
    dossiers = connection.execute(select(D).order_by(D.c.id)).all()
    findings: list[Finding] = []
    count, chains = 0, Chains(())
    for row in dossiers:
        chain, titles, answers, revisions = (_of(connection, table, row.id) for table in (E, R, A, V))
        papers, relations = _papers_of(connection, row.id), _relations_of(connection, row.id)
        record = Record(row, chain, titles, papers, relations, answers, revisions)
        count += len(record.chain)
        chains.add(row.code, [(one.dossier_id, one.seq, one.hash, moment_of(one.at)) for one in record.chain])
        findings += (Finding(row.code, seq, cause) for seq, cause in _check(record))
        findings += (Finding(row.code, len(record.chain), cause) for cause in _filled_in(connection, record))
    findings += (
        Finding(fault.subject or "-", fault.seq, fault.said()) for fault in anchoring.check(connection, chains)
    )
    anchors = connection.execute(select(func.count()).select_from(N)).scalar_one()
    return Verdict(len(dossiers), count, anchors, tuple(findings))


def _of(connection: Connection, table: Table, dossier_id: int) -> list[Row[Any]]:
    order = table.c.seq if table is E else table.primary_key.columns.values()[-1]
    return list(connection.execute(select(table).where(table.c.dossier_id == dossier_id).order_by(order)))


def _papers_of(connection: Connection, dossier_id: int) -> list[Row[Any]]:
    """The papers of a dossier, each with the event of this dossier's chain that vouches for it."""
    said = (P.c.kind, P.c.edition, P.c.number, P.c.symbol, P.c.signed_on, P.c.context, OF.c.event_id)
    copied = (C.c.number.label("of_number"), C.c.symbol.label("of_symbol"), C.c.signed_on.label("of_signed_on"))
    bound = papers_of(dossier_id).outerjoin(B, (B.c.paper_id == P.c.id) & (B.c.relation == Relation.COPIES.value))
    listed = select(*said, *copied).select_from(bound.outerjoin(C, C.c.id == B.c.other_id))
    return list(connection.execute(listed.order_by(P.c.id)))


def _relations_of(connection: Connection, dossier_id: int) -> list[Row[Any]]:
    """What the papers of a dossier say of earlier ones, each with the event that it was said with."""
    said = select(OF.c.event_id, B.c.relation, B.c.other_id).select_from(B.join(OF, OF.c.paper_id == B.c.paper_id))
    return list(connection.execute(said.where(OF.c.dossier_id == dossier_id).order_by(B.c.relation, B.c.other_id)))


def _check(record: Record) -> Iterator[tuple[int, str]]:
    yield from _walk(record.row, record.chain)
    last = len(record.chain)
    followed = [event.procedure_id for event in record.chain]
    if followed[-1:] != [record.row.procedure_id] or set(followed) - procedures().keys():
        yield last, "it is not pinned to the procedure of its events"
        return
    yield from ((last, cause) for cause in _state(record.row, record.chain))
    yield from ((last, cause) for cause in _decision(record))
    yield from _papers(record)
    yield from _relations(record)
    yield from ((last, cause) for cause in (*_editions(record), *_copies(record), *_answers(record)))
    yield from _seals(record)


def _walk(dossier: Row[Any], chain: list[Row[Any]]) -> Iterator[tuple[int, str]]:
    previous = ""
    for number, event in enumerate(chain, 1):
        if event.seq != number:
            yield number, f"event {number} is missing"
            return
        if event.previous_hash != previous:
            yield number, "it does not follow from the event before it"
        if hash_of(dict(zip(E.c.keys(), event, strict=True))) != event.hash:
            yield number, "its content was changed"
        previous = event.hash
    if len(chain) != dossier.event_count or previous != dossier.head_hash:
        yield len(chain), "the end of the chain is not where the dossier says"


def _state(dossier: Row[Any], chain: list[Row[Any]]) -> Iterator[str]:
    """What the events lead to: the state, with who holds it, and what was fixed when the dossier was opened."""
    events = [
        (one.procedure_id, Event(EventType(one.type), one.action, one.from_state, one.to_state, {})) for one in chain
    ]
    try:
        procedure_id, state = fold_moved(events, procedures(), move_plans())
    except BrokenHistory as broken:
        yield str(broken)
        return
    procedure = procedures()[procedure_id]
    if state != dossier.state:
        yield f"the events lead to '{state}', the dossier stands in '{dossier.state}'"
    holder = holder_of(procedure, state, dossier.unit_id, dossier.district_id, dossier.province_id)
    ended = procedure.states[state].kind is StateKind.FINAL
    if (dossier.holder_role, dossier.holder_unit_id) != holder or dossier.is_open is ended:
        yield "it does not lie with the office that its state says"
    opened = _payload(chain[0]) if chain else {}
    for event in (one for one in chain if one.type == EventType.PASSED_ON and "unit_id" in opened):
        opened["unit_id"] = _payload(event).get("unit_id")
    changed = [name for name in FIXED if name in opened and opened[name] != getattr(dossier, name)]
    if changed:
        yield f"changed since it was opened: {', '.join(changed)}"


def _decision(record: Record) -> Iterator[str]:
    """The dossier, the book and the decisions say what the events say that gave a title; without any, nothing."""
    row, events = record.row, [one for one in record.chain if one.type in DECIDING]
    reviewed = _payload(record.chain[0]).get("title") if record.chain else None
    told = [(event, _payload(event)) for event in events]
    given = [(said.get("document"), said.get("year_recognised"), said.get("signed_on")) for _, said in told]
    _, year, signed = given[-1] if given else (None, None, None)
    decided_by = events[-1].person_id if events else None
    if (row.decided_by, row.year_recognised, _day(row.decided_on)) != (decided_by, year, signed):
        yield "who decided, when and for which year is not what the decision says"
    entries = [
        (one.decision, one.year_recognised, _day(one.signed_on), one.level, one.unit_id) for one in record.titles
    ]
    if entries != [(*one, row.level, row.unit_id) for one in (given or ([reviewed] if reviewed else []))]:
        yield "the book of recognitions is not what the decision says"
    numbered = [
        (one.event_id, f"{one.number:02d}/{one.symbol}", _day(one.signed_on))
        for one in record.papers
        if one.kind in GIVES_TITLE
    ]
    if numbered != [(event.id, said.get("document"), said.get("signed_on")) for event, said in told]:
        yield "the issued document is not what the decision says"


def _papers(record: Record) -> Iterator[tuple[int, str]]:
    """Every act's papers are as they were drawn up with it."""
    drawn: dict[int, dict[str, str]] = {}
    for paper in record.papers:
        if paper.edition == 1 and paper.kind not in COPIES:
            drawn.setdefault(paper.event_id, {})[paper.kind] = _digest(paper.context)
    for event in record.chain:
        if drawn.get(event.id, {}) != _payload(event).get("papers", {}):
            yield event.seq, "its papers are not what was drawn up with it"


def _relations(record: Record) -> Iterator[tuple[int, str]]:
    """Every act's papers say of earlier ones what its event says; revocations of old do not name theirs."""
    acts = [one for one in record.relations if one.relation != Relation.COPIES]
    for event in record.chain:
        told = _payload(event).get("about")
        said = [[one.relation, one.other_id] for one in acts if one.event_id == event.id]
        if said != (told or []) and not (told is None and event.type == EventType.REVOKED):
            yield event.seq, "what its papers say of earlier ones is not what was said with it"


def _editions(record: Record) -> Iterator[str]:
    """Every draft that was numbered by hand is what was drawn up, with its number and its day and nothing else."""
    drafts = {(one.event_id, one.kind): one.context for one in record.papers if one.edition == 1}
    for paper in (one for one in record.papers if one.edition > 1 and one.kind not in COPIES):
        draft = drafts.get((paper.event_id, paper.kind))
        if draft is None or numbered_by_hand(draft, paper.number, paper.signed_on) != paper.context:
            yield f"the paper {paper.number:02d}/{paper.symbol} is not the draft that was numbered"


def _copies(record: Record) -> Iterator[str]:
    """Every copy says of itself and of the paper that it copies what is known of both."""
    for copy in (one for one in record.papers if one.kind in COPIES):
        facts = from_json(copy.context)
        copied = facts.copied
        itself = (facts.kind, facts.number, facts.symbol, facts.signed_on)
        if itself != (copy.kind, copy.number, copy.symbol, copy.signed_on) or (
            (copied.number, copied.symbol, copied.signed_on) != (copy.of_number, copy.of_symbol, copy.of_signed_on)
        ):
            yield f"the copy {copy.number:02d}/{copy.symbol} is not of what it says it copies"


def _answers(record: Record) -> Iterator[str]:
    """Every answer is the last of its revisions."""
    last = {(one.column_name, one.indicator): _value(one) for one in record.revisions}
    standing = {(one.column_name, one.indicator): _value(one) for one in record.answers}
    wrong = sorted({f"{column} {code}" for column, code in _differing(last, standing)})
    if wrong:
        yield f"not the last value that was entered: {', '.join(wrong)}"


def _differing(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    return (key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _seals(record: Record) -> Iterator[tuple[int, str]]:
    """The column that an event sealed is still what was entered by then."""
    returned = False
    for event in record.chain:
        states = procedures()[event.procedure_id].states
        seal = _payload(event).get("column_sha256")
        column = states[event.from_state].column if event.from_state in states else None
        if seal and column and seal not in _possible_seals(record.revisions, column, event.at, returned=returned):
            yield event.seq, f"the values in the column '{column}' were changed"
        returned = returned or event.type == EventType.RETURNED


def _filled_in(connection: Connection, record: Record) -> Iterator[str]:
    """What is overwritten in place is still what the event sealed that left the state in which it was filled in."""
    state = procedures()[record.row.procedure_id].states.get(record.row.state) if record.chain else None
    if state is None:
        return
    events = [sealed for event in record.chain if (sealed := _payload(event).get("sealed"))]
    filling, last = tables_of(state), record.chain[-1]
    if last.type in (EventType.WITHDRAWN, EventType.LAPSED):  # the session that it was before goes on for the others
        left = tables_of(procedures()[last.procedure_id].states[last.from_state])
        filling = tuple(table for table in left if table in SITTINGS)
    for table in filled_in.broken(connection, record.row.id, filling, events, last.at):
        yield f"what was filled in was changed: {table}"


def _possible_seals(revisions: list[Row[Any]], column: Column, at: datetime, *, returned: bool) -> Iterator[str]:
    """The seal of a column at a moment; what was entered in that very moment may lie on either side of it."""
    for entered in ([one for one in revisions if one.at <= at], [one for one in revisions if one.at < at]):
        rows: dict[str, dict[str, list[Any]]] = defaultdict(dict)
        for one in entered:
            said = (one.value, one.not_applicable, one.refuted, one.reason != "")
            rows[one.column_name][one.indicator] = [one.indicator, *said, one.at.isoformat()]
        answers, refuted, _ = columns_of(partial(_rows_in, rows), returned=returned)
        yield seal_of(answers.get(column, {}), refuted.get(column, ()))


def _rows_in(rows: Mapping[str, Mapping[str, list[Any]]], column: Column) -> list[list[Any]]:
    return list(rows[column].values())


def _payload(event: Row[Any]) -> dict[str, Any]:
    """What an event says; nothing when it was changed into something that says nothing."""
    try:
        payload = json.loads(event.payload)
    except ValueError:
        return {}
    return payload if isinstance(payload, dict) else {}


def _value(row: Row[Any]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in VALUE)


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
