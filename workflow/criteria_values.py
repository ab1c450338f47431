"""Values as people type and read them, in the language of the page: checking what comes from forms and JSON.

Lives here: `validate_value`, `parse_form`, `parse_level`, `form_fields`, `format_value`, `plainly` and `required_text`.
How a figure is written in each language is in `written`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from unicodedata import normalize

from workflow.criteria import Rule, Rules
from workflow.criteria_set import Compare, Indicator, InvalidValue, Kind, Value, ValueFault, exact_threshold
from workflow.written import (
    MOST_DIGITS,
    format_number,
    percent,
    read_number,
    read_whole,
    says_two_things,
    write_number,
)

MOST_DECIMALS = 4

_STORED = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_SIGNS = {
    Compare.AT_LEAST: "≥ ",
    Compare.AT_MOST: "≤ ",
    Compare.EQUAL: "",
    Compare.MORE: "> ",
    Compare.LESS: "< ",
}
_TRUE = frozenset({"true", "có", "đạt"})
_FALSE = frozenset({"false", "không", "chưa đạt"})
_YES_NO = {"vi": ("Không", "Có"), "en": ("No", "Yes")}
_MET_NOT = {"vi": ("Chưa đạt", "Đạt"), "en": ("Not met", "Met")}
_GRADES = {
    Compare.AT_LEAST: {"vi": "{} trở lên", "en": "{} or better"},
    Compare.AT_MOST: {"vi": "{} trở xuống", "en": "{} or lower"},
    Compare.EQUAL: {"vi": "{}", "en": "{}"},
    Compare.MORE: {"vi": "Trên {}", "en": "Better than {}"},
    Compare.LESS: {"vi": "Dưới {}", "en": "Lower than {}"},
}
_NOT_SET = {"vi": "Chưa xác định", "en": "Not determined"}
_BY_PROVINCE = {"vi": "UBND cấp tỉnh quy định", "en": "Set by the provincial People's Committee"}
_IN_YEAR = {"vi": " (năm {})", "en": " ({})"}
_PER_YEAR = {"vi": "/năm", "en": "/year"}


def validate_value(indicator: Indicator, raw: object) -> Value:
    """The value in its stored form when it can answer the indicator; InvalidValue with a fault code when it cannot."""
    if indicator.parts:
        given = _mapping(raw, {part.code for part in indicator.parts})
        return {part.code: validate_value(part, given[part.code]) for part in indicator.parts}
    return _CHECKS[indicator.kind](indicator, raw)


def _check_truth(_indicator: Indicator, raw: object) -> Value:
    if not isinstance(raw, bool):
        raise InvalidValue(ValueFault.NOT_YES_OR_NO, value=raw)
    return raw


def _check_percent(indicator: Indicator, raw: object) -> Value:
    given = _mapping(raw, {"part", "whole"})
    part, whole = _whole(given["part"], "part"), _whole(given["whole"], "whole")
    if part > whole:
        raise InvalidValue(ValueFault.PART_OVER_WHOLE, part=part, whole=whole)
    if whole == 0 and not indicator.if_present:
        raise InvalidValue(ValueFault.WHOLE_IS_ZERO, field="whole")
    return {"part": part, "whole": whole}


def _check_count(_indicator: Indicator, raw: object) -> Value:
    return _whole(raw, "value")


def _check_number(_indicator: Indicator, raw: object) -> Value:
    """Keep a number as decimal text without needless zeros, so that nothing is ever rounded."""
    if isinstance(raw, int) and abs(raw) >= 10**MOST_DIGITS:
        raise InvalidValue(ValueFault.TOO_LARGE, field="value", digits=MOST_DIGITS)
    text = str(raw) if isinstance(raw, int | str) and not isinstance(raw, bool) else ""
    found = _STORED.fullmatch(text)
    if not found:
        raise InvalidValue(ValueFault.NOT_NUMBER, field="value", value=raw)
    minus, units, decimals = found.group(1), found.group(2).lstrip("0") or "0", (found.group(3) or "").rstrip("0")
    if minus:
        raise InvalidValue(ValueFault.NEGATIVE, field="value")
    if len(decimals) > MOST_DECIMALS:
        raise InvalidValue(ValueFault.TOO_MANY_DECIMALS, field="value", most=MOST_DECIMALS)
    if len(units) > MOST_DIGITS:
        raise InvalidValue(ValueFault.TOO_LARGE, field="value", digits=MOST_DIGITS)
    return f"{units}.{decimals}" if decimals else units


def _check_grade(indicator: Indicator, raw: object) -> Value:
    if not isinstance(raw, str) or raw not in indicator.grades:
        raise InvalidValue(ValueFault.UNKNOWN_GRADE, value=raw, known=indicator.grades)
    return raw


def _check_choice(indicator: Indicator, raw: object) -> Value:
    if not isinstance(raw, list) or not all(isinstance(item, str) and item.strip() for item in raw):
        raise InvalidValue(ValueFault.WRONG_SHAPE, value=raw)
    picked = [item.strip() for item in raw]
    if len(set(picked)) < len(picked):
        raise InvalidValue(ValueFault.REPEATED_CHOICE, value=picked)
    listed = indicator.choose
    strangers = [item for item in picked if listed and not listed.open_list and item not in listed.options]
    if strangers:
        raise InvalidValue(ValueFault.UNKNOWN_CHOICE, value=strangers)
    return picked


def _mapping(raw: object, keys: set[str]) -> Mapping[str, object]:
    if not isinstance(raw, dict) or set(raw) != keys:
        raise InvalidValue(ValueFault.WRONG_SHAPE, value=raw, expected=sorted(keys))
    return raw


def _whole(raw: object, field: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise InvalidValue(ValueFault.NOT_WHOLE, field=field, value=raw)
    if raw < 0:
        raise InvalidValue(ValueFault.NEGATIVE, field=field)
    if raw >= 10**MOST_DIGITS:
        raise InvalidValue(ValueFault.TOO_LARGE, field=field, digits=MOST_DIGITS)
    return raw


def parse_form(indicator: Indicator, fields: Mapping[str, str], lang: str) -> Value:
    """The checked value of fields typed in a language: `part` and `whole` for a share, else `value`.

    The fields of a part have its code and a dot before them. Choices are one a line or separated by semicolons.
    InvalidValue when one of them is unfit.
    """
    return validate_value(indicator, _raw_of(indicator, fields, "", lang))


def _raw_of(indicator: Indicator, fields: Mapping[str, str], prefix: str, lang: str) -> object:
    if indicator.parts:
        return {part.code: _raw_of(part, fields, f"{part.code}.", lang) for part in indicator.parts}
    if indicator.kind is Kind.PERCENT:
        return {name: read_whole(_typed(fields, prefix + name), prefix + name, lang) for name in ("part", "whole")}
    name = prefix + "value"
    return _READERS[indicator.kind](_typed(fields, name), name, lang)


def _typed(fields: Mapping[str, str], name: str) -> str:
    text = normalize("NFC", fields.get(name, "")).strip()
    if not text:
        raise InvalidValue(ValueFault.MISSING, field=name)
    return text


def _typed_truth(text: str, name: str, _lang: str) -> bool:
    folded = text.casefold()
    if folded not in _TRUE | _FALSE:
        raise InvalidValue(ValueFault.NOT_YES_OR_NO, field=name, value=text)
    return folded in _TRUE


def _typed_text(text: str, _name: str, _lang: str) -> str:
    return text


def _typed_list(text: str, _name: str, _lang: str) -> list[str]:
    return [item.strip() for item in re.split(r"[;\n]", text) if item.strip()]


def parse_level(indicator: Indicator, typed: str, lang: str) -> bool | int | str:
    """The required level that was typed for an indicator, in the form in which an adoption keeps it.

    InvalidValue when it is no level of the indicator; a number is kept whole or as decimal text, never rounded.
    """
    text = normalize("NFC", typed).strip()
    if indicator.kind in {Kind.BOOLEAN, Kind.SET}:
        level: bool | int | str = _typed_truth(text, "value", lang)
    elif indicator.kind is Kind.GRADE:
        level = text
    else:
        number = read_number(text, "value", lang)
        level = number if "." in number else int(number)
    exact_threshold(indicator.kind, indicator.compare, indicator.grades, level)
    return level


def form_fields(indicator: Indicator, value: Any, lang: str) -> dict[str, str]:
    """The typed fields that `parse_form` reads back as this checked value, to fill a form with."""
    if indicator.parts:
        named = ((part.code, form_fields(part, value[part.code], lang)) for part in indicator.parts)
        return {f"{code}.{name}": text for code, fields in named for name, text in fields.items()}
    if indicator.kind is Kind.PERCENT:
        return {name: write_number(value[name], lang) for name in ("part", "whole")}
    if indicator.kind in {Kind.BOOLEAN, Kind.SET}:
        return {"value": "true" if value else "false"}
    if indicator.kind is Kind.CHOICE:
        return {"value": "\n".join(value)}
    return {"value": value if indicator.kind is Kind.GRADE else write_number(value, lang)}


def plainly(indicator: Indicator, value: Any) -> str:
    """The digits of a value that would be another one in the other language's writing; "" where there is no doubt."""
    if indicator.parts:
        named = ((part.code, plainly(part, value[part.code])) for part in indicator.parts)
        return "; ".join(f"{code}: {digits}" for code, digits in named if digits)
    decimal = indicator.kind in {Kind.NUMBER, Kind.MONEY}
    return str(value) if decimal and says_two_things(value) else ""


def format_value(indicator: Indicator, value: Any, lang: str) -> str:
    """A checked value as an officer reads it, with its unit: "812/1.000 (81,2 %)", "Có"."""
    if indicator.parts:
        return "; ".join(f"{part.code}: {format_value(part, value[part.code], lang)}" for part in indicator.parts)
    if indicator.kind is Kind.PERCENT:
        counts, share = (
            f"{format_number(value['part'], lang)}/{format_number(value['whole'], lang)}",
            format_share(indicator, value, lang),
        )
        return f"{counts} ({share})" if share else counts
    if indicator.kind in {Kind.BOOLEAN, Kind.SET}:
        return (_YES_NO if indicator.kind is Kind.BOOLEAN else _MET_NOT)[lang][value]
    if indicator.kind is Kind.CHOICE:
        return "; ".join(value)
    if indicator.kind is Kind.GRADE:
        return str(value)
    return f"{format_number(value, lang)} {_unit(indicator, lang)}".rstrip()


def _unit(indicator: Indicator, lang: str) -> str:
    return indicator.unit if lang == "vi" else indicator.unit_en or indicator.unit


def format_share(indicator: Indicator, value: Any, lang: str) -> str:
    """The computed percentage of a checked value, of each part with its code; "" for a value that is no share."""
    if indicator.parts:
        shares = ((part.code, format_share(part, value[part.code], lang)) for part in indicator.parts)
        return "; ".join(f"{code}: {share}" for code, share in shares if share)
    if indicator.kind is not Kind.PERCENT:
        return ""
    return percent(value["part"], value["whole"], lang, rounded_up=indicator.compare in {Compare.AT_MOST, Compare.LESS})


def required_text(rules: Rules, indicator_code: str, lang: str) -> str:
    """The required level as people read it ("≥ 95 %", "Có"), in Vietnamese ("vi") or English ("en")."""
    return _required(rules.by_code[indicator_code], rules.year, lang)


def _required(rule: Rule, year: int, lang: str) -> str:
    indicator, level = rule.indicator, rule.threshold
    if rule.parts:
        return "; ".join(f"{part.indicator.code}: {_required(part, year, lang)}" for part in rule.parts)
    if level is None:
        return (_BY_PROVINCE if indicator.by_province else _NOT_SET)[lang]
    if isinstance(level, bool):
        return (_YES_NO if indicator.kind is Kind.BOOLEAN else _MET_NOT)[lang][level]
    if isinstance(level, str):
        return _GRADES[indicator.compare][lang].format(level)
    unit = _unit(indicator, lang)
    in_year = ""
    if indicator.by_year or indicator.relative_to:
        unit, in_year = unit.removesuffix(_PER_YEAR[lang]), _IN_YEAR[lang].format(year)
    return f"{_SIGNS[indicator.compare]}{format_number(level, lang)} {unit}".rstrip() + in_year


_CHECKS: dict[Kind, Callable[[Indicator, object], Value]] = {
    Kind.BOOLEAN: _check_truth,
    Kind.SET: _check_truth,
    Kind.PERCENT: _check_percent,
    Kind.NUMBER: _check_number,
    Kind.MONEY: _check_number,
    Kind.COUNT: _check_count,
    Kind.GRADE: _check_grade,
    Kind.CHOICE: _check_choice,
}

_READERS: dict[Kind, Callable[[str, str, str], object]] = {
    Kind.BOOLEAN: _typed_truth,
    Kind.SET: _typed_truth,
    Kind.NUMBER: read_number,
    Kind.MONEY: read_number,
    Kind.COUNT: read_whole,
    Kind.GRADE: _typed_text,
    Kind.CHOICE: _typed_list,
}
