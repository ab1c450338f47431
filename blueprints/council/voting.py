"""A member's ballots: every dossier of the agenda on one page, changed as often as one likes until the session ends."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.council.base import MEMBERS, Room, act_or_say, back_to, open_room, pages
from casework import council
from casework.errors import NotFound


@pages.page("/sessions/<int:session_id>/ballots", access=MEMBERS)
def ballots_page(session_id: int) -> ResponseReturnValue:
    """Show the dossiers of the agenda with one's own ballots."""
    room = _votes(session_id)
    return _page(room, {item.dossier_id: item.mine or "" for item in room.file.items}, [])


@pages.page("/sessions/<int:session_id>/ballots", access=MEMBERS, methods=("POST",))
def ballots_act(session_id: int) -> ResponseReturnValue:
    """Cast the ballots that were filled in, all of them or none."""
    room = _votes(session_id)
    sent = {item.dossier_id: request.form.get(f"choice-{item.dossier_id}", "") for item in room.file.items}
    choices = {dossier_id: choice for dossier_id, choice in sent.items() if choice}
    reasons = act_or_say(lambda connection, *by: council.cast_ballots(connection, session_id, choices, *by))
    if reasons:
        return _page(room, sent, reasons), 422
    return back_to(
        room, ngettext("Đã nhận %(num)s phiếu của quý vị.", "Đã nhận %(num)s phiếu của quý vị.", len(choices))
    )


def _votes(session_id: int) -> Room:
    """The session before a member of the council; NotFound to others, and once it is over."""
    room = open_room(session_id)
    if room.seat is None or room.step == "closed":
        raise NotFound(f"session {session_id} to vote in")
    return room


def _page(room: Room, chosen: dict[int, str], reasons: list[str]) -> str:
    there = [item for item in room.file.items if item.is_there]
    return render_template(
        "council/ballots.html",
        room=room,
        items=[item for item in there if item.is_mine_to_vote_on],
        brought=[item for item in there if item.brought],
        chosen=chosen,
        choices=council.CHOICES,
        reasons=[(one, "") for one in reasons],
        title=_("Bỏ phiếu"),
    )
