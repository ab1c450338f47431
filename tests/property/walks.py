"""Random walks through both procedures: any people, any facts, any order; the law must hold at every step.

`walk_randomly(steps, seed)` takes that many steps and returns what it saw; a step that the law forbids is an
AssertionError. The soak run takes 100,000.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.builders import (
    COMMUNE,
    DAY,
    SIBLING,
    TODAY,
    actor,
    answers,
    empty_facts,
    facts,
    posting,
    procedures,
    sitting,
    survey,
    valid_inputs,
    vote,
)
from workflow.decide import Decision, Offering, Refused, decide, offered
from workflow.events import Event, fold
from workflow.facts import Actor, Conclusion, Debt, Facts, Past, Return, Security
from workflow.guards import COMMUNE_PARTS
from workflow.names import Column, EventType, Field, Level, Role, Stage, StateKind
from workflow.procedure import Action, Procedure

type_of_steps = tuple[frozenset[str], ...]


def steps(text: str) -> type_of_steps:
    """Event names in order; `a|b` is either of them."""
    return tuple(frozenset(word.split("|")) for word in text.split())


IN_COMMUNE = "opened self_assessed posting_closed survey_received commune_agreed submitted"
REVIEWS = {
    "commune-2022-three-tier": (
        "accepted_for_verification verified consulted district_agreed forwarded accepted_for_appraisal appraised"
    ),
    "commune-2022-two-tier": "accepted_for_verification verified consulted appraised",
}
DECISIONS = {
    "announced": "recommended recognised announced",
    "closed_rejected": "not_recommended|declined refusal_proposed refused",
}
REVIEWED = "revocation_proposed revocation_assessed revocation_submitted revocation_appraised"
REVIEWS_END = {
    "revoked": f"{REVIEWED} revocation_recommended revoked",
    "recognition_kept": "revocation_proposed recovered|revocation_not_recommended|revocation_declined",
}
REQUIRED: dict[tuple[str, str], type_of_steps] = {
    (key, end): steps(f"{IN_COMMUNE} {review} {decision}")
    for key, review in REVIEWS.items()
    for end, decision in DECISIONS.items()
} | {(key, "withdrawn"): steps("opened withdrawn") for key in REVIEWS}
REQUIRED |= {(key, end): steps(kinds) for key in REVIEWS for end, kinds in REVIEWS_END.items()}
"""What must have happened, in this order, before a dossier reaches an end."""

REQUIRED_SINCE_RETURN: Mapping[tuple[str, str], type_of_steps] = {
    (key, end): steps(f"returned resubmitted {review} {decision}")
    for key, review in REVIEWS.items()
    for end, decision in DECISIONS.items()
} | {(key, "withdrawn"): steps("returned withdrawn") for key in REVIEWS}
"""What must have happened again after the last return."""

REQUIRED_SINCE_REWORK = {
    (key, end): steps(f"reworked {IN_COMMUNE.removeprefix('opened ')} {DECISIONS[end].split()[-1]}")
    for key, end in REQUIRED
    if end in DECISIONS
} | {(key, "withdrawn"): steps("reworked withdrawn") for key in REVIEWS}
"""What must have happened again after the commune last began anew."""

NEVER = {
    "announced": {"withdrawn", "refused"},
    "withdrawn": {"recognised", "announced", "refused"},
    "closed_rejected": {"recognised", "announced", "withdrawn"},
    "revoked": {"withdrawn", "refused"},
    "recognition_kept": {"withdrawn", "refused", "revoked"},
}
"""What cannot have happened before an end."""


def in_order(kinds: list[str], required: type_of_steps) -> bool:
    """Whether the required events happened in this order, whatever else happened in between."""
    left = iter(kinds)
    return all(any(kind in wanted for kind in left) for wanted in required)


def since_last(kinds: list[str], kind: str) -> list[str]:
    """The events from the last one of a kind on; none when it never happened."""
    return kinds[len(kinds) - 1 - kinds[::-1].index(kind) :] if kind in kinds else []


def check_review(procedure: Procedure, kinds: list[str]) -> None:
    """A title is reviewed that was announced here before, or was in the book; after each return all is done again."""
    before, review = kinds[: kinds.index("revocation_proposed")], since_last(kinds, "revocation_proposed")
    if before:
        check_end(procedure, "announced", before)
    again = since_last(review, "revocation_returned")
    if again and again[-1] != "recovered":
        assert in_order(again, steps(REVIEWED.replace("revocation_proposed", "revocation_returned"))), kinds


def check_end(procedure: Procedure, end: str, kinds: list[str]) -> None:
    """An end is reached only by the events the law requires, again after each return and each new beginning."""
    place = (procedure.key, end)
    counted = since_last(kinds, "revocation_proposed") if end in REVIEWS_END else kinds
    assert in_order(counted, REQUIRED[place]), (place, kinds)
    assert not NEVER[end] & set(kinds), (place, kinds)
    if end in REVIEWS_END:
        check_review(procedure, kinds)
        return
    for kind, required in (("returned", REQUIRED_SINCE_RETURN), ("reworked", REQUIRED_SINCE_REWORK)):
        again = since_last(kinds, kind)
        assert not again or in_order(again, required[place]), (place, kinds)


@dataclass(slots=True)
class Walk:
    """One dossier on its way: its facts with their history, its events, and how it was answered so far."""

    procedure: Procedure
    facts: Facts
    events: list[Event] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    @property
    def is_over(self) -> bool:
        return not self.procedure.actions_from(self.facts.state)


def begin(random: Random) -> Walk:
    """A new dossier in either procedure."""
    procedure = random.choice(list(procedures().values()))
    return Walk(procedure, facts(procedure.start, today=TODAY))


def step(walk: Walk, random: Random) -> None:
    """One attempt by anybody at anything: ask what is offered, act, and hold both against each other and the law."""
    walk.facts = shaken(walk.facts, random)
    action = some_action(walk, random)
    who = somebody(walk, action, random)
    good = valid_inputs(walk.procedure, action, walk.facts)
    inputs = good if random.random() < 0.85 else spoilt(good, random)
    found = decide(walk.procedure, walk.facts, who, action.name, inputs)
    check_offer(walk, who, action, inputs == good, found)
    if isinstance(found, Refused):
        walk.seen["refused"] += 1
        assert found.refusals
        return
    assert found.grant in who.grants
    follow(walk, who, found)


def check_offer(walk: Walk, who: Actor, action: Action, well_filled: bool, found: Decision | Refused) -> None:
    """What is ready succeeds when the form is well filled; what is blocked, absent or not here is refused."""
    offers = {offer.action.name: offer for offer in offered(walk.procedure, walk.facts, who)}
    assert set(offers) == {each.name for each in walk.procedure.actions_from(walk.facts.state)}
    offer = offers.get(action.name)
    ready = offer is not None and offer.status is Offering.READY
    walk.seen[offer.status.value if offer else "not_here"] += 1
    if isinstance(found, Decision):
        assert ready
    elif ready:
        assert not well_filled, (action.name, found)


def follow(walk: Walk, who: Actor, decision: Decision) -> None:
    """Record the event; the history must fold to the new state, and an end must be a lawful one."""
    event = decision.event
    walk.events.append(event)
    walk.seen["taken"] += 1
    returns, changed = walk.facts.returns, walk.facts.changed
    if event.type is EventType.RETURNED:
        tier = walk.procedure.states[event.from_state].tier
        assert tier
        changed = frozenset(texts(event, Field.MISSING))  # the commune supplies it; `changes` takes some of it back
        returns = (*returns, Return(Stage(tier), changed))
    past = Past(event.type, who.person_id, walk.facts.today)
    history = (*walk.facts.history, past)
    walk.facts = replace(walk.facts, state=event.to_state, history=history, returns=returns, changed=changed)
    assert fold(walk.procedure, walk.events) == walk.facts.state
    if walk.procedure.states[walk.facts.state].kind is StateKind.FINAL:
        walk.seen[f"{walk.procedure.key}: {walk.facts.state}"] += 1
        check_end(walk.procedure, walk.facts.state, [each.type.value for each in walk.events])


def texts(event: Event, name: Field) -> list[str]:
    """A list that was kept with an event."""
    value = event.payload[name]
    assert isinstance(value, list)
    return value


# Anybody, anything


def somebody(walk: Walk, action: Action, random: Random) -> Actor:
    """Mostly an office that can take the action, by a few persons; sometimes any office, elsewhere, or long over."""
    role = random.choice(action.by) if random.random() < 0.93 else random.choice(list(Role))
    number = 10 * (list(Role).index(role) + 1) + random.randrange(3)
    chance = random.random()
    if chance < 0.03:
        return actor(role, person_id=number, unit_id=random.choice([11, SIBLING.id, 2]))
    if chance < 0.06:
        return actor(role, person_id=number, valid_to=walk.facts.today - DAY)
    if chance < 0.12:
        return actor(*random.sample(list(Role), 5), person_id=random.randrange(1, 140))
    return actor(role, person_id=number)


BACKWARD = {
    EventType.RETURNED,
    EventType.REWORKED,
    EventType.WITHDRAWN,
    EventType.DECLINED,
    EventType.REVOCATION_RETURNED,
}


def some_action(walk: Walk, random: Random) -> Action:
    """Mostly a step forward that leaves this state; sometimes one back or out, or any at all."""
    chance, here = random.random(), walk.procedure.actions_from(walk.facts.state)
    if chance < 0.04 or not here:
        return random.choice(list(walk.procedure.actions.values()))
    forward = [action for action in here if action.branches[0].records not in BACKWARD]
    return random.choice(forward if forward and chance < 0.88 else here)


def spoilt(good: Mapping[Field, object], random: Random) -> dict[Field, object]:
    """A form in which something is left out, or is nonsense."""
    inputs = dict(good)
    for name in good:
        if random.random() < 0.6:
            inputs[name] = random.choice([None, "", 0, [], ["D99"], TODAY + 9999 * DAY, 1900])
    return inputs


def changes(good: Facts, random: Random) -> Iterator[tuple[str, Any]]:
    """Facts that somebody may have changed meanwhile, mostly for the worse."""
    stages = list(Stage)
    some = frozenset(random.sample(COMMUNE_PARTS, random.randrange(9)))
    code, column = random.choice(["1.1", "1.2", "2.1"]), random.choice(list(Column))
    recent = posting(posted_on=good.today - random.randrange(40) * DAY, loudspeaker_times=random.randrange(7))
    yes = random.randrange(12, 21)
    yield "debt", random.choice([None, Debt(random.randrange(2), confirmed=random.random() < 0.5)])
    yield "security", random.choice([None, Security(complex=random.random() < 0.5, confirmed=random.random() < 0.5)])
    yield "survey", random.choice([None, survey(satisfied=random.randrange(80, 99))])
    yield "parts", some
    yield "evidence", frozenset({code})
    yield "rules", None
    yield "unit", replace(COMMUNE, valid_to=good.today - random.randrange(2) * DAY)
    yield "other_open", "CB-2025-0001"
    yield "held_levels", frozenset({random.choice(list(Level))})
    yield "answers", {**good.answers, column: random.choice([answers(no=(code,)), answers(without=(code,)), {}])}
    yield "refuted", {column: frozenset({code})}
    yield "postings", {**good.postings, random.choice(stages): recent}
    yield "open_comments", {random.choice(stages): random.randrange(3)}
    yield "votes", {**good.votes, random.choice(stages): vote(agreed=yes)}
    yield "checklists", {**good.checklists, random.choice(stages): dict.fromkeys(some, True)}
    yield "conclusions", {"1": Conclusion("sxd", met=True), "2": Conclusion("sct", met=random.random() < 0.5)}
    yield "field_checked", False
    yield "changed", frozenset(random.sample(sorted(good.changed), len(good.changed) // 2))
    yield "sitting", random.choice([None, sitting(yes=yes, no=20 - yes), sitting(held_on=None)])


def shaken(of: Facts, random: Random) -> Facts:
    """The same dossier a little later: usually everything in order, sometimes a few things broken, rarely all empty."""
    today = of.today + random.randrange(3) * DAY
    kept: dict[str, Any] = {"today": today, "history": of.history, "returns": of.returns, "changed": of.changed}
    chance = random.random()
    if chance < 0.02:
        return empty_facts(of.state, **kept)
    good = facts(of.state, **kept)
    if chance < 0.7:
        return good
    broken = random.sample(list(changes(good, random)), random.randrange(1, 6))
    return replace(good, **dict(broken))


def walk_on(steps_to_take: int, random: Random) -> Counter[str]:
    """That many steps, each dossier until its end and then another; counts of what was seen."""
    seen: Counter[str] = Counter()
    walk = begin(random)
    for _ in range(steps_to_take):
        if walk.is_over:
            seen += walk.seen
            walk = begin(random)
        step(walk, random)
    seen += walk.seen
    seen["steps"] = steps_to_take
    return seen


def walk_randomly(steps_to_take: int, seed: int) -> dict[str, int]:
    """That many random steps from a seed; counts by answer and by end, or an AssertionError at the first breach."""
    return dict(walk_on(steps_to_take, Random(seed)))
