"""One decision on several units: which ones, the draft to read first, and the decision that is taken on all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints import confirming, database, looked, signed
from blueprints.desk.acting import ActionForm, beginning_of, form_of, inputs_of, order_of, put_beside, remember
from blueprints.desk.base import Board, pages
from blueprints.face import SIGNERS
from blueprints.incoming import whole
from casework.errors import NotFound, NotTogether, Refused, Stale
from casework.issuing import provincial_symbol
from casework.notices import read_dossier
from casework.together import JointOrder, perform_together, sketch_together
from documents.html import to_read
from queries.days import VIETNAM
from queries.facts import read_cases
from queries.signing import ToDecide
from workflow.names import DocumentKind, Seen
from workflow.policy import may_see
from workflow.procedure import Action
from workflow.together import MOST, apart, recognises

type_of_reasons = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """What one session of the council recommended for one level: it may be decided in one decision."""

    lines: tuple[ToDecide, ...]

    @property
    def first(self) -> ToDecide:
        """The one by which the session and the level are named."""
        return self.lines[0]


@dataclass(frozen=True, slots=True)
class Several:
    """The dossiers that were chosen, the action that recognises, and those of them on which it can be taken now."""

    chosen: tuple[Board, ...]
    action: Action

    @property
    def here(self) -> tuple[Board, ...]:
        """Those that stand where the action can be taken."""
        return tuple(one for one in self.chosen if one.file.facts.state in self.action.sources)

    @property
    def left(self) -> tuple[Board, ...]:
        """Those that stand elsewhere by now."""
        return tuple(one for one in self.chosen if one not in self.here)


def groups_of(waiting: Sequence[ToDecide]) -> list[Group]:
    """What waits in groups that one decision may be about: of one session, level and procedure, at least two each."""
    found: dict[tuple[Any, ...], list[ToDecide]] = {}
    for one in waiting:
        if one.recognised:
            found.setdefault((one.session_id, one.line.level, one.line.procedure_id), []).append(one)
    return [Group(tuple(lines[:MOST])) for lines in found.values() if len(lines) > 1]


@pages.page("/signing/together", access=SIGNERS)
def together_page() -> ResponseReturnValue:
    """Show the draft of one decision on the chosen dossiers and what is to be filled in, or the list when none is."""
    chosen = request.args.getlist("dossier", type=int)
    if not chosen:
        flash(_("Hãy chọn các đơn vị trong quyết định."), "danger")
        return redirect(url_for("desk.signing_page"), 303)
    several = _several(chosen)
    return _page(several, _fresh(several), confirming.fields())


@pages.page("/signing/together", access=SIGNERS, methods=("POST",))
def together_act() -> ResponseReturnValue:
    """Take one decision on all of them, or say of which dossier what stands against it; nothing is written then."""
    seen = _seen(request.form.getlist("dossier"))
    several = _several(list(seen))
    form = form_of(several.chosen[0], several.action)(request.form)
    remember(several.chosen[0], form)
    is_whole, asked = form.validate(), confirming.settle(request.form)
    if asked or not is_whole:
        return _page(several, form, asked), 422
    try:
        said = _decide(several, form, seen)
    except NotTogether as error:
        return _page(several, form, None, _told(several, form, error)), 409 if error.stale else 422
    except Refused as error:
        board = several.chosen[0]
        reasons = [board.say(one) for one in error.refusals if not put_beside(board, form, one)]
        return _page(several, form, None, reasons), 422
    flash(said, "success")
    return redirect(url_for("desk.signing_page"), 303)


def _decide(several: Several, form: ActionForm, seen: Mapping[int, int]) -> str:
    """Take the decision, and say so with its number; one that was sent twice was taken already."""
    one = order_of(several.chosen[0], several.action, form)
    order = JointOrder(one.action, seen, one.request_key, one.inputs, one.number)
    person = several.chosen[0].person.person_id
    with database.act() as connection:
        receipts = perform_together(connection, order, person, g.now)
        for receipt in receipts:
            read_dossier(connection, person, receipt.dossier_id, g.now)
    if receipts[0].number is None:
        return _("Quyết định này đã được ký.")
    name = f"{receipts[0].number:02d}/{provincial_symbol(DocumentKind.DECISION)}"
    return _("Đã ký Quyết định số %(name)s công nhận %(count)s đơn vị.", name=name, count=len(receipts))


def _seen(sent: Sequence[str]) -> dict[int, int]:
    """The dossiers with the versions that were seen, as the form carries them; NotFound of anything else."""
    try:
        return {whole(dossier): whole(version) for dossier, _, version in (one.partition(":") for one in sent)}
    except ValueError:
        raise NotFound("dossiers to decide together") from None


def _several(ids: Sequence[int]) -> Several:
    """The chosen dossiers within reach; NotFound when one is not, or when none can be recognised by its procedure."""
    person = signed.require_person()
    files = read_cases(database.reader(), ids[: MOST + 1], person.person_id, g.today)
    seen = [file for file in files if may_see(file.actor, file.facts.unit, g.today)]
    action = next((one for one in seen[0].procedure.actions.values() if recognises(one)), None) if seen else None
    if action is None or len(seen) != len(set(ids)):
        raise NotFound("dossiers to decide together")
    for file in seen:
        looked.at(file.row.id, Seen.DOSSIER)
    return Several(tuple(Board(file, person) for file in seen), action)


def _fresh(several: Several) -> ActionForm:
    first = several.chosen[0]
    return form_of(first, several.action)(data=beginning_of(first, several.action))


def _told(several: Several, form: ActionForm, error: NotTogether) -> type_of_reasons:
    """What stands against the decision, dossier by dossier; what speaks of a field stands beside it, once."""
    said: list[tuple[str, str]] = []
    for board in several.chosen:
        if board.id in error.stale:
            said.append((_changed(board, error.stale[board.id]), board.url))
        for refusal in error.refused.get(board.id, ()):
            sentence, url = board.say(refusal)
            if any(sentence in field.errors for field in form) or put_beside(board, form, refusal):
                continue
            said.append((f"{board.file.row.unit_name}: {sentence}", url or board.url))
    return said


def _changed(board: Board, stale: Stale) -> str:
    at = stale.at.astimezone(VIETNAM).strftime("%H:%M, %d/%m/%Y")
    words = {"unit": board.file.row.unit_name, "person": stale.by, "time": at}
    return _("%(unit)s: %(person)s đã thay đổi hồ sơ lúc %(time)s.", **words)


def _draft(several: Several, form: ActionForm) -> tuple[Markup | None, type_of_reasons]:
    """The decision as it would read, without its number; or why it cannot be drawn up."""
    first = several.chosen[0]
    filled = form if not form.errors else _fresh(several)
    files = [board.file for board in several.here]
    against = apart([(file.procedure, file.facts) for file in files])
    if against:
        return None, [first.say(one) for one in against]
    try:
        inputs = inputs_of(several.action, filled)
        return to_read(sketch_together(database.reader(), files, several.action.name, inputs)), ()
    except NotTogether as error:
        return None, _told(several, _fresh(several), error)


def _page(several: Several, form: ActionForm, asked: confirming.Asked | None, reasons: type_of_reasons = ()) -> str:
    draft, against = _draft(several, form)
    return render_template(
        "desk/signing_together.html",
        several=several,
        form=form,
        asked=asked,
        draft=draft,
        against=against,
        reasons=reasons,
        key=beginning_of(several.chosen[0], several.action)["request_key"] if reasons else form.request_key.data,
    )
