"""Drawing up the papers of an act: for each kind that the procedure names, the facts as they stand at that moment."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from casework.bodies import Bodies
from casework.correcting import drafted, leaves_some
from casework.drawing_frame import Sheet, issued_before
from casework.errors import Refused
from casework.issuing import Issued
from casework.papers import Bond, Drawn
from documents.context import to_json
from queries.council import Seat, read_session
from queries.dossier import read_details
from queries.facts import CaseFile
from queries.papers import Around, read_around
from workflow.decide import Decision, decide
from workflow.decide import Refused as NotAllowed
from workflow.events import GIVES_TITLE
from workflow.names import DocumentKind, EventType, Field, Relation

NAMES_ALONE = frozenset(
    {
        DocumentKind.PROPOSAL,
        DocumentKind.CHANGE_LIST,
        DocumentKind.WITHDRAWAL_LETTER,
        DocumentKind.DECISION,
        DocumentKind.CERTIFICATE,
    }
)


def lay_out(
    connection: Connection,
    file: CaseFile,
    around: Around,
    decision: Decision,
    inputs: Mapping[Field, Any],
    issued: Issued | None,
    notes: Mapping[str, str] | None = None,
) -> Sheet:
    """All that the papers of an act are drawn up from, read before anything of the act is written."""
    today = file.facts.today
    kinds = decision.action.documents
    details = None if NAMES_ALONE.issuperset(kinds) else read_details(connection, file)
    seats: tuple[Seat, ...] = ()
    if DocumentKind.COUNCIL_MINUTES in kinds and details and details.session:
        session = read_session(connection, details.session.id, file.actor.person_id)
        seats = session.seats if session else ()
    about = drafted(connection, file, details) if details and DocumentKind.CORRECTION_LETTER in kinds else None
    bodies = Bodies(file, decision, around, today)
    partly = DocumentKind.REPLACEMENT_DECISION in kinds and leaves_some(connection, file)
    return Sheet(file, decision, inputs, bodies, details, seats, issued, notes, about, partly=partly)


def beside(sheet: Sheet, file: CaseFile, decision: Decision) -> Sheet:
    """The act on another dossier that is the same decision, by its names alone, as a draft of the decision needs it."""
    bodies = Bodies(file, decision, sheet.bodies.around, sheet.today)
    return Sheet(file, decision, sheet.inputs, bodies, None, (), None)


def draw_up(sheet: Sheet, shared: Drawn | None = None) -> tuple[Drawn, ...]:
    """The papers of an act; the number that it took belongs to its decision alone, which other acts may share."""
    return tuple(
        shared if shared and shared.kind is kind else _drawn(sheet, kind) for kind in sheet.decision.action.documents
    )


def _drawn(sheet: Sheet, kind: DocumentKind) -> Drawn:
    context = facts_of(sheet, kind)
    numbered = sheet.issued if context.number is not None else None
    return Drawn(kind, sheet.unit_of(kind), context.symbol, to_json(context), numbered, tuple(_bonds(sheet, kind)))


def facts_of(sheet: Sheet, kind: DocumentKind) -> Any:
    """The facts of one paper of an act."""
    from casework.drawings import DRAWINGS  # every kind with all its records; loaded with the first paper

    return DRAWINGS[kind](sheet)


def _bonds(sheet: Sheet, kind: DocumentKind) -> Iterator[Bond]:
    """What a paper says of earlier ones: whom it replaces, revokes or corrects."""
    recorded = sheet.decision.event.type
    if recorded is EventType.REPLACED:
        same = (kind,) if kind is DocumentKind.CERTIFICATE else GIVES_TITLE
        yield from (Bond(Relation.REPLACES, one.id) for one in issued_before(sheet, *same)[-1:])
    if recorded is EventType.REVOKED:
        for ended in (GIVES_TITLE, (DocumentKind.CERTIFICATE,)):
            yield from (Bond(Relation.REVOKES, one.id) for one in issued_before(sheet, *ended)[-1:])
    if sheet.about and sheet.about.paper_id:
        yield Bond(Relation.CORRECTS, sheet.about.paper_id)


def sketch(
    connection: Connection,
    file: CaseFile,
    action: str,
    inputs: Mapping[Field, Any],
    notes: Mapping[str, str] | None = None,
) -> Any:
    """The first paper of an act as it would be drawn up now, without a number; refused when the act would be.

    Nothing is written, and nothing is promised: the act decides again.
    """
    decision = decide(file.procedure, file.facts, file.actor, action, inputs)
    if isinstance(decision, NotAllowed):
        raise Refused(decision.refusals)
    sheet = lay_out(connection, file, read_around(connection, file, file.facts.today), decision, inputs, None, notes)
    return facts_of(sheet, decision.action.documents[0])
