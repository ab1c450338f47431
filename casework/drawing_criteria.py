"""The papers that carry results by criteria: result report, proposal, verification, appraisal, council minutes."""

from collections import Counter
from collections.abc import Iterator, Mapping

from casework.drawing_frame import Sheet
from documents.minutes import CouncilMinutes
from documents.records import (
    Attendant,
    Conclusion,
    CriteriaTable,
    CriterionRows,
    Difference,
    Finding,
    IndicatorRow,
    Satisfaction,
    Signer,
    Tally,
    Verdict,
    Votes,
)
from documents.reports import AppraisalReport, Proposal, ResultReport, VerificationReport
from documents.wording import dated
from queries.council import Seat
from queries.wording import department_name, label
from workflow.criteria import Answer, Assessment, Rules
from workflow.criteria_set import Indicator
from workflow.criteria_values import format_value, required_text
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, DocumentKind, EventType, Part, Result, Stage, Tier
from workflow.policy import brought_to

HEADINGS = {
    Column.COMMUNE: "Kết quả tự đánh giá của xã",
    Column.REVIEW: "Kết quả thẩm tra",
    Column.APPRAISAL: "Kết quả thẩm định",
}
VERDICTS: Mapping[Result | None, Verdict] = {
    Result.MET: "met",
    Result.NOT_MET: "not_met",
    Result.NOT_APPLICABLE: "not_applicable",
    Result.UNKNOWN: "unknown",
}
DEPUTY = "Phó Chủ tịch"
NOT_IN_PROPOSAL = frozenset({Part.PROPOSAL})


def result_report(sheet: Sheet) -> ResultReport:
    """The commune's own column, with what it has stated of debt and security."""
    facts, row = sheet.file.facts, sheet.file.row
    rules = _rules(sheet)
    adopted = ""
    if row.adoption_decision:
        adopted = (
            f"Quyết định số {row.adoption_decision} {dated(row.adopted_on)} của Ủy ban nhân dân {sheet.bodies.province}"
        )
    return ResultReport(
        **sheet.frame(DocumentKind.RESULT_REPORT, *sheet.bodies.receiving(), "Các xóm trên địa bàn"),
        matter=sheet.matter(),
        criteria_set=rules.criteria_set.title_vi,
        adoption=adopted,
        tally=_tally(sheet, Column.COMMUNE),
        table=_table(sheet, (Column.COMMUNE,)),
        debt=facts.debt.amount if facts.debt else None,
        complex_security=facts.security.complex if facts.security else None,
    )


def proposal(sheet: Sheet) -> Proposal:
    """The proposal of the tier that sends the dossier on: what was found, and the parts that go along."""
    facts, at_commune = sheet.file.facts, sheet.stage is Stage.COMMUNE
    to = sheet.bodies.receiving() if at_commune else sheet.bodies.provincial()
    survey, vote = facts.survey, facts.votes.get(sheet.stage)
    parts = [part for part in COMMUNE_PARTS if part in facts.parts and part not in NOT_IN_PROPOSAL]
    return Proposal(
        **sheet.frame(DocumentKind.PROPOSAL, "Như trên"),
        matter=sheet.matter(),
        addressees=to,
        legal_bases=tuple(f"Căn cứ {basis}" for basis in sheet.file.procedure.legal_basis),
        asks="thẩm tra, thẩm định, xét công nhận" if at_commune else "thẩm định, xét công nhận",
        tally=_tally(sheet, Column.COMMUNE if at_commune else Column.REVIEW),
        satisfaction=Satisfaction(satisfied=survey.satisfied, valid=survey.ballots_valid) if survey else None,
        votes=_votes(sheet, vote.members, vote.present, vote.agreed) if vote else None,
        debt=facts.debt.amount if facts.debt else None,
        complex_security=facts.security.complex if facts.security else None,
        parts=tuple(label("parts", part, "vi") for part in parts),
    )


def verification_report(sheet: Sheet) -> VerificationReport:
    """The reviewer's column beside the commune's, and where they differ."""
    to = sheet.bodies.provincial() if sheet.bodies.district else (sheet.sender,)
    return VerificationReport(
        **sheet.frame(DocumentKind.VERIFICATION_REPORT, *to),
        matter=sheet.matter(),
        tally=_tally(sheet, Column.REVIEW),
        table=_table(sheet, (Column.COMMUNE, Column.REVIEW)),
        differences=tuple(_differences(sheet, Column.REVIEW)),
    )


def appraisal_report(sheet: Sheet) -> AppraisalReport:
    """The departments' column and conclusions, for the council."""
    facts = sheet.file.facts
    columns = tuple(column for column in Column if facts.answers.get(column) or column is Column.APPRAISAL)
    survey = facts.survey
    return AppraisalReport(
        **sheet.frame(DocumentKind.APPRAISAL_REPORT, "Như trên", sheet.bodies.committee(Tier.PROVINCE).name),
        matter=sheet.matter(),
        addressees=(sheet.bodies.council().name,),
        checked_on=sheet.file.row.field_checked_on,
        tally=_tally(sheet, Column.APPRAISAL),
        table=_table(sheet, columns),
        differences=tuple(_differences(sheet, Column.APPRAISAL)),
        conclusions=tuple(_conclusions(sheet)),
        satisfaction=Satisfaction(satisfied=survey.satisfied, valid=survey.ballots_valid) if survey else None,
        debt=facts.debt.amount if facts.debt else None,
        complex_security=facts.security.complex if facts.security else None,
    )


def council_minutes(sheet: Sheet) -> CouncilMinutes:
    """The council's last session on this dossier, with attendance, ballots and what follows from them."""
    session, sitting = sheet.details.session, sheet.file.facts.sitting
    assert session is not None
    assert sitting is not None
    return CouncilMinutes(
        **sheet.frame(DocumentKind.COUNCIL_MINUTES, *sheet.bodies.provincial(), signer=_chair(sheet)),
        secretary=sheet.secretary(),
        matter=sheet.matter(),
        council=sheet.bodies.council().name,
        held_on=session.held_on,
        held_at=session.place,
        members=sitting.members,
        attendants=tuple(_attendant(sheet, one) for one in sheet.seats),
        in_favour=sitting.yes,
        against=sitting.no,
        blank=sitting.blank,
        needed_percent=sheet.percent("council.threshold"),
        tally=_tally(sheet, Column.APPRAISAL),
        recommended=sheet.decision.event.type is EventType.RECOMMENDED,
    )


def _attendant(sheet: Sheet, seat: Seat) -> Attendant:
    """A member before this dossier: whoever brought it before the council leaves the room while it is voted on."""
    brought = brought_to(Tier.PROVINCE, sheet.file.facts.history)
    if seat.present and seat.person_id in brought:
        return Attendant(name=seat.name, post=f"{seat.post} (không tham gia xét hồ sơ này)", present=False)
    return Attendant(name=seat.name, post=seat.post, present=seat.present)


def _chair(sheet: Sheet) -> Signer:
    """The council's chair where present, else the deputy; empty where neither was, or neither may vote."""
    present = [one for one in sheet.seats if _attendant(sheet, one).present]
    ranked = [one.name for one in present if one.chairs] + [one.name for one in present if one.post.startswith(DEPUTY)]
    return Signer(name=ranked[0] if ranked else "", post="Chủ tọa")


def _votes(sheet: Sheet, members: int, present: int, agreed: int) -> Votes:
    return Votes(
        members=members, present=present, agreed=agreed, needed_percent=sheet.percent("{stage}_vote.threshold")
    )


def _conclusions(sheet: Sheet) -> Iterator[Conclusion]:
    for criterion in _rules(sheet).criteria_set.criteria:
        found = sheet.details.conclusions.get(criterion.code)
        if found:
            yield Conclusion(
                code=criterion.code,
                name=criterion.name_vi,
                department=department_name(found.department, "vi"),
                met=found.met,
                text=found.text,
            )


# --- the table ---


def _rules(sheet: Sheet) -> Rules:
    rules = sheet.file.facts.rules
    assert rules is not None
    return rules


def _assessed(sheet: Sheet, column: Column) -> Assessment:
    assessed = sheet.decision.case.assessment(column)
    assert assessed is not None
    return assessed


def _tally(sheet: Sheet, column: Column) -> Tally:
    tally = _assessed(sheet, column).tally
    return Tally(
        criteria=tally.criteria,
        criteria_met=tally.criteria_met,
        indicators=len(_rules(sheet).by_code),
        met=tally.met,
        not_met=tally.not_met,
        not_applicable=tally.not_applicable,
    )


def _table(sheet: Sheet, columns: tuple[Column, ...]) -> CriteriaTable:
    rules = _rules(sheet)
    assessed = {column: _assessed(sheet, column) for column in columns}
    results = assessed[columns[-1]].by_criterion
    found = {column: one.by_indicator for column, one in assessed.items()}
    proofs = Counter(one.indicator for one in sheet.details.proofs)
    return CriteriaTable(
        columns=tuple(HEADINGS[column] for column in columns),
        criteria=tuple(
            CriterionRows(
                code=criterion.code,
                name=criterion.name_vi,
                verdict=_verdict(results[criterion.code]),
                rows=tuple(_row(sheet, indicator, found, proofs[indicator.code]) for indicator in criterion.indicators),
            )
            for criterion in rules.criteria_set.criteria
        ),
    )


def _row(
    sheet: Sheet, indicator: Indicator, found: Mapping[Column, Mapping[str, Result | None]], proofs: int
) -> IndicatorRow:
    return IndicatorRow(
        code=indicator.code,
        name=indicator.name_vi,
        required=_close(required_text(_rules(sheet), indicator.code, "vi")),
        findings=tuple(_finding(sheet, indicator, column, results) for column, results in found.items()),
        note=str(proofs) if proofs else "",
    )


def _finding(sheet: Sheet, indicator: Indicator, column: Column, found: Mapping[str, Result | None]) -> Finding:
    facts = sheet.file.facts
    answer = facts.answers.get(column, {}).get(indicator.code)
    if indicator.code in facts.refuted.get(column, ()):
        return Finding(value=_value(indicator, answer), verdict="not_met")
    return Finding(value=_value(indicator, answer), verdict=_verdict(found[indicator.code]))


def _differences(sheet: Sheet, column: Column) -> Iterator[Difference]:
    """The indicators whose verdict differs from the commune's, or whose value does."""
    own, commune = (_assessed(sheet, each).by_indicator for each in (column, Column.COMMUNE))
    for indicator in _rules(sheet).criteria_set.indicators:
        theirs = _finding(sheet, indicator, Column.COMMUNE, commune)
        found = _finding(sheet, indicator, column, own)
        entered = sheet.details.entered.get((column, indicator.code))
        if entered and found != theirs:
            yield Difference(
                code=indicator.code, name=indicator.name_vi, commune=theirs, own=found, reason=entered.reason
            )


def _value(indicator: Indicator, answer: Answer | None) -> str:
    if answer is None or answer.not_applicable or answer.value is None:
        return ""
    return _close(format_value(indicator, answer.value, "vi"))


def _close(text: str) -> str:
    """The text with the percent sign at its number, as official papers write it."""
    return text.replace(" %", "%")


def _verdict(result: Result | None) -> Verdict:
    return VERDICTS.get(result, "")
