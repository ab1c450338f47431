"""Titles that were given before there were dossiers here, and that somebody may open a review of."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, false, or_, select

from models.base import table_of
from models.places import IN_FORCE, AdminUnit, Recognition
from queries.rulebook import procedure_for
from workflow.facts import Actor
from workflow.names import Level, Role, Subject, Tier

R, U = table_of(Recognition), table_of(AdminUnit)
REVIEWERS = frozenset({Role.DEPARTMENT_OFFICER, Role.DISTRICT_REVIEWER, Role.COMMUNE_OFFICER})
"""The offices that open a review in one procedure or the other."""
OPENING = "open_revocation"


class Reviewable(NamedTuple):
    """A title that holds, without a dossier: the unit as it is named now and then, and the decision."""

    id: int
    unit_name: str
    unit_now: str
    place_then: str
    level: Level
    year: int
    decision: str
    signed_on: date


def reviewers_on(today: date) -> frozenset[Role]:
    """The offices that open a review by the procedure in force on a day."""
    procedure = procedure_for(Subject.COMMUNE, today)
    action = procedure.actions.get(OPENING) if procedure else None
    return frozenset(action.by) if action else frozenset()


def reviewable(
    connection: Connection, actor: Actor, today: date, title_id: int | None = None
) -> tuple[Reviewable, ...]:
    """The titles without a dossier that hold today within reach of a person's offices, by the names of their units."""
    columns = (R.c.id, R.c.unit_name, U.c.full_name, R.c.place_then, R.c.level, R.c.year_recognised, R.c.decision)
    statement = (
        select(*columns, R.c.signed_on)
        .join(U, U.c.id == R.c.unit_id)
        .where(IN_FORCE, R.c.dossier_id.is_(None), _within(actor, today))
        .where(U.c.valid_from <= today, or_(U.c.valid_to.is_(None), U.c.valid_to >= today))
        .order_by(R.c.sort_key, R.c.id)
    )
    if title_id is not None:
        statement = statement.where(R.c.id == title_id)
    return tuple(Reviewable(*row[:4], Level(row.level), *row[5:]) for row in connection.execute(statement))


def _within(actor: Actor, today: date) -> Any:
    """The condition that a unit is the office's own or lies below it."""
    held = [one for one in actor.grants if one.role in reviewers_on(today) and one.holds_on(today)]
    if not held:
        return false()
    own = [one.unit_id for one in held]
    above = [one.unit_id for one in held if one.role.tier is not Tier.COMMUNE]
    middle = select(U.c.id).where(U.c.parent_id.in_(above))
    return or_(U.c.id.in_(own), U.c.parent_id.in_(above), U.c.parent_id.in_(middle))
