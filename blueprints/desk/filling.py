"""The page of a task: one form, taken by casework in one act, shown again with what is wrong when it cannot be."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from blueprints import database
from blueprints.access import SIGNED_IN
from blueprints.desk.base import Board, open_board, pages
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
    standing = {name: value for name, value in chosen.standing(board, item).items() if value is not None}
    kept = kept_here(board.file.row.version)
    return _page(board, chosen, item, chosen.form(board, item)(kept.fields, data=standing), kept)


@pages.page("/dossiers/<int:dossier_id>/work/<kebab:task>", access=SIGNED_IN, methods=("POST",))
@drafted
def task_act(dossier_id: int, task: str) -> ResponseReturnValue:
    """Take what was filled in, or show the form again with what is wrong and all that was typed."""
    board = open_board(dossier_id)
    chosen, item = _task(board, task), request.args.get("item", "")
    form, kept = chosen.form(board, item)(sent()), keeping_here(board.file.row.version)
    if not form.validate():
        return _page(board, chosen, item, form, kept), 422
    storage = current_app.extensions["storage"]
    try:
        with database.act() as connection:
            chosen.save(Act(connection, storage, board, item, form, g.now))
            let_go(connection)
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


def _page(board: Board, task: Task, item: str, form: Form, kept: Kept, reasons: Sequence[tuple[str, str]] = ()) -> str:
    shown = {"board": board, "task": task, "form": form, "kept": kept, "reasons": reasons}
    return render_template("desk/task.html", **shown, back=task.back(board, item))
