"""Assessment against a slow oracle in fractions, and values that come back from a form as they went in."""

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.criteria_examples import GRADES, make_adoption, make_indicator, make_set
from tests.property.criteria_oracle import all_met_slowly, judge_slowly
from workflow.criteria import Adoption, Answer, Choose, Compare, Indicator, Kind, assess, compile_rules
from workflow.criteria_values import form_fields, format_value, parse_form, validate_value
from workflow.names import Mark

COMPARES = st.sampled_from([Compare.AT_LEAST, Compare.AT_MOST, Compare.EQUAL, Compare.MORE, Compare.LESS])
KINDS = st.sampled_from([Kind.BOOLEAN, Kind.PERCENT, Kind.NUMBER, Kind.MONEY, Kind.COUNT, Kind.GRADE])
SELDOM = st.sampled_from([False] * 7 + [True])
OFTEN = SELDOM.map(lambda seldom: not seldom)
YEARS = st.sampled_from([2023, 2024])
LANGUAGES = st.sampled_from(["vi", "en"])
GROUPS = st.sampled_from(["tdmnpb", "dbsh"])
SMALL_DECIMALS = st.integers(0, 400).map(lambda hundredths: Fraction(hundredths, 100))


def levels(kind: Kind) -> st.SearchStrategy[Any]:
    by_kind: dict[Kind, st.SearchStrategy[Any]] = {
        Kind.BOOLEAN: st.just(value=True),
        Kind.PERCENT: st.integers(0, 100) | st.integers(0, 1000).map(lambda tenths: Fraction(tenths, 10)),
        Kind.COUNT: st.integers(0, 4),
        Kind.GRADE: st.sampled_from(GRADES),
    }
    return by_kind.get(kind, SMALL_DECIMALS)


@st.composite
def leaves(draw: st.DrawFn, code: str, mark: Mark, if_present: str) -> Indicator:
    kind = draw(KINDS)
    level = levels(kind)
    by_year: Any = {}
    if kind is Kind.MONEY:
        by_year = draw(st.dictionaries(GROUPS, st.dictionaries(YEARS, level), max_size=2))
    return make_indicator(
        kind,
        Compare.IS_TRUE if kind is Kind.BOOLEAN else draw(COMPARES),
        code=code,
        criterion=code[0],
        mark=mark,
        if_present=if_present,
        thresholds=draw(st.dictionaries(st.sampled_from(["all", "tdmnpb", "dbsh"]), level, max_size=3)),
        by_year=by_year,
        unknown=draw(SELDOM),
        by_province=draw(SELDOM),
    )


@st.composite
def indicators(draw: st.DrawFn, code: str) -> Indicator:
    mark, if_present = draw(st.sampled_from(Mark)), draw(st.sampled_from(["", "chợ"]))
    if draw(OFTEN):
        return draw(leaves(code, mark, if_present))
    parts = tuple(draw(leaves(code + letter, mark, if_present)) for letter in "ab")
    return make_indicator(Kind.PERCENT, code=code, criterion=code[0], mark=mark, if_present=if_present, parts=parts)


@st.composite
def values(draw: st.DrawFn, indicator: Indicator) -> Any:
    """A value that the indicator accepts, drawn near the levels so that both sides of them are met."""
    if indicator.parts:
        return {part.code: draw(values(part)) for part in indicator.parts}
    if indicator.kind is Kind.BOOLEAN:
        return draw(st.booleans())
    if indicator.kind is Kind.GRADE:
        return draw(st.sampled_from(indicator.grades))
    if indicator.kind is Kind.COUNT:
        return draw(st.integers(0, 5))
    if indicator.kind is Kind.PERCENT:
        whole = 0 if indicator.if_present and draw(SELDOM) else draw(st.integers(1, 40))
        return {"part": draw(st.integers(0, whole)), "whole": whole}
    return validate_value(indicator, str(draw(st.decimals(0, 5, places=draw(st.integers(0, 4))))))


@st.composite
def adoptions(draw: st.DrawFn, asked: list[Indicator]) -> Adoption | None:
    if not draw(st.booleans()):
        return None
    named = [leaf for indicator in asked for leaf in indicator.parts or (indicator,)]
    chosen = [leaf for leaf in named if draw(st.booleans())]
    return make_adoption({leaf.code: draw(levels(leaf.kind)) for leaf in chosen})


@given(st.data(), GROUPS, YEARS)
def test_the_assessment_agrees_with_a_slow_oracle(data: st.DataObject, group: str, year: int) -> None:
    codes = data.draw(st.lists(st.sampled_from(["1.1", "1.2", "2.1", "3.1"]), unique=True, max_size=3))
    asked = [data.draw(indicators(code)) for code in sorted(codes)]
    sample = make_set(*asked, complete=data.draw(OFTEN))
    adoption = data.draw(adoptions(asked))
    answers: dict[str, Answer] = {}
    for indicator in asked:
        if data.draw(OFTEN):
            absent = data.draw(SELDOM)
            answers[indicator.code] = Answer(None if absent else data.draw(values(indicator)), absent)
    found = assess(compile_rules(sample, adoption, group, year), answers)
    for indicator in asked:
        answer = answers.get(indicator.code)
        slowly = judge_slowly(indicator, answer, adoption, group, year) if answer else None
        assert found.by_indicator[indicator.code] is slowly
    assert found.all_met is all_met_slowly(sample, answers, adoption, group, year)
    assert sum(found.tally[2:]) == len(asked)


@given(st.integers(0, 10**14), st.integers(1, 10**14), st.integers(0, 10**6))
def test_a_share_is_judged_as_the_fraction_it_is(part: int, whole: int, ten_thousandths: int) -> None:
    level = Fraction(ten_thousandths, 10**4)
    rules = compile_rules(make_set(make_indicator(Kind.PERCENT, thresholds={"all": level})), None, None, 2024)
    answer = Answer({"part": part, "whole": whole})
    assert assess(rules, {"1.1": answer}).all_met is (Fraction(100 * part, whole) >= level)


@given(st.data(), KINDS, LANGUAGES)
def test_what_a_form_shows_it_reads_back(data: st.DataObject, kind: Kind, lang: str) -> None:
    indicator = make_indicator(kind, code="1.1")
    value = data.draw(values(indicator))
    assert parse_form(indicator, form_fields(indicator, value, lang), lang) == value
    assert format_value(indicator, value, lang)


@given(st.lists(st.sampled_from(["du lịch", "văn hóa", "sản xuất"]), unique=True, min_size=1))
def test_choices_come_back_as_they_were_picked(picked: list[str]) -> None:
    indicator = make_indicator(Kind.CHOICE, choose=Choose(("du lịch",), open_list=True))
    assert parse_form(indicator, form_fields(indicator, picked, "vi"), "en") == picked


@given(st.decimals(0, 10**14, places=4))
def test_a_number_keeps_its_exact_value(number: Any) -> None:
    stored = validate_value(make_indicator(Kind.NUMBER), format(number, "f"))
    assert Fraction(str(stored)) == Fraction(number)
