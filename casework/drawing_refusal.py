"""The paper of a refusal: the decision not to recognise a unit, with its reasons and what the unit may do."""

from casework.drawing_decision import RECIPIENTS, duties_of, legal_bases, signed
from casework.drawing_frame import Sheet
from casework.drawing_revocation import reasons
from documents.articles import refusal_articles
from documents.kinds import RefusalDecision
from workflow.names import DocumentKind


def refusal(sheet: Sheet) -> RefusalDecision:
    """The decision of refusal as it is signed: whom it does not recognise at which level, and why."""
    matter = sheet.matter()
    return RefusalDecision(
        **sheet.frame(DocumentKind.REFUSAL_DECISION, *RECIPIENTS, **signed(sheet)),
        province_name=sheet.bodies.province,
        matter=matter,
        legal_bases=legal_bases((sheet,)),
        articles=refusal_articles(matter, reasons(sheet), duties_of(sheet)),
    )
