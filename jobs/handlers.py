"""One handler for each effect; every handler can be run again without showing twice."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from obstore.exceptions import BaseError as ObjectStoreError
from sqlalchemy import Row

from casework import notices, papers, sealing
from casework.publication import KeyFault
from casework.storage import get, put
from casework.unit_of_work import reading, unit_of_work
from documents.context import from_json
from documents.copies import CopyPart
from documents.pdf import Rendered
from documents.press import PressFault, press
from jobs.tools import Tools
from workflow.names import Effect, Trouble


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

    Rendering takes its time, so it is done before the transaction begins. A paper that fails holds no other one up: it
    keeps the reason, and the effect is tried again.
    """
    with reading(tools.engine) as connection:
        waiting = papers.unrendered(connection, event_id)
    failures = [error for paper in waiting if (error := _render(paper, now, tools))]
    if failures:
        raise failures[0]


def _render(paper: Row[Any], now: datetime, tools: Tools) -> Exception | None:
    """Render one paper, or keep why not; its seal is printed, but is no part of what the event vouches for."""
    try:
        marks = _marks(paper, now, tools)
        facts = from_json(paper.context)
        rendered = _printed(paper.context, facts, marks, tools)
        sha256 = put(tools.storage, rendered.pdf)
        view = _printed(paper.context, facts, marks | {"draft": True}, tools) if _waits(facts) else None
        shown = put(tools.storage, view.pdf) if view else None
    except (PressFault, KeyFault, ObjectStoreError, OSError, ValueError) as error:
        trouble = _trouble(error)
        with unit_of_work(tools.engine) as connection:
            papers.record_trouble(connection, paper.id, trouble, now)
        return error
    with unit_of_work(tools.engine) as connection:
        papers.record_rendering(connection, paper.id, sha256, rendered.pages, now, shown)
    return None


def _printed(context: str, facts: Any, marks: Mapping[str, Any], tools: Tools) -> Rendered:
    """A paper as it is printed; a copy of what was signed digitally goes under the pages that it copies."""
    if not isinstance(facts, CopyPart) or not facts.copied.sha256:
        return press().print(context, **marks)
    from documents.joining import Painted, join  # what reads and writes files takes its time to load

    text = press().print(context, **marks, part="text").pdf
    marked = facts.practice or bool(marks.get("draft"))
    paint = press().print(context, **marks, part="marks").pdf if marked else None
    painted = Painted(text, paint, everywhere=marked and not facts.practice)
    return join(get(tools.storage, facts.copied.sha256), painted, facts.copied.pages)


def _waits(facts: Any) -> bool:
    """Whether a numbered paper is made to be signed, and looks as if it were: until then it is shown as a draft."""
    return bool(facts.number) and not facts.draft and not facts.practice and facts.medium == "electronic"


def _marks(paper: Row[Any], now: datetime, tools: Tools) -> dict[str, Any]:
    """What is printed on a paper beside its facts; sealed in a transaction of its own, so that it stays the same."""
    with unit_of_work(tools.engine) as connection:
        sealed = sealing.seal(connection, paper, tools.public_url, tools.keys_path, now)
    if sealed is None:
        return {"code": paper.code}
    return {"code": sealed.code, "verification_url": sealed.address, "seal": sealed.text}


def _trouble(error: Exception) -> Trouble:
    """Why a paper could not be rendered."""
    if isinstance(error, PressFault):
        return Trouble(error.cause)
    return Trouble.KEY if isinstance(error, KeyFault) else Trouble.STORAGE


HANDLERS: Mapping[Effect, Callable[[int, datetime, Tools], None]] = {
    Effect.NOTIFY_HOLDER: notify_holder,
    Effect.NOTIFY_COMMUNE: notify_commune,
    Effect.RENDER_PAPERS: render_papers,
}
