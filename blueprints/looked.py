"""Who looked at what: noted beside the answer, never in the database, so that a look costs no commit."""

from collections.abc import Iterable
from uuid import uuid4

from flask import Flask, Response, current_app, g, request

from blueprints import signed
from casework.log import log
from casework.viewing import Look, note
from workflow.names import Seen

ANSWERED = frozenset({200, 206, 304})


def prepare(app: Flask) -> None:
    """Note what was looked at once it is known that it was answered."""
    app.after_request(_note)


def at(dossier_id: int, seen: Seen, item: str = "") -> None:
    """Say that this request looks at a dossier, or at a paper or file of it; of each dossier the last word counts."""
    if "looked" not in g:
        g.looked = {}
    g.looked[dossier_id] = (seen, item)


def at_each(dossiers: Iterable[int], seen: Seen, item: str) -> None:
    """Say that this request looks at a paper or file, which is a look at each dossier that it is about."""
    for dossier_id in dossiers:
        at(dossier_id, seen, item)


def away() -> None:
    """Say that this request shows nothing of the dossier that it opened."""
    g.pop("looked", None)


def _note(response: Response) -> Response:
    found = g.get("looked")
    if found and request.method == "GET" and response.status_code in ANSWERED:
        person_id, at = signed.require_person().person_id, g.now.isoformat()
        looks = (Look(uuid4().hex, person_id, one, seen.value, item, at) for one, (seen, item) in found.items())
        try:
            note(current_app.extensions["settings"].viewings_path, *looks)
        except OSError:  # a full disk keeps nobody from reading, but does not go unseen
            log.exception("a look could not be noted")
    return response
