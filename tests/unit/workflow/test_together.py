"""Which dossiers one decision may be about: two to a hundred, of one procedure, level and province."""

from dataclasses import replace

import pytest

from tests.builders import STRANGER, facts, three_tier, two_tier
from workflow.facts import Facts
from workflow.names import Level
from workflow.procedure import Procedure
from workflow.refusal import refuse
from workflow.together import MOST, apart, gives_title, recognises, replaces

ONE = (three_tier(), facts())
UNLIKE = refuse("together.unlike")


@pytest.mark.parametrize("count", [0, 1, MOST + 1])
def test_one_alone_and_more_than_a_paper_holds_are_no_decision_together(count: int) -> None:
    assert apart([ONE] * count) == (refuse("together.count", least=2, most=MOST),)


@pytest.mark.parametrize(
    "other",
    [
        (two_tier(), facts()),
        (three_tier(), facts(level=Level.ADVANCED)),
        (three_tier(), replace(facts(), unit=STRANGER)),
    ],
    ids=["procedure", "level", "province"],
)
def test_what_differs_needs_a_decision_of_its_own(other: tuple[Procedure, Facts]) -> None:
    assert apart([ONE, other]) == apart([other, ONE]) == (UNLIKE,)


@pytest.mark.parametrize("count", [2, MOST])
def test_what_is_alike_is_decided_together(count: int) -> None:
    assert apart([ONE] * count) == ()


def test_only_a_recognition_and_a_replacement_are_of_several_units() -> None:
    actions = three_tier().actions.values()
    recognising = {action.name for action in actions if recognises(action)}
    replacing = {action.name for action in actions if replaces(action)}
    assert recognising == {"recognise"}
    assert replacing == {"replace"}
    assert {action.name for action in actions if gives_title(action)} == recognising | replacing
