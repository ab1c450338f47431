"""Units, people, facts and inputs with good defaults: a dossier in any state that meets every condition.

`facts(state, **changes)` is compliant until a change breaks it; `empty_facts(state)` has nothing but unit and level.
The units: province 1 with districts 10 and 11, communes 100 and 101 in district 10, 110 in district 11; province 2 with
commune 200.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from tests.criteria_examples import make_adoption, make_indicator, make_rules
from workflow.case import Case
from workflow.criteria import Answer, Rules
from workflow.diagram_parts import review_states
from workflow.events import Event
from workflow.facts import (
    Actor,
    Conclusion,
    Debt,
    Facts,
    Grant,
    Past,
    Posting,
    Security,
    Sitting,
    Survey,
    SurveyItem,
    Title,
    Unit,
    Vote,
)
from workflow.guards import COMMUNE_PARTS, GUARDS
from workflow.loader import load_all
from workflow.names import Column, EventType, Field, Level, Role, Stage, StateKind, Tier
from workflow.procedure import Action, Procedure
from workflow.refusal import Refusal

TODAY = date(2025, 6, 10)
LONG_AGO = date(2022, 1, 1)
DAY = timedelta(days=1)

PROVINCE = Unit(1, "Cao Bằng", Tier.PROVINCE, ())
DISTRICT = Unit(10, "Hòa An", Tier.DISTRICT, (1,))
OTHER_DISTRICT = Unit(11, "Hà Quảng", Tier.DISTRICT, (1,))
COMMUNE = Unit(100, "Nam Tuấn", Tier.COMMUNE, (10, 1))
SIBLING = Unit(101, "Dân Chủ", Tier.COMMUNE, (10, 1))
COUSIN = Unit(110, "Ngọc Đào", Tier.COMMUNE, (11, 1))
OTHER_PROVINCE = Unit(2, "Lạng Sơn", Tier.PROVINCE, ())
STRANGER = Unit(200, "Hoàng Văn Thụ", Tier.COMMUNE, (20, 2))
UNITS = (PROVINCE, DISTRICT, OTHER_DISTRICT, COMMUNE, SIBLING, COUSIN, OTHER_PROVINCE, STRANGER)
HOME = {Tier.COMMUNE: 100, Tier.DISTRICT: 10, Tier.PROVINCE: 1}
PERSON = {role: number for number, role in enumerate(Role, 1)}

THREE_TIER, TWO_TIER = "commune-2022-three-tier@1", "commune-2022-two-tier@1"


@cache
def procedures() -> dict[str, Procedure]:
    return load_all()


def three_tier() -> Procedure:
    return procedures()[THREE_TIER]


def two_tier() -> Procedure:
    return procedures()[TWO_TIER]


@cache
def rules() -> Rules:
    """A set of two criteria and three yes-or-no indicators: 1.1, 1.2 and 2.1."""
    indicators = [make_indicator(code=code, criterion=code[0]) for code in ("1.1", "1.2", "2.1")]
    return make_rules(*indicators, adoption=make_adoption())


def answers(*, no: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> dict[str, Answer]:
    """Answers that meet each indicator, except those answered `no` and those left out."""
    return {code: Answer(code not in no) for code in rules().by_code if code not in without}


def grant(role: Role, unit_id: int | None = None, **changes: Any) -> Grant:
    """An office held since long ago, in the home unit of its tier."""
    return Grant(role, HOME[role.tier] if unit_id is None else unit_id, **{"valid_from": LONG_AGO} | changes)


def actor(*roles: Role, person_id: int | None = None, unit_id: int | None = None, **changes: Any) -> Actor:
    """A person who holds these offices; each office has its own person unless one is named."""
    grants = tuple(grant(role, unit_id, **changes) for role in roles)
    number = person_id or (PERSON[roles[0]] if roles else 99)
    return Actor(number, f"Người số {number}", grants)


RECOGNISED = ("recognised", "announced", "recognition_kept")


def past(kind: EventType, person_id: int = 50, on: date = TODAY - 20 * DAY) -> Past:
    return Past(kind, person_id, on)


def posting(**changes: Any) -> Posting:
    places = frozenset({"office", "culture_house", "portal"})
    return replace(Posting(TODAY - 40 * DAY, places, loudspeaker_times=5, front_opinion=True), **changes)


def survey(**changes: Any) -> Survey:
    items = (SurveyItem("1", 96, 98), SurveyItem("2", 90, 98))
    good = Survey(
        households_total=140, ballots_issued=100, ballots_valid=98, satisfied=96, minutes_filed=True, items=items
    )
    return replace(good, **changes)


def vote(**changes: Any) -> Vote:
    return replace(Vote(members=22, present=20, agreed=19, minutes_filed=True), **changes)


def sitting(**changes: Any) -> Sitting:
    good = Sitting(TODAY - 5 * DAY, members=22, present=20, yes=19, no=1, blank=0, minutes_filed=True)
    return replace(good, **changes)


def title(**changes: Any) -> Title:
    return replace(Title(1, "46/QĐ-UBND", LONG_AGO, 2021, "UBND tỉnh Cao Bằng"), **changes)


def empty_facts(state: str = "self_assessing", **changes: Any) -> Facts:
    """A dossier of which nothing is known but its unit and level."""
    return replace(Facts(TODAY, state, COMMUNE, Level.STANDARD), **changes)


REVIEWED = frozenset().union(*(review_states(procedure) for procedure in procedures().values()))


def facts(state: str = "self_assessing", **changes: Any) -> Facts:
    """A dossier that meets every condition; recognised, a correction is drafted; reviewed, half its criteria fail."""
    good = _good(recognised=state in RECOGNISED, reviewed=state in REVIEWED)
    return replace(good, **{"state": state} | changes)


@cache
def _good(*, recognised: bool, reviewed: bool) -> Facts:
    return Facts(
        TODAY,
        "self_assessing",
        COMMUNE,
        Level.STANDARD,
        history=(past(EventType.CORRECTION_DRAFTED),) if recognised else (),
        rules=rules(),
        title=title(),
        answers={column: answers(no=("1.1",) if reviewed else ()) for column in Column},
        reasons={column: frozenset({"1.1"}) for column in Column} if reviewed else {},
        evidence=frozenset(rules().by_code),
        parts=frozenset(COMMUNE_PARTS),
        postings={stage: posting() for stage in Stage},
        survey=survey(),
        votes={stage: vote() for stage in Stage},
        debt=Debt(0, confirmed=True),
        security=Security(complex=False, confirmed=True),
        checklists={stage: dict.fromkeys(COMMUNE_PARTS, True) for stage in Stage},
        conclusions={code: Conclusion("snnmt", met=True) for code in ("1", "2")},
        field_checked=True,
        sitting=sitting(),
    )


def compliant(action: Action, state: str, **changes: Any) -> Facts:
    """A dossier that meets every condition of one action: a title in the book for a review, all met for a recovery."""
    good = facts(state, **changes)
    if action.name == "record_recovery":
        return replace(good, answers={column: answers() for column in Column})
    reviews = any(branch.records is EventType.REVOCATION_PROPOSED for branch in action.branches)
    held = frozenset({good.level}) if reviews else good.held_levels
    return replace(good, held_levels=held)


def refusals_of(
    name: str, of: Facts, inputs: Mapping[Field, object] | None = None, procedure: Procedure | None = None
) -> list[Refusal]:
    """What one guard says of these facts."""
    return list(GUARDS[name].check(Case(procedure or three_tier(), of, inputs)))


def valid_inputs(procedure: Procedure, action: Action, of: Facts) -> dict[Field, object]:
    """What a careful person types in the form of an action: allowed by every condition that reads the form."""
    stage = Case(procedure, of).stage
    named = frozenset().union(*(notice.missing for notice in of.returns if notice.stage == stage))
    values: dict[Field, object] = {
        Field.REASON: "Thiếu báo cáo nợ đọng",
        Field.MISSING: sorted(named) or ["D5"],
        Field.CHANGES: sorted(of.returns[-1].missing) if of.returns else ["D5"],
        Field.YEAR_RECOGNISED: of.today.year,
        Field.SIGNED_ON: of.today,
        Field.ANNOUNCED_ON: of.today,
        Field.ANNOUNCED_AT: "Nhà văn hóa xã",
        Field.PAPER: 1,
        Field.CORRECTIONS: (("Điều 1", "xã Nam Tuân", "xã Nam Tuấn"),),
    }
    return {name: values[name] for name in action.asks}


def events_to(procedure: Procedure, state: str) -> tuple[Event, ...]:
    """The shortest history that leads to a state."""
    ways: list[tuple[Event, ...]] = [()]
    seen = {procedure.start}
    for way in ways:
        here = way[-1].to_state if way else procedure.start
        if here == state:
            return way
        for action in procedure.actions_from(here):
            for branch in action.branches:
                if (to := branch.leads_to(here)) not in seen:
                    seen.add(to)
                    ways.append((*way, Event(branch.records, action.name, here, to, {})))
    raise LookupError(state)


def history_to(procedure: Procedure, state: str) -> tuple[Past, ...]:
    """The same history as the rules see it, each step taken by the person of the office that takes it first.

    Once the dossier is recognised, a correction is drafted too.
    """
    steps = events_to(procedure, state)
    days = [TODAY - (len(steps) - number) * DAY for number in range(len(steps))]
    drafted = Past(EventType.CORRECTION_DRAFTED, PERSON[Role.RECORDS_CLERK], TODAY)
    passed = (
        Past(step.type, PERSON[procedure.actions[step.action].by[0]], on) for step, on in zip(steps, days, strict=True)
    )
    return (*passed, drafted) if state in RECOGNISED else tuple(passed)


def open_states(procedure: Procedure) -> list[str]:
    """Every state that an action can leave."""
    return [name for name, state in procedure.states.items() if state.kind is not StateKind.FINAL]
