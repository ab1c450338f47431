"""Who votes when the council sits on a dossier: of those present, nobody who brought it before the council."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.base import table_of
from models.council import Attendance
from models.events import DossierEvent
from workflow.names import Tier
from workflow.policy import SUBMITTED_TO

BRINGING = tuple(event.value for event in SUBMITTED_TO[Tier.PROVINCE])

# Which tables belong to the statement around is said outright (`correlate_except`). Two levels down, SQLAlchemy would
# take the dossier's table for one more of its own, and whoever brought any dossier would be barred from all of them.


def brought_by(person_id: ColumnElement[int], dossier_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a person brought a dossier before the council, and so does not vote on it."""
    event = table_of(DossierEvent).alias("brought")
    own = (event.c.dossier_id == dossier_id, event.c.person_id == person_id, event.c.type.in_(BRINGING))
    return select(event.c.id).where(*own).correlate_except(event).exists()


def voters(session_id: ColumnElement[int], dossier_id: ColumnElement[int]) -> Any:
    """How many of those present at a session vote on a dossier."""
    here = table_of(Attendance).alias("here")
    mine = (here.c.session_id == session_id, ~brought_by(here.c.person_id, dossier_id))
    return select(func.count()).select_from(here).where(*mine).correlate_except(here).scalar_subquery()
