"""The criteria on a dossier's page: what each comes to in each column, and which indicators are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from flask import url_for
from markupsafe import Markup, escape

from blueprints.desk.base import Board
from blueprints.desk.columns import assessments, columns_shown, judging_column, shown_result, text_of
from blueprints.face import in_language, lang
from queries.dossier_rows import Concluded
from queries.wording import label
from workflow.criteria import Assessment, Rules
from workflow.criteria_set import Criterion, Indicator
from workflow.criteria_values import required_text
from workflow.names import Column, Result

NOTHING, WITH_A_BREAK = Markup(), Markup("/<wbr>")
SUMMARY, ALL, UNMET, DIFFERING, MINE = "summary", "all", "unmet", "differing", "mine"


class Met(NamedTuple):
    """What a criterion comes to in one column: how many of its indicators are met or do not apply, and the result."""

    column: Column
    met: int
    total: int
    result: str | None


class Told(NamedTuple):
    """What one column says of an indicator: whether anything, in words, what it comes to, and whether it differs."""

    column: Column
    entered: bool
    text: Markup
    result: str | None
    differs: bool


class Line(NamedTuple):
    """One indicator as the table shows it: its name and required level, how many files, and what each column says.

    Its texts are escaped already.
    """

    code: Markup
    name: Markup
    required: Markup
    doubt: Markup
    proofs: int
    told: tuple[Told, ...]


class Group(NamedTuple):
    """One criterion: its results by column, who concluded on it, what differs in it, and the lines that are shown."""

    criterion: Criterion
    name: str
    url: str
    results: tuple[Met, ...]
    concluded: Concluded | None
    differing: int
    files: int
    rows: tuple[Line, ...]


@dataclass
class Overview:
    """The criteria of one dossier before one person, as much of them as was asked for."""

    board: Board
    asked: str

    @property
    def shown(self) -> str:
        """What is shown: what was asked for, where it is one of the choices."""
        return self.asked if self.asked in self.choices else SUMMARY

    @cached_property
    def choices(self) -> Mapping[str, int]:
        """What can be asked for, each with the number of its lines; nothing that would be empty."""
        rules = self.board.file.facts.rules
        criteria = rules.criteria_set.criteria if rules else ()
        counted = {SUMMARY: len(criteria), ALL: len(self.codes)}
        chosen = {name: sum(map(fits, self.codes)) for name, fits in self._filters.items()}
        return counted | {name: count for name, count in chosen.items() if count}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns worth showing."""
        return columns_shown(self.board)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every indicator in the order of the text."""
        rules = self.board.file.facts.rules
        return tuple(rules.by_code) if rules else ()

    @cached_property
    def found(self) -> Mapping[Column, Assessment]:
        """What each column of answers comes to."""
        return assessments(self.board)

    @cached_property
    def _results(self) -> Mapping[Column, Mapping[str, Result | None]]:
        return {column: one.by_indicator for column, one in self.found.items()}

    @property
    def judging_name(self) -> str:
        """The name of the column that counts now."""
        return judging_column(self.board).value

    @property
    def judging(self) -> Assessment | None:
        """What the column that counts now comes to."""
        return self.found.get(judging_column(self.board))

    @cached_property
    def _criteria_results(self) -> Mapping[Column, Mapping[str, Result]]:
        return {column: one.by_criterion for column, one in self.found.items()}

    @cached_property
    def _differing(self) -> frozenset[str]:
        """The indicators in which the columns that are shown differ."""
        return frozenset().union(*(self.board.differing[column] for column in self.columns))

    @property
    def _filters(self) -> Mapping[str, Callable[[str], bool]]:
        return {UNMET: self._unmet.__contains__, DIFFERING: self._differing.__contains__, MINE: self._is_mine}

    @cached_property
    def _unmet(self) -> frozenset[str]:
        """The indicators that some column says are not met."""
        missed = (code for results in self._results.values() for code, one in results.items() if one is Result.NOT_MET)
        return frozenset(missed).union(*self.board.file.facts.refuted.values())

    def _is_mine(self, code: str) -> bool:
        rules = self.board.file.facts.rules
        return rules is not None and self.board.owns(rules.by_code[code].indicator)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every criterion that has a line to show."""
        rules = self.board.file.facts.rules
        groups = [self._group(rules, criterion) for criterion in rules.criteria_set.criteria] if rules else []
        return tuple(one for one in groups if one.rows or self.shown == SUMMARY)

    def _group(self, rules: Rules, criterion: Criterion) -> Group:
        codes = [one.code for one in criterion.indicators]
        fits = self._filters.get(self.shown, lambda _code: self.shown == ALL)
        constant = constants_of(rules, lang())
        proved = self.board.proofs
        return Group(
            criterion,
            in_language(criterion.name_vi, criterion.name_en),
            f"{self._criteria_url}/{criterion.code}",
            tuple(self._met(column, criterion.code, codes) for column in self.columns),
            self.board.details.conclusions.get(criterion.code),
            len(self._differing.intersection(codes)),
            sum(len(proved.get(code, ())) for code in codes),
            tuple(self._line(one, constant[one.code]) for one in criterion.indicators if fits(one.code)),
        )

    @cached_property
    def _criteria_url(self) -> str:
        """The address above that of each criterion."""
        return url_for("desk.criteria_page", dossier_id=self.board.id)

    def _met(self, column: Column, criterion: str, codes: list[str]) -> Met:
        found, refuted = self._results[column], self.board.file.facts.refuted.get(column, frozenset())
        results = [Result.NOT_MET if code in refuted else found[code] for code in codes]
        met = sum(one is Result.MET or one is Result.NOT_APPLICABLE for one in results)
        result = Result.NOT_MET if Result.NOT_MET in results else self._criteria_results[column][criterion]
        return Met(column, met, len(codes), shown_result(result))

    def _line(self, indicator: Indicator, constant: tuple[Markup, Markup, Markup, Markup]) -> Line:
        told = tuple(self._told(column, indicator) for column in self.columns)
        return Line(*constant, len(self.board.proofs.get(indicator.code, ())), told)

    def _told(self, column: Column, indicator: Indicator) -> Told:
        code = indicator.code
        entered = self.board.details.entered.get((column, code))
        if entered is None:
            return Told(column, entered=False, text=NOTHING, result=None, differs=False)
        result = Result.NOT_MET if entered.refuted else self._results[column][code]
        text, differs = _breaking(text_of(indicator, entered)), code in self.board.differing[column]
        return Told(column, entered=True, text=text, result=shown_result(result), differs=differs)


def _breaking(text: str) -> Markup:
    """A value whose figures may be put on two lines where one is a share of the other."""
    return escape(text).replace("/", WITH_A_BREAK) if "/" in text else escape(text)


@lru_cache(maxsize=64)
def constants_of(rules: Rules, language: str) -> Mapping[str, tuple[Markup, Markup, Markup, Markup]]:
    """What a line says whoever is judged: the indicator's code, name, required level, and why that is in doubt."""
    return {
        code: (
            escape(code),
            escape(rule.indicator.name_vi if language == "vi" else rule.indicator.name_en or rule.indicator.name_vi),
            escape(required_text(rules, code, language)),
            escape(label("unknown_threshold", rule.blocked.value, language) if rule.blocked else ""),
        )
        for code, rule in rules.by_code.items()
    }
