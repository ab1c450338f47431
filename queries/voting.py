"""Which session of the council counts for a dossier, and who votes there.

Of those present, nobody votes on a dossier who brought it before the council.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from models.base import table_of
from models.council import AgendaItem, Attendance, CouncilSession
from models.events import DossierEvent
from queries.fresh import is_fresh
from workflow.names import Tier
from workflow.policy import SUBMITTED_TO

BRINGING = tuple(event.value for event in SUBMITTED_TO[Tier.PROVINCE])

# Which tables belong to the statement around is said outright (`correlate_except`). Two levels down, SQLAlchemy would
# take the dossier's table for one more of its own, and whoever brought any dossier would be barred from all of them.


def last_session(dossier_id: ColumnElement[int]) -> Any:
    """The session that counts for a dossier: the one it waits for or sits in, else the one that ended last.

    A session that ended before the dossier was submitted last was about what it was then. Which one was called last
    says nothing: a dossier may be put on the agenda of one that was called long before.
    """
    item, session = table_of(AgendaItem).alias("on_agenda"), table_of(CouncilSession).alias("sat")
    fresh = or_(session.c.closed_at.is_(None), is_fresh(session.c.closed_at, dossier_id))
    ordered = (session.c.closed_at.is_not(None), session.c.closed_at.desc(), session.c.id.desc())
    sat = select(session.c.id).select_from(item.join(session, session.c.id == item.c.session_id))
    counting = sat.where(item.c.dossier_id == dossier_id, fresh).order_by(*ordered).limit(1)
    return counting.correlate_except(item, session).scalar_subquery()


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
