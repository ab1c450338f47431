"""The province's decision to apply a criteria set: until there is one, nothing can be opened or passed by that set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.admin_record import Keeper, keep
from casework.errors import NotFound, Refused
from models.base import table_of
from models.documents import Installation
from models.places import CriteriaAdoption
from queries.days import day_of
from queries.rulebook import criteria_sets
from workflow.criteria_set import CriteriaSet, Indicator, InvalidValue, exact_threshold
from workflow.names import AdminAct, Level
from workflow.refusal import Refusal, refuse

A, INSTALLATION = table_of(CriteriaAdoption), table_of(Installation)
type_of_level = bool | int | str


@dataclass(frozen=True, slots=True)
class Adopting:
    """What the province decided: the set, number and date, the group its communes fall into, levels of its own."""

    set_key: str
    decision: str
    decided_on: date
    valid_from: date
    group_default: str | None
    thresholds: Mapping[str, type_of_level]


def leaves_of(criteria_set: CriteriaSet) -> dict[str, Indicator]:
    """Every indicator that has a required level of its own, by its code: parts instead of what they are parts of."""
    indicators = criteria_set.indicators
    return {leaf.code: leaf for indicator in indicators for leaf in indicator.parts or (indicator,)}


def left_to_province(criteria_set: CriteriaSet) -> dict[str, Indicator]:
    """The indicators whose level the law leaves to the province, or which nobody found."""
    return {code: leaf for code, leaf in leaves_of(criteria_set).items() if leaf.by_province or leaf.unknown}


def adopt_set(connection: Connection, adopting: Adopting, by: Keeper, now: datetime) -> int:
    """Record the province's adoption of a set, and give its id; what was adopted before stays with its dossiers."""
    criteria_set = criteria_sets().get(adopting.set_key)
    if criteria_set is None:
        raise NotFound(f"criteria set {adopting.set_key}")
    same = select(A.c.id).where(A.c.set_key == adopting.set_key, A.c.decision == adopting.decision.strip())
    faults = [*_faults(criteria_set, adopting, day_of(now))]
    if connection.execute(same).first():
        faults.append(refuse("adoption.known", dossier=adopting.decision.strip()))
    if faults:
        raise Refused(tuple(faults))
    row = {
        "set_key": adopting.set_key,
        "subject": criteria_set.subject.value,
        "level": criteria_set.level,
        "decision": adopting.decision.strip(),
        "decided_on": adopting.decided_on,
        "group_default": adopting.group_default,
        "thresholds": dict(adopting.thresholds),
        "valid_from": adopting.valid_from,
        "practice": bool(connection.execute(select(INSTALLATION.c.practice)).scalar()),
    }
    adoption_id: int = connection.execute(insert(A).returning(A.c.id), row).scalar_one()
    told = {
        "set": adopting.set_key,
        "decision": adopting.decision.strip(),
        "decided_on": adopting.decided_on.isoformat(),
    }
    keep(connection, by, AdminAct.SET_ADOPTED, now, None, **told)
    return adoption_id


def _faults(criteria_set: CriteriaSet, adopting: Adopting, today: date) -> list[Refusal]:
    faults = []
    if not criteria_set.complete or criteria_set.level not in set(Level):
        faults.append(refuse("adoption.incomplete"))
    if not adopting.decision.strip():
        faults.append(refuse("adoption.no_decision"))
    if adopting.decided_on > today:
        faults.append(refuse("adoption.future", on=adopting.decided_on))
    earliest = max(criteria_set.valid_from, adopting.decided_on)
    if adopting.valid_from < earliest:
        faults.append(refuse("adoption.early", on=earliest))
    groups = {group.code for group in criteria_set.groups}
    if groups and adopting.group_default not in groups:
        faults.append(refuse("adoption.no_group"))
    if unfit := _unfit(leaves_of(criteria_set), adopting.thresholds):
        faults.append(refuse("adoption.unfit", indicators=unfit))
    return faults


def _unfit(leaves: Mapping[str, Indicator], thresholds: Mapping[str, type_of_level]) -> tuple[str, ...]:
    """The indicators that are none of the set's, or whose level does not fit them."""
    return tuple(code for code, level in thresholds.items() if code not in leaves or not _fits(leaves[code], level))


def _fits(leaf: Indicator, level: Any) -> bool:
    try:
        exact_threshold(leaf.kind, leaf.compare, leaf.grades, level)
    except InvalidValue:
        return False
    return True
