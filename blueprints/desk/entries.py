"""What was typed on the page of a criterion, read as entries of one's own column; what cannot be read, by its field.

The fields of an indicator carry its code: `2.1:part` and `2.1:whole` its value, `2.1-version` the version that was
seen, `2.1-way`, `2.1-reason` and `2.1-absent` what is said of it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _

from blueprints.desk.base import Board
from blueprints.face import lang
from blueprints.forms import LONGEST_TEXT, WRITTEN_IN, fault
from blueprints.incoming import whole_or_zero
from casework.answering import Entry
from workflow.criteria_set import Criterion, Indicator, InvalidValue, Kind, ValueFault
from workflow.criteria_values import form_fields, parse_form
from workflow.names import Column
from workflow.written import turned

LOWER = {Column.REVIEW: (Column.COMMUNE,), Column.APPRAISAL: (Column.REVIEW, Column.COMMUNE)}


class Fault(NamedTuple):
    """Why a value cannot be taken: the control it is about, a sentence, and whether there is merely nothing yet."""

    id: str
    sentence: str
    unfinished: bool = False


class Reading(NamedTuple):
    """What was typed: the entries that differ from what stands, and by indicator what cannot be taken."""

    entries: tuple[Entry, ...]
    faults: dict[str, Fault]


def belongs(name: str, code: str) -> bool:
    """Whether a field is one of an indicator."""
    return name.startswith((f"{code}:", f"{code}-"))


def first_control(indicator: Indicator) -> str:
    """The id of the control with which the value of an indicator begins."""
    leaf = indicator.parts[0] if indicator.parts else indicator
    prefix = f"{leaf.code}." if indicator.parts else ""
    return f"{indicator.code}:{prefix}{'part' if leaf.kind is Kind.PERCENT else 'value'}"


def read_entries(board: Board, shown: Criterion, typed: Mapping[str, str]) -> Reading:
    """Read what was typed for the indicators of a criterion that are one's own."""
    entries: list[Entry] = []
    faults: dict[str, Fault] = {}
    for indicator in shown.indicators:
        if not board.owns(indicator):
            continue
        if len(typed.get(f"{indicator.code}-reason", "")) > LONGEST_TEXT:
            faults[indicator.code] = Fault(f"{indicator.code}-reason", _("Nhiều nhất %(max)d ký tự.", max=LONGEST_TEXT))
            continue
        try:
            entry = _entry(board, indicator, typed)
        except InvalidValue as error:
            faults[indicator.code] = _fault(indicator, error)
        else:
            if entry and _differs(board, entry):
                entries.append(entry)
    return Reading(tuple(entries), faults)


def _fault(indicator: Indicator, error: InvalidValue) -> Fault:
    field = str(error.params.get("field", ""))
    inside = field.rsplit(".", 1)[-1] in {"part", "whole", "value"}
    control = f"{indicator.code}:{field}" if inside else first_control(indicator)
    return Fault(control, fault(error), error.code is ValueFault.MISSING)


def _entry(board: Board, indicator: Indicator, typed: Mapping[str, str]) -> Entry | None:
    assert board.column is not None
    code = indicator.code
    version = whole_or_zero(typed.get(f"{code}-version", "0"))
    reason = typed.get(f"{code}-reason", "")
    way = typed.get(f"{code}-way", "own" if board.column is Column.COMMUNE else "")
    lower = _lower(board, code)
    if "accept" in typed and not way and lower:
        way = "accept"
    if way in {"accept", "refute"} and lower:
        refuted = way == "refute"
        return Entry(board.column, code, lower.value, bool(lower.not_applicable), refuted, reason, version)
    if way != "own":
        return None
    if typed.get(f"{code}-absent"):
        return Entry(board.column, code, None, not_applicable=True, reason=reason, seen_version=version)
    fields = {name.removeprefix(f"{code}:"): text for name, text in typed.items() if name.startswith(f"{code}:")}
    if board.column is Column.COMMUNE and not any(text.strip() for text in fields.values()) and not version:
        return None
    return Entry(board.column, code, parse_form(indicator, fields, lang()), reason=reason, seen_version=version)


def _lower(board: Board, code: str) -> Any:
    """The value of the column below one's own, which a reviewer accepts or refutes."""
    assert board.column is not None
    entered = board.details.entered
    return next((entered[key] for column in LOWER.get(board.column, ()) if (key := (column, code)) in entered), None)


def _differs(board: Board, entry: Entry) -> bool:
    standing = board.details.entered.get((entry.column, entry.indicator))
    if standing is None:
        return True
    now = (entry.value, entry.not_applicable, entry.refuted, entry.reason.strip())
    return now != (standing.value, standing.not_applicable, standing.refuted, standing.reason)


def in_writing_of(language: str, typed: Mapping[str, str]) -> Mapping[str, str]:
    """What was typed, its figures as they say the same in this language; they may have been typed in the other one."""
    if typed.get(WRITTEN_IN, language) == language:
        return typed
    return {name: turned(text) if ":" in name else text for name, text in typed.items()}


def texts_of(board: Board, shown: Criterion, typed: Mapping[str, str] | None = None) -> dict[str, str]:
    """What stands in each field of the page: what was typed for an indicator, else what is recorded of it."""
    texts: dict[str, str] = {}
    for indicator in shown.indicators:
        own = standing_texts(board, indicator)
        mine = {name: text for name, text in (typed or {}).items() if belongs(name, indicator.code)}
        version = f"{indicator.code}-version"
        texts |= ({version: own[version]} | mine) if mine else own
    return texts


def standing_texts(board: Board, indicator: Indicator) -> dict[str, str]:
    """What is recorded of an indicator in one's own column, field by field."""
    code = indicator.code
    own = board.details.entered.get((board.column, code)) if board.column else None
    if own is None:
        return {f"{code}-version": "0"}
    fields = form_fields(indicator, own.value, lang()) if own.value is not None else {}
    return {f"{code}:{name}": text for name, text in fields.items()} | {
        f"{code}-version": str(own.version),
        f"{code}-way": "refute" if own.refuted else "own",
        f"{code}-absent": "yes" if own.not_applicable else "",
        f"{code}-reason": own.reason,
    }
