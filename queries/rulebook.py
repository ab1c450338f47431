"""The procedures and criteria sets of this installation, loaded once, and the rules resolved for a dossier."""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

import workflow
from workflow.criteria import Adoption, CriteriaSet, Rules, compile_rules
from workflow.criteria_loader import load_all as load_criteria_sets
from workflow.loader import load_all as load_procedures
from workflow.move_loader import load_moves
from workflow.moving import MovePlan
from workflow.names import Subject
from workflow.procedure import Procedure

CRITERIA = Path(workflow.__file__).parent / "criteria"


@cache
def procedures() -> Mapping[str, Procedure]:
    """Every procedure version by its id."""
    return load_procedures()


@cache
def criteria_sets() -> Mapping[str, CriteriaSet]:
    """Every criteria set by its key."""
    return load_criteria_sets(CRITERIA)


@cache
def move_plans() -> Mapping[tuple[str, str], MovePlan]:
    """Every plan that moves dossiers, by the ids of the procedures it leads from and to."""
    return load_moves(procedures())


def procedure_for(subject: Subject, day: date) -> Procedure | None:
    """The procedure that a dossier of this kind opened on this day follows."""
    fitting = [one for one in procedures().values() if one.subject is subject and one.in_force_on(day)]
    return max(fitting, key=lambda one: one.version, default=None)


@lru_cache(maxsize=512)
def rules_of(
    set_key: str, decision: str, decided_on: date, group: str | None, year: int, thresholds: str, *, practice: bool
) -> Rules:
    """The rules of an adopted set for one group of communes and one year; thresholds as canonical JSON text."""
    adoption = Adoption(set_key, decision, decided_on, group, json.loads(thresholds), practice)
    return compile_rules(criteria_sets()[set_key], adoption, group, year)
