"""What a document says, as frozen facts: its canonical JSON, which is stored, gives the same paper again at any time.

Lives here: facts into JSON and back, with a refusal that names the place of whatever does not fit. The facts of each
kind are in `kinds`, the records they are made of in `records`. Facts come in from outside; nothing is looked up.
"""

import json
import types
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

from documents.records import BadFacts

__all__ = ["BadFacts", "Context", "from_json", "from_plain", "to_json"]


class Context(Protocol):
    """What every document's facts have in common: the kind and the version of its template."""

    @property
    def kind(self) -> str:
        """The kind of document, which is also the name of its template folder."""

    @property
    def version(self) -> int:
        """The version of the template, counted from 1."""


def to_json(context: Context) -> str:
    """The context as canonical JSON (sorted keys, no spaces, NFC): equal facts always give the same text."""
    text = json.dumps(context, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)
    return unicodedata.normalize("NFC", text)


def _plain(value: Any) -> object:
    """A day or a record as JSON has it; what a record is made of is asked about in its turn, and nothing is copied."""
    if isinstance(value, date):
        return value.isoformat()
    return {name: getattr(value, name) for name in _names(value.__class__)}


def from_json(text: str) -> Any:
    """The context that was frozen as this JSON; what is missing, unknown or of the wrong type is refused."""
    return from_plain(json.loads(text))


def from_plain(plain: object) -> Any:
    """The context described by plain mappings and lists, as JSON and YAML give them; see `from_json` for refusals."""
    if not isinstance(plain, Mapping):
        raise BadFacts("a document's facts must be a mapping of names to values")
    from documents.kinds import KINDS  # many records, which no process makes before it reads its first paper

    name = f"{plain.get('kind')}/v{plain.get('version')}"
    if name not in KINDS:
        raise BadFacts(f"unknown document {name}")
    return _record(KINDS[name], plain, name)


@cache
def _types(record: Any) -> dict[str, Any]:
    return get_type_hints(record)


@cache
def _names(record: Any) -> frozenset[str]:
    return frozenset(field.name for field in fields(record))


def _record(record: Any, value: object, where: str) -> Any:
    """A dataclass from a mapping that has its required fields and no others."""
    if not isinstance(value, Mapping):
        raise BadFacts(f"{where}: expected a mapping, not {value!r}")
    if strange := sorted(map(str, set(value) - _names(record))):
        raise BadFacts(f"{where}: unknown {', '.join(strange)}")
    given = {name: _value(_types(record)[name], item, f"{where}.{name}") for name, item in value.items()}
    try:
        return record(**given)
    except TypeError as error:
        raise BadFacts(f"{where}: {error}") from None
    except BadFacts as error:
        raise BadFacts(f"{where}.{error}") from None


def _value(wanted: Any, value: object, where: str) -> Any:
    """One value of the wanted type, or a refusal that names where it stands."""
    if get_origin(wanted) in (types.UnionType, Union):
        return None if value is None else _value(get_args(wanted)[0], value, where)
    if get_origin(wanted) is tuple:
        if not isinstance(value, (list, tuple)):
            raise BadFacts(f"{where}: expected a list, not {value!r}")
        return tuple(_value(get_args(wanted)[0], item, f"{where}[{at}]") for at, item in enumerate(value))
    if get_origin(wanted) is Literal:
        if value not in get_args(wanted) or isinstance(value, bool):
            raise BadFacts(f"{where}: {value!r} is none of {', '.join(map(repr, get_args(wanted)))}")
        return value
    return _record(wanted, value, where) if is_dataclass(wanted) else _primitive(wanted, value, where)


def _primitive(wanted: type, value: object, where: str) -> object:
    """A string (made NFC), a whole number, a truth value or a date (also as ISO text)."""
    if wanted is date and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise BadFacts(f"{where}: {value!r} is not a date") from None
    if type(value) is not wanted:
        raise BadFacts(f"{where}: expected {wanted.__name__}, not {value!r}")
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value
