"""The completeness check: for each part of the dossier its files, whether it is complete, and what is missing."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from wtforms import Form, TextAreaField
from wtforms.fields import Field as FormField
from wtforms.validators import StopValidation

from blueprints.desk.base import Board
from blueprints.desk.task import Act
from blueprints.face import word
from blueprints.forms import LONGEST_TEXT, OPTIONAL, at_most, one_of
from casework import checking
from casework.checking import PartCheck
from queries.dossier_rows import Filed
from workflow.guards import COMMUNE_PARTS
from workflow.names import Part


class PartToCheck(NamedTuple):
    """One part as it is checked: the files that stand, its answer and its note."""

    part: Part
    files: tuple[Filed, ...]
    complete: FormField
    note: FormField


class NotedWhenIncomplete:
    """What is missing is said of a part that is not complete."""

    field_flags: Mapping[str, bool] = {}

    def __init__(self, complete: str) -> None:
        self.complete = complete

    def __call__(self, form: Form, field: FormField) -> None:
        """Ask for the note beside it; of any other part it may stay empty."""
        if form[self.complete].data == "no" and not (field.data or "").strip():
            raise StopValidation(_("Hãy ghi rõ còn thiếu gì."))


def _names_of(part: Part) -> tuple[str, str]:
    """The names of the two fields of a part."""
    return f"complete_{part.value}", f"note_{part.value}"


def checklist_form(_board: Board, _item: str) -> type[Form]:
    """For each part whether it is complete, and what is missing."""
    fields: dict[str, Any] = {}
    for part in COMMUNE_PARTS:
        complete, note = _names_of(part)
        answers = {"yes": _("Đầy đủ"), "no": _("Chưa đầy đủ")}
        fields[complete] = one_of(f"{part.value} {word('parts', part.value)}", answers, optional=True)
        rules = [NotedWhenIncomplete(complete), OPTIONAL, at_most(LONGEST_TEXT)]
        fields[note] = TextAreaField(_("Còn thiếu gì ở %(part)s", part=part.value), rules)
    return type("ChecklistForm", (Form,), fields)


def parts_to_check(board: Board, form: Form) -> tuple[PartToCheck, ...]:
    """Each part with its files beside its fields."""
    filed = [one for one in board.details.files if not one.replaced]
    return tuple(
        PartToCheck(part, tuple(one for one in filed if one.part == part), *(form[name] for name in _names_of(part)))
        for part in COMMUNE_PARTS
    )


def standing_checklist(board: Board, _item: str) -> Mapping[str, Any]:
    """What this tier has ticked."""
    mine = [one for (stage, _part), one in board.details.checks.items() if stage == board.stage]
    answers = {f"complete_{one.part}": "yes" if one.complete else "no" for one in mine}
    return answers | {f"note_{one.part}": one.note for one in mine}


def check_parts(act: Act) -> None:
    """Keep what was ticked."""
    filled = {part: [act.form[name].data for name in _names_of(part)] for part in COMMUNE_PARTS}
    checks = tuple(
        PartCheck(part, complete=answer == "yes", note=note or "") for part, (answer, note) in filled.items() if answer
    )
    checking.check_parts(act.connection, act.board.id, checks, *act.by)
