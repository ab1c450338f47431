"""Figures in Vietnamese and in English writing: what each says, and what is asked about since it could be two."""

from fractions import Fraction
from typing import Any

import pytest

from tests.criteria_examples import make_indicator
from workflow.criteria import InvalidValue, Kind, ValueFault
from workflow.criteria_values import form_fields, plainly
from workflow.written import format_number, percent, read_number, read_whole, turned


@pytest.mark.parametrize(
    ("number", "vi", "en"),
    [
        (0, "0", "0"),
        (17874, "17.874", "17,874"),
        (1234567, "1.234.567", "1,234,567"),
        ("0.05", "0,05", "0.05"),
        ("1234.5", "1.234,5", "1,234.5"),
        (Fraction("63.8"), "63,8", "63.8"),
    ],
)
def test_a_number_is_written_as_its_language_writes_it(number: Any, vi: str, en: str) -> None:
    assert (format_number(number, "vi"), format_number(number, "en")) == (vi, en)


def test_a_share_has_the_mark_of_its_language() -> None:
    assert (percent(5, 8, "vi"), percent(5, 8, "en")) == ("62,5 %", "62.5 %")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("typed", ["17874", "17.874", "17,874", "17 874", "17\u00a0874", "17874,0", "17874.00"])
def test_a_whole_number_says_the_same_in_either_writing(typed: str, lang: str) -> None:
    assert read_whole(typed, "value", lang) == 17874


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1,5", ValueFault.NOT_WHOLE),
        ("1.5", ValueFault.NOT_WHOLE),
        ("0,500", ValueFault.NOT_WHOLE),
        ("1.234,567", ValueFault.NOT_WHOLE),
        ("1.23.456", ValueFault.NOT_NUMBER),
        ("1.234,567,890", ValueFault.NOT_NUMBER),
        ("17 87", ValueFault.NOT_NUMBER),
        ("", ValueFault.NOT_NUMBER),
        ("1" * 16, ValueFault.TOO_LARGE),
        ("9" * 5000, ValueFault.TOO_LARGE),
        ("12 😀", ValueFault.NOT_NUMBER),
    ],
)
def test_what_is_no_whole_number_is_refused(typed: str, code: ValueFault, lang: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_whole(typed, "value", lang)
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("typed", "lang", "number"),
    [
        ("17.874", "vi", "17874"),
        ("17,874", "en", "17874"),
        ("17,8740", "vi", "17.8740"),
        ("17.8740", "en", "17.8740"),
        ("1.234,567", "vi", "1234.567"),
        ("1,234.567", "en", "1234.567"),
        ("1234,567", "vi", "1234.567"),
        ("0,125", "vi", "0.125"),
        ("62.5", "en", "62.5"),
        ("1 234,5", "vi", "1234.5"),
        ("-2.5", "en", "-2.5"),
    ],
)
def test_a_number_is_read_as_its_language_writes_it(typed: str, lang: str, number: str) -> None:
    assert read_number(typed, "value", lang) == number


@pytest.mark.parametrize(
    ("typed", "lang", "code", "said"),
    [
        ("17.874", "en", ValueFault.TWO_WAYS, {"thousands": "17,874", "decimals": "17.8740"}),
        ("17,874", "vi", ValueFault.TWO_WAYS, {"thousands": "17.874", "decimals": "17,8740"}),
        ("62,5", "en", ValueFault.OTHER_WRITING, {"meant": "62.5"}),
        ("62.5", "vi", ValueFault.OTHER_WRITING, {"meant": "62,5"}),
        ("1.234.567", "en", ValueFault.OTHER_WRITING, {"meant": "1,234,567"}),
        ("1,234.5", "vi", ValueFault.OTHER_WRITING, {"meant": "1.234,5"}),
        ("17.874,0", "en", ValueFault.OTHER_WRITING, {"meant": "17,874.0"}),
    ],
)
def test_the_other_writing_is_asked_about_with_what_to_type_instead(
    typed: str, lang: str, code: ValueFault, said: dict[str, str]
) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_number(typed, "value", lang)
    assert refused.value.code is code
    assert refused.value.params == {"field": "value", "typed": typed, **said}


@pytest.mark.parametrize(
    ("typed", "code"), [("9" * 5000 + ".5", ValueFault.TOO_LARGE), ("2,5 m²", ValueFault.NOT_NUMBER)]
)
def test_what_is_no_number_in_either_writing_is_refused(typed: str, code: ValueFault) -> None:
    with pytest.raises(InvalidValue) as refused:
        read_number(typed, "value", "vi")
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("typed", "other"), [("17.874", "17,874"), ("1.234,5", "1,234.5"), ("45", "45"), ("một, hai.", "một, hai.")]
)
def test_a_figure_turned_says_the_same_in_the_other_language(typed: str, other: str) -> None:
    assert (turned(typed), turned(other)) == (other, typed)


def test_three_decimals_stand_in_a_field_with_a_fourth_and_thousands_are_said_plainly_too() -> None:
    income = make_indicator(Kind.MONEY)
    assert form_fields(income, "48.125", "vi") == {"value": "48,1250"}
    assert form_fields(income, "1048.125", "en") == {"value": "1,048.125"}
    assert [plainly(income, value) for value in ("48200", "48.125", "482", "1048.125", "1234567")] == [
        "48200",
        *[""] * 4,
    ]
    both = make_indicator(Kind.PERCENT, parts=(make_indicator(Kind.MONEY, code="1.1a"), make_indicator(code="1.1b")))
    assert plainly(both, {"1.1a": "48200", "1.1b": True}) == "1.1a: 48200"
