"""A dossier whose unit has ended: it goes on under the unit's new name, or ends, as the department settles it."""

from uuid import uuid4

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import database
from blueprints.desk.base import Board, key_of, open_board, pages
from blueprints.incoming import whole_or_zero
from casework.door import Order
from casework.errors import NotFound
from casework.inheriting import BY, LAPSE, PASS_ON, is_about_title, prospect, succeed
from workflow.names import StateKind

SETTLERS = frozenset(BY)


def is_left_behind(board: Board) -> bool:
    """Whether a dossier is still of a unit that has ended, and something has to become of it."""
    last_day = board.file.facts.unit.valid_to
    under_way = board.state.kind is StateKind.OPEN and not is_about_title(board.file)
    return under_way and last_day is not None and last_day < board.file.facts.today


@pages.page("/dossiers/<int:dossier_id>/succession", access=SETTLERS)
def succession_page(dossier_id: int) -> ResponseReturnValue:
    """Show what became of the unit of a dossier, and what is to become of the dossier."""
    board = open_board(dossier_id)
    if not is_left_behind(board):
        raise NotFound(f"succession of {dossier_id}")
    became, action, against = prospect(database.reader(), board.file)
    return render_template(
        "desk/succession.html",
        board=board,
        became=became,
        ends=action == LAPSE,
        against=[board.say(one) for one in against],
        order={"seen_version": board.file.row.version, "request_key": uuid4().hex, "action": action},
    )


@pages.page("/dossiers/<int:dossier_id>/succession", access=SETTLERS, methods=("POST",))
def succession_act(dossier_id: int) -> ResponseReturnValue:
    """Let the dossier go on under the new name, or end it, as the page said; else say what has changed."""
    board = open_board(dossier_id)
    g.current_url = board.url
    action = request.form.get("action", "")
    if action not in (PASS_ON, LAPSE):
        raise NotFound(action)
    version, key = whole_or_zero(request.form.get("seen_version", "")), key_of(request.form.get("request_key"))
    with database.act() as connection:
        succeed(connection, Order(dossier_id, action, version, key), board.person.person_id, g.now)
    done = _("Hồ sơ tiếp tục dưới tên mới của đơn vị.") if action == PASS_ON else _("Đã kết thúc hồ sơ.")
    flash(done, "success")
    return redirect(board.url, 303)
