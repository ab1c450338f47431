"""What was found wanting of a dossier so far, in the words of the papers: what a return for supplement begins with."""

from collections.abc import Iterator
from typing import NamedTuple

from queries.dossier import Details
from queries.facts import CaseFile
from workflow.case import Case
from workflow.criteria import Assessment
from workflow.facts import Facts
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, Result

NOT_FILED, NOT_COMPLETE = "Chưa nộp.", "Chưa đầy đủ."
NOT_PROVEN, NOT_MET = "Chưa có minh chứng còn giá trị.", "Chưa đạt mức quy định."


class Wanting(NamedTuple):
    """One thing found wanting: the part or indicator, and what was noted about it."""

    code: str
    note: str


def found_wanting(file: CaseFile, details: Details) -> tuple[Wanting, ...]:
    """Parts not filed or not complete, then indicators without evidence or not met, in their order.

    What this tier has not named in an earlier notice it names only where it has changed since.
    """
    case = Case(file.procedure, file.facts)
    found = (*_parts(case, details), *_indicators(case, details))
    return tuple(one for one in found if case.may_ask_for(one.code))


def _parts(case: Case, details: Details) -> Iterator[Wanting]:
    for part in COMMUNE_PARTS:
        checked = details.checks.get((case.stage, part))
        if checked and not checked.complete:
            yield Wanting(part.value, checked.note or NOT_COMPLETE)
        elif part not in case.facts.parts:
            yield Wanting(part.value, NOT_FILED)


def _indicators(case: Case, details: Details) -> Iterator[Wanting]:
    facts, assessment = case.facts, case.assessment(case.column)
    if assessment is None or facts.rules is None:
        return
    unmet, proven = _unmet(case, assessment, details), set(facts.evidence)
    own = facts.answers.get(Column.COMMUNE, {})
    for code in facts.rules.by_code:
        if code in unmet:
            yield Wanting(code, unmet[code] or NOT_MET)
        elif code in own and not own[code].not_applicable and code not in proven:
            yield Wanting(code, NOT_PROVEN)


def _unmet(case: Case, assessment: Assessment, details: Details) -> dict[str, str]:
    """The indicators not met in the column that judges, each with the reason written beside it."""
    results = assessment.by_indicator
    against = case.facts.refuted.get(case.column, frozenset())
    found = {code for code, result in results.items() if result is Result.NOT_MET or code in against}
    entered = {code: details.entered.get((case.column, code)) for code in found}
    reasons = {code: one.reason if one else "" for code, one in entered.items()}
    return _concluded_against(case.facts, details, found) | reasons if case.column is Column.APPRAISAL else reasons


def _concluded_against(facts: Facts, details: Details, found: set[str]) -> dict[str, str]:
    """All indicators of a criterion that its department concludes against without finding one of them not met."""
    criteria = facts.rules.criteria_set.criteria if facts.rules else ()
    said: dict[str, str] = {}
    for criterion in criteria:
        concluded = details.conclusions.get(criterion.code)
        codes = [one.code for one in criterion.indicators]
        if concluded and not concluded.met and found.isdisjoint(codes):
            said |= dict.fromkeys(codes, concluded.text)
    return said


def opening_reason(found: tuple[Wanting, ...]) -> str:
    """The reason that a notice begins with, by how much was found."""
    parts = sum(one.code in set(COMMUNE_PARTS) for one in found)
    told = (
        (parts, "thành phần chưa có hoặc chưa đầy đủ"),
        (len(found) - parts, "chỉ tiêu chưa đạt hoặc chưa đủ minh chứng"),
    )
    said = " và ".join(f"{count} {words}" for count, words in told if count)
    return f"Qua kiểm tra, hồ sơ còn {said}." if said else ""
