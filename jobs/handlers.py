"""One handler for each effect; every handler can be run again without showing twice."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from casework import notices, papers
from casework.storage import put
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.pdf import render
from jobs.tools import Tools
from workflow.names import Effect


def notify_holder(event_id: int, now: datetime, tools: Tools) -> None:
    """Tell the people of the office that now holds the dossier."""
    with unit_of_work(tools.engine) as connection:
        notices.tell(connection, event_id, now, commune=False)


def notify_commune(event_id: int, now: datetime, tools: Tools) -> None:
    """Tell the commune's officer and chairman, and the people of the office that now holds the dossier."""
    with unit_of_work(tools.engine) as connection:
        notices.tell(connection, event_id, now, commune=True)


def render_papers(event_id: int, now: datetime, tools: Tools) -> None:
    """Render an act's papers from their frozen contexts and keep each with its hash; what is there already stays.

    Rendering takes its time, so it is done before the transaction begins. A paper that fails holds no other one up.
    """
    with reading(tools.engine) as connection:
        waiting = papers.unrendered(connection, event_id)
    failures = []
    for paper in waiting:
        try:
            _render(paper, now, tools)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next paper is rendered; it is raised at the end
            failures.append(error)
    if failures:
        raise failures[0]


def _render(paper: Row[Any], now: datetime, tools: Tools) -> None:
    """Render one paper; its look-up code is printed, but is no part of what the act's event vouches for."""
    context = from_json(paper.context)
    rendered = render(replace(context, code=paper.code) if paper.code else context)
    sha256 = put(tools.storage, rendered.pdf)
    with unit_of_work(tools.engine) as connection:
        papers.record_rendering(connection, paper.id, sha256, rendered.pages, now)


HANDLERS: Mapping[Effect, Callable[[int, datetime, Tools], None]] = {
    Effect.NOTIFY_HOLDER: notify_holder,
    Effect.NOTIFY_COMMUNE: notify_commune,
    Effect.RENDER_PAPERS: render_papers,
}
