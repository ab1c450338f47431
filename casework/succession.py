"""What becomes of a unit by a resolution: it is renamed, becomes part of another wholly or in part, or ends.

A unit is never changed: its period ends, and another unit begins. Titles, dossiers and offices stay with the unit that
had them; only a unit that is merely renamed takes its offices along. What becomes of dossiers that were under way is
for `inheriting`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from casework.admin_record import Keeper, keep
from casework.errors import NotFound, Refused
from models.base import table_of
from models.keys import sort_key
from models.people import RoleGrant
from models.places import FULL, AdminUnit, UnitSuccession
from queries.lineage import in_force
from workflow.names import AdminAct, Tier
from workflow.refusal import Refusal, refuse

U, S, G = table_of(AdminUnit), table_of(UnitSuccession), table_of(RoleGrant)
KINDS: Mapping[Tier, tuple[str, ...]] = {
    Tier.HAMLET: ("xóm", "thôn", "bản", "tổ dân phố"),
    Tier.COMMUNE: ("xã", "phường", "thị trấn", "đặc khu"),
    Tier.DISTRICT: ("huyện", "thị xã", "thành phố"),
    Tier.PROVINCE: ("tỉnh", "thành phố"),
}


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit that begins: its official code, its kind such as xã, and its name without the kind."""

    code: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What every change of a unit rests on: the first day on which it holds, and the legal basis."""

    first_day: date
    legal_basis: str

    @property
    def last_day(self) -> date:
        """The last day of what was before."""
        return self.first_day - timedelta(days=1)


def rename_unit(
    connection: Connection, unit_id: int, name: str, resolution: Resolution, by: Keeper, now: datetime
) -> int:
    """End a unit and begin one of another name in its place, with its offices, and give the new one's id."""
    unit = _ending(connection, unit_id, resolution)
    if _full_name(unit.kind, name).casefold() == unit.full_name.casefold():
        raise Refused((refuse("succession.same_name", unit=unit.full_name),))
    heir_id = _begin(connection, unit, NewUnit(unit.code, unit.kind, name), resolution)
    _end(connection, unit, resolution)
    _succeed(connection, unit, heir_id, FULL, resolution)
    held = select(G).where(G.c.unit_id == unit_id, or_(G.c.valid_to.is_(None), G.c.valid_to >= resolution.first_day))
    for office in connection.execute(held.order_by(G.c.id)).mappings().all():
        begins = max(office["valid_from"], resolution.first_day)
        kept = {name: value for name, value in office.items() if name != "id"}
        connection.execute(insert(G), {**kept, "unit_id": heir_id, "valid_from": begins})
    keep(connection, by, AdminAct.UNIT_RENAMED, now, None, **_told(unit, resolution), name=name.strip())
    return heir_id


def merge_unit(
    connection: Connection,
    unit_id: int,
    heir: int | NewUnit,
    resolution: Resolution,
    by: Keeper,
    now: datetime,
    *,
    share: str = FULL,
) -> int:
    """End a unit that becomes part of another, which is there already or begins with it, and give the other's id."""
    unit = _ending(connection, unit_id, resolution)
    if isinstance(heir, NewUnit):
        heir_id = _begin(connection, unit, heir, resolution)
    else:
        heir_id = _fitting_heir(connection, unit, heir, resolution)
    _end(connection, unit, resolution)
    _succeed(connection, unit, heir_id, share, resolution)
    taken_over = connection.execute(select(U.c.full_name).where(U.c.id == heir_id)).scalar_one()
    keep(connection, by, AdminAct.UNIT_MERGED, now, None, **_told(unit, resolution), heir=taken_over, share=share)
    return heir_id


def close_unit(connection: Connection, unit_id: int, resolution: Resolution, by: Keeper, now: datetime) -> None:
    """End a unit that nothing takes over."""
    unit = _ending(connection, unit_id, resolution)
    _end(connection, unit, resolution)
    keep(connection, by, AdminAct.UNIT_ENDED, now, None, **_told(unit, resolution))


def _told(unit: Row[Any], resolution: Resolution) -> dict[str, str]:
    """Which unit, from which day and by which resolution, as the record of administrative acts keeps it."""
    basis = {"first_day": resolution.first_day.isoformat(), "legal_basis": resolution.legal_basis.strip()}
    return {"unit": unit.full_name, "code": unit.code, **basis}


def _ending(connection: Connection, unit_id: int, resolution: Resolution) -> Row[Any]:
    """A unit that may end on the day before, held; one that has ended then already only gets another successor."""
    unit = connection.execute(select(U).where(U.c.id == unit_id).with_for_update()).first()
    if unit is None:
        raise NotFound(f"unit {unit_id}")
    faults = [*_faults(unit, resolution)]
    here = and_(U.c.parent_id == unit.id, or_(U.c.valid_to.is_(None), U.c.valid_to >= resolution.first_day))
    below = connection.execute(select(func.count()).select_from(U).where(here)).scalar_one()
    if below:
        faults.append(refuse("succession.has_units_below", unit=unit.full_name, count=below))
    if faults:
        raise Refused(tuple(faults))
    return unit


def _end(connection: Connection, unit: Row[Any], resolution: Resolution) -> None:
    connection.execute(update(U).where(U.c.id == unit.id).values(valid_to=resolution.last_day))


def _faults(unit: Row[Any], resolution: Resolution) -> list[Refusal]:
    faults = []
    if not resolution.legal_basis.strip():
        faults.append(refuse("succession.no_basis"))
    if resolution.first_day <= unit.valid_from:
        faults.append(refuse("succession.before", unit=unit.full_name, on=unit.valid_from))
    if unit.valid_to is not None and unit.valid_to != resolution.last_day:
        faults.append(refuse("succession.ended_already", unit=unit.full_name, on=unit.valid_to))
    return faults


def _begin(connection: Connection, unit: Row[Any], new: NewUnit, resolution: Resolution) -> int:
    """Begin a unit in the place of another: of the same tier, under the same unit above."""
    name, code = " ".join(new.name.split()), new.code.strip()
    if not name or not code:
        raise Refused((refuse("succession.unnamed"),))
    if new.kind not in KINDS[Tier(unit.tier)]:
        raise Refused((refuse("succession.unknown_kind", known=KINDS[Tier(unit.tier)]),))
    if name.casefold().startswith(f"{new.kind} "):
        raise Refused((refuse("succession.named_with_kind", kind=new.kind),))
    if connection.execute(select(U.c.id).where(U.c.code == code, U.c.id != unit.id, _on(resolution))).first():
        raise Refused((refuse("succession.code_taken", unit=code, on=resolution.first_day),))
    row = {
        "code": code,
        "tier": unit.tier,
        "kind": new.kind,
        "name": name,
        "full_name": _full_name(new.kind, name),
        "sort_key": sort_key(name),
        "parent_id": _parent(connection, unit.parent_id, resolution),
        "valid_from": resolution.first_day,
        "criteria_group": unit.criteria_group,
        "ethnic_area": unit.ethnic_area,
    }
    heir_id: int = connection.execute(insert(U).returning(U.c.id), row).scalar_one()
    return heir_id


def _full_name(kind: str, name: str) -> str:
    return " ".join([f"{kind[:1].upper()}{kind[1:]}", *name.split()])


def _parent(connection: Connection, parent_id: int | None, resolution: Resolution) -> int | None:
    """The nearest unit above that exists on the first day."""
    while parent_id is not None:
        above = connection.execute(select(U.c.valid_to, U.c.parent_id).where(U.c.id == parent_id)).one()
        if above.valid_to is None or above.valid_to >= resolution.first_day:
            return parent_id
        parent_id = above.parent_id
    return None


def _fitting_heir(connection: Connection, unit: Row[Any], heir_id: int, resolution: Resolution) -> int:
    heir = connection.execute(select(U.c.tier).where(U.c.id == heir_id, U.c.id != unit.id, _on(resolution))).first()
    if heir is None or heir.tier != unit.tier:
        raise Refused((refuse("succession.no_heir", on=resolution.first_day),))
    return heir_id


def _succeed(connection: Connection, unit: Row[Any], heir_id: int, share: str, resolution: Resolution) -> None:
    """Record who took over; what went to one unit wholly cannot go to another as well."""
    others = connection.execute(select(S.c.new_id, S.c.share).where(S.c.old_id == unit.id)).all()
    if any(one.new_id == heir_id for one in others):
        raise Refused((refuse("succession.known", unit=unit.full_name),))
    if others and FULL in {share, *(one.share for one in others)}:
        raise Refused((refuse("succession.wholly_given", unit=unit.full_name),))
    pair = {"old_id": unit.id, "new_id": heir_id, "share": share}
    basis = {"effective_from": resolution.first_day, "legal_basis": resolution.legal_basis.strip()}
    connection.execute(insert(S), {**pair, **basis})


def _on(resolution: Resolution) -> ColumnElement[Any]:
    return in_force(resolution.first_day)
