"""What counts of a dossier as it was submitted last: what an upper tier wrote down of it before does not."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent
from workflow.names import EventType

D = table_of(Dossier)
SUBMITTED = (EventType.SUBMITTED, EventType.RESUBMITTED, EventType.REVOCATION_SUBMITTED)


def is_fresh(
    at: ColumnElement[datetime], dossier_id: ColumnElement[int] = D.c.id, by: Iterable[EventType] = SUBMITTED
) -> ColumnElement[bool]:
    """What was written down before its dossier was submitted last does not count."""
    event = table_of(DossierEvent).alias("submitting")
    own = (event.c.dossier_id == dossier_id, event.c.type.in_(list(by)))
    since = select(func.max(event.c.at)).where(*own).correlate_except(event)
    return at >= func.coalesce(since.scalar_subquery(), at)
