"""The policy written a second time, slowly and from the parents of units, to hold the quick one against.

`compare_random_policies(count, seed)` compares that many random cases; a difference is an AssertionError.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from tests.builders import facts, procedures
from workflow.facts import Actor, Facts, Grant, Past, Unit
from workflow.names import EventType, Reach, Role, Tier, Work
from workflow.policy import may_act, may_work, sees
from workflow.procedure import Action, Procedure
from workflow.refusal import Refusal

FIRST_DAY = date(2025, 1, 1)
DAYS, PEOPLE = 12, 4
OWN_ONLY = {Role.HAMLET_HEAD, Role.COMMUNE_OFFICER, Role.COMMUNE_FRONT, Role.COMMUNE_CHAIRMAN}


@dataclass(frozen=True)
class Land:
    """Units as a tree: each with the one right above it, the first with none."""

    parents: dict[int, int | None]

    def lies_in(self, unit: int, area: int) -> bool:
        """Whether a unit is an area or lies somewhere below it."""
        place: int | None = unit
        while place is not None:
            if place == area:
                return True
            place = self.parents[place]
        return False

    def unit(self, number: int) -> Unit:
        """A unit as the rules know it, with every unit above it."""
        above = tuple(area for area in self.parents if area != number and self.lies_in(number, area))
        return Unit(number, f"Đơn vị {number}", Tier.COMMUNE, above)


@dataclass(frozen=True)
class Question:
    """Somebody, somewhere, on some day, with a past."""

    land: Land
    unit: int
    actor: Actor
    today: date
    history: tuple[Past, ...]

    def facts(self, state: str) -> Facts:
        """What the rules see of it."""
        return facts(state, unit=self.land.unit(self.unit), today=self.today, history=self.history)

    def held_today(self, grant: Grant) -> bool:
        """Whether one of the days of the office is today, looked up day by day."""
        last = grant.valid_to or FIRST_DAY + timedelta(days=DAYS)
        length = (last - grant.valid_from).days + 1
        return any(grant.valid_from + timedelta(days=number) == self.today for number in range(length))

    def within(self, grant: Grant, reach: Reach) -> bool:
        """Whether the unit of the dossier is where the office reaches."""
        areas = {
            Reach.OWN: [self.unit],
            Reach.BELOW: [area for area in self.land.parents if self.land.lies_in(self.unit, area)],
            Reach.ALL: list(self.land.parents),
        }
        return grant.unit_id in areas[reach]


def reach_of(role: Role) -> Reach:
    """How far an office reaches by itself: commune offices their own, the inspector everywhere, all others below."""
    if role is Role.INSPECTOR:
        return Reach.ALL
    return Reach.OWN if role in OWN_ONLY else Reach.BELOW


def ask(question: Question, roles: tuple[Role, ...], reach: Callable[[Role], Reach]) -> Grant | str:
    """The first office that allows it, or the code of the nearest reason why none does."""
    of_role = [grant for grant in question.actor.grants if grant.role in roles]
    held = [grant for grant in of_role if question.held_today(grant)]
    allowed = [grant for grant in held if question.within(grant, reach(grant.role))]
    if allowed:
        return allowed[0]
    return "policy.reach" if held else "policy.expired" if of_role else "policy.role"


def expect_act(question: Question, action: Action) -> Grant | str:
    """What the policy must say of an action."""
    own_deeds = {past.type for past in question.history if past.person_id == question.actor.person_id}
    found = ask(question, action.by, lambda _: action.reach)
    clash = isinstance(found, Grant) and own_deeds.intersection(action.not_same_person_as)
    return "policy.same_person" if clash else found


def expect_work(question: Question, procedure: Procedure, state: str, work: Work) -> set[Grant | str]:
    """What the policy may say of a piece of work: each role is asked in turn, the first office allowed counts."""
    roles = procedure.states[state].work.get(work, ())
    answers = [ask(question, (role,), reach_of) for role in roles]
    grants = [answer for answer in answers if isinstance(answer, Grant)]
    if grants:
        submitted = {past.type for past in question.history if past.person_id == question.actor.person_id}
        barred = grants[0].role not in OWN_ONLY and submitted & {EventType.SUBMITTED, EventType.RESUBMITTED}
        if grants[0].role.tier is Tier.PROVINCE:
            barred = barred or submitted & {EventType.FORWARDED, EventType.REVOCATION_SUBMITTED}
        return {"policy.same_person"} if barred else {grants[0]}
    near = {answer for answer in answers if answer != "policy.role"}
    return near or ({"policy.role"} if roles else {"policy.not_now"})


def code_or_grant(found: Grant | Refusal) -> Grant | str:
    """An answer of the policy in the oracle's terms."""
    return found.code if isinstance(found, Refusal) else found


def compare(question: Question, random: Random) -> None:
    """Hold every answer of the policy about one question against the oracle's."""
    procedure = random.choice(list(procedures().values()))
    action = random.choice(list(procedure.actions.values()))
    if random.random() < 0.3:
        action = replace(action, reach=random.choice(list(Reach)))
    of = question.facts(random.choice(action.sources))
    assert code_or_grant(may_act(action, question.actor, of)) == expect_act(question, action)
    state, work = random.choice(list(procedure.states)), random.choice(list(Work))
    found = code_or_grant(may_work(procedure, work, question.actor, question.facts(state)))
    assert found in expect_work(question, procedure, state, work)
    for grant in question.actor.grants:
        assert sees(grant, of.unit) is question.within(grant, reach_of(grant.role))


def some_question(random: Random) -> Question:
    """Any tree of units, any offices and periods, any past."""
    parents: dict[int, int | None] = {1: None}
    for number in range(2, random.randrange(3, 9)):
        parents[number] = random.choice(list(parents))
    grants = tuple(some_grant(list(parents), random) for _ in range(random.randrange(5)))
    history = tuple(
        Past(random.choice(list(EventType)), random.randrange(PEOPLE), some_day(random))
        for _ in range(random.randrange(6))
    )
    who = Actor(random.randrange(PEOPLE), "Ai đó", grants)
    return Question(Land(parents), random.choice(list(parents)), who, some_day(random), history)


def some_grant(units: list[int], random: Random) -> Grant:
    """Any office anywhere, for any period, also one that ends before it begins."""
    common = [Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIRMAN, Role.DISTRICT_REVIEWER, Role.DEPARTMENT_OFFICER]
    role = random.choice(common if random.random() < 0.7 else list(Role))
    last = random.choice([None, some_day(random)])
    return Grant(role, random.choice(units), some_day(random), last)


def some_day(random: Random) -> date:
    """Any of a few days."""
    return FIRST_DAY + timedelta(days=random.randrange(DAYS))


def compare_random_policies(count: int, seed: int) -> int:
    """Compare that many random questions; the count, or an AssertionError at the first difference."""
    random = Random(seed)
    for _ in range(count):
        compare(some_question(random), random)
    return count
