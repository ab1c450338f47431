"""After a session: the council's conclusion on each dossier, one act through the door each, with what came of it."""

from typing import NamedTuple

from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints import database
from blueprints.council.base import SECRETARY, Room, back_to, pages, secretarys_room
from blueprints.council.sessions import show_session
from blueprints.face import lang, word
from casework.door import Order, perform
from casework.errors import CaseworkError, NotFound, Refused
from queries.council import AGREED, Item
from queries.rulebook import procedures
from queries.wording import sentence


class Outcome(NamedTuple):
    """What came of recording one conclusion: whether it stands, and the words of it."""

    done: bool
    words: tuple[str, ...]


@pages.page("/sessions/<int:session_id>/conclusions", access=SECRETARY, methods=("POST",))
def conclude_act(session_id: int) -> ResponseReturnValue:
    """Record the conclusions on the chosen dossiers, each by itself: what cannot be recorded keeps back no other."""
    room = secretarys_room(session_id)
    if room.step != "closed":
        raise NotFound(f"session {session_id} to conclude")
    items = {f"{item.dossier_id}:{item.version}": item for item in room.to_conclude}
    chosen = [items[one] for one in request.form.getlist("dossier") if one in items]
    done = {item.dossier_id: _conclude(room, item) for item in chosen}
    if all(outcome.done for outcome in done.values()) and done:
        words = ngettext("Đã ghi nhận %(num)s kết luận.", "Đã ghi nhận %(num)s kết luận.", len(done))
        return back_to(room, words)
    if not request.form.getlist("dossier"):
        done = {0: Outcome(False, (_("Hãy chọn ít nhất một hồ sơ."),))}
    if not done:
        said = _("Kết luận đã được ghi nhận, hoặc hồ sơ vừa thay đổi. Hãy xem lại chương trình họp dưới đây.")
        return show_session(room, said=said), 409
    return show_session(secretarys_room(session_id), done), 422


def _conclude(room: Room, item: Item) -> Outcome:
    """One conclusion in its own transaction; its key is that of session and dossier, so that none is recorded twice."""
    order = Order(item.dossier_id, _action(item), item.version, f"council-{room.file.id}-{item.dossier_id}")
    try:
        with database.act() as connection:
            receipt = perform(connection, order, room.person.person_id, g.now)
    except Refused as error:
        procedure = procedures()[item.procedure_id]
        return Outcome(False, tuple(sentence(one, lang(), procedure) for one in error.refusals))
    except CaseworkError:
        return Outcome(False, (_("Hồ sơ vừa thay đổi. Hãy xem lại rồi ghi nhận lần nữa."),))
    return Outcome(True, (word("events", receipt.type.value),))


def _action(item: Item) -> str:
    """The action by which the council's conclusion is recorded in the dossier's procedure."""
    procedure = procedures()[item.procedure_id]
    found = (
        action.name
        for action in procedure.actions_from(item.state)
        if any(branch.records in AGREED for branch in action.branches)
    )
    return next(found)
