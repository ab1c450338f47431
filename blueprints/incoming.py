"""What comes in from a browser: every text of a form, an address or JSON is cleaned once, before anybody reads it."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request, abort
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.datastructures.structures import iter_multi_items

from models.text import plain


class Cleaned(ImmutableMultiDict[str, Any]):
    """Parameters whose names and texts can be stored, compared and found; so can the names of files."""

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        pairs = iter_multi_items(mapping) if mapping else ()
        super().__init__([(plain(name), clean(value)) for name, value in pairs])


class Incoming(Request):
    """A request of which all texts are clean."""

    parameter_storage_class = Cleaned

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: FBT001, FBT002 - Werkzeug's own
        """The cleaned value of a JSON text; a bad request when it is nested beyond reason."""
        try:
            return clean(super().get_json(force, silent, cache))
        except RecursionError:
            abort(400)


def prepare(app: Flask) -> None:
    """Let the application read requests in this way."""
    app.request_class = Incoming


def clean(value: Any) -> Any:
    """A value with every text in it made plain."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [clean(one) for one in value]
    if isinstance(value, dict):
        return {plain(name): clean(one) for name, one in value.items()}
    if isinstance(value, FileStorage) and value.filename:
        value.filename = plain(value.filename)
    return value
