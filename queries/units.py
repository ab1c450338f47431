"""Administrative units as an administrator sees them: the tree of a day, found by name or code, one in full."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from models.base import table_of
from models.dossiers import Dossier
from models.people import Person, RoleGrant
from models.places import AdminUnit, Recognition
from queries.fused import row_list, rows_of
from queries.lineage import Step, in_force, steps_around, steps_of
from queries.search import has_words
from workflow.names import Role, Tier

U, G, P, R, D = (table_of(one) for one in (AdminUnit, RoleGrant, Person, Recognition, Dossier))
PAGE = 50
FAR = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in its period, with the name of the one above it."""

    id: int
    code: str
    tier: Tier
    full_name: str
    above: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit of the tree with those below it."""

    unit: UnitLine
    below: tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds an office at a unit."""

    person_id: int
    name: str
    role: Role
    department: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit with its periods, what came before and after, who holds offices there, and what hangs on it."""

    unit: UnitLine
    kind: str
    criteria_group: str | None
    above_id: int | None
    periods: tuple[UnitLine, ...]
    steps: tuple[Step, ...]
    holders: tuple[Holder, ...]
    below: int
    titles: int
    open_dossiers: int


_ABOVE = U.alias("above")
_LINE = (U.c.id, U.c.code, U.c.tier, U.c.full_name, _ABOVE.c.full_name, U.c.valid_from, U.c.valid_to)
_FROM = U.outerjoin(_ABOVE, _ABOVE.c.id == U.c.parent_id)


def unit_tree(connection: Connection, day: date) -> tuple[Branch, ...]:
    """The units of a day, each under the one above it, by name; those above nothing first."""
    rows = connection.execute(
        select(*_LINE, U.c.parent_id).select_from(_FROM).where(in_force(day)).order_by(U.c.sort_key, U.c.id)
    ).all()
    here = {row.id for row in rows}
    below: dict[int | None, list[UnitLine]] = defaultdict(list)
    for row in rows:
        below[row.parent_id if row.parent_id in here else None].append(_line(list(row[:-1])))

    def grow(parent: int | None) -> tuple[Branch, ...]:
        return tuple(Branch(unit, grow(unit.id)) for unit in below[parent])

    return grow(None)


def find_units(connection: Connection, wanted: str) -> tuple[UnitLine, ...]:
    """Up to 50 units of any period whose name or code fits the words, the latest period first."""
    rows = connection.execute(
        select(*_LINE)
        .select_from(_FROM)
        .where(has_words(wanted, U.c.search_key))
        .order_by(U.c.sort_key, U.c.valid_from.desc(), U.c.id)
        .limit(PAGE)
    )
    return tuple(_line(list(row)) for row in rows)


def unit_record(connection: Connection, unit_id: int, today: date) -> UnitRecord | None:
    """One unit with all about it, in two statements; None when there is none."""
    row = connection.execute(
        select(*_LINE, U.c.kind, U.c.criteria_group, U.c.parent_id).select_from(_FROM).where(U.c.id == unit_id)
    ).first()
    if row is None:
        return None
    unit = _line(list(row[:7]))
    held = [G.c.valid_from <= today, or_(G.c.valid_to.is_(None), G.c.valid_to >= today)]
    holders = row_list(P.c.id, P.c.name, G.c.role, G.c.department, G.c.valid_from, G.c.valid_to).select_from(
        G.join(P, P.c.id == G.c.person_id)
    )
    periods, steps, people, below, titles, dossiers = connection.execute(
        select(
            row_list(*_LINE).select_from(_FROM).where(U.c.code == unit.code).scalar_subquery(),
            steps_around(unit_id, FAR).scalar_subquery(),
            holders.where(G.c.unit_id == unit_id, *held).scalar_subquery(),
            select(func.count()).select_from(U).where(U.c.parent_id == unit_id, in_force(today)).scalar_subquery(),
            select(func.count()).select_from(R).where(R.c.unit_id == unit_id).scalar_subquery(),
            select(func.count()).select_from(D).where(D.c.unit_id == unit_id, D.c.is_open).scalar_subquery(),
        )
    ).one()
    return UnitRecord(
        unit=unit,
        kind=row.kind,
        criteria_group=row.criteria_group,
        above_id=row.parent_id,
        periods=tuple(sorted((_line(one) for one in rows_of(periods)), key=lambda one: (one.valid_from, one.id))),
        steps=steps_of(rows_of(steps)),
        holders=tuple(sorted((_holder(one) for one in rows_of(people)), key=_by_office)),
        below=below,
        titles=titles,
        open_dossiers=dossiers,
    )


def units_for(connection: Connection, tier: Tier, day: date) -> dict[int, str]:
    """The units of a tier that have not ended before a day, by their ids, in the order of their names."""
    return _named(connection, U.c.tier == tier.value, or_(U.c.valid_to.is_(None), U.c.valid_to >= day))


def units_on(connection: Connection, tier: Tier, day: date, wanted: str = "") -> dict[int, str]:
    """The units of a tier that exist on a day, by their ids: with the wanted words in their names, else above them."""
    here = (U.c.tier == tier.value, in_force(day))
    if not wanted.strip():
        return _named(connection, *here)
    own = _named(connection, *here, has_words(wanted, U.c.search_key))
    return own or _named(connection, *here, has_words(wanted, U.c.search_key, _ABOVE.c.search_key))


def _named(connection: Connection, *conditions: ColumnElement[Any]) -> dict[int, str]:
    """Units by their ids, each with the name of the one above it, in the order of their names."""
    units = select(U.c.id, U.c.full_name, _ABOVE.c.full_name.label("above")).select_from(_FROM)
    rows = connection.execute(units.where(*conditions).order_by(U.c.sort_key, U.c.id))
    return {row.id: ", ".join(filter(None, (row.full_name, row.above))) for row in rows}


def _line(row: list[object]) -> UnitLine:
    unit_id, code, tier, name, above, first, last = row
    return UnitLine(
        int(str(unit_id)),
        str(code),
        Tier(str(tier)),
        str(name),
        str(above or ""),
        _day(first),
        _day(last) if last else None,
    )


def _holder(row: list[str | int | None]) -> Holder:
    person_id, name, role, department, first, last = row
    period = (_day(first), _day(last) if last else None)
    return Holder(int(person_id or 0), str(name), Role(str(role)), str(department) if department else None, *period)


def _by_office(holder: Holder) -> tuple[int, str, int]:
    return list(Role).index(holder.role), holder.name, holder.person_id


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
