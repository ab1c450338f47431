"""Why a recognition may be taken back: the criteria that have fallen, the two cases of the law, the papers."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from flask import url_for

from blueprints.desk.base import Board
from blueprints.desk.columns import judging_column
from blueprints.desk.reckoning import figure_of
from blueprints.face import in_language, share_of
from workflow.case import Case, reaches
from workflow.facts import Facts
from workflow.names import Column, DocumentKind
from workflow.procedure import Action, Figure, Procedure
from workflow.revocation import SHARES, Ground, Shortfall, shortfall


class Fallen(NamedTuple):
    """A criterion that is not met, where it is read, and whether the law names it."""

    code: str
    name: str
    url: str
    named: bool


class Way(NamedTuple):
    """One of the two cases: its share, the least number of criteria that it means, and whether that is reached."""

    figure: Figure
    least: int
    reached: bool


@dataclass(frozen=True, slots=True)
class Grounds:
    """The criteria not met of how many and as a share, the two cases, the criteria that the law names, the papers.

    They are counted in the column that is judged, or in the one before it while that is empty. `counted` is false
    before the review: then the cases are told, and nothing is held against them.
    """

    column: Column
    fallen: tuple[Fallen, ...]
    total: int
    share: str
    ways: tuple[Way, ...]
    named: tuple[str, ...]
    ground: Ground | None
    papers: tuple[DocumentKind, ...]
    counted: bool


def grounds_of(board: Board) -> Grounds | None:
    """The grounds of a dossier whose recognition is under review; None of any other, and without a criteria set."""
    procedure, state = board.file.procedure, board.state.name
    return _grounds(board, counted=True) if _is_reviewed(procedure, state) else None


def grounds_before(board: Board, action: Action) -> Grounds | None:
    """What the law asks for, before a review is opened; the grounds as they stand during one; None of other actions."""
    procedure = board.file.procedure
    if _is_reviewed(procedure, board.state.name):
        return _grounds(board, counted=True)
    opens = any(_is_reviewed(procedure, branch.to) for branch in action.branches)
    return _grounds(board, counted=False) if opens else None


def _is_reviewed(procedure: Procedure, state: str) -> bool:
    """Whether a step from this state asks how far the unit has fallen."""
    return any("fallen_short" in _guards(action) for action in procedure.actions_from(state))


def _guards(action: Action) -> set[str]:
    return set(action.guards).union(*(branch.guards for branch in action.branches))


def _grounds(board: Board, *, counted: bool) -> Grounds | None:
    procedure, rules = board.file.procedure, board.file.facts.rules
    facts, column = _facts_counted(board)
    found = shortfall(Case(procedure, facts))
    if found is None or rules is None:
        return None
    steps = [action for action in procedure.actions.values() if "fallen_short" in _guards(action)]
    papers = [kind for action in steps for kind in action.documents]
    return Grounds(
        column=column,
        fallen=_fallen(board, found) if counted else (),
        total=found.total,
        share=share_of(len(found.unmet), found.total),
        ways=_ways(board, found),
        named=tuple(rules.criteria_set.revocation.criteria),
        ground=found.ground if counted else None,
        papers=tuple(dict.fromkeys(papers)),
        counted=counted,
    )


def _facts_counted(board: Board) -> tuple[Facts, Column]:
    """The facts with the last filled column in the place of the one that is judged, and which column that is."""
    facts, judged = board.file.facts, judging_column(board)
    filled = [one for one in reversed(Column) if facts.answers.get(one)]
    column = judged if judged in filled or not filled else filled[0]
    answers = {**facts.answers, judged: facts.answers.get(column, {})}
    refuted = {**facts.refuted, judged: facts.refuted.get(column, frozenset())}
    return replace(facts, answers=answers, refuted=refuted), column


def _fallen(board: Board, found: Shortfall) -> tuple[Fallen, ...]:
    rules = board.file.facts.rules
    above = url_for("desk.criteria_page", dossier_id=board.id)
    criteria = rules.criteria_set.criteria if rules else ()
    return tuple(
        Fallen(one.code, in_language(one.name_vi, one.name_en), f"{above}/{one.code}", one.code in found.named)
        for one in criteria
        if one.code in found.unmet
    )


def _ways(board: Board, found: Shortfall) -> tuple[Way, ...]:
    some, half = (figure_of(board, name) for name in SHARES)
    unmet = len(found.unmet)
    first = bool(found.named) and reaches(unmet, found.total, some.value)
    return Way(some, found.partly, first), Way(half, found.mostly, reaches(unmet, found.total, half.value))
