"""The chairman's decisions one after the other: what waits, each with its draft, decided, and on to the next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints import confirming, database, signed
from blueprints.desk.acting import (
    ActionForm,
    beginning_of,
    form_of,
    inputs_of,
    offer_of,
    order_of,
    put_beside,
    remember,
)
from blueprints.desk.base import Board, open_board, pages
from blueprints.desk.columns import groups_of as criteria_of
from blueprints.desk.last_look import look_at
from blueprints.desk.signing_together import groups_of
from blueprints.face import SIGNERS, lang
from casework.door import perform
from casework.drawing import sketch
from casework.errors import NotFound, Refused
from casework.notices import read_dossier
from documents.html import to_read
from queries.signing import ToDecide, corrections_waiting, waiting_for_decision
from queries.wording import action_label
from workflow.decide import Offering, offered
from workflow.procedure import Action


@dataclass(frozen=True, slots=True)
class Turn:
    """One dossier in its turn: which it is of how many, and those before and after it in the list."""

    one: ToDecide
    place: int
    total: int
    previous: str
    following: str


@pages.page("/signing", access=SIGNERS)
def signing_page() -> ResponseReturnValue:
    """Show what waits for a decision, each with the council's result, and which may be decided together."""
    waiting = _waiting()
    return render_template(
        "desk/signing.html",
        waiting=waiting,
        urls=[_url(one, len(waiting)) for one in waiting],
        groups=groups_of(waiting),
        corrections=corrections_waiting(database.reader(), signed.require_person().actor, g.today),
    )


@pages.page("/signing/<int:dossier_id>", access=SIGNERS)
def signing_one_page(dossier_id: int) -> ResponseReturnValue:
    """Show one dossier in its turn: the council's result, the draft decision, and the decision to be taken."""
    board = open_board(dossier_id)
    turn = _turn(dossier_id)
    forms = {action.name: form_of(board, action)(data=beginning_of(board, action)) for action in _actions(board)}
    return _page(board, turn, forms, confirming.fields())


@pages.page("/signing/<int:dossier_id>", access=SIGNERS, methods=("POST",))
def signing_one_act(dossier_id: int) -> ResponseReturnValue:
    """Take the decision and go on to the next dossier, or say what is wrong."""
    board, turn = open_board(dossier_id), _turn(dossier_id)
    taken = offer_of(board, request.form.get("action", "")).action
    forms = {one.name: form_of(board, one)(data=beginning_of(board, one)) for one in _actions(board)}
    form = forms[taken.name] = form_of(board, taken)(request.form)
    remember(board, form)
    is_whole, asked = form.validate(), confirming.settle(request.form)
    if asked or not is_whole:
        return _page(board, turn, forms, asked), 422
    try:
        with database.act() as connection:
            perform(connection, order_of(board, taken, form), board.person.person_id, g.now)
            read_dossier(connection, board.person.person_id, board.id, g.now)
    except Refused as error:
        reasons = [board.say(one) for one in error.refusals if not put_beside(board, form, one)]
        return _page(board, turn, forms, None, reasons), 422
    words = {"unit": board.file.row.unit_name, "action": action_label(taken, lang())}
    flash(_("%(unit)s: đã ghi nhận %(action)s.", **words), "success")
    return redirect(turn.following or url_for("desk.signing_page"), 303)


def _waiting() -> tuple[ToDecide, ...]:
    return waiting_for_decision(database.reader(), signed.require_person().actor, g.today)


def _turn(dossier_id: int) -> Turn:
    """Where a dossier stands among those that wait; NotFound when it does not wait."""
    waiting = _waiting()
    place = next((at for at, one in enumerate(waiting) if one.line.id == dossier_id), None)
    if place is None:
        raise NotFound(f"dossier {dossier_id} to decide")
    total = max(len(waiting), request.args.get("of", 0, type=int))
    before, after = waiting[place - 1] if place else None, waiting[place + 1] if place + 1 < len(waiting) else None
    done = total - len(waiting)
    return Turn(waiting[place], done + place + 1, total, _url(before, total), _url(after, total))


def _url(one: ToDecide | None, total: int) -> str:
    return url_for("desk.signing_one_page", dossier_id=one.line.id, of=total) if one else ""


def _actions(board: Board) -> list[Action]:
    """What can be decided now, the decision itself first."""
    offers = offered(board.file.procedure, board.file.facts, board.file.actor)
    ready = [one.action for one in offers if one.status is Offering.READY]
    return sorted(ready, key=lambda action: not action.takes_number)


def _draft(board: Board, forms: dict[str, ActionForm]) -> tuple[Markup | None, Sequence[Any]]:
    """The decision as it would read, without its number; or why it cannot be drawn up."""
    action = next((one for one in board.file.procedure.actions_from(board.state.name) if one.takes_number), None)
    if action is None:
        return None, ()
    form = forms.get(action.name)
    filled = form if form and not form.errors else form_of(board, action)(data=beginning_of(board, action))
    try:
        return to_read(sketch(database.reader(), board.file, action.name, inputs_of(action, filled))), ()
    except Refused as error:
        return None, [board.say(one) for one in error.refusals]


def _tell_apart(forms: dict[str, ActionForm]) -> None:
    """Give what two forms of the page ask for alike an id of its own in each but the first."""
    for name in list(forms)[1:]:
        for field in forms[name]:
            field.id = field.label.field_id = f"{name}-{field.name}"


def _page(
    board: Board,
    turn: Turn,
    forms: dict[str, ActionForm],
    asked: confirming.Asked | None,
    reasons: Sequence[tuple[str, str]] = (),
) -> str:
    draft, against = _draft(board, forms)
    _tell_apart(forms)
    labels = {name: action_label(board.file.procedure.actions[name], lang()) for name in forms}
    return render_template(
        "desk/signing_one.html",
        board=board,
        turn=turn,
        forms=forms,
        labels=labels,
        asked=asked,
        draft=draft,
        against=against,
        reasons=reasons,
        look=look_at(board),
        groups=criteria_of(board),
    )
