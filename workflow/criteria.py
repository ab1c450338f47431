"""The exact assessment of a unit: what a set asks of it by group, year and adoption, and what its answers come to.

Lives here: `compile_rules`, `judge` and `assess`. The types are in `criteria_set`, reading the files in
`criteria_loader`, what people type and read in `criteria_values`.
"""

import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias, TypeVar

from workflow.criteria_set import (
    EVERY_GROUP,
    Adoption,
    Choose,
    Compare,
    Counts,
    CriteriaSet,
    Criterion,
    Group,
    Indicator,
    InvalidValue,
    Kind,
    Relative,
    Threshold,
    Value,
    ValueFault,
    exact_threshold,
    shorten,
)
from workflow.names import Mark, Result

__all__ = [
    "Adoption",
    "Answer",
    "Assessment",
    "Blocked",
    "Choose",
    "Compare",
    "Counts",
    "CriteriaSet",
    "Criterion",
    "Group",
    "Indicator",
    "InvalidValue",
    "Kind",
    "Relative",
    "Rule",
    "Rules",
    "Tally",
    "Value",
    "ValueFault",
    "assess",
    "compile_rules",
    "judge",
]

Test: TypeAlias = Callable[[Any], Result]
_Found = TypeVar("_Found")

# Module names are several times quicker to read than members of an enumeration, and judging is the hot path.
_MET, _NOT_MET, _NOT_APPLICABLE, _UNKNOWN = Result.MET, Result.NOT_MET, Result.NOT_APPLICABLE, Result.UNKNOWN

_RECALLED = frozenset({Mark.RECALLED, Mark.RECALLED_MEDIUM, Mark.RECALLED_LOW})


class Blocked(StrEnum):
    """Why an indicator cannot be judged yet, whatever the answer."""

    UNKNOWN = "threshold_unknown"
    BY_PROVINCE = "threshold_by_province"
    UNCONFIRMED = "threshold_unconfirmed"
    NO_GROUP = "threshold_not_for_group"
    NO_YEAR = "threshold_not_for_year"
    OTHER_SET = "threshold_of_other_set"


class Answer(NamedTuple):
    """What one column says of an indicator: a value already checked, or that the indicator does not apply."""

    value: Value | None
    not_applicable: bool = False


class Rule(NamedTuple):
    """An indicator as it binds one unit in one year: its required level, or why there is none, and its test."""

    indicator: Indicator
    threshold: Threshold | None
    blocked: Blocked | None
    test: Test
    absent: Result
    parts: tuple["Rule", ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rules:
    """A set resolved for one group, year and adoption; build it once and judge many units with it."""

    criteria_set: CriteriaSet
    adoption: Adoption | None
    group: str | None
    year: int
    by_code: Mapping[str, Rule]
    plan: tuple[tuple[str, Test, Result], ...]

    @property
    def blocked(self) -> dict[str, Blocked]:
        """Every indicator that cannot be judged yet, with the reason."""
        return {code: rule.blocked for code, rule in self.by_code.items() if rule.blocked}

    @property
    def passable(self) -> bool:
        """Whether any answers could meet the set: it is complete and each of its criteria asks for something."""
        criteria = self.criteria_set.criteria
        return self.criteria_set.complete and bool(criteria) and all(one.indicators for one in criteria)


class Tally(NamedTuple):
    """The counts an officer reads first."""

    criteria: int
    criteria_met: int
    met: int
    not_met: int
    not_applicable: int
    unknown: int
    unanswered: int


class Assessment(NamedTuple):
    """What one column of answers comes to; `results` stand in the order of the set, None where nothing was answered."""

    rules: Rules
    results: tuple[Result | None, ...]
    all_met: bool

    @property
    def by_indicator(self) -> dict[str, Result | None]:
        """The result of each indicator, None where nothing was answered."""
        return dict(zip(self.rules.by_code, self.results, strict=True))

    @property
    def by_criterion(self) -> dict[str, Result]:
        """The result of each criterion; in an incomplete set none is ever met."""
        results, found = self.by_indicator, {}
        for criterion in self.rules.criteria_set.criteria:
            result = _combine([results[indicator.code] for indicator in criterion.indicators])
            unproven = result is Result.MET and not self.rules.criteria_set.complete
            found[criterion.code] = Result.UNKNOWN if unproven else result
        return found

    def codes(self, result: Result | None) -> tuple[str, ...]:
        """The indicators with this result, in the order of the set."""
        return tuple(code for code, found in self.by_indicator.items() if found is result)

    @property
    def unmet(self) -> tuple[str, ...]:
        """The indicators whose answer misses the required level."""
        return self.codes(Result.NOT_MET)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The indicators that were answered but have no confirmed level to be held against."""
        return self.codes(Result.UNKNOWN)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The indicators without an answer."""
        return self.codes(None)

    @property
    def tally(self) -> Tally:
        """The counts of criteria met and of indicators by result."""
        count, criteria = self.results.count, list(self.by_criterion.values())
        shown = (Result.MET, Result.NOT_MET, Result.NOT_APPLICABLE, Result.UNKNOWN, None)
        return Tally(len(criteria), criteria.count(Result.MET), *(count(result) for result in shown))


def judge(rule: Rule, answer: Answer) -> Result:
    """Hold one checked answer against its rule, exactly."""
    return rule.absent if answer.not_applicable else rule.test(answer.value)


def assess(rules: Rules, answers: Mapping[str, Answer]) -> Assessment:
    """Judge one column of checked answers against every indicator of the set."""
    get = answers.get
    results = tuple(
        [
            None if (answer := get(code)) is None else absent if answer.not_applicable else test(answer.value)
            for code, test, absent in rules.plan
        ]
    )
    passed = results.count(_MET) + results.count(_NOT_APPLICABLE)
    return Assessment(rules, results, passed == len(results) and rules.passable)


class _Terms(NamedTuple):
    adoption: Adoption | None
    group: str | None
    year: int
    others: Mapping[str, Rules]


def compile_rules(
    criteria_set: CriteriaSet,
    adoption: Adoption | None,
    group: str | None,
    year: int,
    others: Mapping[str, Rules] | None = None,
) -> Rules:
    """Resolve every required level for a group (else the adoption's default group) and a year.

    `others` holds the rules of the sets this one refers to. ValueError for an unknown group, an adoption of another set
    or of unknown codes; InvalidValue for an adopted level that does not fit its indicator.
    """
    if group is None and adoption:
        group = adoption.group_default
    _check_terms(criteria_set, adoption, group)
    terms = _Terms(adoption, group, year, others or {})
    by_code = {indicator.code: _rule(indicator, terms) for indicator in criteria_set.indicators}
    plan = tuple((code, rule.test, rule.absent) for code, rule in by_code.items())
    return Rules(criteria_set, adoption, group, year, by_code, plan)


def _check_terms(criteria_set: CriteriaSet, adoption: Adoption | None, group: str | None) -> None:
    groups = {known.code for known in criteria_set.groups}
    if groups and group is not None and group not in groups:
        raise ValueError(f"{criteria_set.key} has no group '{group}'")
    if adoption is None:
        return
    if adoption.set_key != criteria_set.key:
        raise ValueError(f"the adoption is of {adoption.set_key}, not of {criteria_set.key}")
    leaves = {leaf.code for indicator in criteria_set.indicators for leaf in indicator.parts or (indicator,)}
    if strangers := sorted(set(adoption.thresholds) - leaves):
        raise ValueError(f"{criteria_set.key} has no level to adopt for {', '.join(strangers)}")


def _rule(indicator: Indicator, terms: _Terms) -> Rule:
    settled = terms.adoption is not None or indicator.mark not in _RECALLED
    allowed = _NOT_APPLICABLE if indicator.if_present else _NOT_MET
    absent = allowed if settled else _UNKNOWN
    if indicator.parts:
        parts = tuple(_rule(part, terms) for part in indicator.parts)
        blocked = next((part.blocked for part in parts if part.blocked), None)
        return Rule(indicator, None, blocked, _test_parts(parts), absent, parts)
    threshold, blocked = _resolve(indicator, terms)
    if threshold is None or blocked:
        return Rule(indicator, threshold, blocked, _undecided, absent)
    return Rule(indicator, threshold, None, _TESTS[indicator.kind](indicator, threshold, absent), absent)


def _resolve(indicator: Indicator, terms: _Terms) -> tuple[Threshold | None, Blocked | None]:
    adoption = terms.adoption
    if adoption and indicator.code in adoption.thresholds:
        adopted = adoption.thresholds[indicator.code]
        return exact_threshold(indicator.kind, indicator.compare, indicator.grades, adopted), None
    if indicator.unknown:
        return None, Blocked.UNKNOWN
    required = _required(indicator, terms)
    if indicator.by_province and (required is None or not adoption):
        return required, Blocked.BY_PROVINCE
    if required is None:
        return None, _why_missing(indicator)
    unconfirmed = indicator.mark in _RECALLED and not adoption
    return required, Blocked.UNCONFIRMED if unconfirmed else None


def _required(indicator: Indicator, terms: _Terms) -> Threshold | None:
    if indicator.kind is Kind.SET:
        return True
    if indicator.relative_to:
        return _scaled_from(indicator.relative_to, terms.others)
    if indicator.by_year:
        years = _of_group(indicator.by_year, terms.group)
        return years.get(terms.year) if years else None
    return _of_group(indicator.thresholds, terms.group)


def _of_group(levels: Mapping[str, _Found], group: str | None) -> _Found | None:
    return levels.get(group or EVERY_GROUP, levels.get(EVERY_GROUP))


def _scaled_from(relative: Relative, others: Mapping[str, Rules]) -> Threshold | None:
    rules = others.get(relative.set_key)
    rule = rules.by_code.get(relative.indicator) if rules else None
    if rule is None or rule.blocked or not isinstance(rule.threshold, int | Fraction):
        return None
    return shorten(rule.threshold * relative.factor)


def _why_missing(indicator: Indicator) -> Blocked:
    if indicator.relative_to:
        return Blocked.OTHER_SET
    return Blocked.NO_YEAR if indicator.by_year else Blocked.NO_GROUP


def _undecided(_value: object) -> Result:
    return _UNKNOWN


def _test_truth(_indicator: Indicator, threshold: Threshold, _absent: Result) -> Test:
    return {threshold: _MET, not threshold: _NOT_MET}.__getitem__


def _test_percent(indicator: Indicator, threshold: Threshold, absent: Result) -> Test:
    """Hold part/whole against n/d percent as `part * 100 * d` against `n * whole`; 0/0 stands for "does not apply"."""
    holds, least, scale = _HOLDS[indicator.compare], *_ratio(threshold)
    scale *= 100

    def test(value: Mapping[str, int]) -> Result:
        whole = value["whole"]
        if not whole:
            return absent
        return _MET if holds(value["part"] * scale, least * whole) else _NOT_MET

    return test


def _test_number(indicator: Indicator, threshold: Threshold, _absent: Result) -> Test:
    """Hold decimal text such as "48.2", or an integer, against n/d without leaving the integers."""
    holds, least, scale = _HOLDS[indicator.compare], *_ratio(threshold)

    def test(value: str | int) -> Result:
        units, _, decimals = str(value).partition(".")
        return _MET if holds(int(units + decimals) * scale, least * 10 ** len(decimals)) else _NOT_MET

    return test


def _test_grade(indicator: Indicator, threshold: Threshold, _absent: Result) -> Test:
    holds = _HOLDS[indicator.compare]
    rank = {grade: place for place, grade in enumerate(indicator.grades)}
    least = rank[str(threshold)]
    return lambda value: _MET if holds(rank[value], least) else _NOT_MET


def _test_choice(indicator: Indicator, threshold: Threshold, _absent: Result) -> Test:
    holds = _HOLDS[indicator.compare]
    return lambda value: _MET if holds(len(set(value)), threshold) else _NOT_MET


def _test_parts(parts: Iterable[Rule]) -> Test:
    tests = tuple((part.indicator.code, part.test) for part in parts)
    return lambda value: _combine([test(value[code]) for code, test in tests])


def _combine(results: Collection[Result | None]) -> Result:
    """Everything must be met or not apply; a miss outweighs what is not known, and nothing at all proves nothing."""
    if _NOT_MET in results:
        return _NOT_MET
    return _UNKNOWN if not results or _UNKNOWN in results or None in results else _MET


def _ratio(threshold: Threshold) -> tuple[int, int]:
    number = Fraction(threshold)
    return number.numerator, number.denominator


_HOLDS: dict[Compare, Callable[[Any, Any], bool]] = {
    Compare.AT_LEAST: operator.ge,
    Compare.AT_MOST: operator.le,
    Compare.EQUAL: operator.eq,
    Compare.MORE: operator.gt,
    Compare.LESS: operator.lt,
}

_TESTS: dict[Kind, Callable[[Indicator, Threshold, Result], Test]] = {
    Kind.BOOLEAN: _test_truth,
    Kind.SET: _test_truth,
    Kind.PERCENT: _test_percent,
    Kind.NUMBER: _test_number,
    Kind.MONEY: _test_number,
    Kind.COUNT: _test_number,
    Kind.GRADE: _test_grade,
    Kind.CHOICE: _test_choice,
}
