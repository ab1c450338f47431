"""What comes in from a browser: every text of a form, an address or JSON is cleaned once, before anybody reads it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Request, abort
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.datastructures.structures import iter_multi_items

from models.text import plain

LARGEST = 2**31 - 1  # of the whole numbers that the databases hold as a key or a count


class Cleaned(ImmutableMultiDict[str, Any]):
    """Parameters whose names and texts can be stored, compared and found; so can the names of files.

    A number that is asked for is one that the databases hold; any other counts as none.
    """

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        pairs = iter_multi_items(mapping) if mapping else ()
        super().__init__([(plain(name), clean(value)) for name, value in pairs])

    # Werkzeug names the parameter and describes it by overloads; ours says the same in one line
    def get(self, key: str, default: Any = None, type: Any = None) -> Any:  # type: ignore[override]  # noqa: A002 - above
        """The first value of a name, as its type makes it."""
        return super().get(key, default, whole if type is int else type)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002 - above
        """All values of a name that their type can make something of."""
        return super().getlist(key, whole if type is int else type)


def whole(text: str) -> int:
    """A whole number that the databases hold; ValueError for any other text."""
    if len(text) > len(str(LARGEST)) + 1 or abs(number := int(text)) > LARGEST:
        raise ValueError(text)
    return number


def parts_of(address: str) -> SplitResult:
    """The parts of an address that was sent; all of them empty where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def page_in(sent: MultiDict[str, Any]) -> int:
    """The page of a list that an address asks for, counted from 1: the first for anything that is no page."""
    return max(1, sent.get("page", 1, type=int))


def whole_or_zero(text: str) -> int:
    """The key or version that a form says; 0, which none has, for anything else."""
    try:
        return whole(text)
    except ValueError:
        return 0


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
