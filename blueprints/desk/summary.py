"""The criteria on a dossier's page: what each comes to in each column, and which indicators are shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from flask import url_for

from blueprints.desk.base import Board
from blueprints.desk.columns import Row, assessments, columns_shown, is_different, judging_column, row_of
from blueprints.face import in_language
from queries.dossier_rows import Concluded
from workflow.criteria import Assessment
from workflow.criteria_set import Criterion
from workflow.names import Column, Result

SUMMARY, ALL, UNMET, DIFFERING, MINE = "summary", "all", "unmet", "differing", "mine"


class Met(NamedTuple):
    """What a criterion comes to in one column: how many of its indicators are met or do not apply, and the result."""

    column: Column
    met: int
    total: int
    result: str | None


class Group(NamedTuple):
    """One criterion: its results by column, who concluded on it, what differs in it, and the rows that are shown."""

    criterion: Criterion
    name: str
    url: str
    results: tuple[Met, ...]
    concluded: Concluded | None
    differing: int
    files: int
    rows: tuple[Row, ...]


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

    @property
    def _filters(self) -> Mapping[str, Callable[[str], bool]]:
        return {UNMET: self._is_unmet, DIFFERING: self._is_differing, MINE: self._is_mine}

    def _is_unmet(self, code: str) -> bool:
        refuted = self.board.file.facts.refuted
        return any(
            found[code] is Result.NOT_MET or code in refuted.get(column, ()) for column, found in self._results.items()
        )

    def _is_differing(self, code: str) -> bool:
        return any(is_different(self.board, column, code) for column in self.columns)

    def _is_mine(self, code: str) -> bool:
        rules = self.board.file.facts.rules
        return rules is not None and self.board.owns(rules.by_code[code].indicator)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Every criterion that has a line to show."""
        rules = self.board.file.facts.rules
        groups = [self._group(criterion) for criterion in rules.criteria_set.criteria] if rules else []
        return tuple(one for one in groups if one.rows or self.shown == SUMMARY)

    def _group(self, criterion: Criterion) -> Group:
        codes = [one.code for one in criterion.indicators]
        fits = self._filters.get(self.shown, lambda _code: self.shown == ALL)
        proved = self.board.proofs
        return Group(
            criterion,
            in_language(criterion.name_vi, criterion.name_en),
            url_for("desk.criterion_page", dossier_id=self.board.id, criterion=criterion.code),
            tuple(self._met(column, criterion.code, codes) for column in self.columns),
            self.board.details.conclusions.get(criterion.code),
            sum(map(self._is_differing, codes)),
            sum(len(proved.get(code, ())) for code in codes),
            tuple(row_of(self.board, one, self._results) for one in criterion.indicators if fits(one.code)),
        )

    def _met(self, column: Column, criterion: str, codes: list[str]) -> Met:
        found, refuted = self.found[column], self.board.file.facts.refuted.get(column, frozenset())
        results = [Result.NOT_MET if code in refuted else self._results[column][code] for code in codes]
        met = sum(one in {Result.MET, Result.NOT_APPLICABLE} for one in results)
        result = Result.NOT_MET if Result.NOT_MET in results else found.by_criterion[criterion]
        return Met(column, met, len(codes), None if result in {None, Result.UNKNOWN} else str(result))
