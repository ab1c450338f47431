"""One handler for each effect; every handler can be run again without showing twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from obstore.store import ObjectStore
from sqlalchemy import Connection, Engine, Row, select

from casework import papers
from casework.storage import put
from casework.unit_of_work import reading, unit_of_work
from casework.upsert import insert_once
from documents.context import from_json
from documents.pdf import render
from models.base import table_of
from models.dossiers import Dossier
from models.events import DossierEvent, Notice
from queries.rulebook import procedures
from workflow.names import Effect, Role

D, E, N = table_of(Dossier), table_of(DossierEvent), table_of(Notice)
COMMUNE_OFFICES = (Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIRMAN)


@dataclass(frozen=True, slots=True)
class Tools:
    """What a handler may use: the database and the file storage."""

    engine: Engine
    storage: ObjectStore


def _event(connection: Connection, event_id: int) -> Row[Any]:
    joined = select(E, D.c.unit_id.label("commune_id"), D.c.district_id, D.c.province_id).join(
        D, D.c.id == E.c.dossier_id
    )
    return connection.execute(joined.where(E.c.id == event_id)).one()


def notify_holder(event_id: int, now: datetime, tools: Tools) -> None:
    """Tell the office that now holds the dossier."""
    with unit_of_work(tools.engine) as connection:
        event = _event(connection, event_id)
        role = procedures()[event.procedure_id].states[event.to_state].holder
        if role is not None:
            units = {"commune": event.commune_id, "district": event.district_id, "province": event.province_id}
            _notify(connection, event_id, units[role.tier], role, now)


def notify_commune(event_id: int, now: datetime, tools: Tools) -> None:
    """Tell the commune's officer and chairman."""
    with unit_of_work(tools.engine) as connection:
        event = _event(connection, event_id)
        for role in COMMUNE_OFFICES:
            _notify(connection, event_id, event.commune_id, role, now)


def _notify(connection: Connection, event_id: int, unit_id: int, role: Role, now: datetime) -> None:
    insert_once(connection, N, {"event_id": event_id, "unit_id": unit_id, "role": role.value, "at": now})


def render_papers(event_id: int, now: datetime, tools: Tools) -> None:
    """Render an act's papers from their frozen contexts and keep each with its hash; what is there already stays.

    Rendering takes its time, so it is done before the transaction begins. A paper that fails holds no other one up.
    """
    with reading(tools.engine) as connection:
        waiting = papers.unrendered(connection, event_id)
    failures = []
    for paper in waiting:
        try:
            _render(paper.id, paper.context, now, tools)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next paper is rendered; it is raised at the end
            failures.append(error)
    if failures:
        raise failures[0]


def _render(paper_id: int, context: str, now: datetime, tools: Tools) -> None:
    rendered = render(from_json(context))
    sha256 = put(tools.storage, rendered.pdf)
    with unit_of_work(tools.engine) as connection:
        papers.record_rendering(connection, paper_id, sha256, rendered.pages, now)


HANDLERS: Mapping[Effect, Callable[[int, datetime, Tools], None]] = {
    Effect.NOTIFY_HOLDER: notify_holder,
    Effect.NOTIFY_COMMUNE: notify_commune,
    Effect.RENDER_PAPERS: render_papers,
}
