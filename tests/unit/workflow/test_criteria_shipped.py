"""The sets as shipped: the facts they must hold, and what they come to for a commune of Cao Bằng."""

from collections import Counter
from typing import Any

import pytest

from tests.criteria_examples import SHIPPED, assess_values, make_adoption
from workflow.criteria import Blocked, Compare, CriteriaSet, Indicator, Kind, compile_rules
from workflow.criteria_loader import load_all, load_departments
from workflow.criteria_values import format_value, parse_form, required_text
from workflow.names import Level, Mark

NTM = "commune-ntm-2021-2025"
ADVANCED = "commune-advanced-2021-2025"
MODEL = "commune-model-2021-2025"
LEFT_OPEN = ("2.1", "2.2", "2.3", "2.4", "16.1", "17.1", "17.2", "17.12")
PROVINCIAL = {
    "2.1": 100,
    "2.2": 80,
    "2.3": 75,
    "2.4": 70,
    "16.1": 80,
    "17.1a": 90,
    "17.1b": "25.5",
    "17.2": 95,
    "17.12": 50,
}


@pytest.fixture(scope="module")
def sets() -> dict[str, CriteriaSet]:
    return load_all(SHIPPED)


def good_value(indicator: Indicator) -> Any:
    if indicator.parts:
        return {part.code: good_value(part) for part in indicator.parts}
    if indicator.kind is Kind.PERCENT:
        return {"part": 0 if indicator.compare is Compare.AT_MOST else 40, "whole": 40}
    if indicator.kind is Kind.GRADE:
        return indicator.grades[-1]
    if indicator.kind is Kind.CHOICE:
        return ["du lịch"]
    by_kind = {Kind.NUMBER: "200", Kind.MONEY: "63.8", Kind.COUNT: 1, Kind.SET: True}
    return by_kind.get(indicator.kind, indicator.compare is Compare.IS_TRUE)


@pytest.mark.parametrize(
    ("key", "level", "complete", "criteria", "indicators"),
    [
        (NTM, Level.STANDARD, True, 19, 57),
        (ADVANCED, Level.ADVANCED, True, 19, 75),
        (MODEL, Level.MODEL, True, 4, 4),
        ("commune-ntm-2026-2030", Level.STANDARD, False, 10, 3),
        ("commune-modern-2026-2030", "modern", False, 0, 0),
    ],
)
def test_each_set_has_what_its_legal_text_has(
    sets: dict[str, CriteriaSet], key: str, level: str, complete: bool, criteria: int, indicators: int
) -> None:
    found = sets[key]
    assert (found.level, found.complete) == (level, complete)
    assert (len(found.criteria), len(found.indicators)) == (criteria, indicators)


def test_no_set_is_forgotten(sets: dict[str, CriteriaSet]) -> None:
    assert len(sets) == len(list(SHIPPED.glob("*.yaml"))) - 1 == 5


def test_every_indicator_is_owned_named_in_two_languages_and_marked(sets: dict[str, CriteriaSet]) -> None:
    departments = load_departments(SHIPPED / "departments.yaml")
    for indicator in (one for found in sets.values() for one in found.indicators):
        assert indicator.department in departments
        assert indicator.name_vi
        assert indicator.name_en
    assert Counter(one.mark for one in sets[NTM].indicators) == {Mark.RECALLED: 57}
    assert {one.mark for one in sets["commune-ntm-2026-2030"].indicators} == {Mark.RECALLED_LOW}


def test_the_kinds_of_the_standard_set_are_those_of_the_decree(sets: dict[str, CriteriaSet]) -> None:
    kinds = Counter((one.kind, one.compare) for one in sets[NTM].indicators)
    assert kinds == {
        (Kind.BOOLEAN, Compare.IS_TRUE): 26,
        (Kind.BOOLEAN, Compare.IS_FALSE): 1,
        (Kind.PERCENT, Compare.AT_LEAST): 26,
        (Kind.PERCENT, Compare.AT_MOST): 2,
        (Kind.MONEY, Compare.AT_LEAST): 1,
        (Kind.NUMBER, Compare.AT_LEAST): 1,
    }


def test_the_standard_set_counts_for_nothing_before_it_is_adopted(sets: dict[str, CriteriaSet]) -> None:
    rules = compile_rules(sets[NTM], None, "tdmnpb", 2024)
    reasons = Counter(rules.blocked.values())
    assert reasons == {Blocked.UNCONFIRMED: 47, Blocked.BY_PROVINCE: 7, Blocked.UNKNOWN: 3}
    found = assess_values(rules, {one.code: good_value(one) for one in sets[NTM].indicators})
    assert len(found.unknown) == 57


def test_adopting_the_standard_set_leaves_only_the_levels_the_province_must_give(sets: dict[str, CriteriaSet]) -> None:
    rules = compile_rules(sets[NTM], make_adoption(set_key=NTM), None, 2024)
    assert tuple(rules.blocked) == LEFT_OPEN


def test_a_commune_that_meets_everything_passes_and_one_below_does_not(sets: dict[str, CriteriaSet]) -> None:
    rules = compile_rules(sets[NTM], make_adoption(PROVINCIAL, set_key=NTM), None, 2024)
    values = {one.code: good_value(one) for one in sets[NTM].indicators}
    passed = assess_values(rules, values)
    assert passed.all_met
    assert passed.tally.criteria_met == 19
    failed = assess_values(rules, values | {"10.1": "44.9999", "9.1": True, "15.3": {"part": 27, "whole": 100}})
    assert failed.unmet == ("9.1", "10.1", "15.3")
    assert failed.tally.criteria_met == 16


def test_the_model_set_asks_a_tenth_more_income_than_the_advanced_one(sets: dict[str, CriteriaSet]) -> None:
    advanced = compile_rules(sets[ADVANCED], make_adoption(set_key=ADVANCED), None, 2025)
    model = compile_rules(sets[MODEL], make_adoption(set_key=MODEL), None, 2025, {ADVANCED: advanced})
    assert required_text(model, "2.1", "vi") == "≥ 63,8 triệu đồng/người (năm 2025)"
    values = {one.code: good_value(one) for one in sets[MODEL].indicators}
    assert assess_values(model, values).all_met
    assert assess_values(model, values | {"2.1": "63.79"}).unmet == ("2.1",)


def test_the_sets_of_2026_can_be_shown_and_never_passed(sets: dict[str, CriteriaSet]) -> None:
    frame = sets["commune-ntm-2026-2030"]
    rules = compile_rules(frame, make_adoption(set_key=frame.key, group="nhom3"), None, 2026)
    found = assess_values(rules, {one.code: good_value(one) for one in frame.indicators})
    assert required_text(rules, "x4.a", "vi") == "≥ 27 %"
    assert found.unmet == found.unknown == found.unanswered == ()
    assert not found.all_met
    assert found.tally.criteria_met == 0


def test_every_indicator_can_be_shown_and_typed_in_both_languages(sets: dict[str, CriteriaSet]) -> None:
    for found in sets.values():
        rules = compile_rules(found, None, found.groups[0].code if found.groups else None, 2025)
        for indicator in found.indicators:
            assert required_text(rules, indicator.code, "vi")
            assert required_text(rules, indicator.code, "en")
            assert format_value(indicator, good_value(indicator), "vi")


def test_the_two_levels_of_clean_water_are_typed_side_by_side(sets: dict[str, CriteriaSet]) -> None:
    water = sets[NTM].indicator("17.1")
    fields = {"17.1a.part": "1.180", "17.1a.whole": "1.240", "17.1b.part": "310", "17.1b.whole": "1.240"}
    assert (
        format_value(water, parse_form(water, fields, "vi"), "vi")
        == "17.1a: 1.180/1.240 (95,16 %); 17.1b: 310/1.240 (25 %)"
    )
