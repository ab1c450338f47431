"""The criteria of a dossier as its pages show them: required level, three columns with their results, files."""

from collections.abc import Mapping
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
    mine: bool


def judging_column(board: Board) -> Column:
    """The column that counts in the present state; the commune's when the state names none."""
    return board.state.column or Column.COMMUNE


def columns_shown(board: Board) -> tuple[Column, ...]:
    """The columns worth showing: those in which something stands, and the one that judges now."""
    filled = {column for column, _ in board.details.entered}
    return tuple(column for column in Column if column in filled or column is judging_column(board))


def rows_of(board: Board, criterion: Criterion) -> list[Row]:
    """The rows of one criterion."""
    facts = board.file.facts
    assert facts.rules is not None
    found = {column: assess(facts.rules, facts.answers.get(column, {})) for column in Column}
    return [row_of(board, indicator, found) for indicator in criterion.indicators]


def row_of(board: Board, indicator: Indicator, found: Mapping[Column, Assessment]) -> Row:
    """The row of one indicator, with the columns of which it is known what they come to."""
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
        cells=tuple(_cell(board, indicator, column, one.by_indicator[code]) for column, one in found.items()),
        proofs=board.proofs.get(code, ()),
        fields=form_fields(indicator, own.value) if own and own.value is not None else {},
        standing=own,
        mine=board.owns(indicator),
    )


def _cell(board: Board, indicator: Indicator, column: Column, result: Result | None) -> Cell:
    entered = board.details.entered.get((column, indicator.code))
    if entered is None:
        return Cell(column, "", None, differs=False, entered=None)
    text = "" if entered.not_applicable else _text(indicator, entered.value)
    shown = Result.NOT_MET.value if entered.refuted else None if result in {None, Result.UNKNOWN} else str(result)
    return Cell(column, text, shown, is_different(board, column, indicator.code), entered)


def is_different(board: Board, column: Column, code: str) -> bool:
    """Whether what stands in a higher column differs from what the commune entered."""
    if column is Column.COMMUNE:
        return False
    entered, base = (board.details.entered.get((one, code)) for one in (column, Column.COMMUNE))
    return entered is not None and base is not None and _meaning(entered) != _meaning(base)


def _text(indicator: Indicator, value: Any) -> str:
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    return format_value(indicator, value)


def _meaning(entered: Entered) -> tuple[Any, ...]:
    return entered.value, entered.not_applicable, entered.refuted
