"""A slow, plain second opinion on an assessment: everything as fractions, one indicator at a time, no preparation."""

import operator
from fractions import Fraction
from typing import Any

from workflow.criteria import Adoption, Answer, CriteriaSet, Indicator, Kind
from workflow.names import Result

HOLDS = {">=": operator.ge, "<=": operator.le, "=": operator.eq, ">": operator.gt, "<": operator.lt}


def level_of(indicator: Indicator, adoption: Adoption | None, group: str, year: int) -> Any:
    """The level that counts, or None when none is known and confirmed."""
    if adoption is not None and indicator.code in adoption.thresholds:
        return adoption.thresholds[indicator.code]
    recalled = indicator.mark.value.startswith("R")
    if indicator.unknown or (adoption is None and (recalled or indicator.by_province)):
        return None
    by_year = indicator.by_year.get(group) or indicator.by_year.get("all") or {}
    own, common = indicator.thresholds.get(group), indicator.thresholds.get("all")
    return by_year.get(year) if indicator.by_year else common if own is None else own


def judge_slowly(indicator: Indicator, answer: Answer, adoption: Adoption | None, group: str, year: int) -> Result:
    """The result of one answer."""
    absent = Result.NOT_APPLICABLE if indicator.if_present else Result.NOT_MET
    if answer.not_applicable:
        return Result.UNKNOWN if adoption is None and indicator.mark.value.startswith("R") else absent
    if indicator.parts:
        given: Any = answer.value
        results = [judge_slowly(part, Answer(given[part.code]), adoption, group, year) for part in indicator.parts]
        return together(results)
    level = level_of(indicator, adoption, group, year)
    if level is None:
        return Result.UNKNOWN
    return holds(indicator, answer.value, level, absent)


def holds(indicator: Indicator, value: Any, level: Any, absent: Result) -> Result:
    """Whether a value reaches a level, in fractions."""
    if indicator.kind is Kind.BOOLEAN:
        return Result.MET if value == level else Result.NOT_MET
    compare = HOLDS[indicator.compare.value]
    if indicator.kind is Kind.GRADE:
        met = compare(indicator.grades.index(value), indicator.grades.index(level))
    elif indicator.kind is Kind.PERCENT:
        if value["whole"] == 0:
            return absent
        met = compare(Fraction(value["part"], value["whole"]), Fraction(level) / 100)
    else:
        met = compare(Fraction(value), Fraction(level))
    return Result.MET if met else Result.NOT_MET


def together(results: list[Result]) -> Result:
    """The result of a criterion or of a compound indicator."""
    if any(result is Result.NOT_MET for result in results):
        return Result.NOT_MET
    fine = [result in {Result.MET, Result.NOT_APPLICABLE} for result in results]
    return Result.MET if fine and all(fine) else Result.UNKNOWN


def all_met_slowly(
    criteria_set: CriteriaSet, answers: dict[str, Answer], adoption: Adoption | None, group: str, year: int
) -> bool:
    """Whether the set is passed."""
    judged = [
        judge_slowly(one, answers[one.code], adoption, group, year) if one.code in answers else Result.UNKNOWN
        for one in criteria_set.indicators
    ]
    return criteria_set.complete and together(judged) is Result.MET
