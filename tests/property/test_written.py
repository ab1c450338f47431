"""Figures between what is shown and what is read: the same value in both languages, and never another one unasked."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from tests.criteria_examples import make_indicator
from workflow.criteria import InvalidValue, Kind
from workflow.criteria_values import parse_form, plainly
from workflow.written import format_number, read_number, read_whole, turned, write_number

LANGUAGES = st.sampled_from(["vi", "en"])
NUMBERS = st.decimals(0, 10**9, places=4) | st.decimals(0, 2000, places=3) | st.integers(0, 10**6)
STORED = NUMBERS.map(lambda number: format(number, "f").rstrip("0").rstrip(".") if "." in str(number) else str(number))
FIGURES = st.from_regex(r"[0-9]{1,4}([.,][0-9]{1,4}){0,3}", fullmatch=True)


@given(STORED, LANGUAGES)
def test_what_stands_in_a_field_is_read_back(number: str, lang: str) -> None:
    assert Fraction(read_number(write_number(number, lang), "value", lang)) == Fraction(number)


@given(st.integers(0, 10**15 - 1), LANGUAGES, LANGUAGES)
def test_a_whole_number_shown_in_one_language_is_read_back_in_either(number: int, shown: str, read: str) -> None:
    assert read_whole(format_number(number, shown), "value", read) == number


@given(STORED, LANGUAGES)
def test_a_number_typed_for_the_other_language_is_never_taken_for_another_one_in_silence(
    number: str, lang: str
) -> None:
    other = "en" if lang == "vi" else "vi"
    indicator = make_indicator(Kind.NUMBER)
    try:
        found = parse_form(indicator, {"value": write_number(number, other)}, lang)
    except InvalidValue:
        return  # asked about
    assert found == number or plainly(indicator, found)


@given(FIGURES, LANGUAGES)
def test_a_figure_that_is_turned_is_read_in_the_other_language_as_before(typed: str, lang: str) -> None:
    other = "en" if lang == "vi" else "vi"

    def reading(text: str, language: str) -> object:
        try:
            return read_number(text, "value", language)
        except InvalidValue as fault:
            return fault.code

    assert turned(turned(typed)) == typed
    assert reading(turned(typed), other) == reading(typed, lang)
