"""The page of a task: one form, taken by casework in one act, shown again with what is wrong when it cannot be."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from wtforms import Form

from blueprints import database
from blueprints.access import SIGNED_IN
from blueprints.desk.base import Board, hold_board, open_board, pages
from blueprints.desk.changed import SEEN, Changed, changed, is_taking, print_of, still_mine, taken_over
from blueprints.desk.consulting_tasks import papers_of
from blueprints.desk.drafts import Kept, drafted, keeping_here, kept_here, let_go
from blueprints.desk.task import Act, Task
from blueprints.desk.tasks import TASKS
from blueprints.forms import sent
from casework.errors import NotFound, Refused


@pages.page("/dossiers/<int:dossier_id>/work/<kebab:task>", access=SIGNED_IN)
def task_page(dossier_id: int, task: str) -> ResponseReturnValue:
    """Show the form of a task with what stands there now."""
    board = open_board(dossier_id)
    chosen, item = _task(board, task), request.args.get("item", "")
    kept = kept_here(board.file.row.version)
    return _page(board, chosen, item, _form(board, chosen, item, kept.fields), kept)


@pages.page("/dossiers/<int:dossier_id>/work/<kebab:task>", access=SIGNED_IN, methods=("POST",))
@drafted
def task_act(dossier_id: int, task: str) -> ResponseReturnValue:
    """Take what was filled in, or show the form again with what is wrong and all that was typed."""
    board = open_board(dossier_id)
    chosen, item = _task(board, task), request.args.get("item", "")
    kept = keeping_here(board.file.row.version)
    if is_taking():
        form = chosen.form(board, item)(taken_over())
        return _page(board, chosen, item, form, kept, differs=still_mine(form))
    form = chosen.form(board, item)(sent())
    if not form.validate():
        return _page(board, chosen, item, form, kept), 422
    storage = current_app.extensions["storage"]
    try:
        with database.act() as connection:
            _require_as_seen(connection, board, chosen, item)
            chosen.save(Act(connection, storage, board, item, form, g.now))
            let_go(connection)
    except GrownOld:
        return _grown_old(open_board(dossier_id), chosen, item, form)
    except Refused as error:
        reasons = [board.say(one) for one in error.refusals if not _beside_field(board, form, one)]
        return _page(board, chosen, item, form, kept, reasons), 422
    flash(_("Đã lưu: %(title)s.", title=str(chosen.title)), "success")
    return redirect(chosen.back(board, item), 303)


def _task(board: Board, name: str) -> Task:
    """The task of a name; NotFound when it is not this person's now."""
    task = TASKS.get(name)
    if task is None or task.work not in board.works or not task.fits(board):
        raise NotFound(name)
    return task


class GrownOld(Exception):
    """Somebody has changed what the form is about since it was opened."""


def _require_as_seen(connection: Connection, board: Board, task: Task, item: str) -> None:
    """Hold the dossier, and go on only when there stands what stood there when the form was opened."""
    held = hold_board(connection, board)
    seen = request.form.get(SEEN)
    if seen is not None and seen != print_of(_stands(held, task, item)):
        raise GrownOld


def _grown_old(board: Board, task: Task, item: str, typed: Form) -> ResponseReturnValue:
    """The form as it would be opened now, with what was typed beside it."""
    fresh = _form(board, task, item)
    kept = replace(keeping_here(board.file.row.version), unsent=False)
    by, at = task.signed(board) or ("", None)
    return _page(board, task, item, fresh, kept, differs=changed(by, at, fresh, typed)), 409


def _form(board: Board, task: Task, item: str, typed: MultiDict[str, str] | None = None) -> Form:
    """The form of a task with what stands there now, or what was typed."""
    form: Form = task.form(board, item)(typed, data=_stands(board, task, item))
    return form


def _stands(board: Board, task: Task, item: str) -> dict[str, Any]:
    """What stands now in each field of the form that has something in it."""
    names = {field.name for field in task.form(board, item)()}
    return {name: value for name, value in task.standing(board, item).items() if name in names and value is not None}


def _beside_field(board: Board, form: Form, refusal: Any) -> bool:
    """Put a refusal beside the field that it speaks of; false when it speaks of none."""
    name = refusal.parameters.get("field")
    uploads = [field.name for field in form if field.type == "UploadField"]
    if refusal.code.startswith("file.") and uploads:
        name = uploads[0]
    if name is None or name not in form:
        return False
    form[name].errors = [*form[name].errors, board.say(refusal)[0]]
    return True


def _page(
    board: Board,
    task: Task,
    item: str,
    form: Form,
    kept: Kept,
    reasons: Sequence[tuple[str, str]] = (),
    differs: Changed | None = None,
) -> str:
    """The page; a form that is shown again keeps the mark of when it was opened, unless it grew old meanwhile."""
    opened = "" if differs and not is_taking() else request.form.get(SEEN)
    return render_template(
        task.template,
        board=board,
        task=task,
        item=item,
        form=form,
        kept=kept,
        reasons=reasons,
        differs=differs,
        seen=opened or print_of(_stands(board, task, item)),
        back=task.back(board, item),
        reckoned=task.reckon(board, form),
        filed=papers_of(board).get(task.work.value, {}),
        shown=task.shows(board, form),
    )
