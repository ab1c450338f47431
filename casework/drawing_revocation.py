"""The paper of a revocation: the decision that takes a recognition back, with its reasons."""

from casework.bodies import COUNCIL_IN_SHORT, department_name_on
from casework.drawing_decision import RECIPIENTS, duties_of, named_in_book, signed
from casework.drawing_frame import Sheet
from documents.articles import revocation_articles
from documents.kinds import RevocationDecision
from documents.records import RecognisedUnit
from documents.wording import LEVEL_TITLES, dated
from workflow.names import DocumentKind, Field


def revocation(sheet: Sheet) -> RevocationDecision:
    """The decision of revocation as it is signed: which decision it takes back, for whom, and why."""
    held, sitting = sheet.file.facts.title, sheet.file.facts.sitting
    assert held is not None
    revoked = named_in_book(held)
    title = LEVEL_TITLES[sheet.file.row.level]
    unit = RecognisedUnit(name=sheet.bodies.unit, place=sheet.bodies.above, level_title=title, year=held.year)
    bases = [f"Căn cứ {basis}" for basis in sheet.file.procedure.legal_basis]
    if sitting and sitting.held_on:
        bases.append(f"Căn cứ Biên bản họp {dated(sitting.held_on)} của {COUNCIL_IN_SHORT} xã nông thôn mới tỉnh")
    return RevocationDecision(
        **sheet.frame(DocumentKind.REVOCATION_DECISION, *RECIPIENTS, **signed(sheet)),
        province_name=sheet.bodies.province,
        revoked=revoked,
        units=(unit,),
        legal_bases=(*bases, f"Theo đề nghị của Giám đốc {department_name_on(sheet.today)}"),
        articles=revocation_articles((unit,), sheet.bodies.province, revoked, reasons(sheet), duties_of(sheet)),
    )


def reasons(sheet: Sheet) -> tuple[str, ...]:
    """The reasons as they were typed, each line one of them."""
    lines = (line.strip().rstrip(".;") for line in str(sheet.inputs[Field.REASON]).splitlines())
    return tuple(f"{line}." for line in lines if line)
