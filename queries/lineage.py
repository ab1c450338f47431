"""What became of administrative units: who came before, who came after, and which unit of today took a place over."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, FromClause, Select, and_, bindparam, literal, or_, select

from models.base import table_of
from models.places import FULL, IN_FORCE, AdminUnit, Recognition, UnitSuccession
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


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a unit until a day: every succession on its way, and the unit as which it merely goes on.

    There is none where something joined, left or was not taken over, and of a unit that has not ended.
    """

    steps: tuple[Step, ...]
    goes_on_as: int | None

    def is_renaming(self, step: Step) -> bool:
        """Whether a succession on the way only gave another name: the unit goes on, or something came after that."""
        return self.goes_on_as is not None or any(later.old_id == step.new_id for later in self.steps)


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


# --- a unit that is only called otherwise ---


def _only_renamed() -> ColumnElement[bool]:
    """The condition on a succession that the new unit is all of the old one and nothing else: the same under a name.

    What joined the new unit later made it no less the one that the old one went on as.
    """
    new, joined, left = U.alias("begun"), S.alias("joined"), S.alias("left_over")
    begun = select(new.c.id).where(new.c.id == S.c.new_id, new.c.valid_from == S.c.effective_from)
    others = (
        select(joined.c.old_id).where(
            joined.c.new_id == S.c.new_id,
            joined.c.old_id != S.c.old_id,
            joined.c.effective_from <= S.c.effective_from,
        ),
        select(left.c.new_id).where(left.c.old_id == S.c.old_id, left.c.new_id != S.c.new_id),
    )
    alone = (~one.correlate(S).exists() for one in others)
    return and_(S.c.share == FULL, begun.correlate(S).exists(), *alone)


def same_units(unit_id: int) -> Select[tuple[int]]:
    """The ids of a unit and of those before it of which it is the new name."""
    units = select(literal(unit_id).label("id")).cte("same_units", recursive=True)
    before = select(S.c.old_id).join(units, units.c.id == S.c.new_id).where(_only_renamed())
    return select(units.union(before).c.id)


_OLD, _NEW = U.alias("old"), U.alias("new")
_TAKEN_OVER = (
    select(
        *(_OLD.c.id, _OLD.c.full_name, _NEW.c.id, _NEW.c.full_name),
        *(S.c.share, S.c.effective_from, S.c.legal_basis, _only_renamed(), _NEW.c.valid_to),
    )
    .select_from(S.join(_OLD, _OLD.c.id == S.c.old_id).join(_NEW, _NEW.c.id == S.c.new_id))
    .where(S.c.old_id == bindparam("unit_id"), S.c.effective_from <= bindparam("today"))
    .order_by(_NEW.c.sort_key, _NEW.c.id)
)


def fate_of(connection: Connection, unit_id: int, today: date) -> Fate:
    """What became of a unit until today, followed through every renaming to what it is now or became part of."""
    steps: list[Step] = []
    here = unit_id
    while True:
        rows = connection.execute(_TAKEN_OVER, {"unit_id": here, "today": today}).all()
        steps += (Step(*row[:7]) for row in rows)
        if len(rows) != 1 or not rows[0][7]:
            return Fate(tuple(steps), None)
        here, last_day = rows[0][2], rows[0][8]
        if last_day is None or last_day >= today:
            return Fate(tuple(steps), here)
