"""One dossier through its whole procedure as its actors: each step is tried too early, then mended, then taken."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import Connection, Engine, exists, select

from casework.door import Receipt
from casework.errors import Refused
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.people import Person, RoleGrant
from models.places import IN_FORCE, AdminUnit, Recognition
from practice.company import Company
from practice.scene import Scene, look
from practice.schedule import calendar_of, moment, shift
from practice.steps import act, action_of, actor_of, main_action, open_one, prepare
from queries.rulebook import procedure_for
from workflow.deadlines import Calendar
from workflow.names import Role, StateKind, Subject, Work
from workflow.procedure import Action, Procedure
from workflow.refusal import Refusal

D, U, G, P, R = (table_of(each) for each in (Dossier, AdminUnit, RoleGrant, Person, Recognition))
MORNING, AFTERNOON = time(8, 5), time(13, 35)
DAYS_OF_A_STEP = 2
DAYS_OF_POSTING = 12  # working days, so that 15 calendar days are over


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it was walked: when, who, what; the refusals met before and the work that mended them."""

    at: datetime
    actor: str
    action: Action
    refusals: tuple[Refusal, ...]
    mended: tuple[Work, ...]
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Road:
    """What a walk goes on: the database, the company of actors and the calendar that lays its days."""

    engine: Engine
    company: Company
    calendar: Calendar


def free_commune(connection: Connection, today: date) -> tuple[int, str]:
    """The first commune in force with an officer, no dossier under way and no title; LookupError when there is none."""
    is_open = exists().where(D.c.unit_id == U.c.id, D.c.is_open)
    titled = exists().where(R.c.unit_id == U.c.id, IN_FORCE)
    officer = exists().where(G.c.unit_id == U.c.id, G.c.role == Role.COMMUNE_OFFICER.value)
    in_force = (U.c.valid_from <= today) & (U.c.valid_to.is_(None) | (U.c.valid_to >= today))
    found = connection.execute(
        select(U.c.id, U.c.code).where(in_force, officer, ~is_open, ~titled).order_by(U.c.sort_key)
    ).first()
    if found is None:
        raise LookupError("no commune is free for another dossier")
    return found.id, found.code


def walk(road: Road, unit_id: int, unit_code: str, today: date, to: str = "") -> Iterator[Step]:
    """Walk a new dossier of a commune to a state, or to the end of the procedure; its last day comes before today."""
    day = shift(road.calendar, today, -_days_in_all(procedure_on(today), to))
    at = moment(day, MORNING, unit_code)
    with unit_of_work(road.engine) as connection:
        receipt = open_one(connection, road.company, unit_id, unit_code, at)
        scene = look(connection, road.company, receipt.dossier_id, at)
        opening = scene.file.procedure.actions["open"]
        yield Step(at, _name(connection, scene.holders(Role.COMMUNE_OFFICER)[0]), opening, (), (), receipt)
    while not _arrived(scene, to):
        day = shift(road.calendar, day, DAYS_OF_A_STEP)
        step = _take(road, scene.dossier_id, day)
        yield step
        day = step.at.date()
        with reading(road.engine) as connection:
            scene = look(connection, road.company, scene.dossier_id, step.at)


def main_road(procedure: Procedure) -> tuple[str, ...]:
    """The states from the opening to the end of a procedure when nothing goes wrong."""
    passed = [procedure.actions["open"].branches[0].to]
    while procedure.states[passed[-1]].kind is not StateKind.FINAL:
        passed.append(main_action(procedure, passed[-1]).branches[0].to)
    return tuple(passed)


def procedure_on(day: date) -> Procedure:
    """The procedure that a walk of this day follows; LookupError when none is in force."""
    procedure = procedure_for(Subject.COMMUNE, day)
    if procedure is None:
        raise LookupError(f"no procedure is in force on {day}")
    return procedure


def _days_in_all(procedure: Procedure, to: str) -> int:
    """How many working days the way to a state takes; a number is taken last, so it must be dated last."""
    road = main_road(procedure)
    passed = [procedure.states[name] for name in road[: road.index(to or road[-1])]]
    posted = sum(Work.KEEP_POSTING in state.work for state in passed)
    return len(passed) * DAYS_OF_A_STEP + posted * DAYS_OF_POSTING + 1


def _arrived(scene: Scene, to: str) -> bool:
    return scene.state.name == to or scene.state.kind is StateKind.FINAL


def _take(road: Road, dossier_id: int, day: date) -> Step:
    """Try the step unprepared; where it is refused, do the work, let the posting's time pass, and take it."""
    early = moment(day, MORNING, dossier_id)
    try:
        return _act(road, dossier_id, early, (), ())
    except Refused as refused:
        refusals = refused.refusals
    with unit_of_work(road.engine) as connection:
        works = prepare(look(connection, road.company, dossier_id, early))
    waited = DAYS_OF_POSTING if Work.KEEP_POSTING in works else 0
    return _act(road, dossier_id, moment(shift(road.calendar, day, waited), AFTERNOON, dossier_id), refusals, works)


def _act(road: Road, dossier_id: int, at: datetime, refusals: tuple[Refusal, ...], works: tuple[Work, ...]) -> Step:
    with unit_of_work(road.engine) as connection:
        scene = look(connection, road.company, dossier_id, at)
        action = action_of(scene)
        who = _name(connection, actor_of(scene, action))
        return Step(at, who, action, refusals, works, act(scene))


def _name(connection: Connection, person_id: int) -> str:
    name: str = connection.execute(select(P.c.name).where(P.c.id == person_id)).scalar_one()
    return name


def road_of(engine: Engine, company: Company) -> Road:
    """The road of a walk in this database."""
    with reading(engine) as connection:
        return Road(engine, company, calendar_of(connection))
