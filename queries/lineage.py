"""What became of administrative units: who came before, who came after, and which unit of today took a place over."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, or_, select

from models.base import table_of
from models.places import IN_FORCE, AdminUnit, Recognition, UnitSuccession
from queries.fused import row_list

U, S, R = table_of(AdminUnit), table_of(UnitSuccession), table_of(Recognition)


@dataclass(frozen=True, slots=True, order=True)
class Heir:
    """A unit of today that took over a unit that has ended, and whether it holds a title of its own."""

    name: str
    id: int
    titled: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One succession: from which unit to which, wholly or in part, since when and on what legal basis."""

    old_id: int
    old_name: str
    new_id: int
    new_name: str
    share: str
    effective_from: date
    legal_basis: str


def in_force(today: date, units: FromClause = U) -> ColumnElement[Any]:
    """The condition that a unit exists on a day."""
    return and_(units.c.valid_from <= today, or_(units.c.valid_to.is_(None), units.c.valid_to >= today))


@cache
def descent() -> CTE:
    """Every pair of a unit and one that came after it, however many successions lie between."""
    first = select(S.c.old_id, S.c.new_id).cte("descent", recursive=True)
    return first.union(select(first.c.old_id, S.c.new_id).join(S, S.c.old_id == first.c.new_id))


def heirs_of(unit_ids: Select[Any], today: date) -> Select[tuple[str]]:
    """The units of today that took over any of these, as rows (old unit, name, id, whether it holds a title)."""
    pairs = descent()
    titled = select(R.c.id).where(R.c.unit_id == U.c.id, IN_FORCE).exists()
    return (
        row_list(pairs.c.old_id, U.c.full_name, U.c.id, titled)
        .select_from(pairs.join(U, U.c.id == pairs.c.new_id))
        .where(pairs.c.old_id.in_(unit_ids), in_force(today))
    )


def by_unit(rows: list[list[Any]]) -> dict[int, tuple[Heir, ...]]:
    """The heirs of each unit by its id, in the order of their names."""
    found: dict[int, set[Heir]] = {}
    for unit_id, name, heir_id, titled in rows:
        found.setdefault(unit_id, set()).add(Heir(name, heir_id, bool(titled)))
    return {unit_id: tuple(sorted(heirs)) for unit_id, heirs in found.items()}


def steps_around(unit_id: Any, today: date) -> Select[tuple[str]]:
    """Every succession until today on the way to a unit and from it on, as rows of a Step."""
    pairs, old, new = descent(), U.alias("old"), U.alias("new")
    before, after = (select(pairs.c.old_id), select(pairs.c.new_id))
    lead_here = S.c.new_id.in_(before.where(pairs.c.new_id == unit_id)) | (S.c.new_id == unit_id)
    lead_on = S.c.old_id.in_(after.where(pairs.c.old_id == unit_id)) | (S.c.old_id == unit_id)
    return (
        row_list(
            *(old.c.id, old.c.full_name, new.c.id, new.c.full_name),
            *(S.c.share, S.c.effective_from, S.c.legal_basis),
        )
        .select_from(S.join(old, old.c.id == S.c.old_id).join(new, new.c.id == S.c.new_id))
        .where(or_(lead_here, lead_on), S.c.effective_from <= today)
    )


def steps_of(rows: list[list[Any]]) -> tuple[Step, ...]:
    """The steps of such rows, the latest first, those of one day by the names of the units that ended."""
    steps = [
        Step(old_id, old_name, new_id, new_name, share, date.fromisoformat(first), basis)
        for old_id, old_name, new_id, new_name, share, first, basis in rows
    ]
    return tuple(sorted(steps, key=lambda one: (-one.effective_from.toordinal(), one.old_name, one.new_name)))
