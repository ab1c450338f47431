"""Returning a dossier for supplement: a line for each thing found wanting, and the notice before it is sent."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup
from wtforms import Form, TextAreaField
from wtforms.fields import Field as FormField

from blueprints import database
from blueprints.desk.base import Board
from blueprints.forms import LONGEST_TEXT, OPTIONAL, at_most
from casework.drawing import sketch
from casework.returning import found_wanting, opening_reason
from documents.html import to_read
from workflow.names import EventType, Field
from workflow.procedure import Action

PREVIEW, NOTE = "preview", "note_"
NAMED = Markup('{}<span class="visually-hidden">: {}</span>')


class Line(NamedTuple):
    """One thing that can be named in the notice: its box with its place among them, and what is written about it."""

    place: int
    code: str
    label: str
    note: FormField | None


class Lines(NamedTuple):
    """What has a line of its own, and what else can be named."""

    named: tuple[Line, ...]
    others: tuple[Line, ...]


def is_return(action: Action) -> bool:
    """Whether an action gives the dossier back with a notice of what is missing."""
    return any(branch.records is EventType.RETURNED for branch in action.branches)


def is_previewing() -> bool:
    """Whether a button was pressed that shows the notice, and sends nothing."""
    return PREVIEW in request.form


def found(board: Board) -> dict[str, str]:
    """What was found wanting so far, and what was noted about each."""
    return dict(found_wanting(board.file, board.details))


def lines_of(board: Board, chosen: Iterable[str]) -> list[str]:
    """What has a line of its own in the form: what was found, and what else was chosen."""
    return list(dict.fromkeys([*found(board), *chosen]))


def note_fields(choices: Mapping[str, str], lines: Iterable[str]) -> dict[str, FormField]:
    """For each line the field in which is written what is to be done."""
    rules = [OPTIONAL, at_most(LONGEST_TEXT)]
    return {
        NOTE + code: TextAreaField(NAMED.format(_("Cần bổ sung gì"), choices[code]), rules)
        for code in lines
        if code in choices
    }


def suggested(board: Board) -> dict[str, Any]:
    """What the form of a return begins with: everything that was found, each line ticked, with what was noted."""
    wanting = found_wanting(board.file, board.details)
    notes = {NOTE + code: note for code, note in wanting}
    return {Field.REASON: opening_reason(wanting), Field.MISSING: [code for code, _note in wanting], **notes}


def laid_out(form: Form) -> Lines:
    """The boxes of the form: those with a line of their own first."""
    notes = {field.short_name.removeprefix(NOTE): field for field in form if field.short_name.startswith(NOTE)}
    labels = {str(one.value): str(one.label) for one in form[Field.MISSING.value].choices}
    ordered = [*(code for code in notes if code in labels), *(code for code in labels if code not in notes)]
    lines = [Line(place, code, labels[code], notes.get(code)) for place, code in enumerate(ordered)]
    return Lines(tuple(one for one in lines if one.note), tuple(one for one in lines if not one.note))


def notes_of(form: Form) -> dict[str, str]:
    """What was written in each line that is to be sent."""
    lines = [code for code in form[Field.MISSING.value].data if NOTE + code in form]
    return {code: form[NOTE + code].data.strip() for code in lines if (form[NOTE + code].data or "").strip()}


def notice_of(board: Board, action: Action, inputs: Mapping[Field, Any], notes: Mapping[str, str]) -> Markup:
    """The notice as it would be sent now, to be read on a page; refused with every reason when it would be."""
    return to_read(sketch(database.reader(), board.file, action.name, inputs, notes))
