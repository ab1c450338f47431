"""One handler for each effect; every handler can be run again without showing twice."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select, update

from casework import notices
from casework.storage import put
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.pdf import render
from jobs.tools import Tools
from models.base import table_of
from models.documents import IssuedDocument
from workflow.names import Effect

DOCUMENT = table_of(IssuedDocument)


def notify_holder(event_id: int, now: datetime, tools: Tools) -> None:
    """Tell the people of the office that now holds the dossier."""
    with unit_of_work(tools.engine) as connection:
        notices.tell(connection, event_id, now, commune=False)


def notify_commune(event_id: int, now: datetime, tools: Tools) -> None:
    """Tell the commune's officer and chairman, and the people of the office that now holds the dossier."""
    with unit_of_work(tools.engine) as connection:
        notices.tell(connection, event_id, now, commune=True)


def render_decision(event_id: int, now: datetime, tools: Tools) -> None:
    """Render the decision from its frozen context and keep it with its hash; a paper that is there already stays.

    Rendering takes its time, so it is done before the transaction begins.
    """
    with reading(tools.engine) as connection:
        document = connection.execute(select(DOCUMENT).where(DOCUMENT.c.event_id == event_id)).one()
    if document.sha256 is not None:
        return
    rendered = render(from_json(document.context))
    sha256 = put(tools.storage, rendered.pdf)
    unrendered = (DOCUMENT.c.id == document.id) & DOCUMENT.c.sha256.is_(None)
    with unit_of_work(tools.engine) as connection:
        connection.execute(update(DOCUMENT).where(unrendered).values(sha256=sha256, rendered_at=now))


HANDLERS: Mapping[Effect, Callable[[int, datetime, Tools], None]] = {
    Effect.NOTIFY_HOLDER: notify_holder,
    Effect.NOTIFY_COMMUNE: notify_commune,
    Effect.RENDER_DECISION: render_decision,
}
