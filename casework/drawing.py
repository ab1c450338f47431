"""Drawing up the papers of an act: for each kind that the procedure names, the facts as they stand at that moment."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from casework import drawing_correction as correcting
from casework import drawing_criteria as criteria
from casework import drawing_decision as deciding
from casework import drawing_refusal as refusing
from casework import drawing_revocation as revoking
from casework import drawing_steps as steps
from casework.bodies import Bodies
from casework.correcting import drafted, leaves_some
from casework.drawing_frame import Sheet
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

type_of_drawing = Callable[[Sheet], Any]

DRAWINGS: Mapping[DocumentKind, type_of_drawing] = {
    DocumentKind.RESULT_REPORT: criteria.result_report,
    DocumentKind.POSTING_RECORD: steps.posting_record,
    DocumentKind.OPINION_SUMMARY: steps.opinion_summary,
    DocumentKind.SURVEY_REPORT: steps.survey_report,
    DocumentKind.VOTE_MINUTES: steps.vote_minutes,
    DocumentKind.PROPOSAL: criteria.proposal,
    DocumentKind.RECEIPT: steps.receipt,
    DocumentKind.RETURN_NOTICE: steps.return_notice,
    DocumentKind.CHANGE_LIST: steps.change_list,
    DocumentKind.VERIFICATION_REPORT: criteria.verification_report,
    DocumentKind.CONSULTATION_NOTICE: steps.consultation_notice,
    DocumentKind.APPRAISAL_REPORT: criteria.appraisal_report,
    DocumentKind.COUNCIL_MINUTES: criteria.council_minutes,
    DocumentKind.DECISION: deciding.decision,
    DocumentKind.CERTIFICATE: deciding.certificate,
    DocumentKind.ANNOUNCEMENT_RECORD: deciding.announcement_record,
    DocumentKind.WITHDRAWAL_LETTER: steps.withdrawal_letter,
    DocumentKind.REFUSAL_NOTICE: deciding.refusal_notice,
    DocumentKind.REFUSAL_DECISION: refusing.refusal,
    DocumentKind.REVOCATION_DECISION: revoking.revocation,
    DocumentKind.REPLACEMENT_DECISION: deciding.replacement,
    DocumentKind.CORRECTION_LETTER: correcting.letter,
}
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
    about = drafted(connection, file.row.id, details) if details and DocumentKind.CORRECTION_LETTER in kinds else None
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
    context = DRAWINGS[kind](sheet)
    numbered = sheet.issued if context.number is not None else None
    return Drawn(kind, sheet.unit_of(kind), context.symbol, to_json(context), numbered, tuple(_bonds(sheet, kind)))


def _bonds(sheet: Sheet, kind: DocumentKind) -> Iterator[Bond]:
    """What a paper says of earlier ones: whom it replaces, revokes or corrects."""
    recorded = sheet.decision.event.type
    if recorded is EventType.REPLACED:
        same = (kind,) if kind is DocumentKind.CERTIFICATE else GIVES_TITLE
        yield from (Bond(Relation.REPLACES, one.id) for one in deciding.issued(sheet, *same)[-1:])
    if recorded is EventType.REVOKED:
        for ended in (GIVES_TITLE, (DocumentKind.CERTIFICATE,)):
            yield from (Bond(Relation.REVOKES, one.id) for one in deciding.issued(sheet, *ended)[-1:])
    if sheet.about:
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
    return DRAWINGS[decision.action.documents[0]](sheet)
