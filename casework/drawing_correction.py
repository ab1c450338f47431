"""The letter that corrects an issued paper: which paper, the words that were printed, and how they must read."""

from casework.bodies import department_name_on
from casework.drawing_decision import recognition_of, signed
from casework.drawing_frame import Sheet, authority_of
from documents.kinds import Certificate, CorrectionLetter
from documents.outgoing import about_of
from documents.records import Correction, DecisionName
from documents.wording import LEVEL_TITLES, in_place
from workflow.names import DocumentKind

RECIPIENTS = ("Như trên", "Cổng Thông tin điện tử tỉnh")


def letter(sheet: Sheet) -> CorrectionLetter:
    """The letter as it is signed; the corrected paper stays as it is."""
    about = sheet.about
    assert about is not None
    facts = about.facts
    by = {"symbol": sheet.issued.symbol} if sheet.issued else {}
    return CorrectionLetter(
        **sheet.frame(DocumentKind.CORRECTION_LETTER, *RECIPIENTS, **signed(sheet) | by),
        addressees=_addressees(sheet),
        document="Bằng công nhận kèm theo Quyết định" if isinstance(facts, Certificate) else "Quyết định",
        corrected=facts.decision if isinstance(facts, Certificate) else _name(sheet),
        subject=_subject(sheet, facts),
        corrections=tuple(
            Correction(where=where, printed=printed, right=right) for where, printed, right in about.corrections
        ),
    )


def _name(sheet: Sheet) -> DecisionName:
    assert sheet.about is not None
    facts = sheet.about.facts
    if facts is None:
        return recognition_of(sheet)
    named = {"number": facts.number, "symbol": facts.symbol, "signed_on": facts.signed_on}
    return DecisionName(**named, authority=authority_of(sheet))


def _subject(sheet: Sheet, facts: object) -> str:
    """What the corrected paper is about, as it goes on after its number."""
    held = sheet.file.facts.title
    if facts is None and held:
        title = LEVEL_TITLES[sheet.file.row.level]
        return f"về việc công nhận {in_place(sheet.bodies.unit, sheet.bodies.above)} {title} năm {held.year}"
    if isinstance(facts, Certificate):
        return "cấp cho " + "; ".join(in_place(unit.name, unit.place) for unit in facts.units)
    return about_of(facts)


def _addressees(sheet: Sheet) -> tuple[str, ...]:
    """Those who work with the corrected paper: the department, the district where there is one, the commune."""
    district = (f"Ủy ban nhân dân {sheet.bodies.district}",) if sheet.bodies.district else ()
    return (department_name_on(sheet.today), *district, sheet.sender)
