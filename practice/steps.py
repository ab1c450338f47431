"""One dossier one step onwards as its actors: what is missing is filled in, then the action is taken at the door."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from casework.door import Order, Receipt, perform
from casework.opening import Opening, open_dossier
from casework.together import JointOrder, perform_together
from models.base import table_of
from models.dossiers import Dossier
from practice.company import Company
from practice.material import material
from practice.scenario import STRAIGHT_ON, Turn
from practice.scene import Scene, look
from practice.works import PREPARE
from queries.wording import label
from workflow.facts import Past
from workflow.names import Field, Level, Part, Role, Subject, Work
from workflow.procedure import Action, Procedure

D = table_of(Dossier)
_VERSION = select(D.c.version).where(D.c.id == bindparam("dossier_id"))
DEFAULT_MISSING = (Part.PICTURES.value,)


def main_action(procedure: Procedure, state: str) -> Action:
    """The action that leads a dossier onwards: the first that the procedure lists for the state."""
    return procedure.actions_from(state)[0]


def action_of(scene: Scene) -> Action:
    """The action to be taken: that of the turn, or the one that leads onwards."""
    procedure = scene.file.procedure
    return procedure.actions[scene.turn.action] if scene.turn.action else main_action(procedure, scene.state.name)


def open_one(connection: Connection, company: Company, unit_id: int, unit_code: str, at: datetime) -> Receipt:
    """Open a dossier for the standard level as the commune's officer."""
    officer = company.holders(Role.COMMUNE_OFFICER, unit_id)[0]
    opening = Opening(unit_id, Subject.COMMUNE, Level.STANDARD, f"practice-open-{unit_code}-{at:%Y%m%d%H%M%S}")
    return open_dossier(connection, opening, officer, at)


def prepare(scene: Scene) -> tuple[Work, ...]:
    """Fill in what is missing in the present state, and say which kinds of work that was."""
    return tuple(work for work, roles in scene.state.work.items() if PREPARE[work](scene, roles[0]))


def act(scene: Scene, inputs: Mapping[Field, object] | None = None) -> Receipt:
    """Take the action as the person whose turn it is, with the form filled in, or with these inputs."""
    action = action_of(scene)
    version = scene.connection.execute(_VERSION, {"dossier_id": scene.dossier_id}).scalar_one()
    key = f"practice-{scene.file.row.code}-{scene.file.row.event_count + 1}"
    filled = inputs_of(scene, action) if inputs is None else inputs
    return perform(
        scene.connection, Order(scene.dossier_id, action.name, version, key, filled), actor_of(scene, action), scene.at
    )


def act_together(scenes: Sequence[Scene]) -> tuple[Receipt, ...]:
    """Take the action of several dossiers as one decision."""
    first = scenes[0]
    action, row = action_of(first), first.file.row
    seen = {scene.dossier_id: int(scene.file.row.version) for scene in scenes}
    key = f"practice-{row.code}-{row.event_count + 1}"
    order = JointOrder(action.name, seen, key, inputs_of(first, action))
    return perform_together(first.connection, order, actor_of(first, action), first.at)


def advance(
    connection: Connection,
    company: Company,
    dossier_id: int,
    at: datetime,
    *,
    prepared_at: datetime | None = None,
    turn: Turn = STRAIGHT_ON,
    weak: tuple[str, ...] = (),
) -> Receipt:
    """Take a dossier one step onwards: fill in what is missing, then act; time is the caller's to move."""
    scene = replace(look(connection, company, dossier_id, prepared_at or at), turn=turn, weak=weak)
    prepare(scene)
    return act(replace(scene, at=at))


def actor_of(scene: Scene, action: Action) -> int:
    """Who takes an action: somebody in its office who did not take a step that excludes it."""
    barred = {past.person_id for past in scene.file.facts.history if _bars(action, past)}
    holders = [person for person in scene.holders(action.by[0]) if person not in barred]
    return holders[-1 if scene.draw("deputy").random() < 0.3 else 0]


def _bars(action: Action, past: Past) -> bool:
    return past.type in action.not_same_person_as


def inputs_of(scene: Scene, action: Action) -> dict[Field, object]:
    """What the action's form asks for, filled in."""
    return {name: FILLED[name](scene, action) for name in action.asks}


def _reason(scene: Scene, action: Action) -> str:
    named = ", ".join(_named(item) for item in scene.turn.missing or DEFAULT_MISSING)
    return str(material("texts")["reasons"][action.name]).format(items=named)


def _named(item: str) -> str:
    return f"{label('parts', item, 'vi')} ({item})" if item in set(Part) else f"chỉ tiêu {item}"


def _year(scene: Scene) -> int:
    """The year that is recognised: the one before, for a decision signed in the first half of a year."""
    before = scene.today.year - (scene.today.month <= 6)
    return max(before, scene.file.procedure.in_force_from.year)


def _today(scene: Scene, _action: Action) -> date:
    return scene.today


FILLED: Mapping[Field, Callable[[Scene, Action], object]] = {
    Field.REASON: _reason,
    Field.MISSING: lambda scene, _: scene.turn.missing or DEFAULT_MISSING,
    Field.CHANGES: lambda scene, _: scene.missing,
    Field.YEAR_RECOGNISED: lambda scene, _: _year(scene),
    Field.SIGNED_ON: _today,
    Field.ANNOUNCED_ON: _today,
    Field.ANNOUNCED_AT: lambda scene, _: material("texts")["announced_at"].format(unit=scene.file.row.unit_name),
}
