"""Which function draws up which kind of paper."""

from collections.abc import Callable, Mapping
from typing import Any

from casework import drawing_correction as correcting
from casework import drawing_criteria as criteria
from casework import drawing_decision as deciding
from casework import drawing_refusal as refusing
from casework import drawing_revocation as revoking
from casework import drawing_steps as steps
from casework.drawing_frame import Sheet
from workflow.names import DocumentKind

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
