"""What a document says, as frozen facts: strings, numbers, dates and tuples, nothing that can change behind the paper.

Lives here: one dataclass for each kind and version of document, and its canonical JSON, which is stored when the
document is issued and gives the same paper again at any later time. Facts come in from outside; nothing is looked up.
"""

import json
import types
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, Literal, Protocol, Union, get_args, get_origin, get_type_hints

Authority = Literal["chairman", "committee"]
Power = Literal["own", "acting", "deputising", "by_order", "by_delegation"]
Medium = Literal["electronic", "paper"]


class BadFacts(ValueError):
    """Facts that do not make a document: something missing, unknown or of the wrong type, and where it stands."""


class Context(Protocol):
    """What every document's facts have in common: the kind and the version of its template."""

    @property
    def kind(self) -> str:
        """The kind of document, which is also the name of its template folder."""

    @property
    def version(self) -> int:
        """The version of the template, counted from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedUnit:
    """One unit that a decision recognises: "xã Hòa An", where it lies, the title and the year it is recognised for."""

    name: str
    place: str
    level_title: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A numbered clause (khoản) of an article, with its lettered points (điểm)."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article (Điều): an optional bold heading, a text, and numbered clauses."""

    text: str = ""
    heading: str = ""
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: full name without academic title, own post, and by which power instead of the head of the body."""

    name: str
    post: str
    power: Power = "own"
    head: str = "Chủ tịch"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext:
    """The facts of a decision of recognition (quyết định công nhận), form 1.2 of Decree 30/2020.

    Names stand as inside a sentence: "Ủy ban nhân dân tỉnh Cao Bằng", "tỉnh Cao Bằng", "xã Hòa An"; the template sets
    capitals. Legal bases, recipients and the last article may come with or without their closing signs.
    """

    kind: Literal["decision"] = "decision"
    version: Literal[1] = 1
    issuing_body: str
    superior_body: str | None = None
    authority: Authority
    province_name: str
    number: int
    symbol: str = "QĐ-UBND"
    place: str
    signed_on: date
    year_recognised: int
    level: str
    units: tuple[RecognisedUnit, ...]
    legal_bases: tuple[str, ...]
    articles: tuple[Article, ...]
    signer: Signer
    recipients: tuple[str, ...]
    copy_kept_by: str
    medium: Medium = "electronic"
    draft: bool
    practice: bool
    verification_url: str | None = None

    def __post_init__(self) -> None:
        """Refuse a decision without a number, a unit, a legal basis or an article."""
        if self.number < 1:
            raise BadFacts(f"decision/v1.number: a number starts at 1, not {self.number}")
        for part in ("units", "legal_bases", "articles"):
            if not getattr(self, part):
                raise BadFacts(f"decision/v1.{part}: a decision needs at least one")


KINDS: Mapping[str, type[DecisionContext]] = {"decision/v1": DecisionContext}


def to_json(context: Context) -> str:
    """The context as canonical JSON (sorted keys, no spaces, NFC): equal facts always give the same text."""
    plain = asdict(context)  # type: ignore[call-overload]  # a Protocol cannot say "and it is a dataclass"
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=date.isoformat)
    return unicodedata.normalize("NFC", text)


def from_json(text: str) -> DecisionContext:
    """The context that was frozen as this JSON; what is missing, unknown or of the wrong type is refused."""
    return from_plain(json.loads(text))


def from_plain(plain: object) -> DecisionContext:
    """The context described by plain mappings and lists, as JSON and YAML give them; see `from_json` for refusals."""
    if not isinstance(plain, Mapping):
        raise BadFacts("a document's facts must be a mapping of names to values")
    name = f"{plain.get('kind')}/v{plain.get('version')}"
    if name not in KINDS:
        raise BadFacts(f"unknown document {name}")
    context: DecisionContext = _record(KINDS[name], plain, name)
    return context


@cache
def _types(record: Any) -> dict[str, Any]:
    return get_type_hints(record)


def _record(record: Any, value: object, where: str) -> Any:
    """A dataclass from a mapping that has its required fields and no others."""
    if not isinstance(value, Mapping):
        raise BadFacts(f"{where}: expected a mapping, not {value!r}")
    known = {field.name for field in fields(record)}
    if strange := sorted(map(str, set(value) - known)):
        raise BadFacts(f"{where}: unknown {', '.join(strange)}")
    given = {name: _value(_types(record)[name], item, f"{where}.{name}") for name, item in value.items()}
    try:
        return record(**given)
    except TypeError as error:
        raise BadFacts(f"{where}: {error}") from None


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
