"""The criteria sets as the province applies them: every adoption of each set, the one in force, levels by group."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from models.base import canonical, table_of
from models.places import CriteriaAdoption
from queries.rulebook import rules_of
from workflow.criteria import Rules, compile_rules
from workflow.criteria_set import CriteriaSet

A = table_of(CriteriaAdoption)


@dataclass(frozen=True, slots=True)
class AdoptionLine:
    """One adoption of a set as it was entered."""

    id: int
    set_key: str
    decision: str
    decided_on: date
    group_default: str | None
    thresholds: Mapping[str, object]
    valid_from: date
    valid_to: date | None
    practice: bool

    def in_force_on(self, day: date) -> bool:
        """Whether a dossier opened on a day can stand on it."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def rules(self, year: int) -> Rules:
        """What the set asks of a commune of the adopted group in a year."""
        levels = canonical(self.thresholds)
        given = (self.set_key, self.decision, self.decided_on, self.group_default, year, levels)
        return rules_of(*given, practice=self.practice)


def adoptions(connection: Connection) -> Mapping[str, tuple[AdoptionLine, ...]]:
    """Every adoption by its set, the latest first: of those in force, a dossier stands on the first."""
    columns = (A.c.id, A.c.set_key, A.c.decision, A.c.decided_on, A.c.group_default, A.c.thresholds, A.c.valid_from)
    rows = connection.execute(
        select(*columns, A.c.valid_to, A.c.practice).order_by(A.c.valid_from.desc(), A.c.id.desc())
    )
    found: dict[str, tuple[AdoptionLine, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.set_key] += (AdoptionLine(*row),)
    return dict(found)


def rules_by_group(criteria_set: CriteriaSet, year: int) -> Mapping[str | None, Rules]:
    """What the law itself asks of each group in a year, before any adoption; without groups under None."""
    groups: list[str | None] = [*(group.code for group in criteria_set.groups)] or [None]
    return {group: compile_rules(criteria_set, None, group, year) for group in groups}
