"""A member's ballots: every dossier of the agenda on one page, changed as often as one likes until the session ends."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import Form

from blueprints.council.base import MEMBERS, MovedOn, Room, act_or_say, back_to, open_room, pages
from blueprints.face import lang, word
from blueprints.forms import one_of, sent
from casework import council
from casework.errors import NotFound
from documents.wording import inside
from queries.council import Item
from queries.wording import sentence
from workflow.refusal import refuse


class BallotForm(Form):
    """One's ballots, each of which may wait; but one is given."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for a ballot beside the first dossier when there is none at all."""
        valid = super().validate(extra_validators)
        first = next(iter(self), None)
        if first is None or any(field.data for field in self):
            return valid
        first.errors = [sentence(refuse("council.choice"), lang())]
        return False


@pages.page("/sessions/<int:session_id>/ballots", access=MEMBERS)
def ballots_page(session_id: int) -> ResponseReturnValue:
    """Show the dossiers of the agenda with one's own ballots."""
    room = _votes(session_id)
    return _page(room, _form(room), [])


@pages.page("/sessions/<int:session_id>/ballots", access=MEMBERS, methods=("POST",))
def ballots_act(session_id: int) -> ResponseReturnValue:
    """Cast the ballots that were filled in, all of them or none; none in place of one that was cast elsewhere since."""
    room = _votes(session_id)
    form = _form(room)
    choices = {item.dossier_id: choice for item in _asked(room) if (choice := form[_name(item)].data)}
    if not form.validate():
        return _page(room, form, []), 422
    if unseen := [item for item in _asked(room) if _is_unseen(item, choices)]:
        _show_what_stands(unseen, form)
        return _page(room, form, []), 409
    reasons = act_or_say(lambda connection, *by: council.cast_ballots(connection, session_id, choices, *by))
    if reasons:
        return _page(room, form, reasons), 422
    return back_to(
        room, ngettext("Đã nhận %(num)s phiếu của quý vị.", "Đã nhận %(num)s phiếu của quý vị.", len(choices))
    )


def _votes(session_id: int) -> Room:
    """The session before a member of the council until it is over; NotFound to others."""
    room = open_room(session_id)
    if room.seat is None:
        raise NotFound(f"session {session_id} to vote in")
    if room.step == "closed":
        raise MovedOn(room)
    return room


def _asked(room: Room) -> Sequence[Item]:
    return [item for item in room.file.items if item.is_mine_to_vote_on]


def _name(item: Item) -> str:
    return f"choice-{item.dossier_id}"


def _stood(item: Item) -> str:
    """The ballot that stood on the page as it was sent."""
    return request.form.get(f"stood-{item.dossier_id}", item.mine or "")


def _is_unseen(item: Item, choices: dict[int, str]) -> bool:
    """Whether a ballot would take the place of one that was cast after the page was opened, in another window."""
    return choices.get(item.dossier_id, item.mine) != item.mine and _stood(item) != (item.mine or "")


def _show_what_stands(unseen: list[Item], form: Form) -> None:
    """Put what stands in place of what was not touched, and say so beside it."""
    for item in unseen:
        field = form[_name(item)]
        field.errors = [_("Phiếu này đã được sửa ở một cửa sổ khác. Hãy xem lại rồi gửi.")]
        if field.data == _stood(item):
            field.data = item.mine


def _form(room: Room) -> BallotForm:
    choices = {choice: word("choices", choice) for choice in council.CHOICES}
    fields = {
        _name(item): one_of(_("Ý kiến của tôi về %(unit)s", unit=inside(item.unit_name)), choices, optional=True)
        for item in _asked(room)
    }
    made: BallotForm = type("Ballots", (BallotForm,), fields)(
        sent(), data={_name(item): item.mine for item in _asked(room)}
    )
    return made


def _page(room: Room, form: BallotForm, reasons: list[str]) -> str:
    return render_template(
        "council/ballots.html",
        room=room,
        items=[(item, form[_name(item)]) for item in _asked(room)],
        brought=[item for item in room.file.items if item.is_there and item.brought],
        form=form,
        reasons=[(one, "") for one in reasons],
        title=_("Bỏ phiếu"),
    )
