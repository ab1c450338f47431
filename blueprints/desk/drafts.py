"""What is typed and not sent yet: kept while it is typed, put back into its form, let go when the form is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from flask import abort, current_app, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from blueprints import database, signed
from blueprints.access import SIGNED_IN
from blueprints.desk.base import open_board, pages
from blueprints.desk.tasks import TASKS
from blueprints.incoming import parts_of
from casework.drafting import drop_draft, keep_draft
from queries.days import VIETNAM
from queries.drafts import Typed, typed_before

FRESH = frozenset({"csrf_token", "request_key", "seen_version", "seen"})  # each page has its own
MOST_FIELDS, LONGEST_ADDRESS = 500, 200
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of the form on this page: its address, its person, the version shown, and what was typed before."""

    address: str
    person_id: int
    seen_version: int
    typed: Typed | None = None
    unsent: bool = False

    @property
    def saved_at(self) -> datetime | None:
        """When what was typed before was kept, in local time."""
        return self.typed.saved_at.astimezone(VIETNAM) if self.typed else None

    @property
    def fields(self) -> MultiDict[str, str] | None:
        """What was typed before, as a form takes it; None when nothing was."""
        if self.typed is None:
            return None
        return MultiDict([(name, text) for name, texts in self.typed.fields.items() for text in texts])

    @property
    def is_of_older_page(self) -> bool:
        """Whether the dossier has changed since this was typed."""
        return self.typed is not None and self.typed.seen_version != self.seen_version


def drafted(view: View) -> View:
    """Mark a form's POST: what is typed in it is kept until it is sent."""
    view.drafted = True  # type: ignore[attr-defined]  # read when something is to be kept for its address
    return view


def address_here() -> str:
    """The address of the form on this page."""
    return request.full_path.rstrip("?")[:LONGEST_ADDRESS]


def kept_here(seen_version: int = 0) -> Kept:
    """What is kept of the form on this page, with what was typed before."""
    person_id = signed.require_person().person_id
    typed = typed_before(database.reader(), person_id, address_here())
    return Kept(address_here(), person_id, seen_version, typed)


def keeping_here(seen_version: int = 0) -> Kept:
    """The same for a form that shows what was just sent, whatever was kept before."""
    return Kept(address_here(), signed.require_person().person_id, seen_version, unsent=True)


def let_go(connection: Connection) -> None:
    """Let go of what was kept of the form that is being sent, in the transaction of the act."""
    drop_draft(connection, signed.require_person().person_id, address_here())


@pages.page("/drafts", access=SIGNED_IN, methods=("POST",))
def keep_typed() -> ResponseReturnValue:
    """Keep what a form holds now, for a script; without fields, let go of it."""
    said = read_said()
    _require_form(said.address)
    person_id = signed.require_person().person_id
    with database.act() as connection:
        if said.fields is None:
            drop_draft(connection, person_id, said.address)
        else:
            keep_draft(connection, person_id, said.address, said.fields, said.seen_version, g.now)
    return {"at": g.local_now.strftime("%H:%M")}


@pages.page("/drafts/discard", access=SIGNED_IN, methods=("POST",))
def discard_typed() -> ResponseReturnValue:
    """Let go of what was typed in a form, and show the form as it stands without."""
    address = request.form.get("address", "")
    _require_form(address)
    with database.act() as connection:
        drop_draft(connection, signed.require_person().person_id, address)
    flash(_("Đã bỏ phần đang nhập dở."), "success")
    return redirect(address, 303)


class Said(NamedTuple):
    """What a script says of a form: its address, the version seen, and the texts by the names of fields."""

    address: str
    seen_version: int
    fields: dict[str, list[str]] | None


def read_said() -> Said:
    """What a script has sent; not found when it is not of this shape."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        abort(404)
    address, seen, fields = body.get("address"), body.get("seen"), body.get("fields")
    if not isinstance(address, str) or len(address) > LONGEST_ADDRESS or type(seen) is not int:
        abort(404)
    if not 0 <= seen < 2**31 or not (fields is None or _are_texts(fields)):
        abort(404)
    return Said(address, seen, fields and _worth_keeping(fields))


def _are_texts(fields: Any) -> bool:
    """Whether these are lists of texts by name, and not beyond reason."""
    if not isinstance(fields, dict) or not all(isinstance(texts, list) for texts in fields.values()):
        return False
    texts = [text for texts in fields.values() for text in texts]
    return len(texts) <= MOST_FIELDS and all(isinstance(text, str) for text in texts)


def _worth_keeping(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: texts for name, texts in fields.items() if name not in FRESH and not name.startswith("mine:")}


def _require_form(address: str) -> None:
    """Go on only for the address of a form within reach of which something may be kept."""
    parts = parts_of(address)
    if parts.netloc or not parts.path.startswith("/"):
        abort(404)
    adapter = current_app.create_url_adapter(request)
    if adapter is None or not adapter.test(parts.path, method="POST"):
        abort(404)
    endpoint, values = adapter.match(parts.path, method="POST")
    is_task = "task" not in values or values["task"] in TASKS
    if not is_task or not getattr(current_app.view_functions[endpoint], "drafted", False):
        abort(404)
    if "dossier_id" in values:
        open_board(values["dossier_id"])
