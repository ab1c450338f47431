"""Reading one indicator of a criteria set: its rule, its required levels and its parts, with every mistake noted.

Lives here: `read_indicator` and the small readers it shares with `criteria_loader`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeVar

from workflow.criteria_set import (
    EVERY_GROUP,
    Choose,
    Compare,
    Indicator,
    InvalidValue,
    Kind,
    Relative,
    Threshold,
    exact_number,
    exact_threshold,
)
from workflow.names import Mark
from workflow.source import Node, Problems, Reader

_NUMERIC = frozenset({Compare.AT_LEAST, Compare.AT_MOST, Compare.EQUAL, Compare.MORE, Compare.LESS})
_FITTING: dict[Kind, frozenset[Compare]] = dict.fromkeys(Kind, _NUMERIC) | {
    Kind.BOOLEAN: frozenset({Compare.IS_TRUE, Compare.IS_FALSE}),
    Kind.SET: frozenset({Compare.MEETS}),
}
_Name = TypeVar("_Name", bound=StrEnum)


class Reference(NamedTuple):
    """Another set, and maybe one of its indicators, that a line of the file names."""

    line: int
    set_key: str
    indicator: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the file may name, and what it has named so far."""

    problems: Problems
    departments: Collection[str]
    groups: Collection[str] = ()
    units_en: Mapping[str, str] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)

    def claim(self, code: str, reader: Reader) -> None:
        """Note a code that stands twice in the set."""
        if code in self.codes:
            self.problems.add(reader.line_of("code"), f"{reader.what} stands twice")
        self.codes.add(code)


class _Owner(NamedTuple):
    criterion: str
    department: str
    mark: Mark
    if_present: str


def read_indicator(reader: Reader, criterion: str, known: Known) -> Indicator:
    """One indicator with its parts; what is wrong with it is noted among the problems of the file."""
    department = reader.text("department", among=known.departments.__contains__, kind="department")
    owner = _Owner(criterion, department, mark_of(reader), reader.text("if_present", required=False))
    measured = _measured(reader, owner, known)
    parts = tuple(_part(inner, measured.code, owner, known) for inner in readers_of(reader, "parts", "part"))
    indicator = replace(
        measured, parts=parts, numbered=not reader.flag("unnumbered"), note=reader.text("note", required=False)
    )
    reader.finish()
    if indicator.code and indicator.code.removeprefix("x").split(".")[0] != criterion:
        known.problems.add(reader.line_of("code"), f"{reader.what} does not belong under criterion '{criterion}'")
    return indicator


def _part(reader: Reader, whole: str, owner: _Owner, known: Known) -> Indicator:
    part = _measured(reader, owner, known)
    reader.finish()
    if not part.code.startswith(whole):
        known.problems.add(reader.line_of("code"), f"{reader.what} does not belong to indicator '{whole}'")
    return part


def _measured(reader: Reader, owner: _Owner, known: Known) -> Indicator:
    """An indicator or a part with its rule; where kind or rule is wrong a stand-in will do, for the file is refused."""
    code = reader.text("code")
    known.claim(code, reader)
    rule = reader.inner("rule", f"{reader.what}: the rule") or Reader(Node({}, reader.line), Problems(""), "")
    kind, compare = one_of(rule, "kind", Kind), one_of(rule, "compare", Compare)
    grades, unit = rule.texts("grades"), rule.text("unit", required=False)
    if kind and compare and compare not in _FITTING[kind]:
        known.problems.add(rule.line_of("compare"), f"{reader.what}: '{compare}' does not fit kind '{kind}'")
        compare = None
    levels = _Levels(rule, known, kind, compare, grades)
    by_group, by_year = rule.mapping("thresholds", required=False), rule.mapping("by_year", required=False)
    indicator = Indicator(
        code=code,
        name_vi=reader.text("name_vi"),
        name_en=reader.text("name_en"),
        kind=kind or Kind.BOOLEAN,
        compare=compare or Compare.IS_TRUE,
        unit=unit,
        unit_en=known.units_en.get(unit, unit),
        thresholds=levels.by_group(by_group),
        by_year=levels.by_group_and_year(by_year),
        by_province=rule.flag("by_province"),
        unknown=rule.flag("unknown"),
        relative_to=_relative(rule, known),
        choose=_choose(rule),
        grades=grades,
        **owner._asdict(),
    )
    rule.finish()
    if kind:
        _check_levels(indicator, reader, given=bool(by_group or by_year or indicator.relative_to))
    return indicator


@dataclass(frozen=True, slots=True)
class _Levels:
    """Reads the required levels of one rule."""

    rule: Reader
    known: Known
    kind: Kind | None
    compare: Compare | None
    grades: tuple[str, ...]

    def by_group(self, nodes: Mapping[str, Node]) -> dict[str, Threshold]:
        """The level of each group that has a fitting one."""
        read_levels = {group: self._level(node) for group, node in nodes.items() if self._is_group(group, node)}
        return {group: level for group, level in read_levels.items() if level is not None}

    def by_group_and_year(self, nodes: Mapping[str, Node]) -> dict[str, dict[int, Threshold]]:
        """The levels of each group by year."""
        return {group: self._years(node) for group, node in nodes.items() if self._is_group(group, node)}

    def _years(self, node: Node) -> dict[int, Threshold]:
        found: dict[int, Threshold] = {}
        for year, level_node in (node.value if isinstance(node.value, dict) else {"": node}).items():
            level = self._level(level_node)
            if not (len(year) == 4 and year.isdecimal()):
                self._refuse(level_node.line, f"'{year}' is no year")
            elif level is not None:
                found[int(year)] = level
        return found

    def _level(self, node: Node) -> Threshold | None:
        if self.kind is None or self.compare is None:
            return None
        try:
            return exact_threshold(self.kind, self.compare, self.grades, node.value)
        except InvalidValue:
            self._refuse(node.line, f"the level {node.value!r} does not fit kind '{self.kind}'")
            return None

    def _is_group(self, group: str, node: Node) -> bool:
        fits = group == EVERY_GROUP or group in self.known.groups
        if not fits:
            self._refuse(node.line, f"unknown group '{group}'")
        return fits

    def _refuse(self, line: int, cause: str) -> None:
        self.known.problems.add(line, f"{self.rule.what}: {cause}")


def _relative(rule: Reader, known: Known) -> Relative | None:
    reader = rule.inner("relative_to", f"{rule.what}: 'relative_to'", required=False)
    if reader is None:
        return None
    key, indicator, factor = reader.text("set"), reader.text("indicator", required=False), reader.raw("factor")
    known.references.append(Reference(reader.line, key, indicator))
    exact = exact_number(factor.value) if factor else 1
    if exact is None or exact <= 0:
        known.problems.add(reader.line_of("factor"), f"{reader.what}: the factor must be a number above zero")
        exact = 1
    reader.finish()
    return Relative(key, indicator, Fraction(exact))


def _choose(rule: Reader) -> Choose | None:
    reader = rule.inner("choose", f"{rule.what}: 'choose'", required=False)
    if reader is None:
        return None
    choose = Choose(reader.texts("of", required=True), reader.flag("open"))
    reader.finish()
    return choose


def _check_levels(indicator: Indicator, reader: Reader, *, given: bool) -> None:
    left_open, in_parts = indicator.unknown or indicator.by_province, "parts" in reader.keys
    causes = {
        "has parts, so its levels must stand with them": in_parts and (given or left_open),
        "says that its level is unknown and gives one": indicator.unknown and given,
        "has no level and is not marked unknown or by_province": not (given or left_open or in_parts),
        "needs its grades, lowest first": indicator.kind is Kind.GRADE and not indicator.grades,
        "needs the fields to choose from": indicator.kind is Kind.CHOICE and not indicator.choose,
        "needs the set it is relative to": indicator.kind is Kind.SET and not indicator.relative_to,
    }
    for cause, wrong in causes.items():
        if wrong:
            reader.problems.add(reader.line_of("rule"), f"{reader.what} {cause}")


def readers_of(top: Reader, key: str, what: str) -> list[Reader]:
    """Each entry of a list as a reader that names itself by its code."""
    return [Reader(node, top.problems, _named(node, what)) for node in top.items(key)]


def _named(node: Node, what: str) -> str:
    code = node.value.get("code") if isinstance(node.value, dict) else None
    return f"{what} '{code.value}'" if code else f"the {what}"


def one_of(reader: Reader, key: str, names: type[_Name]) -> _Name | None:
    """The member of a closed list of names; None when it is missing or unknown."""
    known = {str(name): name for name in names}
    return known.get(reader.text(key, among=known.__contains__, kind=key))


def mark_of(reader: Reader) -> Mark:
    """How sure the fact is; a missing mark is noted."""
    return one_of(reader, "mark", Mark) or Mark.RECALLED_LOW
