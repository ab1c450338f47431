"""The forms of what is done with a decision afterwards: which paper a correction is about, and its lines."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Form, SelectField, StringField
from wtforms.fields import Field as FormField

from blueprints import database
from blueprints.desk.base import Board
from blueprints.face import word
from blueprints.forms import OPTIONAL, at_most, choices_of
from blueprints.incoming import whole_or_zero
from casework.correcting import THE_BOOKS
from casework.drawing import sketch
from casework.errors import Refused
from documents.html import to_read
from queries.issued_papers import correctable_papers
from queries.relations import held_by, title_of
from workflow.names import EventType, Field
from workflow.procedure import Action
from workflow.together import replaces

LINES = 5
WHERE, PRINTED, RIGHT = "where", "printed", "right"
LABELS = {
    PRINTED: _l("Đã in (chép đúng trong văn bản)"),
    RIGHT: _l("Sửa lại là"),
    WHERE: _l("Vị trí"),
}
NUMBERED = Markup('{} <span class="text-muted">({})</span>')


class Line(NamedTuple):
    """One line of the form: its place, its three fields, and whether anything is typed in it."""

    place: int
    fields: tuple[FormField, ...]
    filled: bool


def laid_out(form: Form) -> tuple[Line, ...]:
    """The lines of a correction as they are shown; none of any other form."""
    if f"{PRINTED}_1" not in form:
        return ()
    return tuple(
        Line(at, tuple(form[f"{name}_{at}"] for name in LABELS), any(_typed(form, name, at) for name in LABELS))
        for at in range(1, LINES + 1)
    )


def paper_field(board: Board, label: str) -> FormField:
    """The choice among the decisions and certificates of the dossier that are in force, or the decision in the book."""
    papers, held = correctable_papers(database.reader(), board.id), board.file.facts.title
    named = {str(one.id): f"{word('documents', one.kind)} {one.name}".strip() for one in papers}
    if not papers and held:
        named = {str(THE_BOOKS): _("Quyết định %(name)s trong sổ công nhận", name=held.decision)}
    field: FormField = SelectField(label, choices=choices_of(named), coerce=_key_of, validate_choice=False)
    return field


def _key_of(sent: Any) -> int:
    return whole_or_zero(str(sent or ""))


def line_fields() -> dict[str, FormField]:
    """For each line what was printed, how it must read, and where it stands."""
    return {
        f"{name}_{place}": StringField(NUMBERED.format(label, place), [OPTIONAL, at_most(300)])
        for place in range(1, LINES + 1)
        for name, label in LABELS.items()
    }


def corrections_of(form: Form) -> tuple[tuple[str, str, str], ...]:
    """The lines in which anything was typed: where, as it was printed, as it must read."""
    lines = ([_typed(form, name, place) for name in (WHERE, PRINTED, RIGHT)] for place in range(1, LINES + 1))
    return tuple((where, printed, right) for where, printed, right in lines if where or printed or right)


def _typed(form: Form, name: str, place: int) -> str:
    return str(form[f"{name}_{place}"].data or "").strip()


def line_of(form: Form, place: object) -> str:
    """The field in which the correction of this place among those typed says what was printed."""
    filled = [at for at in range(1, LINES + 1) if any(_typed(form, name, at) for name in LABELS)]
    at = filled[int(str(place)) - 1] if filled and place else 1
    return f"{PRINTED}_{at}"


def wished_paper() -> int:
    """The paper from whose page the form was opened."""
    return request.args.get("paper", 0, type=int)


def whole_of(board: Board, action: Action) -> str:
    """Where the decision of a dossier is replaced for all its units; empty where it is about this one alone."""
    if not replaces(action):
        return ""
    held = [one for one in held_by(database.reader(), title_of(board.id)) if one.stands(g.today)]
    return url_for("desk.replacement_page", paper_id=held[0].paper_id) if len(held) > 1 else ""


def draft_of(board: Board, action: Action, inputs: Mapping[Field, Any]) -> Markup | None:
    """How the paper of a later act would read if it were signed as the form stands; None where that cannot be said."""
    if not any(branch.records in {EventType.REPLACED, EventType.CORRECTED} for branch in action.branches):
        return None
    try:
        told = {**inputs, Field.REASON: inputs.get(Field.REASON) or "…"}  # the paper does not say it
        return to_read(sketch(database.reader(), board.file, action.name, told))
    except Refused:
        return None
