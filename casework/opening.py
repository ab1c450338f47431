"""Opening a dossier: it is pinned for life to the procedure and the criteria set that are in force on that day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from casework.chain import FIXED, hash_of
from casework.door import Receipt, record
from casework.errors import KeyReused, NotFound, Refused
from casework.standing import holder_of
from models.base import canonical, table_of
from models.dossiers import Dossier
from models.events import DossierEvent
from models.places import AdminUnit, CriteriaAdoption, Recognition
from queries.days import NO_DEADLINE, day_of
from queries.facts import held_levels
from queries.people import read_actor
from queries.rulebook import criteria_sets, procedure_for, rules_of
from workflow.criteria import Rules
from workflow.decide import Decision, decide
from workflow.decide import Refused as NotAllowed
from workflow.facts import Actor, Facts, Unit
from workflow.names import EventType, Level, Subject, Tier
from workflow.procedure import Procedure
from workflow.refusal import Refusal, refuse

D, U, A, E = table_of(Dossier), table_of(AdminUnit), table_of(CriteriaAdoption), table_of(DossierEvent)
R = table_of(Recognition)
ACTION = "open"
COMMUNE_KIND = "xã"  # wards and townships are of the same tier, but are not recognised as New Rural


@dataclass(frozen=True, slots=True)
class Opening:
    """What is asked for: a unit, what is to be recognised and at which level, under a key of its own."""

    unit_id: int
    subject: Subject
    level: Level
    request_key: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What the new dossier stands on: the unit with those above it, the procedure, the adopted criteria set."""

    procedure: Procedure
    unit: Row[Any]
    above: tuple[Row[Any], ...]
    adoption: Row[Any] | None
    today: date

    def above_at(self, tier: Tier) -> int | None:
        """The id of the unit of a tier above, if there is one."""
        return next((unit.id for unit in self.above if unit.tier == tier), None)

    @property
    def criteria_year(self) -> int:
        """The year whose levels apply: this year, or the last one of the adopted set's period."""
        if self.adoption is None:
            return self.today.year
        return min(self.today.year, criteria_sets()[self.adoption.set_key].valid_to.year)


@dataclass(frozen=True, slots=True)
class Prospect:
    """A level for which a dossier could be opened: what stands against it, by which procedure, by which rules."""

    level: Level
    refusals: tuple[Refusal, ...]
    procedure: Procedure | None = None
    rules: Rules | None = None


def open_dossier(connection: Connection, opening: Opening, person_id: int, now: datetime) -> Receipt:
    """Open a dossier for a unit and a level, or say why not; the same request sent again gives the same dossier."""
    unit = _held_unit(connection, opening.unit_id)
    same_key = select(E, D.c.unit_id.label("of_unit"), D.c.subject, D.c.level).join(D, D.c.id == E.c.dossier_id)
    earlier = connection.execute(same_key.where(E.c.request_key == opening.request_key)).first()
    if earlier is not None:
        return _same(earlier, opening, person_id)
    ground = _ground(connection, opening, unit, _above_of(connection, unit), day_of(now))
    actor = read_actor(connection, person_id)
    decision = decide(ground.procedure, _facts(connection, opening, ground), actor, ACTION, {})
    if isinstance(decision, NotAllowed):
        raise Refused(decision.refusals)
    return _write(connection, opening, ground, decision, actor, now)


def prospects(connection: Connection, unit_id: int, subject: Subject, actor: Actor, today: date) -> list[Prospect]:
    """Each level for which a dossier of a unit could be opened today, or what stands against it."""
    unit = connection.execute(select(U).where(U.c.id == unit_id)).first()
    if unit is None:
        raise NotFound(f"unit {unit_id}")
    above = _above_of(connection, unit)
    return [_prospect(connection, Opening(unit_id, subject, level, ""), unit, above, actor, today) for level in Level]


def _prospect(
    connection: Connection, opening: Opening, unit: Row[Any], above: tuple[Row[Any], ...], actor: Actor, today: date
) -> Prospect:
    try:
        ground = _ground(connection, opening, unit, above, today)
    except Refused as error:
        return Prospect(opening.level, error.refusals)
    facts = _facts(connection, opening, ground)
    decision = decide(ground.procedure, facts, actor, ACTION, {})
    against = decision.refusals if isinstance(decision, NotAllowed) else ()
    return Prospect(opening.level, against, ground.procedure, facts.rules)


def _same(earlier: Row[Any], opening: Opening, person_id: int) -> Receipt:
    asked = (person_id, ACTION, opening.unit_id, opening.subject, opening.level)
    if (earlier.person_id, earlier.action, earlier.of_unit, earlier.subject, earlier.level) != asked:
        raise KeyReused(opening.request_key)
    return Receipt(earlier.dossier_id, earlier.id, 1, EventType(earlier.type), earlier.to_state, repeated=True)


def _held_unit(connection: Connection, unit_id: int) -> Row[Any]:
    """The unit, held so that its dossiers are opened one at a time."""
    unit = connection.execute(select(U).where(U.c.id == unit_id).with_for_update(key_share=True)).first()
    if unit is None:
        raise NotFound(f"unit {unit_id}")
    return unit


def _above_of(connection: Connection, unit: Row[Any]) -> tuple[Row[Any], ...]:
    """The units above one, the nearest first."""
    above: list[Row[Any]] = []
    parent = unit.parent_id
    while parent is not None:
        row = connection.execute(select(U).where(U.c.id == parent)).one()
        above.append(row)
        parent = row.parent_id
    return tuple(above)


def _ground(
    connection: Connection, opening: Opening, unit: Row[Any], above: tuple[Row[Any], ...], today: date
) -> Ground:
    procedure = procedure_for(opening.subject, today)
    if procedure is None:
        raise Refused((refuse("opening.no_procedure", on=today),))
    if unit.valid_from > today:
        raise NotFound(f"unit {unit.id}")
    if opening.subject is Subject.COMMUNE and unit.kind != COMMUNE_KIND:
        raise Refused((refuse("opening.no_commune", unit=unit.full_name),))
    return Ground(procedure, unit, above, adoption_for(connection, opening.subject, opening.level, today), today)


def adoption_for(connection: Connection, subject: Subject, level: Level, today: date) -> Row[Any] | None:
    """The province's latest adoption of a complete criteria set for this level that is in force today."""
    rows = connection.execute(
        select(A)
        .where(A.c.subject == subject.value, A.c.level == level.value, A.c.valid_from <= today)
        .order_by(A.c.valid_from.desc(), A.c.id.desc())
    ).all()
    in_force = (row for row in rows if row.valid_to is None or today <= row.valid_to)
    return next((row for row in in_force if criteria_sets()[row.set_key].complete), None)


def _group(ground: Ground) -> str | None:
    """The unit's own group where the adopted set knows it (sets group communes differently), else the adoption's."""
    if ground.adoption is None:
        return None
    known = {group.code for group in criteria_sets()[ground.adoption.set_key].groups}
    own: str | None = ground.unit.criteria_group
    return own if own in known else ground.adoption.group_default


def _facts(connection: Connection, opening: Opening, ground: Ground) -> Facts:
    adoption, unit = ground.adoption, ground.unit
    titles = connection.execute(select(R.c.level).where(R.c.unit_id == unit.id, R.c.status == "valid")).all()
    other = select(D.c.code).where(
        D.c.unit_id == unit.id, D.c.subject == opening.subject.value, D.c.level == opening.level.value, D.c.is_open
    )
    rules = adoption and rules_of(
        adoption.set_key,
        adoption.decision,
        adoption.decided_on,
        _group(ground),
        ground.criteria_year,
        canonical(adoption.thresholds),
        practice=bool(adoption.practice),
    )
    return Facts(
        today=ground.today,
        state=ground.procedure.start,
        unit=Unit(unit.id, unit.full_name, unit.tier, tuple(one.id for one in ground.above), unit.valid_to),
        level=opening.level,
        held_levels=held_levels(ground.procedure, [[row.level] for row in titles]),
        other_open=connection.execute(other).scalar(),
        rules=rules or None,
    )


def _write(
    connection: Connection, opening: Opening, ground: Ground, decision: Decision, actor: Actor, now: datetime
) -> Receipt:
    dossier = _dossier(connection, opening, ground, decision, actor, now)
    event = _event(ground, decision, opening.request_key, actor, now)
    event["payload"] = canonical({name: dossier[name] for name in FIXED})
    dossier_id = connection.execute(insert(D).values({**dossier, "head_hash": ""}).returning(D.c.id)).scalar_one()
    event["dossier_id"] = dossier_id
    event["hash"] = hash_of(event)
    event_id = record(connection, event)
    connection.execute(update(D).where(D.c.id == dossier_id).values(head_hash=event["hash"]))
    return Receipt(dossier_id, event_id, 1, decision.event.type, decision.event.to_state)


def _event(ground: Ground, decision: Decision, key: str, actor: Actor, now: datetime) -> dict[str, object]:
    return {
        "seq": 1,
        "type": decision.event.type.value,
        "action": decision.event.action,
        "from_state": decision.event.from_state,
        "to_state": decision.event.to_state,
        "procedure_id": ground.procedure.id,
        "person_id": actor.person_id,
        "person_name": actor.name,
        "role": decision.grant.role.value,
        "unit_id": decision.grant.unit_id,
        "wording": decision.grant.wording,
        "at": now,
        "reason": "",
        "request_key": key,
        "previous_hash": "",
    }


def _dossier(
    connection: Connection, opening: Opening, ground: Ground, decision: Decision, actor: Actor, now: datetime
) -> dict[str, object]:
    code = _code(connection, ground)
    tiers = {"unit_id": ground.unit.id, "district_id": ground.above_at(Tier.DISTRICT)}
    tiers["province_id"] = ground.above_at(Tier.PROVINCE)
    role, holder = holder_of(ground.procedure, decision.event.to_state, ground.unit.id, *_above(ground))
    return {
        **tiers,
        "code": code,
        "subject": opening.subject.value,
        "level": opening.level.value,
        "procedure_id": ground.procedure.id,
        "adoption_id": ground.adoption.id if ground.adoption else None,
        "criteria_group": _group(ground),
        "criteria_year": ground.criteria_year,
        "state": decision.event.to_state,
        "version": 1,
        "round": 1,
        "event_count": 1,
        "holder_role": role,
        "holder_unit_id": holder,
        "due_on": NO_DEADLINE,
        "is_open": True,
        "opened_at": now,
        "changed_by": actor.person_id,
        "changed_at": now,
    }


def _above(ground: Ground) -> Sequence[int | None]:
    return ground.above_at(Tier.DISTRICT), ground.above_at(Tier.PROVINCE)


def _code(connection: Connection, ground: Ground) -> str:
    """The dossier's reference: unit code, year and the running number of the dossiers of all units with that code."""
    same_code = select(func.count()).select_from(D.join(U, U.c.id == D.c.unit_id)).where(U.c.code == ground.unit.code)
    count = connection.execute(same_code).scalar_one()
    return f"{ground.unit.code}-{ground.today.year}-{count + 1:02d}"
