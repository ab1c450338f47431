"""The papers of the decision and after it: decision, certificate, announcement record, refusal notice."""

from collections.abc import Sequence
from typing import Any

from casework.bodies import COUNCIL_IN_SHORT, department_name_on
from casework.drawing_frame import Sheet, authority_of, issued_before
from documents.articles import Duties, recognition_articles, replacement_articles
from documents.kinds import Certificate, DecisionContext, ReplacementDecision
from documents.minutes import AnnouncementRecord
from documents.records import DecisionName, RecognisedUnit, Signer
from documents.reports import RefusalNotice
from documents.wording import LEVEL_TITLES, dated, inside
from models.keys import sort_key
from workflow.events import GIVES_TITLE
from workflow.facts import Title
from workflow.names import DocumentKind, Field, Tier

RECIPIENTS = (
    "Như Điều 3",
    "Bộ Nông nghiệp và Môi trường",
    "Thường trực Tỉnh ủy, Hội đồng nhân dân tỉnh",
    "Chủ tịch, các Phó Chủ tịch Ủy ban nhân dân tỉnh",
    "Cổng Thông tin điện tử tỉnh",
)


def decision(sheet: Sheet) -> DecisionContext:
    """The decision of recognition as it is signed, with the number that was just taken; before, without one."""
    sheets = (sheet, *sheet.beside)
    units = _units(sheets)
    return DecisionContext(
        **sheet.frame(DocumentKind.DECISION, *RECIPIENTS, **signed(sheet)),
        province_name=sheet.bodies.province,
        year_recognised=int(sheet.inputs[Field.YEAR_RECOGNISED]),
        level=units[0].level_title,
        units=units,
        legal_bases=legal_bases(sheets),
        articles=recognition_articles(units, sheet.bodies.province, duties_of(*sheets)),
    )


def replacement(sheet: Sheet) -> ReplacementDecision:
    """The decision in place of the one in force, of the same kind: the recognition as it must read."""
    sheets, replaced = (sheet, *sheet.beside), recognition_of(sheet)
    units = _units(sheets)
    return ReplacementDecision(
        **sheet.frame(DocumentKind.REPLACEMENT_DECISION, *RECIPIENTS, **signed(sheet)),
        province_name=sheet.bodies.province,
        replaced=replaced,
        year_recognised=int(sheet.inputs[Field.YEAR_RECOGNISED]),
        level=units[0].level_title,
        units=units,
        legal_bases=legal_bases(sheets),
        articles=replacement_articles(units, sheet.bodies.province, replaced, duties_of(*sheets), partly=sheet.partly),
    )


def certificate(sheet: Sheet) -> Certificate:
    """The certificate; its number in the book of certificates is written by hand."""
    assert sheet.issued is not None
    frame = signed(sheet)
    return Certificate(
        **sheet.frame(DocumentKind.CERTIFICATE, authority=frame["authority"], draft=False),
        units=(_unit(sheet),),
        decision=DecisionName(
            number=sheet.issued.number,
            symbol=sheet.issued.symbol,
            signed_on=sheet.issued.signed_on,
            authority=authority_of(sheet),
        ),
        province_name=sheet.bodies.province,
    )


def announcement_record(sheet: Sheet) -> AnnouncementRecord:
    """The record of the ceremony, with the decision that was announced."""
    return AnnouncementRecord(
        **sheet.frame(DocumentKind.ANNOUNCEMENT_RECORD, sheet.bodies.committee(Tier.PROVINCE).name, sheet.sender)
        | {"signer": Signer(name="", post="Chủ tọa")},
        secretary=sheet.secretary(),
        matter=sheet.matter(sheet.file.row.year_recognised),
        decision=recognition_of(sheet),
        announced_on=sheet.inputs[Field.ANNOUNCED_ON],
        announced_at=str(sheet.inputs[Field.ANNOUNCED_AT]),
    )


def refusal_notice(sheet: Sheet) -> RefusalNotice:
    """The notice to the commune that it is not recognised, beside the decision."""
    session = sheet.details.session
    district = (f"Ủy ban nhân dân {sheet.bodies.district}",) if sheet.bodies.district else ()
    return RefusalNotice(
        **sheet.frame(DocumentKind.REFUSAL_NOTICE, "Như trên", department_name_on(sheet.today)),
        matter=sheet.matter(),
        addressees=(*district, sheet.sender),
        held_on=session.held_on if session else None,
        reason=str(sheet.inputs[Field.REASON]),
    )


def recognition_of(sheet: Sheet) -> DecisionName:
    """The decision by which the dossier's unit holds its title: that of the recognition, or the last in its place."""
    given, held = issued_before(sheet, *GIVES_TITLE), sheet.file.facts.title
    if not given and held:
        return named_in_book(held)
    found = given[-1]
    assert found.number is not None
    assert found.signed_on is not None
    return DecisionName(
        number=found.number, symbol=found.symbol, signed_on=found.signed_on, authority=authority_of(sheet)
    )


def named_in_book(held: Title) -> DecisionName:
    """The decision by which a title is held, as the book names it."""
    number, _, symbol = held.decision.partition("/")
    return DecisionName(number=int(number), symbol=symbol, signed_on=held.signed_on, authority=held.authority)


def signed(sheet: Sheet) -> dict[str, Any]:
    """Who decides, with the number and day of signing; without these before a number is taken."""
    authority = {"authority": "chairman" if sheet.file.procedure.authority == "chairman" else "committee"}
    issued = sheet.issued
    if issued is None:
        return authority
    given = {"number": issued.number, "symbol": issued.symbol, "signed_on": issued.signed_on}
    return authority | given | {"draft": False}


def _units(sheets: Sequence[Sheet]) -> tuple[RecognisedUnit, ...]:
    """The units in the order of their places, then of their names."""
    return tuple(sorted(map(_unit, sheets), key=lambda unit: (sort_key(unit.place), sort_key(unit.name))))


def _unit(sheet: Sheet) -> RecognisedUnit:
    title, year = LEVEL_TITLES[sheet.file.row.level], int(sheet.inputs[Field.YEAR_RECOGNISED])
    return RecognisedUnit(name=sheet.bodies.unit, place=sheet.bodies.above, level_title=title, year=year)


def legal_bases(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """The bases of every act of the decision, each once, and on whose proposal it is made."""
    bases = dict.fromkeys(basis for sheet in sheets for basis in _bases(sheet))
    return (*bases, f"Theo đề nghị của Giám đốc {department_name_on(sheets[0].today)}")


def _bases(sheet: Sheet) -> list[str]:
    row = sheet.file.row
    bases = [f"Căn cứ {basis}" for basis in sheet.file.procedure.legal_basis]
    if row.adoption_decision and not sheet.file.facts.from_book:  # its criteria are those of the review
        bases.append(
            f"Căn cứ Quyết định số {row.adoption_decision} {dated(row.adopted_on)} của Ủy ban nhân dân "
            f"{sheet.bodies.province} về việc áp dụng Bộ tiêu chí xã nông thôn mới trên địa bàn tỉnh"
        )
    bases += (
        f"Căn cứ {one.legal_basis} ({inside(one.afterwards)} trước đây là {inside(one.name)})"
        for one in sheet.file.facts.formerly
    )
    sitting, reviewed = sheet.file.facts.sitting, sheet.matter().revocation
    if sitting and sitting.held_on and not reviewed:  # a review's council did not sit on the recognition
        council = f"{COUNCIL_IN_SHORT} xã nông thôn mới tỉnh"
        bases.append(f"Căn cứ Biên bản họp {dated(sitting.held_on)} của {council}")
    return bases


def duties_of(sheet: Sheet, *beside: Sheet) -> Duties:
    """Who announces, keeps up, guides and carries out a decision on one unit, or on several that its annex lists."""
    unit, district = sheet.bodies.unit, sheet.bodies.district
    department = department_name_on(sheet.today)
    if beside:
        kinds = {one.bodies.unit.split()[0] for one in (sheet, *beside)}
        unit = f"các {kinds.pop() if len(kinds) == 1 else 'đơn vị'} có tên trong Phụ lục"
        district = "các huyện, thành phố có đơn vị được công nhận" if district else ""
    return Duties(
        announced_by=f"Ủy ban nhân dân {district or unit}",
        kept_up_by=f"Ủy ban nhân dân {unit}",
        guided_by=department,
        carried_out_by=(
            f"Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc {department}, Thủ trưởng các cơ quan, đơn vị có liên quan "
            f"và Chủ tịch Ủy ban nhân dân {unit}"
        ),
    )
