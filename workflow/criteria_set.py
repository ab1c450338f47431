"""What a criteria set is: criteria, indicators, required levels and the province's adoption, all frozen.

Lives here: types only. They are loaded by `criteria_loader` and judged by `criteria`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from workflow.names import Mark, Subject


class Kind(StrEnum):
    """What sort of value answers an indicator."""

    BOOLEAN = "boolean"
    PERCENT = "percent"
    NUMBER = "number"
    MONEY = "money"
    COUNT = "count"
    GRADE = "grade"
    SET = "set"
    CHOICE = "choice"


class Compare(StrEnum):
    """How a value is held against what is required."""

    AT_LEAST = ">="
    AT_MOST = "<="
    EQUAL = "="
    MORE = ">"
    LESS = "<"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"
    MEETS = "meets"


class ValueFault(StrEnum):
    """What is wrong with a value that somebody gave."""

    MISSING = "value.missing"
    WRONG_SHAPE = "value.wrong_shape"
    NOT_YES_OR_NO = "value.not_yes_or_no"
    NOT_NUMBER = "value.not_number"
    OTHER_WRITING = "value.other_writing"
    TWO_WAYS = "value.two_ways"
    NOT_WHOLE = "value.not_whole"
    NEGATIVE = "value.negative"
    TOO_MANY_DECIMALS = "value.too_many_decimals"
    TOO_LARGE = "value.too_large"
    PART_OVER_WHOLE = "value.part_over_whole"
    WHOLE_IS_ZERO = "value.whole_is_zero"
    UNKNOWN_GRADE = "value.unknown_grade"
    UNKNOWN_CHOICE = "value.unknown_choice"
    REPEATED_CHOICE = "value.repeated_choice"
    BAD_THRESHOLD = "value.bad_threshold"


class InvalidValue(ValueError):
    """A value that cannot be an answer or a threshold: a fault code with parameters, never prose."""

    def __init__(self, code: ValueFault, **params: object) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params


_DECIMAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
_LARGEST = 10**15
_HIGHEST = {Kind.PERCENT: 100, Kind.NUMBER: _LARGEST, Kind.MONEY: _LARGEST, Kind.COUNT: _LARGEST, Kind.CHOICE: _LARGEST}

Threshold: TypeAlias = bool | int | Fraction | str
Value: TypeAlias = bool | int | str | list[str] | dict[str, Any]

EVERY_GROUP = "all"
"""The key of a level that binds every group without one of its own."""


class Group(NamedTuple):
    """A column of required levels: a region, or commune group 1 to 3."""

    code: str
    name_vi: str
    name_en: str
    definition_vi: str


class GroupOverride(NamedTuple):
    """Units that take the required levels of another group than their own."""

    applies_to_vi: str
    group: str
    mark: Mark


class Choose(NamedTuple):
    """The fields a unit may choose from; an open list accepts others that the province names."""

    options: tuple[str, ...]
    open_list: bool


class Relative(NamedTuple):
    """A requirement taken from another set: the whole set, or one indicator's threshold times an exact factor."""

    set_key: str
    indicator: str
    factor: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One thing a set measures, with the level it requires of each group; a part is an indicator inside another."""

    code: str
    criterion: str
    name_vi: str
    name_en: str
    kind: Kind
    compare: Compare
    department: str
    mark: Mark
    unit: str = ""
    unit_en: str = ""
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    by_year: Mapping[str, Mapping[int, Threshold]] = field(default_factory=dict)
    parts: tuple["Indicator", ...] = ()
    if_present: str = ""
    by_province: bool = False
    unknown: bool = False
    relative_to: Relative | None = None
    choose: Choose | None = None
    grades: tuple[str, ...] = ()
    numbered: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A numbered heading of a set; it is met when each of its indicators is met or does not apply."""

    code: str
    name_vi: str
    name_en: str
    block_vi: str
    indicators: tuple[Indicator, ...]


class Counts(NamedTuple):
    """How many criteria and indicators the legal text has."""

    criteria: int
    indicators: int


class Requirement(NamedTuple):
    """Another set that the unit must meet first."""

    set_key: str
    condition_vi: str
    mark: Mark


class Revocation(NamedTuple):
    """The criteria that Article 4 names for taking a recognition back; none where the rule is not known for a set.

    `judged_by` is the key of the set by which a title of this level is judged instead.
    """

    criteria: tuple[str, ...] = ()
    judged_by: str = ""
    mark: Mark | None = None
    source: str = ""


NOT_RULED = Revocation()


class Source(NamedTuple):
    """Where a set was read, and how much of it."""

    title: str
    url: str
    extent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaSet:
    """One version of a criteria set, frozen as loaded; an incomplete set can be shown but never passed."""

    key: str
    version: int
    title_vi: str
    title_en: str
    legal_basis: str
    subject: Subject
    level: str
    valid_from: date
    valid_to: date
    complete: bool
    mark: Mark
    counts: Counts | None
    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    requires: tuple[Requirement, ...] = ()
    revocation: Revocation = NOT_RULED
    group_overrides: tuple[GroupOverride, ...] = ()
    superseded_by: str = ""
    verified: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()
    _criteria: dict[str, Criterion] = field(init=False, repr=False, compare=False)
    _indicators: dict[str, Indicator] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_criteria", {criterion.code: criterion for criterion in self.criteria})
        listed = (indicator for criterion in self.criteria for indicator in criterion.indicators)
        object.__setattr__(self, "_indicators", {indicator.code: indicator for indicator in listed})

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Every indicator in the order of the legal text."""
        return tuple(self._indicators.values())

    def leader_of(self, code: str) -> str:
        """The department that leads a criterion: the one that owns its first indicator; '' for an unknown criterion."""
        found = self._criteria.get(code)
        return found.indicators[0].department if found and found.indicators else ""

    def criterion(self, code: str) -> Criterion:
        """The criterion with this code; KeyError when the set has none."""
        return self._criteria[code]

    def indicator(self, code: str) -> Indicator:
        """The indicator with this code; KeyError when the set has none."""
        return self._indicators[code]


@dataclass(frozen=True, slots=True)
class Adoption:
    """The province's decision to apply a set, with the levels it fixes by indicator (or part) code."""

    set_key: str
    decision_number: str
    decided_on: date
    group_default: str | None
    thresholds: Mapping[str, Threshold] = field(default_factory=dict)
    practice: bool = False


def exact_threshold(kind: Kind, compare: Compare, grades: tuple[str, ...], raw: object) -> Threshold:
    """A required level as exact data (decimals become fractions); InvalidValue when it cannot fit the kind."""
    if kind in {Kind.BOOLEAN, Kind.SET} and isinstance(raw, bool) and raw is (compare is not Compare.IS_FALSE):
        return raw
    if kind is Kind.GRADE and isinstance(raw, str) and raw in grades:
        return raw
    if kind in _HIGHEST:
        number = exact_number(raw)
        fits = number is not None and 0 <= number <= _HIGHEST[kind]
        if number is not None and fits and (kind not in {Kind.COUNT, Kind.CHOICE} or isinstance(number, int)):
            return number
    raise InvalidValue(ValueFault.BAD_THRESHOLD, kind=kind.value, value=raw)


def exact_number(raw: object) -> int | Fraction | None:
    """The exact number behind an integer, a fraction, a YAML decimal or decimal text; None for anything else."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Fraction):
        return None
    text = str(raw)
    if not isinstance(raw, Fraction) and not _DECIMAL.fullmatch(text):
        return None
    return shorten(Fraction(text))


def shorten(number: Fraction) -> int | Fraction:
    """The same number, as an integer where it is one."""
    return number.numerator if number.denominator == 1 else number
