"""Taking an action: its form with what it asks for, and the order through the door."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Form, HiddenField, StringField, TextAreaField
from wtforms.fields import Field as FormField

from blueprints import database
from blueprints.access import SIGNED_IN
from blueprints.desk import correcting
from blueprints.desk.announcing import known_of
from blueprints.desk.base import Board, key_of, open_board, pages
from blueprints.desk.changed import Changed, changed, is_taking, still_mine, taken_over
from blueprints.desk.columns import groups_of
from blueprints.desk.drafts import Kept, drafted, keeping_here, kept_here, let_go
from blueprints.desk.grounds import grounds_before
from blueprints.desk.last_look import look_at
from blueprints.desk.returning import (
    is_previewing,
    is_return,
    laid_out,
    lines_of,
    note_fields,
    notes_of,
    notice_of,
    suggested,
)
from blueprints.face import in_language, lang, word
from blueprints.forms import LONGEST_TEXT, OPTIONAL, DayField, YearField, at_most, counted, dated, some_of, typed
from blueprints.incoming import whole_or_zero
from casework.door import Order, perform
from casework.errors import CaseworkError, KeyReused, NotFound, Refused, Stale
from casework.issuing import provincial_symbol
from casework.notices import read_dossier
from queries.numbers import numbered_by_hand
from queries.wording import action_label
from workflow.decide import Offer, Offering, offered
from workflow.guards import COMMUNE_PARTS
from workflow.names import Field
from workflow.policy import SUBMISSIONS
from workflow.procedure import Action

FIELD_OF_GUARD = {
    "nothing_new_asked": Field.MISSING,
    "changes_listed": Field.CHANGES,
    "year_in_period": Field.YEAR_RECOGNISED,
    "signed_after_council": Field.SIGNED_ON,
    "announced_after_decision": Field.ANNOUNCED_ON,
    "signed_after_recognition": Field.SIGNED_ON,
    "number": Field.SIGNED_ON,
    "correction": Field.CORRECTIONS,
}
NUMBER = "number"
OF_THE_NUMBER = frozenset({"number.type_it", "number.automatic", "number.taken", "number.not_plausible"})


class ActionForm(Form):
    """What every action carries: the version of the dossier that was seen, and the order's own key."""

    seen_version = HiddenField()
    request_key = HiddenField()


@pages.page("/dossiers/<int:dossier_id>/actions/<kebab:action>", access=SIGNED_IN)
def action_page(dossier_id: int, action: str) -> ResponseReturnValue:
    """Show the form of an action that can be taken now, or why it cannot be; elsewhere where it is of several units."""
    board = open_board(dossier_id)
    if whole := correcting.whole_of(board, (offer := offer_of(board, action)).action):
        return redirect(whole, 303)
    kept = kept_here(board.file.row.version)
    form = None
    if not offer.refusals:
        begun = kept.fields.getlist(Field.MISSING) if kept.fields else ()
        form = form_of(board, offer.action, begun)(kept.fields, data=beginning_of(board, offer.action))
    return _page(board, offer.action, form, kept, [board.say(one) for one in offer.refusals])


@pages.page("/dossiers/<int:dossier_id>/actions/<kebab:action>", access=SIGNED_IN, methods=("POST",))
@drafted
def action_act(dossier_id: int, action: str) -> ResponseReturnValue:
    """Take the action, or show the form again with what is wrong and all that was typed."""
    board = open_board(dossier_id)
    taken = board.file.procedure.actions.get(action)
    if taken is None:
        raise NotFound(action)
    kept = keeping_here(board.file.row.version)
    if is_taking():
        form = form_of(board, taken, request.form.getlist(Field.MISSING))(taken_over())
        return _page(board, taken, form, kept, differs=still_mine(form))
    form = form_of(board, taken, request.form.getlist(Field.MISSING))(request.form)
    remember(board, form)
    if not form.validate():
        return _page(board, taken, form, kept), 422
    try:
        return _carry_out(board, taken, form, kept)
    except Stale as stale:
        return _grown_old(stale, open_board(dossier_id), action, form, stale.by, stale.at)
    except KeyReused as reused:
        return _grown_old(reused, open_board(dossier_id), action, form)
    except Refused as error:
        open_reasons = [board.say(one) for one in error.refusals if not put_beside(board, form, one)]
        return _page(board, taken, form, kept, open_reasons), 422


def _carry_out(board: Board, action: Action, form: ActionForm, kept: Kept) -> ResponseReturnValue:
    """Take the action and go back to the dossier; of a return that is only looked at, show the notice."""
    if is_previewing() and is_return(action):
        notice = notice_of(board, action, inputs_of(action, form), notes_of(form))
        return _page(board, action, form, kept, notice=notice)
    with database.act() as connection:
        perform(connection, order_of(board, action, form), board.person.person_id, g.now)
        read_dossier(connection, board.person.person_id, board.id, g.now)
        let_go(connection)
    flash(_("Đã ghi nhận: %(action)s.", action=action_label(action, lang())), "success")
    return redirect(board.url, 303)


def _grown_old(
    error: CaseworkError, board: Board, action: str, typed: ActionForm, by: str = "", at: datetime | None = None
) -> ResponseReturnValue:
    """The form as it would be opened now, with what was typed beside it; a page that says so when there is none now."""
    offers = [
        one for one in offered(board.file.procedure, board.file.facts, board.file.actor) if one.action.name == action
    ]
    if not offers or offers[0].status is not Offering.READY:
        raise error
    kind = form_of(board, offers[0].action, request.form.getlist(Field.MISSING))
    fresh = kind(data=beginning_of(board, offers[0].action))
    kept = replace(keeping_here(board.file.row.version), unsent=False)
    return _page(board, offers[0].action, fresh, kept, differs=changed(by, at, fresh, typed)), 409


def offer_of(board: Board, name: str) -> Offer:
    """The offer of an action in the present state; NotFound when it is not here or not this person's."""
    for offer in offered(board.file.procedure, board.file.facts, board.file.actor):
        if offer.action.name == name and offer.status is not Offering.ABSENT:
            return offer
    raise NotFound(name)


def form_of(board: Board, action: Action, chosen: Iterable[str] = ()) -> type[ActionForm]:
    """The form class of an action, with a field for each thing that it asks; in a return, one for each line too."""
    fields = {name.value: _field(board, name) for name in action.asks if name is not Field.CORRECTIONS}
    if Field.CORRECTIONS in action.asks:
        fields |= correcting.line_fields()
    if is_return(action):
        fields |= note_fields(_choices(board), lines_of(board, chosen))
    if action.takes_number and _by_hand(board, action):
        fields[NUMBER] = YearField(_l("Số văn bản trong sổ giấy"), [OPTIONAL])
    return type("AskedForm", (ActionForm,), fields)


def _by_hand(board: Board, action: Action) -> bool:
    """Whether the clerk gives these numbers by hand, this year or, for a paper signed late, the year before."""
    symbol = provincial_symbol(action.documents[0])
    return numbered_by_hand(database.reader(), board.file.row.province_id, symbol, g.today.year - 1)


def _field(board: Board, name: Field) -> FormField:
    words = word("fields", name.value)
    made: dict[Field, Any] = {
        Field.REASON: lambda: TextAreaField(words, [typed(_l("Hãy ghi lý do.")), at_most(LONGEST_TEXT)]),
        Field.MISSING: lambda: some_of(words, _choices(board)),
        Field.CHANGES: lambda: some_of(words, _choices(board)),
        Field.YEAR_RECOGNISED: lambda: YearField(words, [counted(_l("Hãy nhập năm, ví dụ 2024."))]),
        Field.SIGNED_ON: lambda: DayField(words, [dated()]),
        Field.ANNOUNCED_ON: lambda: DayField(words, [dated()]),
        Field.ANNOUNCED_AT: lambda: StringField(words, [typed(), at_most(200)]),
        Field.PAPER: lambda: correcting.paper_field(board, words),
    }
    field: FormField = made[name]()
    return field


def _choices(board: Board) -> dict[str, str]:
    """What can be missing or changed: each part that the commune makes, and each indicator."""
    parts = {part.value: f"{word('parts', part.value)} ({part.value})" for part in COMMUNE_PARTS}
    rules = board.file.facts.rules
    found = [rule.indicator for rule in rules.by_code.values()] if rules else []
    return parts | {one.code: f"{one.code} {in_language(one.name_vi, one.name_en)}" for one in found}


def beginning_of(board: Board, action: Action) -> dict[str, Any]:
    """What the form begins with: a fresh key, the version seen, today, and what is known to be missing."""
    facts = board.file.facts
    asked = sorted(facts.returns[-1].missing) if facts.returns else []
    proposed = _reason_proposed(board) if action.takes_number and Field.REASON in action.asks else ""
    return {
        "seen_version": board.file.row.version,
        "request_key": uuid4().hex,
        Field.REASON: proposed,
        Field.CHANGES: asked,
        Field.YEAR_RECOGNISED: year_proposed(board),
        Field.SIGNED_ON: g.today,
        Field.ANNOUNCED_ON: g.today,
        Field.PAPER: correcting.wished_paper(),
        **(suggested(board) if is_return(action) else {}),
    }


def year_proposed(board: Board) -> int:
    """The year recognised: as decided, or else the year for which the dossier was assessed, whenever it is signed."""
    row, held = board.file.row, board.file.facts.title
    return int(row.year_recognised or (held.year if held and board.from_book else row.criteria_year))


def _reason_proposed(board: Board) -> str:
    """The reason for which a decision was proposed, which its signer may take over or change."""
    return board.details.steps[-1].reason


def order_of(board: Board, action: Action, form: ActionForm) -> Order:
    """The order that a filled form stands for."""
    version = whole_or_zero(str(form.seen_version.data or ""))
    notes = notes_of(form) if is_return(action) else None
    number = form[NUMBER].data if NUMBER in form else None
    key, inputs = key_of(form.request_key.data), inputs_of(action, form)
    return Order(board.id, action.name, version, key, inputs, number, notes)


def inputs_of(action: Action, form: ActionForm) -> dict[Field, Any]:
    """What was typed in the fields that an action asks for."""
    inputs: dict[Field, Any] = {name: form[name.value].data for name in action.asks if name.value in form}
    if Field.CORRECTIONS in action.asks:
        inputs[Field.CORRECTIONS] = correcting.corrections_of(form)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in inputs.items()}


def remember(board: Board, form: ActionForm) -> None:
    """Keep what was typed within reach of the page that says that the dossier has changed."""
    shown = [field for field in form if not isinstance(field, HiddenField) and field.data]
    g.typed = [(field.label.text, _plain(field.data)) for field in shown]
    g.current_url = board.url


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return ", ".join(value) if isinstance(value, list) else str(value)


def put_beside(board: Board, form: ActionForm, refusal: Any) -> bool:
    """Put a refusal beside the field that it speaks of; false when it speaks of none."""
    name = refusal.parameters.get("field") or FIELD_OF_GUARD.get(refusal.code.split(".")[0])
    if refusal.code in OF_THE_NUMBER and NUMBER in form:
        name = NUMBER
    if name == Field.CORRECTIONS:
        name = correcting.line_of(form, refusal.parameters.get("place"))
    if name is None or name not in form:
        return False
    form[name].errors = [*form[name].errors, board.say(refusal)[0]]
    return True


def _page(
    board: Board,
    action: Action,
    form: ActionForm | None,
    kept: Kept,
    reasons: Sequence[tuple[str, str]] = (),
    differs: Changed | None = None,
    notice: Markup | None = None,
) -> str:
    return render_template(
        "desk/action.html",
        board=board,
        action=action,
        label=action_label(action, lang()),
        form=form,
        kept=kept,
        reasons=reasons,
        differs=differs,
        notice=notice,
        corrections=correcting.laid_out(form) if form else (),
        draft=correcting.draft_of(board, action, inputs_of(action, form)) if form else None,
        known=known_of(board, action) if form else (),
        grounds=grounds_before(board, action) if form else None,
        lines=laid_out(form) if form and is_return(action) else None,
        look=(look_at(board), groups_of(board)) if is_last_look(action) else None,
        tone="danger" if action.name in DANGEROUS else "primary",
    )


def is_last_look(action: Action) -> bool:
    """Whether an action hands the dossier on as a whole, so that all of it is looked at once more before."""
    return any(branch.records in SUBMISSIONS for branch in action.branches)


DANGEROUS = frozenset({"withdraw", "propose_refusal", "refuse", "decline"})
