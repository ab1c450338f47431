"""Values in and out: what is refused and why, Vietnamese numbers as typed, values and levels as people read them."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.criteria_examples import make_adoption, make_indicator, make_rules
from workflow.criteria import Choose, Compare, Indicator, InvalidValue, Kind, Relative, ValueFault
from workflow.criteria_values import (
    form_fields,
    format_share,
    format_value,
    parse_form,
    parse_level,
    required_text,
    validate_value,
)
from workflow.names import Mark

YES = make_indicator()
SET = make_indicator(Kind.SET, Compare.MEETS)
SHARE = make_indicator(Kind.PERCENT)
SHARE_IF_PRESENT = make_indicator(Kind.PERCENT, if_present="bãi chôn lấp")
GREEN = make_indicator(Kind.NUMBER, unit="m²/người")
INCOME = make_indicator(Kind.MONEY, unit="triệu đồng/người/năm", unit_en="million VND/person/year")
COUNT = make_indicator(Kind.COUNT, unit="mô hình")
GRADE = make_indicator(Kind.GRADE)
LISTED = make_indicator(Kind.CHOICE, choose=Choose(("du lịch", "văn hóa"), open_list=False))
OPEN = make_indicator(Kind.CHOICE, choose=Choose(("du lịch", "văn hóa"), open_list=True))
PARTS = make_indicator(
    Kind.PERCENT,
    parts=(make_indicator(Kind.PERCENT, code="1.1a"), make_indicator(Kind.COUNT, code="1.1b", unit="trường")),
)


# --- what is refused ---


@pytest.mark.parametrize(
    ("indicator", "raw", "code"),
    [
        (YES, "true", ValueFault.NOT_YES_OR_NO),
        (YES, 1, ValueFault.NOT_YES_OR_NO),
        (YES, None, ValueFault.NOT_YES_OR_NO),
        (SET, 0, ValueFault.NOT_YES_OR_NO),
        (SHARE, 95, ValueFault.WRONG_SHAPE),
        (SHARE, {"part": 1}, ValueFault.WRONG_SHAPE),
        (SHARE, {"part": 1, "whole": 2, "more": 3}, ValueFault.WRONG_SHAPE),
        (SHARE, {"part": 1.0, "whole": 2}, ValueFault.NOT_WHOLE),
        (SHARE, {"part": True, "whole": 2}, ValueFault.NOT_WHOLE),
        (SHARE, {"part": 1, "whole": "2"}, ValueFault.NOT_WHOLE),
        (SHARE, {"part": -1, "whole": 2}, ValueFault.NEGATIVE),
        (SHARE, {"part": 0, "whole": -2}, ValueFault.NEGATIVE),
        (SHARE, {"part": 3, "whole": 2}, ValueFault.PART_OVER_WHOLE),
        (SHARE, {"part": 0, "whole": 0}, ValueFault.WHOLE_IS_ZERO),
        (SHARE, {"part": 1, "whole": 10**15}, ValueFault.TOO_LARGE),
        (SHARE_IF_PRESENT, {"part": 1, "whole": 0}, ValueFault.PART_OVER_WHOLE),
        (GREEN, "many", ValueFault.NOT_NUMBER),
        (GREEN, "", ValueFault.NOT_NUMBER),
        (GREEN, "1,5", ValueFault.NOT_NUMBER),
        (GREEN, "1e3", ValueFault.NOT_NUMBER),
        (GREEN, "٣", ValueFault.NOT_NUMBER),
        (GREEN, 1.5, ValueFault.NOT_NUMBER),
        (GREEN, True, ValueFault.NOT_NUMBER),
        (GREEN, None, ValueFault.NOT_NUMBER),
        (GREEN, "-0.5", ValueFault.NEGATIVE),
        (GREEN, -1, ValueFault.NEGATIVE),
        (GREEN, "1.23456", ValueFault.TOO_MANY_DECIMALS),
        (GREEN, "1" * 16, ValueFault.TOO_LARGE),
        (GREEN, 10**15, ValueFault.TOO_LARGE),
        (INCOME, "48.23456", ValueFault.TOO_MANY_DECIMALS),
        (COUNT, "3", ValueFault.NOT_WHOLE),
        (COUNT, False, ValueFault.NOT_WHOLE),
        (COUNT, -3, ValueFault.NEGATIVE),
        (GRADE, "Giỏi", ValueFault.UNKNOWN_GRADE),
        (GRADE, 2, ValueFault.UNKNOWN_GRADE),
        (LISTED, "du lịch", ValueFault.WRONG_SHAPE),
        (LISTED, ["du lịch", 2], ValueFault.WRONG_SHAPE),
        (LISTED, ["du lịch", " "], ValueFault.WRONG_SHAPE),
        (LISTED, ["du lịch", "du lịch "], ValueFault.REPEATED_CHOICE),
        (LISTED, ["thể thao"], ValueFault.UNKNOWN_CHOICE),
        (PARTS, {"1.1a": {"part": 1, "whole": 2}}, ValueFault.WRONG_SHAPE),
        (PARTS, {"1.1a": {"part": 3, "whole": 2}, "1.1b": 1}, ValueFault.PART_OVER_WHOLE),
    ],
)
def test_a_value_that_cannot_be_an_answer_is_refused(indicator: Indicator, raw: object, code: ValueFault) -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_value(indicator, raw)
    assert caught.value.code is code


def test_a_number_of_thousands_of_digits_is_refused_like_any_other() -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_value(GREEN, 10**5000)
    assert caught.value.code is ValueFault.TOO_LARGE


def test_a_refusal_carries_what_the_sentence_needs() -> None:
    with pytest.raises(InvalidValue) as caught:
        validate_value(SHARE, {"part": 3, "whole": 2})
    assert caught.value.params == {"part": 3, "whole": 2}
    with pytest.raises(InvalidValue) as caught:
        validate_value(GREEN, "1.23456")
    assert caught.value.params == {"field": "value", "most": 4}


@pytest.mark.parametrize(
    ("indicator", "raw", "stored"),
    [
        (YES, False, False),
        (SHARE, {"part": 812, "whole": 1000}, {"part": 812, "whole": 1000}),
        (SHARE_IF_PRESENT, {"part": 0, "whole": 0}, {"part": 0, "whole": 0}),
        (GREEN, "002.50", "2.5"),
        (GREEN, "0.10000", "0.1"),
        (GREEN, "000", "0"),
        (INCOME, 48, "48"),
        (COUNT, 0, 0),
        (GRADE, "Khá", "Khá"),
        (OPEN, [" thể thao ", "du lịch"], ["thể thao", "du lịch"]),
        (LISTED, [], []),
        (PARTS, {"1.1b": 1, "1.1a": {"part": 1, "whole": 2}}, {"1.1a": {"part": 1, "whole": 2}, "1.1b": 1}),
    ],
)
def test_a_good_value_takes_its_stored_form(indicator: Indicator, raw: object, stored: object) -> None:
    assert validate_value(indicator, raw) == stored


# --- forms ---


@pytest.mark.parametrize(
    ("indicator", "fields", "value"),
    [
        (YES, {"value": "true"}, True),
        (YES, {"value": " Không "}, False),
        (YES, {"value": "Co\u0301"}, True),
        (SET, {"value": "Chưa đạt"}, False),
        (SHARE, {"part": "812", "whole": "1.000"}, {"part": 812, "whole": 1000}),
        (SHARE, {"part": "1,0", "whole": "2,00"}, {"part": 1, "whole": 2}),
        (GREEN, {"value": "1.234,5"}, "1234.5"),
        (GREEN, {"value": "12,5"}, "12.5"),
        (GREEN, {"value": "\u00a01234,50 "}, "1234.5"),
        (INCOME, {"value": "48.200"}, "48200"),
        (COUNT, {"value": "1.234.567"}, 1_234_567),
        (GRADE, {"value": "Khá"}, "Khá"),
        (OPEN, {"value": "du lịch; thể thao\n\nvăn hóa;"}, ["du lịch", "thể thao", "văn hóa"]),
        (
            PARTS,
            {"1.1a.part": "9", "1.1a.whole": "10", "1.1b.value": "2"},
            {"1.1a": {"part": 9, "whole": 10}, "1.1b": 2},
        ),
    ],
)
def test_typed_fields_become_a_value(indicator: Indicator, fields: dict[str, str], value: object) -> None:
    assert parse_form(indicator, fields, "vi") == value


@pytest.mark.parametrize(
    ("indicator", "fields", "code", "field"),
    [
        (GREEN, {}, ValueFault.MISSING, "value"),
        (GREEN, {"value": "  "}, ValueFault.MISSING, "value"),
        (SHARE, {"part": "1"}, ValueFault.MISSING, "whole"),
        (PARTS, {"1.1a.part": "1", "1.1a.whole": "2"}, ValueFault.MISSING, "1.1b.value"),
        (GREEN, {"value": "1.5"}, ValueFault.OTHER_WRITING, "value"),
        (GREEN, {"value": "12.3456"}, ValueFault.OTHER_WRITING, "value"),
        (GREEN, {"value": "17,874"}, ValueFault.TWO_WAYS, "value"),
        (GREEN, {"value": "1,2,3"}, ValueFault.NOT_NUMBER, "value"),
        (GREEN, {"value": "12,5 m²"}, ValueFault.NOT_NUMBER, "value"),
        (GREEN, {"value": "-2,5"}, ValueFault.NEGATIVE, "value"),
        (SHARE, {"part": "0,5", "whole": "2"}, ValueFault.NOT_WHOLE, "part"),
        (SHARE, {"part": "-1", "whole": "2"}, ValueFault.NEGATIVE, "part"),
        (COUNT, {"value": "9" * 5000}, ValueFault.TOO_LARGE, "value"),
        (YES, {"value": "maybe"}, ValueFault.NOT_YES_OR_NO, "value"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(
    indicator: Indicator, fields: dict[str, str], code: ValueFault, field: str
) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_form(indicator, fields, "vi")
    assert (caught.value.code, caught.value.params["field"]) == (code, field)


@pytest.mark.parametrize(
    ("indicator", "value", "fields"),
    [
        (YES, True, {"value": "true"}),
        (SET, False, {"value": "false"}),
        (SHARE, {"part": 812, "whole": 1000}, {"part": "812", "whole": "1.000"}),
        (INCOME, "1048.25", {"value": "1.048,25"}),
        (COUNT, 1000, {"value": "1.000"}),
        (GRADE, "Khá", {"value": "Khá"}),
        (OPEN, ["du lịch", "thể thao"], {"value": "du lịch\nthể thao"}),
        (
            PARTS,
            {"1.1a": {"part": 1, "whole": 2}, "1.1b": 3},
            {"1.1a.part": "1", "1.1a.whole": "2", "1.1b.value": "3"},
        ),
    ],
)
def test_a_form_is_filled_with_what_it_reads_back(indicator: Indicator, value: Any, fields: dict[str, str]) -> None:
    assert form_fields(indicator, value, "vi") == fields
    assert parse_form(indicator, fields, "vi") == value


# --- what people read ---


@pytest.mark.parametrize(
    ("indicator", "value", "text"),
    [
        (YES, True, "Có"),
        (YES, False, "Không"),
        (SET, True, "Đạt"),
        (SET, False, "Chưa đạt"),
        (SHARE, {"part": 812, "whole": 1000}, "812/1.000 (81,2 %)"),
        (SHARE, {"part": 1, "whole": 1}, "1/1 (100 %)"),
        (SHARE, {"part": 1, "whole": 3}, "1/3 (33,33 %)"),
        (SHARE, {"part": 1, "whole": 200}, "1/200 (0,5 %)"),
        (SHARE, {"part": 1, "whole": 2000}, "1/2.000 (0,05 %)"),
        (SHARE_IF_PRESENT, {"part": 0, "whole": 0}, "0/0"),
        (GREEN, "1234.5", "1.234,5 m²/người"),
        (INCOME, "48.2", "48,2 triệu đồng/người/năm"),
        (make_indicator(Kind.NUMBER), "7", "7"),
        (COUNT, 3, "3 mô hình"),
        (GRADE, "Khá", "Khá"),
        (OPEN, ["du lịch", "thể thao"], "du lịch; thể thao"),
        (PARTS, {"1.1a": {"part": 1, "whole": 2}, "1.1b": 3}, "1.1a: 1/2 (50 %); 1.1b: 3 trường"),
    ],
)
def test_a_value_reads_as_an_officer_writes_it(indicator: Indicator, value: Any, text: str) -> None:
    assert format_value(indicator, value, "vi") == text


def test_a_share_stands_alone_with_the_code_of_its_part() -> None:
    parted = make_indicator(Kind.PERCENT, parts=(replace(SHARE, code="1.1a"), replace(COUNT, code="1.1b")))
    assert format_share(parted, {"1.1a": {"part": 1, "whole": 3}, "1.1b": 4}, "vi") == "1.1a: 33,33 %"
    assert (format_share(SHARE, {"part": 1, "whole": 4}, "en"), format_share(COUNT, 4, "vi")) == ("25 %", "")
    assert format_share(SHARE_IF_PRESENT, {"part": 0, "whole": 0}, "vi") == ""


def test_a_percentage_never_looks_better_than_it_is() -> None:
    just_under, just_over = {"part": 949_999, "whole": 1_000_000}, {"part": 130_001, "whole": 1_000_000}
    at_most, less = make_indicator(Kind.PERCENT, Compare.AT_MOST), make_indicator(Kind.PERCENT, Compare.LESS)
    assert format_value(SHARE, just_under, "vi") == "949.999/1.000.000 (94,99 %)"
    assert format_value(at_most, just_over, "vi") == "130.001/1.000.000 (13,01 %)"
    assert format_value(less, just_over, "vi") == "130.001/1.000.000 (13,01 %)"


@pytest.mark.parametrize(
    ("kind", "compare", "fields", "vi", "en"),
    [
        (Kind.BOOLEAN, Compare.IS_TRUE, {"thresholds": {"all": True}}, "Có", "Yes"),
        (Kind.BOOLEAN, Compare.IS_FALSE, {"thresholds": {"all": False}}, "Không", "No"),
        (Kind.SET, Compare.MEETS, {}, "Đạt", "Met"),
        (Kind.PERCENT, Compare.AT_LEAST, {"unit": "%", "thresholds": {"all": 95}}, "≥ 95 %", "≥ 95 %"),
        (Kind.PERCENT, Compare.AT_MOST, {"unit": "%", "thresholds": {"all": 13}}, "≤ 13 %", "≤ 13 %"),
        (Kind.PERCENT, Compare.MORE, {"unit": "%", "thresholds": {"all": Fraction(51, 2)}}, "> 25,5 %", "> 25.5 %"),
        (Kind.PERCENT, Compare.LESS, {"unit": "%", "thresholds": {"all": 5}}, "< 5 %", "< 5 %"),
        (Kind.COUNT, Compare.EQUAL, {"unit": "vụ", "unit_en": "cases", "thresholds": {"all": 0}}, "0 vụ", "0 cases"),
        (Kind.NUMBER, Compare.AT_LEAST, {"thresholds": {"all": 1200}}, "≥ 1.200", "≥ 1,200"),
        (Kind.GRADE, Compare.AT_LEAST, {"thresholds": {"all": "Khá"}}, "Khá trở lên", "Khá or better"),
        (Kind.GRADE, Compare.AT_MOST, {"thresholds": {"all": "Khá"}}, "Khá trở xuống", "Khá or lower"),
        (Kind.GRADE, Compare.EQUAL, {"thresholds": {"all": "Khá"}}, "Khá", "Khá"),
        (Kind.GRADE, Compare.MORE, {"thresholds": {"all": "Khá"}}, "Trên Khá", "Better than Khá"),
        (Kind.GRADE, Compare.LESS, {"thresholds": {"all": "Khá"}}, "Dưới Khá", "Lower than Khá"),
        (Kind.PERCENT, Compare.AT_LEAST, {"unknown": True}, "Chưa xác định", "Not determined"),
        (Kind.PERCENT, Compare.AT_LEAST, {"thresholds": {"dbsh": 9}}, "Chưa xác định", "Not determined"),
        (
            Kind.PERCENT,
            Compare.AT_LEAST,
            {"by_province": True},
            "UBND cấp tỉnh quy định",
            "Set by the provincial People's Committee",
        ),
        (
            Kind.MONEY,
            Compare.AT_LEAST,
            {
                "unit": "triệu đồng/người/năm",
                "unit_en": "million VND/person/year",
                "by_year": {"all": {2024: 45}},
            },
            "≥ 45 triệu đồng/người (năm 2024)",
            "≥ 45 million VND/person (2024)",
        ),
    ],
)
def test_a_required_level_reads_like_the_legal_text(
    kind: Kind, compare: Compare, fields: dict[str, Any], vi: str, en: str
) -> None:
    rules = make_rules(make_indicator(kind, compare, **fields))
    assert (required_text(rules, "1.1", "vi"), required_text(rules, "1.1", "en")) == (vi, en)


def test_a_recalled_level_and_an_adopted_one_are_both_shown() -> None:
    recalled = make_indicator(Kind.PERCENT, unit="%", thresholds={"all": 70}, mark=Mark.RECALLED)
    unknown = make_indicator(Kind.PERCENT, unit="%", unknown=True)
    assert required_text(make_rules(recalled), "1.1", "vi") == "≥ 70 %"
    assert required_text(make_rules(unknown, adoption=make_adoption({"1.1": 40})), "1.1", "vi") == "≥ 40 %"


def test_parts_and_multiples_are_shown_with_their_own_levels() -> None:
    parts = (
        make_indicator(Kind.PERCENT, code="1.1a", unit="%", thresholds={"all": 90}),
        make_indicator(Kind.PERCENT, code="1.1b", unit="%", unknown=True),
    )
    assert required_text(make_rules(make_indicator(parts=parts)), "1.1", "vi") == "1.1a: ≥ 90 %; 1.1b: Chưa xác định"
    base = make_rules(make_indicator(Kind.MONEY, by_year={"all": {2025: 58}}), year=2025)
    model = make_indicator(Kind.MONEY, unit="triệu đồng/người/năm", relative_to=Relative("a", "1.1", Fraction("1.1")))
    rules = make_rules(model, year=2025, others={"a": base})
    assert required_text(rules, "1.1", "vi") == "≥ 63,8 triệu đồng/người (năm 2025)"


# --- required levels as the province types them ---


@pytest.mark.parametrize(
    ("indicator", "typed", "level"),
    [
        (SHARE, "80", 80),
        (SHARE, " 82,5 ", "82.5"),
        (INCOME, "1.234,5", "1234.5"),
        (COUNT, "3", 3),
        (YES, "Có", True),
        (GRADE, GRADE.grades[0], GRADE.grades[0]),
    ],
)
def test_a_level_is_kept_as_it_was_typed(indicator: Indicator, typed: str, level: bool | int | str) -> None:
    assert parse_level(indicator, typed, "vi") == level


@pytest.mark.parametrize(
    ("indicator", "typed", "code"),
    [
        (SHARE, "101", ValueFault.BAD_THRESHOLD),
        (SHARE, "-1", ValueFault.BAD_THRESHOLD),
        (SHARE, "82.5", ValueFault.OTHER_WRITING),
        (COUNT, "2,5", ValueFault.BAD_THRESHOLD),
        (YES, "Không", ValueFault.BAD_THRESHOLD),
        (YES, "vâng", ValueFault.NOT_YES_OR_NO),
        (GRADE, "Tuyệt vời", ValueFault.BAD_THRESHOLD),
    ],
)
def test_a_level_that_does_not_fit_is_refused(indicator: Indicator, typed: str, code: ValueFault) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse_level(indicator, typed, "vi")
    assert refused.value.code is code


def test_a_value_is_read_in_english_with_its_english_unit() -> None:
    income = make_indicator(kind=Kind.MONEY, unit="triệu đồng/người/năm", unit_en="million VND/person/year")
    assert format_value(income, "41.5", "en") == "41.5 million VND/person/year"
    assert format_value(income, "41.5", "vi") == "41,5 triệu đồng/người/năm"
