"""What a person may see at all: one condition on dossiers, the same reach as the policy's `sees`."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, false, or_, select, true

from models.base import table_of
from models.dossiers import Dossier
from models.people import RoleGrant
from workflow.facts import Actor
from workflow.names import Reach
from workflow.policy import REACH_OF_ROLE

D, G = table_of(Dossier), table_of(RoleGrant)


def visible_to(actor: Actor, today: date, table: Table = D) -> ColumnElement[Any]:
    """The condition on dossiers that this person's offices reach today; nothing without an office."""
    current = [grant for grant in actor.grants if grant.holds_on(today)]
    reaches = {REACH_OF_ROLE[grant.role] for grant in current}
    if Reach.ALL in reaches:
        return true()
    if not current:
        return false()
    every = sorted({grant.unit_id for grant in current})
    below = sorted({grant.unit_id for grant in current if REACH_OF_ROLE[grant.role] is Reach.BELOW})
    ways = [table.c.unit_id.in_(every)]
    if below:
        ways += [table.c.district_id.in_(below), table.c.province_id.in_(below)]
    return or_(*ways)


def reached_by(person_id: ColumnElement[Any], today: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same condition inside a statement over many people: an office of this person reaches the dossier today."""
    roles = {reach: [role.value for role, its in REACH_OF_ROLE.items() if its is reach] for reach in Reach}
    office = G.alias("reaching")
    below = and_(office.c.role.in_(roles[Reach.BELOW]), office.c.unit_id.in_((D.c.district_id, D.c.province_id)))
    held = and_(office.c.valid_from <= today, or_(office.c.valid_to.is_(None), office.c.valid_to >= today))
    near = or_(office.c.unit_id == D.c.unit_id, below, office.c.role.in_(roles[Reach.ALL]))
    return select(office.c.id).where(office.c.person_id == person_id, held, near).correlate_except(office).exists()
