"""The pure heart: one decision on 57 indicators, and all offers of a state, with the facts already read."""

from datetime import date
from functools import partial

from queries.rulebook import criteria_sets, procedures
from tests import world
from tests.bench.figures import Figure, against, alone, timed
from workflow.criteria import Adoption, Answer, compile_rules
from workflow.decide import Decision, decide, offered
from workflow.facts import Actor, Debt, Facts, Grant, Security, Survey, Unit
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, Level, Role

ROUNDS = 9
TIMES = 200


def measure() -> list[Figure]:
    """One `decide` alone, and `offered` beside it, medians of the rounds."""
    procedure = procedures()[world.PROCEDURE]
    submitting = _facts("commune_ready")
    chairman = Actor(1, "A", (Grant(Role.COMMUNE_CHAIRMAN, 10, date(2020, 1, 1)),))
    assert isinstance(decide(procedure, submitting, chairman, "submit", {}), Decision)
    council = _facts("council")
    everybody = Actor(2, "B", tuple(Grant(role, 10, date(2020, 1, 1)) for role in Role))
    single = [timed(lambda: decide(procedure, submitting, chairman, "submit", {}), TIMES) for _ in range(ROUNDS)]
    rounds = []
    for state in ("commune_ready", "district_verifying", "council"):
        facts = council if state == "council" else _facts(state)
        actions = len(procedure.actions_from(state))
        spent = [timed(partial(offered, procedure, facts, everybody), TIMES) for _ in range(ROUNDS)]
        rounds.append([one * 5 / actions for one in spent])
    slowest = max(rounds, key=lambda spent: sorted(spent)[len(spent) // 2])
    return [
        alone("decide, 57 indicators", single, 150, "us"),
        against("offered, five actions, beside one decide", slowest, single, 5, "us"),
    ]


def _facts(state: str) -> Facts:
    criteria = criteria_sets()["commune-ntm-2021-2025"]
    adoption = Adoption(criteria.key, "1024/QĐ-UBND", date(2022, 8, 12), "tdmnpb", world.ADOPTED, practice=True)
    answers = {indicator.code: Answer(world.good_value(indicator)) for indicator in criteria.indicators}
    return Facts(
        today=world.TODAY,
        state=state,
        unit=Unit(10, "Xã Thử", "commune", (2, 1)),
        level=Level.STANDARD,
        rules=compile_rules(criteria, adoption, "tdmnpb", 2025),
        answers=dict.fromkeys(Column, answers),
        evidence=frozenset(answers),
        parts=frozenset(COMMUNE_PARTS),
        survey=Survey(400, 400, 390, 380, minutes_filed=True),
        debt=Debt(0, confirmed=True),
        security=Security(complex=False, confirmed=True),
    )
