"""All criteria of a dossier with how far each is: the way into the indicators, and to where something is left to do."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.access import SIGNED_IN
from blueprints.desk.base import open_board, pages
from blueprints.desk.columns import groups_of, judging_column, progress_of
from casework.errors import NotFound


@pages.page("/dossiers/<int:dossier_id>/criteria", access=SIGNED_IN)
def criteria_page(dossier_id: int) -> ResponseReturnValue:
    """Show how far each criterion is in one's own column, or in the one that judges now."""
    board = open_board(dossier_id)
    groups = groups_of(board)
    if not groups:
        raise NotFound("criteria")
    return render_template(
        "desk/criteria.html",
        board=board,
        groups=groups,
        column=(board.column or judging_column(board)).value,
        progress=progress_of(row for group in groups for row in group.rows),
        met=sum(group.result == "met" for group in groups),
        following=next((group for group in groups if group.progress.left), None),
    )
