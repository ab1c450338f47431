"""R1 and R2 of Article 4, counted in integers: from which number on, and with which criteria among them."""

from fractions import Fraction

import pytest

from queries.rulebook import criteria_sets
from tests.builders import facts, procedures, three_tier, two_tier
from tests.revocation_cases import rules_of, unmet
from workflow.case import Case
from workflow.facts import Conclusion, Facts
from workflow.names import Column, Mark
from workflow.revocation import Ground, Shortfall, shortfall

NAMED = 2  # the criterion that the Article names in these sets


def found(of: Facts) -> Shortfall:
    result = shortfall(Case(two_tier(), of))
    assert result is not None
    return result


def ground(total: int, *criteria: int) -> Ground | None:
    """The case that holds when these criteria of that many are not met."""
    return found(facts("under_review", rules=rules_of(total, NAMED), answers=unmet(total, *criteria))).ground


def others(count: int) -> tuple[int, ...]:
    """That many criteria, none of them named."""
    return tuple(number for number in range(1, count + 2) if number != NAMED)[:count]


def test_of_nineteen_criteria_six_are_enough_with_one_that_is_named_and_ten_with_none() -> None:
    for count in range(19):
        expected = Ground.MOSTLY if count >= 10 else None
        assert ground(19, *others(count)) is expected, count
        with_named = Ground.MOSTLY if count + 1 >= 10 else Ground.PARTLY if count + 1 >= 6 else None
        assert ground(19, NAMED, *others(count)) is with_named, count


@pytest.mark.parametrize("total", range(2, 41))
def test_the_least_numbers_are_the_shares_of_any_number_of_criteria(total: int) -> None:
    share = Fraction(1, total)
    for count in range(1, total):
        mostly, partly = count * share >= Fraction(1, 2), count * share >= Fraction(3, 10)
        assert (ground(total, *others(count)) is Ground.MOSTLY) is mostly
        assert (ground(total, NAMED, *others(count - 1)) is not None) is partly
    figures = found(facts("under_review", rules=rules_of(total, NAMED), answers=unmet(total)))
    assert (figures.partly, figures.mostly) == (-(-3 * total // 10), -(-total // 2))


def test_ten_criteria_ask_for_three_and_five_and_nineteen_for_six_and_ten() -> None:
    for total, least in {10: (3, 5), 19: (6, 10)}.items():
        figures = found(facts("under_review", rules=rules_of(total, NAMED), answers=unmet(total)))
        assert (figures.partly, figures.mostly) == least


def test_a_criterion_counts_once_however_many_of_its_indicators_fail_and_by_whoever_finds_it() -> None:
    rules = rules_of(4, NAMED)
    refuted = {column: frozenset({"1.1"}) for column in Column}
    assert found(facts("under_review", rules=rules, answers=unmet(4), refuted=refuted)).unmet == ("1",)
    assert found(facts("under_review", rules=rules, answers=unmet(4, 1), refuted=refuted)).unmet == ("1",)
    concluded = {"3": Conclusion("sct", met=False), "4": Conclusion("sct", met=True)}
    of = facts("revocation_appraising", rules=rules, answers=unmet(4, 2), conclusions=concluded)
    assert (found(of).unmet, found(of).named) == (("2", "3"), ("2",))
    in_commune = facts("under_review", rules=rules, answers=unmet(4, 2), conclusions=concluded)
    assert found(in_commune).unmet == ("2",)


def test_the_shares_and_the_named_criteria_are_data_with_the_mark_of_the_law() -> None:
    for procedure in procedures().values():
        shares = [procedure.figures[f"revocation.{name}_min"] for name in ("r1", "r2")]
        assert [(one.value, one.mark) for one in shares] == [(30, Mark.CONFIRMED), (50, Mark.CONFIRMED)]
    named = {
        key: [one.criterion(code).name_vi for code in one.revocation.criteria] for key, one in criteria_sets().items()
    }
    assert named["commune-ntm-2021-2025"] == ["Thu nhập", "Môi trường và an toàn thực phẩm", "Quốc phòng và An ninh"]
    living = "Chất lượng môi trường sống"
    assert named["commune-advanced-2021-2025"] == ["Thu nhập", "Môi trường", living, "Quốc phòng và An ninh"]
    assert criteria_sets()["commune-model-2021-2025"].revocation.judged_by == "commune-advanced-2021-2025"
    ruled = [one.revocation for one in criteria_sets().values() if one.revocation.source]
    assert {one.mark for one in ruled} == {Mark.CONFIRMED}
    assert [key for key, codes in named.items() if not codes] == [
        "commune-model-2021-2025",
        "commune-modern-2026-2030",
        "commune-ntm-2026-2030",
    ]


def test_without_a_criteria_set_nothing_is_counted() -> None:
    assert shortfall(Case(three_tier(), facts("under_review", rules=None))) is None
