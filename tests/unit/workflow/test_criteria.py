"""Judging answers: every kind at its level and just beside it, adoption, and what a column of answers comes to."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from tests.criteria_examples import assess_values, judge_one, make_adoption, make_indicator, make_rules, make_set
from workflow.criteria import (
    Answer,
    Blocked,
    Choose,
    Compare,
    Criterion,
    InvalidValue,
    Kind,
    Relative,
    Tally,
    ValueFault,
    assess,
    compile_rules,
    judge,
)
from workflow.criteria_set import exact_threshold
from workflow.names import Mark, Result

MET, NOT_MET, UNKNOWN = Result.MET, Result.NOT_MET, Result.UNKNOWN
NOT_APPLICABLE = Result.NOT_APPLICABLE


def share(part: int, whole: int) -> dict[str, int]:
    return {"part": part, "whole": whole}


# --- each kind, at the level and beside it ---


@pytest.mark.parametrize(
    ("compare", "level", "value", "result"),
    [
        (Compare.AT_LEAST, 95, share(95, 100), MET),
        (Compare.AT_LEAST, 95, share(94, 100), NOT_MET),
        (Compare.AT_LEAST, 95, share(949_999, 1_000_000), NOT_MET),
        (Compare.AT_LEAST, Fraction(51, 2), share(51, 200), MET),
        (Compare.AT_LEAST, Fraction(51, 2), share(50, 200), NOT_MET),
        (Compare.AT_LEAST, Fraction(100, 3), share(1, 3), MET),
        (Compare.AT_MOST, 13, share(13, 100), MET),
        (Compare.AT_MOST, 13, share(130_001, 1_000_000), NOT_MET),
        (Compare.MORE, 50, share(1, 2), NOT_MET),
        (Compare.MORE, 50, share(51, 100), MET),
        (Compare.LESS, 50, share(1, 2), NOT_MET),
        (Compare.LESS, 50, share(49, 100), MET),
        (Compare.EQUAL, 100, share(7, 7), MET),
        (Compare.EQUAL, 100, share(6, 7), NOT_MET),
        (Compare.AT_LEAST, 0, share(0, 0), NOT_MET),
    ],
)
def test_a_share_is_held_against_its_level_in_integers(
    compare: Compare, level: Fraction, value: dict[str, int], result: Result
) -> None:
    assert judge_one(make_indicator(Kind.PERCENT, compare, thresholds={"all": level}), value) is result


@pytest.mark.parametrize(
    ("kind", "compare", "level", "value", "result"),
    [
        (Kind.NUMBER, Compare.AT_LEAST, 2, "2", MET),
        (Kind.NUMBER, Compare.AT_LEAST, 2, "1.9999", NOT_MET),
        (Kind.NUMBER, Compare.AT_LEAST, Fraction("2.5"), "2.5", MET),
        (Kind.NUMBER, Compare.AT_LEAST, Fraction("2.5"), 3, MET),
        (Kind.NUMBER, Compare.AT_LEAST, Fraction("2.5"), 2, NOT_MET),
        (Kind.MONEY, Compare.AT_LEAST, 45, "45", MET),
        (Kind.MONEY, Compare.AT_LEAST, 45, "44.9", NOT_MET),
        (Kind.MONEY, Compare.AT_LEAST, Fraction("63.8"), "63.80", MET),
        (Kind.COUNT, Compare.AT_LEAST, 3, 3, MET),
        (Kind.COUNT, Compare.AT_LEAST, 3, 2, NOT_MET),
        (Kind.COUNT, Compare.EQUAL, 0, 0, MET),
        (Kind.COUNT, Compare.EQUAL, 0, 1, NOT_MET),
        (Kind.GRADE, Compare.AT_LEAST, "Khá", "Tốt", MET),
        (Kind.GRADE, Compare.AT_LEAST, "Khá", "Khá", MET),
        (Kind.GRADE, Compare.AT_LEAST, "Khá", "Trung bình", NOT_MET),
        (Kind.GRADE, Compare.AT_MOST, "Khá", "Tốt", NOT_MET),
        (Kind.CHOICE, Compare.AT_LEAST, 2, ["du lịch", "văn hóa"], MET),
        (Kind.CHOICE, Compare.AT_LEAST, 2, ["du lịch", "du lịch"], NOT_MET),
    ],
)
def test_each_kind_is_met_exactly_at_its_level(
    kind: Kind, compare: Compare, level: Any, value: Any, result: Result
) -> None:
    choose = Choose(("du lịch", "văn hóa"), open_list=False)
    assert judge_one(make_indicator(kind, compare, thresholds={"all": level}, choose=choose), value) is result


def test_yes_or_no_is_held_against_the_answer_that_is_required() -> None:
    asks_yes = make_indicator(Kind.BOOLEAN, Compare.IS_TRUE, thresholds={"all": True})
    asks_no = make_indicator(Kind.BOOLEAN, Compare.IS_FALSE, thresholds={"all": False})
    assert [judge_one(asks_yes, value) for value in (True, False)] == [MET, NOT_MET]
    assert [judge_one(asks_no, value) for value in (True, False)] == [NOT_MET, MET]


def test_another_set_is_met_or_not() -> None:
    advanced = make_indicator(Kind.SET, Compare.MEETS, relative_to=Relative("advanced", "", Fraction(1)))
    assert [judge_one(advanced, value) for value in (True, False)] == [MET, NOT_MET]


def test_every_part_must_be_met() -> None:
    water = make_indicator(Kind.PERCENT, code="1.1a", thresholds={"all": 90})
    piped = make_indicator(Kind.COUNT, code="1.1b", thresholds={"all": 1})
    whole = make_indicator(Kind.PERCENT, parts=(water, piped))
    assert judge_one(whole, {"1.1a": share(9, 10), "1.1b": 1}) is MET
    assert judge_one(whole, {"1.1a": share(8, 10), "1.1b": 1}) is NOT_MET
    assert judge_one(whole, {"1.1a": share(9, 10), "1.1b": 0}) is NOT_MET


# --- what does not apply ---


def test_only_what_may_be_absent_can_be_said_not_to_apply() -> None:
    always, if_present = make_indicator(), make_indicator(code="1.2", if_present="làng nghề")
    rules = make_rules(always, if_present)
    assert judge(rules.by_code["1.1"], Answer(None, not_applicable=True)) is NOT_MET
    assert judge(rules.by_code["1.2"], Answer(None, not_applicable=True)) is NOT_APPLICABLE


def test_a_share_of_nothing_does_not_apply_only_where_the_thing_may_be_absent() -> None:
    landfills = make_indicator(Kind.PERCENT, thresholds={"all": 100}, if_present="bãi chôn lấp")
    households = make_indicator(Kind.PERCENT, thresholds={"all": 100})
    assert judge_one(landfills, share(0, 0)) is NOT_APPLICABLE
    assert judge_one(households, share(0, 0)) is NOT_MET


def test_nothing_counts_as_absent_before_a_recalled_set_is_adopted() -> None:
    recalled = make_indicator(mark=Mark.RECALLED, if_present="làng nghề")
    answer = Answer(None, not_applicable=True)
    assert judge(make_rules(recalled).by_code["1.1"], answer) is UNKNOWN
    assert judge(make_rules(recalled, adoption=make_adoption()).by_code["1.1"], answer) is NOT_APPLICABLE


def test_an_absent_thing_needs_no_level_once_the_set_is_adopted() -> None:
    unknown = make_indicator(Kind.PERCENT, unknown=True, mark=Mark.RECALLED, if_present="chợ")
    rule = make_rules(unknown, adoption=make_adoption()).by_code["1.1"]
    assert judge(rule, Answer(None, not_applicable=True)) is NOT_APPLICABLE


# --- which level binds ---


def test_the_group_has_its_own_level_and_else_the_common_one() -> None:
    indicator = make_indicator(Kind.PERCENT, thresholds={"tdmnpb": 70, "all": 90})
    sample = make_set(indicator)
    levels = [compile_rules(sample, None, group, 2024).by_code["1.1"].threshold for group in ("tdmnpb", "dbsh", None)]
    assert levels == [70, 90, 90]


def test_a_group_without_a_level_blocks() -> None:
    rules = compile_rules(make_set(make_indicator(Kind.PERCENT, thresholds={"tdmnpb": 70})), None, "dbsh", 2024)
    assert rules.blocked == {"1.1": Blocked.NO_GROUP}
    assert assess_values(rules, {"1.1": share(1, 1)}).unknown == ("1.1",)


def test_income_is_held_against_the_level_of_its_year() -> None:
    income = make_indicator(Kind.MONEY, by_year={"tdmnpb": {2023: 42, 2024: 45}})
    assert judge_one(income, "42", year=2023) is MET
    assert judge_one(income, "42", year=2024) is NOT_MET
    assert make_rules(income, year=2026).blocked == {"1.1": Blocked.NO_YEAR}
    assert compile_rules(make_set(income), None, "dbsh", 2024).blocked == {"1.1": Blocked.NO_YEAR}


def test_a_level_can_be_a_multiple_of_one_in_another_set() -> None:
    advanced = make_rules(
        make_indicator(Kind.MONEY, code="10.1", criterion="10", by_year={"all": {2025: 58}}), year=2025
    )
    model = make_indicator(Kind.MONEY, relative_to=Relative("advanced", "10.1", Fraction("1.1")))
    rules = make_rules(model, year=2025, others={"advanced": advanced})
    assert rules.by_code["1.1"].threshold == Fraction("63.8")
    assert assess_values(rules, {"1.1": "63.8"}).all_met
    assert assess_values(rules, {"1.1": "63.7999"}).unmet == ("1.1",)


@pytest.mark.parametrize("year", [None, 2024])
def test_a_multiple_of_an_unknown_level_blocks(year: int | None) -> None:
    base = make_rules(make_indicator(Kind.MONEY, by_year={"all": {2025: 58}}), year=year or 2025)
    model = make_indicator(Kind.MONEY, relative_to=Relative("advanced", "1.1", Fraction("1.1")))
    others = {"advanced": base} if year else {}
    assert make_rules(model, others=others).blocked == {"1.1": Blocked.OTHER_SET}


# --- adoption ---


@pytest.mark.parametrize("mark", [Mark.RECALLED, Mark.RECALLED_MEDIUM, Mark.RECALLED_LOW])
def test_a_recalled_level_is_shown_but_counts_only_once_adopted(mark: Mark) -> None:
    indicator = make_indicator(Kind.PERCENT, thresholds={"all": 70}, mark=mark)
    before, after = make_rules(indicator), make_rules(indicator, adoption=make_adoption())
    assert before.blocked == {"1.1": Blocked.UNCONFIRMED}
    assert before.by_code["1.1"].threshold == 70
    assert not assess_values(before, {"1.1": share(1, 1)}).all_met
    assert after.blocked == {}
    assert assess_values(after, {"1.1": share(7, 10)}).all_met


@pytest.mark.parametrize("mark", [Mark.CONFIRMED, Mark.PRACTICE, Mark.DERIVED])
def test_a_level_that_was_seen_needs_no_adoption(mark: Mark) -> None:
    assert judge_one(make_indicator(mark=mark), value=True) is MET


@pytest.mark.parametrize(
    ("fields", "blocked"), [({"unknown": True}, Blocked.UNKNOWN), ({"by_province": True}, Blocked.BY_PROVINCE)]
)
def test_an_open_level_stays_open_until_the_province_gives_one(fields: dict[str, Any], blocked: Blocked) -> None:
    indicator = make_indicator(Kind.PERCENT, **fields)
    assert make_rules(indicator).blocked == {"1.1": blocked}
    assert make_rules(indicator, adoption=make_adoption()).blocked == {"1.1": blocked}
    adopted = make_rules(indicator, adoption=make_adoption({"1.1": "25.5"}))
    assert adopted.by_code["1.1"].threshold == Fraction(51, 2)
    assert assess_values(adopted, {"1.1": share(51, 200)}).all_met


def test_a_national_level_whose_details_the_province_sets_counts_once_adopted() -> None:
    house = make_indicator(by_province=True)
    assert make_rules(house).blocked == {"1.1": Blocked.BY_PROVINCE}
    assert make_rules(house, adoption=make_adoption()).blocked == {}


def test_an_adopted_level_takes_the_place_of_the_national_one() -> None:
    indicator = make_indicator(Kind.PERCENT, thresholds={"all": 70})
    assert judge_one(indicator, share(70, 100), adoption=make_adoption({"1.1": 75})) is NOT_MET


def test_a_part_is_adopted_by_its_own_code_and_blocks_the_whole_until_then() -> None:
    parts = tuple(make_indicator(Kind.PERCENT, code=code, unknown=True) for code in ("1.1a", "1.1b"))
    whole = make_indicator(Kind.PERCENT, parts=parts)
    half = make_rules(whole, adoption=make_adoption({"1.1a": 90}))
    both = make_rules(whole, adoption=make_adoption({"1.1a": 90, "1.1b": 20}))
    value = {"1.1a": share(9, 10), "1.1b": share(2, 10)}
    assert half.blocked == {"1.1": Blocked.UNKNOWN}
    assert assess_values(half, {"1.1": value}).unknown == ("1.1",)
    assert assess_values(half, {"1.1": value | {"1.1a": share(1, 10)}}).unmet == ("1.1",)
    assert assess_values(both, {"1.1": value}).all_met


def test_the_adoption_says_the_group_where_none_is_given() -> None:
    sample = make_set(make_indicator(Kind.PERCENT, thresholds={"tdmnpb": 70}))
    assert compile_rules(sample, make_adoption(), None, 2024).group == "tdmnpb"
    assert compile_rules(sample, make_adoption(), "dbsh", 2024).group == "dbsh"
    assert compile_rules(sample, None, None, 2024).blocked == {"1.1": Blocked.NO_GROUP}


def test_an_adoption_must_be_of_this_set_and_of_its_indicators() -> None:
    sample = make_set(make_indicator())
    with pytest.raises(ValueError, match="is of another, not of sample"):
        compile_rules(sample, make_adoption(set_key="another"), "tdmnpb", 2024)
    with pytest.raises(ValueError, match=r"no level to adopt for 9\.1"):
        compile_rules(sample, make_adoption({"9.1": True}), "tdmnpb", 2024)
    with pytest.raises(ValueError, match="no group 'moon'"):
        compile_rules(sample, None, "moon", 2024)


def test_a_set_without_groups_takes_the_group_of_the_unit() -> None:
    assert compile_rules(make_set(make_indicator(), groups=()), None, "nhom3", 2026).blocked == {}


@pytest.mark.parametrize(
    ("kind", "compare", "raw"),
    [
        (Kind.BOOLEAN, Compare.IS_TRUE, False),
        (Kind.BOOLEAN, Compare.IS_FALSE, True),
        (Kind.BOOLEAN, Compare.IS_TRUE, 1),
        (Kind.SET, Compare.MEETS, "yes"),
        (Kind.GRADE, Compare.AT_LEAST, "Giỏi"),
        (Kind.GRADE, Compare.AT_LEAST, 2),
        (Kind.PERCENT, Compare.AT_LEAST, 101),
        (Kind.PERCENT, Compare.AT_LEAST, -1),
        (Kind.PERCENT, Compare.AT_LEAST, True),
        (Kind.PERCENT, Compare.AT_LEAST, None),
        (Kind.NUMBER, Compare.AT_LEAST, "1/3"),
        (Kind.NUMBER, Compare.AT_LEAST, "a lot"),
        (Kind.NUMBER, Compare.AT_LEAST, float("inf")),
        (Kind.COUNT, Compare.AT_LEAST, "1.5"),
        (Kind.CHOICE, Compare.AT_LEAST, 0.5),
    ],
)
def test_a_level_that_does_not_fit_its_kind_is_refused(kind: Kind, compare: Compare, raw: object) -> None:
    with pytest.raises(InvalidValue) as caught:
        exact_threshold(kind, compare, ("Khá", "Tốt"), raw)
    assert caught.value.code is ValueFault.BAD_THRESHOLD
    with pytest.raises(InvalidValue):
        make_rules(make_indicator(kind, compare), adoption=make_adoption({"1.1": raw}))


@pytest.mark.parametrize(
    ("kind", "raw", "level"),
    [
        (Kind.PERCENT, 1.1, Fraction(11, 10)),
        (Kind.PERCENT, "95.0", 95),
        (Kind.MONEY, Fraction(1, 3), Fraction(1, 3)),
        (Kind.COUNT, 2.0, 2),
        (Kind.GRADE, "Khá", "Khá"),
    ],
)
def test_levels_are_kept_exactly(kind: Kind, raw: object, level: object) -> None:
    exact = exact_threshold(kind, Compare.AT_LEAST, ("Khá", "Tốt"), raw)
    assert exact == level
    assert type(exact) is type(level)


# --- a whole column ---


def three_by_two() -> Any:
    inside = [make_indicator(code=code, criterion=code[0], if_present="chợ") for code in ("1.1", "1.2", "2.1", "3.1")]
    unknown = make_indicator(Kind.PERCENT, code="3.2", criterion="3", unknown=True)
    return make_rules(*inside, unknown)


def test_a_column_is_counted_by_criterion_and_indicator() -> None:
    answers = {"1.1": Answer(True), "1.2": Answer(None, not_applicable=True), "2.1": Answer(False)}
    found = assess(three_by_two(), answers | {"3.2": Answer(share(1, 2))})
    assert found.by_indicator == {"1.1": MET, "1.2": NOT_APPLICABLE, "2.1": NOT_MET, "3.1": None, "3.2": UNKNOWN}
    assert found.by_criterion == {"1": MET, "2": NOT_MET, "3": UNKNOWN}
    assert (found.unmet, found.unanswered, found.unknown) == (("2.1",), ("3.1",), ("3.2",))
    assert found.codes(NOT_APPLICABLE) == ("1.2",)
    tally = Tally(criteria=3, criteria_met=1, met=1, not_met=1, not_applicable=1, unknown=1, unanswered=1)
    assert found.tally == tally
    assert not found.all_met


def test_all_is_met_when_nothing_is_missing() -> None:
    rules = make_rules(make_indicator(), make_indicator(code="2.1", criterion="2", if_present="chợ"))
    assert assess(rules, {"1.1": Answer(True), "2.1": Answer(None, not_applicable=True)}).all_met
    assert not assess(rules, {"1.1": Answer(True)}).all_met
    assert not assess(rules, {}).all_met


def test_an_answer_to_something_else_changes_nothing() -> None:
    assert assess_values(make_rules(make_indicator()), {"9.9": False}).unanswered == ("1.1",)


def test_an_incomplete_set_is_never_passed() -> None:
    rules = compile_rules(make_set(make_indicator(), complete=False), None, None, 2026)
    found = assess_values(rules, {"1.1": True})
    assert found.by_indicator == {"1.1": MET}
    assert found.by_criterion == {"1": UNKNOWN}
    assert not rules.passable
    assert not found.all_met
    assert assess_values(rules, {"1.1": False}).by_criterion == {"1": NOT_MET}


def test_a_set_that_asks_for_nothing_is_never_passed() -> None:
    assert not assess(compile_rules(make_set(), None, None, 2026), {}).all_met


def test_a_criterion_that_asks_for_nothing_is_never_met() -> None:
    sample = make_set(make_indicator())
    empty = replace(sample, criteria=(*sample.criteria, Criterion("2", "Điện", "Power", "", ())))
    found = assess_values(compile_rules(empty, None, None, 2024), {"1.1": True})
    assert found.by_criterion == {"1": MET, "2": UNKNOWN}
    assert not found.all_met


def test_a_set_finds_its_parts_by_code() -> None:
    sample = make_set(make_indicator(), make_indicator(code="2.1", criterion="2"))
    assert sample.criterion("2").indicators == (sample.indicator("2.1"),)
    assert [indicator.code for indicator in sample.indicators] == ["1.1", "2.1"]
    with pytest.raises(KeyError):
        sample.indicator("3.1")
    with pytest.raises(KeyError):
        sample.criterion("3")


def test_a_criterion_is_led_by_the_department_of_its_first_indicator() -> None:
    led = make_set(make_indicator(department="sxd"), make_indicator(code="1.2", department="syt"))
    empty = replace(led, criteria=(*led.criteria, Criterion("2", "Điện", "Power", "", ())))
    assert [empty.leader_of(code) for code in ("1", "2", "3")] == ["sxd", "", ""]
