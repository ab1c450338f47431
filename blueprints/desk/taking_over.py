"""What somebody else recorded while one was typing: shown beside what one typed, which one press puts into the form.

Fields named `mine:...` carry along what was typed until it is taken or left.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from blueprints.desk.base import Board
from blueprints.desk.columns import text_of
from blueprints.desk.entries import belongs
from blueprints.face import lang
from workflow.criteria_set import Criterion, Indicator, InvalidValue
from workflow.criteria_values import format_value, parse_form

MINE = "mine:"


class Other(NamedTuple):
    """An indicator that somebody else has answered meanwhile: who, when, what, and what oneself has typed."""

    by: str
    at: datetime
    stands: str
    typed: str
    fields: tuple[tuple[str, str], ...]


def others_of(board: Board, shown: Criterion, codes: Collection[str], typed: Mapping[str, str]) -> dict[str, Other]:
    """What stands now and what was typed, for each of these indicators that has an answer."""
    found: dict[str, Other] = {}
    for indicator in shown.indicators:
        entered = board.details.entered.get((board.column or "", indicator.code))
        if indicator.code in codes and entered is not None:
            mine = {name: text for name, text in typed.items() if belongs(name, indicator.code)}
            fields = tuple((name, text) for name, text in mine.items() if not name.endswith("-version"))
            stands = text_of(indicator, entered)
            found[indicator.code] = Other(entered.person, entered.at, stands, _spoken(indicator, mine), fields)
    return found


def outdated(board: Board, shown: Criterion, typed: Mapping[str, str]) -> list[str]:
    """The indicators of which something was typed before somebody else gave another answer."""
    seen = {one.code: typed.get(f"{one.code}-version") for one in shown.indicators}
    entered = board.details.entered
    return [
        code
        for code, version in seen.items()
        if version is not None
        and (now := entered.get((board.column or "", code))) is not None
        and str(now.version) != version
    ]


def without(typed: Mapping[str, str], codes: Collection[str]) -> dict[str, str]:
    """What was typed, but for the fields of these indicators."""
    return {name: text for name, text in typed.items() if not any(belongs(name, code) for code in codes)}


def take(form: MultiDict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The fields of a form with what was chosen to be taken over in them, and what is still carried along."""
    taking, leaving = form.get("take", ""), form.get("leave", "")
    mine = {name.removeprefix(MINE): text for name, text in form.items() if name.startswith(MINE)}
    taken = {name: text for name, text in mine.items() if _is_meant(name, taking)}
    shown = {name: text for name, text in form.items() if not name.startswith(MINE)}
    left = {name: text for name, text in mine.items() if name not in taken and not _is_meant(name, leaving)}
    return shown | taken, left


def _is_meant(name: str, chosen: str) -> bool:
    return bool(chosen) and (chosen in {"*", name} or belongs(name, chosen))


def _spoken(indicator: Indicator, typed: Mapping[str, str]) -> str:
    """What was typed as it would be read, or letter by letter where it is no value yet."""
    if typed.get(f"{indicator.code}-absent"):
        return ""
    prefix = f"{indicator.code}:"
    fields = {name.removeprefix(prefix): text for name, text in typed.items() if name.startswith(prefix)}
    try:
        return format_value(indicator, parse_form(indicator, fields, lang()), lang())
    except InvalidValue:
        return ", ".join(text for text in fields.values() if text)
