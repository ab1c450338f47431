"""The criteria of a dossier as its pages show them: required level, three columns with their results, files."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from blueprints.desk.base import Board
from blueprints.face import in_language, lang, word
from queries.dossier_rows import Entered, Proof
from workflow.criteria import Assessment, assess
from workflow.criteria_set import Criterion, Indicator
from workflow.criteria_values import form_fields, format_value, required_text
from workflow.names import Column, Result


@dataclass(frozen=True, slots=True)
class Cell:
    """One column's value of an indicator: in words, what it comes to, and who entered it with which reason."""

    column: Column
    text: str
    result: str | None
    differs: bool
    entered: Entered | None


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: its name, required level, the three columns, its files, and the fields that hold its own value."""

    indicator: Indicator
    name: str
    required: str
    doubt: str
    cells: tuple[Cell, ...]
    proofs: tuple[Proof, ...]
    fields: dict[str, str]
    standing: Entered | None


@dataclass(frozen=True, slots=True)
class Group:
    """One criterion with its rows, and what it comes to in the column that judges now."""

    criterion: Criterion
    name: str
    result: str | None
    rows: tuple[Row, ...]


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
            _shown(results[criterion.code]),
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
    return [_row(board, indicator, results) for indicator in criterion.indicators]


def _row(board: Board, indicator: Indicator, results: dict[Column, dict[str, Result | None]]) -> Row:
    rules = board.file.facts.rules
    assert rules is not None
    code = indicator.code
    blocked = rules.by_code[code].blocked
    own = board.details.entered.get((board.column, code)) if board.column else None
    return Row(
        indicator=indicator,
        name=in_language(indicator.name_vi, indicator.name_en),
        required=required_text(rules, code, lang()),
        doubt=word("unknown_threshold", blocked.value) if blocked else "",
        cells=tuple(_cell(board, indicator, column, results[column][code]) for column in Column),
        proofs=tuple(one for one in board.details.proofs if one.indicator == code),
        fields=form_fields(indicator, own.value) if own and own.value is not None else {},
        standing=own,
    )


def _cell(board: Board, indicator: Indicator, column: Column, result: Result | None) -> Cell:
    entered = board.details.entered.get((column, indicator.code))
    if entered is None:
        return Cell(column, "", None, differs=False, entered=None)
    text = "" if entered.not_applicable else _text(indicator, entered.value)
    base = board.details.entered.get((Column.COMMUNE, indicator.code))
    differs = column is not Column.COMMUNE and base is not None and _meaning(base) != _meaning(entered)
    shown = Result.NOT_MET.value if entered.refuted else _shown(result)
    return Cell(column, text, shown, differs, entered)


def _text(indicator: Indicator, value: Any) -> str:
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    return format_value(indicator, value)


def _meaning(entered: Entered) -> tuple[Any, ...]:
    return entered.value, entered.not_applicable, entered.refuted


def _shown(result: Result | None) -> str | None:
    return None if result in {None, Result.UNKNOWN} else str(result)
