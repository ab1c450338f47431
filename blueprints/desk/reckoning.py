"""What typed counts come to beside the figures of the procedure: each share is computed, each figure has its mark."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from wtforms import Form

from blueprints.desk.base import Board
from blueprints.face import share_of
from workflow.case import least, reaches
from workflow.procedure import Figure


class Reckoned(NamedTuple):
    """A figure of the procedure, and what stands in the form held against it.

    `part` and `whole` name the fields whose share is meant, `part` alone a number; neither, when nothing is typed that
    could be held against the figure. `reached` is None while it cannot be said.
    """

    figure: Figure
    part: str = ""
    whole: str = ""
    text: str = ""
    reached: bool | None = None
    least: int | None = None

    @property
    def need(self) -> float:
        """What is required, as a script computes with it."""
        return float(self.figure.value)


def told(board: Board, name: str) -> Reckoned:
    """A figure that is only told."""
    return Reckoned(figure_of(board, name))


def share(board: Board, form: Form, name: str, part: str, whole: str) -> Reckoned:
    """The share of one count in another, against the share that the figure asks for."""
    figure, counts = figure_of(board, name), _counts(form, part, whole)
    if len(counts) < 2 or not counts[1]:
        return Reckoned(figure, part, whole)
    inner, outer = counts
    enough = reaches(inner, outer, figure.value)
    return Reckoned(figure, part, whole, share_of(inner, outer), enough, least(outer, figure.value))


def number(board: Board, form: Form, name: str, part: str) -> Reckoned:
    """A number against the number that the figure asks for."""
    figure, counts = figure_of(board, name), _counts(form, part)
    return Reckoned(figure, part, reached=counts[0] >= figure.value) if counts else Reckoned(figure, part)


def figure_of(board: Board, name: str) -> Figure:
    """A figure of the dossier's procedure; `{stage}` stands for the tier that has the dossier."""
    return board.file.procedure.figures[name.format(stage=board.stage)]


def item_share(satisfied: int | None, answered: int | None, need: int | Fraction) -> tuple[str, bool | None]:
    """The share of one question of a survey in words, and whether it is enough."""
    if satisfied is None or not answered:
        return "", None
    return share_of(satisfied, answered), reaches(satisfied, answered, need)


def _counts(form: Form, *names: str) -> list[int]:
    """The whole numbers in these fields, as far as there are any."""
    found: Iterable[object] = (form[name].data for name in names)
    return [count for count in found if type(count) is int]
