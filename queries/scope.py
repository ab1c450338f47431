"""What a person may see at all: one condition on dossiers, the same reach as the policy's `sees`."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, false, or_, true

from models.base import table_of
from models.dossiers import Dossier
from workflow.facts import Actor
from workflow.names import Reach
from workflow.policy import REACH_OF_ROLE

D = table_of(Dossier)


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
