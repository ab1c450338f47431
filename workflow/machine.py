"""The procedure as one shared transitions machine; it walks a throw-away value and never touches a stored row."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from transitions import EventData, Machine

from workflow.case import Case, Guard
from workflow.guards import GUARDS
from workflow.procedure import Action, Branch, Procedure
from workflow.refusal import Refusal


@dataclass(slots=True)
class Walker:
    """A value that stands in a state, carries its case, and collects the reasons why a step was not open."""

    state: str
    case: Case
    refusals: list[Refusal] = field(default_factory=list)
    branch: Branch | None = None


def build_machine(procedure: Procedure) -> Machine:
    """A machine with the procedure's states and branches, without automatic transitions, callbacks or a model."""
    machine = Machine(
        model=None, states=list(procedure.states), initial=None, send_event=True, auto_transitions=False, queued=False
    )
    for action in procedure.actions.values():
        for branch in action.branches:
            condition = _open(action, branch)
            for source in action.sources:
                machine.add_transition(action.name, source, branch.leads_to(source), conditions=[condition])
    return machine


def _open(action: Action, branch: Branch) -> Callable[[EventData], bool]:
    of_action = tuple(GUARDS[name] for name in action.guards)
    of_branch = tuple(GUARDS[name] for name in branch.guards)

    def is_open(event: EventData) -> bool:
        walker = cast(Walker, event.model)
        refusals = _against(of_action, walker.case) or _against(of_branch, walker.case)
        if refusals:
            walker.refusals.extend(refusal for refusal in refusals if refusal not in walker.refusals)
            return False
        walker.branch = branch
        return True

    return is_open


def _against(guards: tuple[Guard, ...], case: Case) -> list[Refusal]:
    """Why the guards do not let the case pass; those that read the form are asked once there is one."""
    told = case.inputs is not None
    return [refusal for guard in guards if told or not guard.reads_inputs for refusal in guard.check(case)]


@cache
def machine_of(procedure: Procedure) -> Machine:
    """The shared machine of a procedure version, built once."""
    return build_machine(procedure)


def walk(procedure: Procedure, action: Action, case: Case) -> Walker:
    """Try one action from the case's state: the walker then has its branch, or the reasons why there is none."""
    walker = Walker(case.facts.state, case)
    machine_of(procedure).events[action.name].trigger(walker)
    return walker
