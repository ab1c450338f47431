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
from models.places import IN_FORCE, AdminUnit, CriteriaAdoption, Recognition
from queries.days import NO_DEADLINE, day_of
from queries.facts import held_levels, title_at
from queries.people import read_actor
from queries.rulebook import criteria_sets, procedure_for, rules_of
from workflow.criteria import Rules
from workflow.decide import Decision, decide
from workflow.decide import Refused as NotAllowed
from workflow.facts import Actor, Facts, Unit
from workflow.names import EventType, Field, Level, Subject, Tier
from workflow.policy import may_see
from workflow.procedure import Procedure
from workflow.refusal import Refusal, refuse

D, U, A, E = table_of(Dossier), table_of(AdminUnit), table_of(CriteriaAdoption), table_of(DossierEvent)
R = table_of(Recognition)
ACTION, OF_REVOCATION = "open", "open_revocation"
COMMUNE_KIND = "xã"  # wards and townships are of the same tier, but are not recognised as New Rural


@dataclass(frozen=True, slots=True)
class Opening:
    """What is asked for: a unit, what is to be recognised and at which level, under a key of its own.

    With a title of the book it is not to be recognised but to be reviewed for a revocation, for the reason given.
    """

    unit_id: int
    subject: Subject
    level: Level
    request_key: str
    title_id: int | None = None
    reason: str = ""

    @property
    def action(self) -> str:
        """The action that begins the dossier."""
        return ACTION if self.title_id is None else OF_REVOCATION

    @property
    def inputs(self) -> dict[Field, object]:
        """What that action asks for."""
        return {} if self.title_id is None else {Field.REASON: self.reason}


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
    facts = _facts(connection, opening, ground)
    decision = decide(ground.procedure, facts, actor, opening.action, opening.inputs)
    if isinstance(decision, NotAllowed):
        raise Refused(decision.refusals)
    return _write(connection, opening, ground, decision, actor, now)


def open_revocation(
    connection: Connection, title_id: int, reason: str, request_key: str, person_id: int, now: datetime
) -> Receipt:
    """Open a review of a title that was given before there were dossiers here; it belongs to the new dossier then."""
    row = connection.execute(select(R).where(R.c.id == title_id)).first()
    if row is None or row.unit_id is None or not _seen_by(connection, row.unit_id, person_id, day_of(now)):
        raise NotFound(f"title {title_id}")
    subject, level = Subject(row.subject), Level(row.level)
    opening = Opening(row.unit_id, subject, level, request_key, title_id, reason)
    receipt = open_dossier(connection, opening, person_id, now)
    if receipt.repeated:
        return receipt
    mine = update(R).where(R.c.id == title_id, R.c.dossier_id.is_(None), IN_FORCE)
    if connection.execute(mine.values(dossier_id=receipt.dossier_id)).rowcount != 1:
        raise Refused((refuse("title_held.in_dossier"),))
    return receipt


def _seen_by(connection: Connection, unit_id: int, person_id: int, today: date) -> bool:
    """Whether a person sees the dossiers of a unit today; to everybody else its titles are not there to be reviewed."""
    row = connection.execute(select(U).where(U.c.id == unit_id)).one()
    unit = Unit(unit_id, row.full_name, row.tier, tuple(one.id for one in _above_of(connection, row)), row.valid_to)
    return may_see(read_actor(connection, person_id), unit, today)


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
    asked = (person_id, opening.action, opening.unit_id, opening.subject, opening.level, opening.reason)
    was = (earlier.person_id, earlier.action, earlier.of_unit, earlier.subject, earlier.level, earlier.reason)
    if was != asked:
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
    level = opening.level if opening.title_id is None else judged_at(opening.level)
    return Ground(procedure, unit, above, adoption_for(connection, opening.subject, level, today), today)


def judged_at(level: Level) -> Level:
    """The level by whose criteria a title is reviewed: its own, or the one that the set of its level names."""
    sets = criteria_sets()
    by = next(
        (one.revocation.judged_by for one in sets.values() if one.level == level and one.revocation.judged_by), ""
    )
    return Level(sets[by].level) if by else level


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
    held = select(R).where(R.c.unit_id == unit.id, IN_FORCE)
    titles = [
        [
            *(one.level, one.id == opening.title_id, one.id),
            *(one.decision, one.signed_on.isoformat(), one.year_recognised, one.authority),
        ]
        for one in connection.execute(held)
    ]
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
        held_levels=held_levels(ground.procedure, titles),
        title=title_at(opening.level, titles),
        other_open=connection.execute(other).scalar(),
        rules=rules or None,
    )


def _write(
    connection: Connection, opening: Opening, ground: Ground, decision: Decision, actor: Actor, now: datetime
) -> Receipt:
    dossier = _dossier(connection, opening, ground, decision, actor, now)
    event = _event(ground, decision, opening.request_key, actor, now)
    about = {} if opening.title_id is None else {"title": _named(connection, opening.title_id)}
    event["payload"] = canonical({name: dossier[name] for name in FIXED} | dict(decision.event.payload) | about)
    dossier_id = connection.execute(insert(D).values({**dossier, "head_hash": ""}).returning(D.c.id)).scalar_one()
    event["dossier_id"] = dossier_id
    event["hash"] = hash_of(event)
    event_id = record(connection, event)
    connection.execute(update(D).where(D.c.id == dossier_id).values(head_hash=event["hash"]))
    return Receipt(dossier_id, event_id, 1, decision.event.type, decision.event.to_state)


def _named(connection: Connection, title_id: int) -> list[object]:
    """The title that a dossier reviews, as its first event keeps it: decision, year and day of signing."""
    row = connection.execute(select(R).where(R.c.id == title_id)).one()
    return [row.decision, row.year_recognised, row.signed_on.isoformat()]


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
        "reason": str(decision.event.payload.get(Field.REASON, "")),
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
