"""A form that grew old: what stands now in its fields, and beside each what was typed, to be taken over by a press."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import Field as FormField
from wtforms import Form, HiddenField

from blueprints.desk.taking_over import MINE
from models.base import canonical
from queries.days import VIETNAM

TAKE, SEEN = "take", "seen"
EVERYTHING = "*"


class Mine(NamedTuple):
    """What was typed in one field: in words beside the words that stand there now, and as it is sent."""

    stands: str
    typed: str
    texts: tuple[str, ...]


class Changed(NamedTuple):
    """Who changed what a form is about, and when, as far as that is known; and by field what was typed in it."""

    by: str
    at: datetime | None
    fields: Mapping[str, Mine]


def changed(by: str, at: datetime | None, fresh: Form, typed: Form) -> Changed:
    """What a fresh form shows beside its fields when an older one was sent."""
    return Changed(by, at.astimezone(VIETNAM) if at else None, _differences(fresh, typed))


def is_taking() -> bool:
    """Whether a button was pressed that takes over what was typed, and records nothing."""
    return TAKE in request.form


def taken_over() -> MultiDict[str, str]:
    """The fields of the form that was sent, with what was typed before in those that were chosen."""
    chosen = request.form[TAKE]
    fields = MultiDict([pair for pair in request.form.items(multi=True) if not pair[0].startswith(MINE)])
    for name in {name for name in request.form if name.startswith(MINE)}:
        field = name.removeprefix(MINE)
        if chosen in {EVERYTHING, field}:
            fields.setlist(field, [text for text in request.form.getlist(name) if text])
    return fields


def still_mine(form: Form) -> Changed | None:
    """What is still carried along beside the fields of a form after some was taken over."""
    chosen = request.form[TAKE]
    names = {name.removeprefix(MINE) for name in request.form if name.startswith(MINE)} - {chosen}
    if chosen == EVERYTHING or not names:
        return None
    typed = type(form)(
        MultiDict([(name, text) for name in names for text in request.form.getlist(MINE + name) if text])
    )
    found = _differences(form, typed)
    return Changed("", None, {name: found[name] for name in names if name in found})


def print_of(standing: Mapping[str, Any]) -> str:
    """A mark of what stands in a form when it is opened; another one means that somebody has changed it."""
    texts = {name: str(value) for name, value in standing.items()}
    return sha256(canonical(texts).encode()).hexdigest()[:16]


def _differences(fresh: Form, typed: Form) -> dict[str, Mine]:
    found = {}
    for field in typed:
        if isinstance(field, HiddenField) or field.type == "UploadField" or field.name not in fresh:
            continue
        stands, said = _spoken(fresh[field.name]), _spoken(field)
        if stands != said:
            found[field.name] = Mine(stands, said, _texts(field))
    return found


def _spoken(field: FormField) -> str:
    """What stands in a field, as it is read on the page."""
    if field.type == "BooleanField":
        return "✓" if field.data else ""
    if hasattr(field, "choices"):
        chosen = set(map(str, field.data if isinstance(field.data, list) else [field.data]))
        return "; ".join(str(one.label) for one in field.choices if str(one.value) in chosen)
    return str(field._value())  # noqa: SLF001 - how WTForms gives the text of a control


def _texts(field: FormField) -> tuple[str, ...]:
    if field.type == "BooleanField":
        return ("yes",) if field.data else ("",)
    return tuple(map(str, field.raw_data or ())) or ("",)
