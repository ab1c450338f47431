"""Figures as they are written in Vietnamese (1.234,5) and in English (1,234.5): read from what was typed, and shown.

A figure is never guessed at: whatever says two things, by language, is asked about (docs/decisions/0021).
"""

import re
from decimal import Decimal
from fractions import Fraction

from workflow.criteria_set import InvalidValue, ValueFault

MOST_DIGITS = 15
MARKS = {"vi": (".", ","), "en": (",", ".")}
"""By language the mark between thousands, and the mark before decimals."""

_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_WHOLE = re.compile(r"[0-9]+|[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?:,[0-9]{3})+)")
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


def other_language(lang: str) -> str:
    """English for Vietnamese, and Vietnamese for English."""
    return "en" if lang == "vi" else "vi"


def read_number(typed: str, field: str, lang: str) -> str:
    """Turn "1.234,5", typed in Vietnamese, into "1234.5"; InvalidValue for what is no number there, or could be two."""
    text = _SPACES.sub("", typed)
    here, there = _reading(text, lang), _reading(text, other_language(lang))
    if here is None and there is None:
        raise InvalidValue(ValueFault.NOT_NUMBER, field=field, value=typed)
    if here is None:
        _require_size(str(there), field)
        raise InvalidValue(ValueFault.OTHER_WRITING, field=field, typed=typed, meant=write_number(str(there), lang))
    if not _TWO_WAYS.fullmatch(text) or "." not in here:
        return here
    thousands, decimals = write_number(str(there), lang), write_number(here, lang)
    raise InvalidValue(ValueFault.TWO_WAYS, field=field, typed=typed, thousands=thousands, decimals=decimals)


def read_whole(typed: str, field: str, lang: str) -> int:
    """A whole number, in which either mark separates thousands: there are no decimals that it could be mistaken for."""
    text = _SPACES.sub("", typed)
    if _WHOLE.fullmatch(text):
        found: str | None = re.sub(r"[.,]", "", text)
    else:
        found = _reading(text, lang) or _reading(text, other_language(lang))
    if found is None:
        raise InvalidValue(ValueFault.NOT_NUMBER, field=field, value=typed)
    units, _, decimals = found.partition(".")
    if decimals.strip("0"):
        raise InvalidValue(ValueFault.NOT_WHOLE, field=field, value=typed)
    _require_size(units, field)
    return int(units)


def _require_size(number: str, field: str) -> None:
    if len(number.partition(".")[0].lstrip("-0")) > MOST_DIGITS:
        raise InvalidValue(ValueFault.TOO_LARGE, field=field, digits=MOST_DIGITS)


def _reading(text: str, lang: str) -> str | None:
    """What a text says when it is written in a language, as "1234.5"; None when it is no number there."""
    thousands, decimal = map(re.escape, MARKS[lang])
    shape = rf"-?(?:[0-9]+|[1-9][0-9]{{0,2}}(?:{thousands}[0-9]{{3}})+)(?:{decimal}[0-9]+)?"
    if not re.fullmatch(shape, text):
        return None
    return text.replace(MARKS[lang][0], "").replace(MARKS[lang][1], ".")


def format_number(number: int | str | Fraction, lang: str) -> str:
    """A number as it is read: "1234.5" becomes "1.234,5" in Vietnamese and "1,234.5" in English."""
    if isinstance(number, Fraction):
        number = format(Decimal(number.numerator) / Decimal(number.denominator), "f")
    units, _, decimals = str(number).partition(".")
    thousands, decimal = MARKS[lang]
    grouped = f"{int(units):,}".replace(",", thousands)
    return f"{grouped}{decimal}{decimals}" if decimals else grouped


def write_number(number: int | str, lang: str) -> str:
    """A number as it stands in a field and is read back: with a fourth decimal where three would say two things."""
    text = format_number(number, lang)
    return f"{text}0" if _TWO_WAYS.fullmatch(text) and MARKS[lang][1] in text else text


def says_two_things(number: int | str) -> bool:
    """Whether a number, grouped by thousands, would be another one with three decimals in the other language."""
    return bool(_TWO_WAYS.fullmatch(format_number(number, "vi"))) and "." not in str(number)


def turned(text: str) -> str:
    """A figure that was typed in one language as it says the same in the other; anything else as it is."""
    if not re.fullmatch(r"[0-9.,\s-]*", text):
        return text
    return text.translate({ord("."): ",", ord(","): "."})


def percent(part: int, whole: int, lang: str, *, rounded_up: bool = False) -> str:
    """A share as a percentage, cut at two decimals so that it never looks better than it is; "" of nothing."""
    if not whole:
        return ""
    parts = part * 10_000
    hundredths = -(-parts // whole) if rounded_up else parts // whole
    decimals = f"{hundredths % 100:02}".rstrip("0")
    return f"{hundredths // 100}{MARKS[lang][1] * bool(decimals)}{decimals} %"
