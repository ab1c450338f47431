"""The criteria of a dossier as its pages show them: required level, three columns with their results, files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from blueprints.desk.base import Board
from blueprints.face import in_language, lang, word
from blueprints.sentences import spoken as _
from casework.errors import NotFound
from queries.dossier_rows import Entered, Proof
from workflow.criteria import Assessment, assess
from workflow.criteria_set import Criterion, Indicator
from workflow.criteria_values import format_share, format_value, plainly, required_text
from workflow.names import Column, Result


@dataclass(frozen=True, slots=True)
class Cell:
    """One column's value of an indicator: in words, as a share, what it comes to, and who entered it, and why.

    `digits`: the value without marks, where it would be another one in the other language's writing.
    """

    column: Column
    text: str
    share: str
    result: str | None
    differs: bool
    entered: Entered | None
    digits: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: its name and required level, the three columns, its files; one's own column, else the judging one.

    `unproven`: the commune has given a value, and no file that still counts stands beside it.
    """

    indicator: Indicator
    name: str
    required: str
    doubt: str
    cells: tuple[Cell, ...]
    proofs: tuple[Proof, ...]
    own: Cell
    standing: Entered | None
    unproven: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One criterion with its rows, and what it comes to in the column that judges now."""

    criterion: Criterion
    name: str
    result: str | None
    rows: tuple[Row, ...]

    @property
    def progress(self) -> "Progress":
        """How far the criterion is in one's own column, or in the one that judges."""
        return progress_of(self.rows)


class Progress(NamedTuple):
    """How many indicators there are, how many have a value, what these come to, and how many lack evidence."""

    all: int
    filled: int
    met: int
    not_met: int
    unproven: int

    @property
    def left(self) -> int:
        """How many indicators still need something: a value, or evidence for it."""
        return self.all - self.filled + self.unproven


def progress_of(rows: Iterable[Row]) -> Progress:
    """How far some indicators are in one's own column, or in the one that judges."""
    listed = list(rows)
    results = [row.own.result for row in listed if row.own.entered]
    passed = results.count(Result.MET.value) + results.count(Result.NOT_APPLICABLE.value)
    unproven = sum(row.unproven for row in listed)
    return Progress(len(listed), len(results), passed, results.count(Result.NOT_MET.value), unproven)


def criterion_of(board: Board, code: str) -> Criterion:
    """The criterion of the dossier's set with this code; NotFound when there is none."""
    rules = board.file.facts.rules
    found = [one for one in rules.criteria_set.criteria if one.code == code] if rules else []
    if not found:
        raise NotFound(f"criterion {code}")
    return found[0]


def neighbours(board: Board, shown: Criterion) -> tuple[Criterion | None, Criterion | None]:
    """The criteria before and after one, in the order of the set."""
    rules = board.file.facts.rules
    criteria = rules.criteria_set.criteria if rules else ()
    place = [one.code for one in criteria].index(shown.code)
    return criteria[place - 1] if place else None, criteria[place + 1] if place + 1 < len(criteria) else None


def judging_column(board: Board) -> Column:
    """The column that counts in the present state; the commune's when the state names none."""
    return board.state.column or Column.COMMUNE


def columns_shown(board: Board) -> tuple[Column, ...]:
    """The columns worth showing: those in which something stands, and the one that judges now."""
    filled = {column for column, _ in board.details.entered}
    return tuple(column for column in Column if column in filled or column is judging_column(board))


def groups_of(board: Board) -> tuple[Group, ...]:
    """Every criterion of the dossier's set with its rows; none before a set is adopted."""
    rules = board.file.facts.rules
    if rules is None:
        return ()
    found = assessments(board)
    results = found[judging_column(board)].by_criterion
    return tuple(
        Group(
            criterion,
            in_language(criterion.name_vi, criterion.name_en),
            shown_result(results[criterion.code]),
            tuple(rows_of(board, criterion, found)),
        )
        for criterion in rules.criteria_set.criteria
    )


def assessments(board: Board) -> dict[Column, Assessment]:
    """What each column of answers comes to."""
    rules = board.file.facts.rules
    if rules is None:
        return {}
    return {column: assess(rules, board.file.facts.answers.get(column, {})) for column in Column}


def rows_of(board: Board, criterion: Criterion, found: dict[Column, Assessment] | None = None) -> list[Row]:
    """The rows of one criterion."""
    results = {column: one.by_indicator for column, one in (found or assessments(board)).items()}
    return [row_of(board, indicator, results) for indicator in criterion.indicators]


def row_of(board: Board, indicator: Indicator, results: Mapping[Column, Mapping[str, Result | None]]) -> Row:
    """The row of one indicator, from what each indicator comes to in each column."""
    rules, facts = board.file.facts.rules, board.file.facts
    assert rules is not None
    code = indicator.code
    blocked = rules.by_code[code].blocked
    cells = {column: _cell(board, indicator, column, results[column][code]) for column in Column}
    answer = facts.answers.get(Column.COMMUNE, {}).get(code)
    return Row(
        indicator=indicator,
        name=in_language(indicator.name_vi, indicator.name_en),
        required=required_text(rules, code, lang()),
        doubt=word("unknown_threshold", blocked.value) if blocked else "",
        cells=tuple(cells.values()),
        proofs=board.proofs.get(code, ()),
        own=cells[board.column or judging_column(board)],
        standing=board.details.entered.get((board.column, code)) if board.column else None,
        unproven=answer is not None and not answer.not_applicable and code not in facts.evidence,
    )


def _cell(board: Board, indicator: Indicator, column: Column, result: Result | None) -> Cell:
    entered = board.details.entered.get((column, indicator.code))
    if entered is None:
        return Cell(column, "", "", None, differs=False, entered=None)
    share = "" if entered.not_applicable else format_share(indicator, entered.value, lang())
    shown = Result.NOT_MET.value if entered.refuted else shown_result(result)
    differs = indicator.code in board.differing[column]
    digits = "" if entered.not_applicable else plainly(indicator, entered.value)
    return Cell(column, text_of(indicator, entered), share, shown, differs, entered, digits)


def text_of(indicator: Indicator, entered: Entered) -> str:
    """A recorded value as it is read; nothing where the indicator does not apply."""
    if entered.not_applicable:
        return ""
    if isinstance(entered.value, bool):
        return _("Có") if entered.value else _("Không")
    return format_value(indicator, entered.value, lang())


def shown_result(result: Result | None) -> str | None:
    """A result by its name; None where nothing is known."""
    return None if result is None or result is Result.UNKNOWN else result.value
