"""The heart: may this person take this action on these facts, and what follows. Asking and doing are the same code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from workflow.case import Case
from workflow.events import ASIDE, Event
from workflow.facts import Actor, Facts, Grant
from workflow.machine import walk
from workflow.names import Field
from workflow.policy import may_act
from workflow.procedure import Action, Branch, Procedure
from workflow.refusal import Refusal, refuse


@dataclass(frozen=True, slots=True)
class Decision:
    """An act that the rules allow: the event to record, the office in which it is done, the action, and the case.

    What the case has worked out of the judged columns stands in the papers of the act too.
    """

    event: Event
    grant: Grant
    action: Action
    case: Case = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Refused:
    """An act that the rules do not allow, with every reason at once."""

    refusals: tuple[Refusal, ...]


class Offering(StrEnum):
    """How an action stands for a person: it can be taken, it cannot be taken yet, or it is not the person's."""

    READY = "ready"
    BLOCKED = "blocked"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Offer:
    """One action of the present state as the page shows it."""

    action: Action
    status: Offering
    refusals: tuple[Refusal, ...] = ()


def decide(
    procedure: Procedure, facts: Facts, actor: Actor, action_name: str, inputs: Mapping[Field, object]
) -> Decision | Refused:
    """Decide one action: first whether it exists here, then whether the person may, then whether the facts allow it."""
    action = procedure.actions.get(action_name)
    if action is None or facts.state not in action.sources:
        return Refused((refuse("action.not_here", action=action_name, state=facts.state),))
    case = Case(procedure, facts, inputs)
    found = _allow(action, actor, case)
    if isinstance(found, Refused):
        return found
    branch, grant = found
    event = Event(branch.records, action.name, facts.state, branch.leads_to(facts.state), kept_of(action, inputs))
    return Decision(event, grant, action, case)


def kept_of(action: Action, inputs: Mapping[Field, object]) -> dict[str, object]:
    """What was typed in the fields that an action asks for, as its event keeps it."""
    return {name.value: _plain(inputs.get(name)) for name in sorted(action.asks)}


def offered(procedure: Procedure, facts: Facts, actor: Actor) -> tuple[Offer, ...]:
    """Every action of the present state for this person; conditions on what is still to be typed are not asked yet."""
    case = Case(procedure, facts)
    offers = []
    for action in procedure.actions_from(facts.state):
        found = _allow(action, actor, case)
        if not isinstance(found, Refused):
            offers.append(Offer(action, Offering.READY))
        elif any(refusal.code.startswith("policy.") for refusal in found.refusals):
            offers.append(Offer(action, Offering.ABSENT, found.refusals))
        else:
            offers.append(Offer(action, Offering.BLOCKED, found.refusals))
    return tuple(offers)


def onward(procedure: Procedure, state: str) -> Action | None:
    """The step that leads on from a state: the first action of the file that does not lead aside."""
    leading = (
        action
        for action in procedure.actions_from(state)
        if all(branch.records not in ASIDE for branch in action.branches)
    )
    return next(leading, None)


def standing_between(procedure: Procedure, facts: Facts) -> tuple[Refusal, ...]:
    """Every fact that stands between a dossier and its next step, whoever takes it."""
    action = onward(procedure, facts.state)
    if action is None:
        return ()
    walker = walk(procedure, action, Case(procedure, facts))
    return () if walker.branch else tuple(walker.refusals)


def _allow(action: Action, actor: Actor, case: Case) -> tuple[Branch, Grant] | Refused:
    grant = may_act(action, actor, case.facts, case.day(Field.SIGNED_ON))
    if isinstance(grant, Refusal):
        return Refused((grant,))
    empty = () if case.inputs is None else _unfilled(action, case.inputs)
    walker = walk(case.procedure, action, case)
    if walker.branch is None or empty:
        return Refused((*empty, *(() if walker.branch else walker.refusals)))
    return walker.branch, grant


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(_is_text(item) for item in value)


def _is_day(value: object) -> bool:
    return type(value) is date


def _is_year(value: object) -> bool:
    return type(value) is int


def _is_id(value: object) -> bool:
    return type(value) is int and value >= 0  # 0: the decision that the book alone knows


def _are_corrections(value: object) -> bool:
    """Whether each one says where (it may be left out), what was printed, and how it must read."""
    return isinstance(value, list | tuple) and bool(value) and all(_is_list(one[1:]) for one in value)


_FILLED: Mapping[Field, Callable[[object], bool]] = {
    Field.REASON: _is_text,
    Field.MISSING: _is_list,
    Field.CHANGES: _is_list,
    Field.YEAR_RECOGNISED: _is_year,
    Field.SIGNED_ON: _is_day,
    Field.ANNOUNCED_ON: _is_day,
    Field.ANNOUNCED_AT: _is_text,
    Field.PAPER: _is_id,
    Field.CORRECTIONS: _are_corrections,
}


def _unfilled(action: Action, inputs: Mapping[Field, object]) -> tuple[Refusal, ...]:
    return tuple(refuse(f"input.{name}", field=name) for name in action.asks if not _FILLED[name](inputs.get(name)))


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
