"""One decision on several units: which ones, the draft to read first, and the decision that is taken on all of them.

A decision in the place of such a one is taken in the same way: see `replacing_together`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints import confirming, database, looked, signed
from blueprints.desk.acting import (
    ActionForm,
    beginning_of,
    form_of,
    inputs_of,
    order_of,
    put_beside,
    remember,
    year_proposed,
)
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
from workflow.names import Field, Seen
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
class Kind:
    """A kind of decision on several units: the action that takes it, its page, what is said when it is signed.

    One that is taken as a whole is about all dossiers that it names; of another, those that stand elsewhere drop out.
    """

    fits: Callable[[Action], bool]
    template: str
    said: Callable[[str, int], str]
    whole: bool = False


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


def _signed(name: str, count: int) -> str:
    return _("Đã ký Quyết định số %(name)s công nhận %(count)s đơn vị.", name=name, count=count)


RECOGNISING = Kind(recognises, "desk/signing_together.html", _signed)


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
    several = several_of(chosen, recognises)
    return page_of(RECOGNISING, several, fresh(several), confirming.fields())


@pages.page("/signing/together", access=SIGNERS, methods=("POST",))
def together_act() -> ResponseReturnValue:
    """Take one decision on all of them, or say of which dossier what stands against it; nothing is written then."""
    return take_together(RECOGNISING, url_for("desk.signing_page"))


def take_together(kind: Kind, done: str) -> ResponseReturnValue:
    """Take a decision of a kind on all dossiers that the form names, and go on to `done`."""
    seen = seen_of(request.form.getlist("dossier"))
    several = several_of(list(seen), kind.fits)
    form = form_of(several.chosen[0], several.action)(request.form)
    remember(several.chosen[0], form)
    is_whole, asked = form.validate(), confirming.settle(request.form)
    if asked or not is_whole:
        return page_of(kind, several, form, asked), 422
    try:
        name = _decide(several, form, seen)
    except NotTogether as error:
        return page_of(kind, several, form, None, _told(several, form, error)), 409 if error.stale else 422
    except Refused as error:
        board = several.chosen[0]
        reasons = [board.say(one) for one in error.refusals if not put_beside(board, form, one)]
        return page_of(kind, several, form, None, reasons), 422
    flash(kind.said(name, len(seen)) if name else _("Quyết định này đã được ký."), "success")
    return redirect(done, 303)


def _decide(several: Several, form: ActionForm, seen: Mapping[int, int]) -> str:
    """Take the decision and give its number; nothing of one that was sent twice, which was taken already."""
    one = order_of(several.chosen[0], several.action, form)
    order = JointOrder(one.action, seen, one.request_key, one.inputs, one.number)
    person = several.chosen[0].person.person_id
    with database.act() as connection:
        receipts = perform_together(connection, order, person, g.now)
        for receipt in receipts:
            read_dossier(connection, person, receipt.dossier_id, g.now)
    number = receipts[0].number
    return f"{number:02d}/{provincial_symbol(several.action.documents[0])}" if number is not None else ""


def seen_of(sent: Sequence[str]) -> dict[int, int]:
    """The dossiers with the versions that were seen, as the form carries them; NotFound of anything else."""
    try:
        return {whole(dossier): whole(version) for dossier, _, version in (one.partition(":") for one in sent)}
    except ValueError:
        raise NotFound("dossiers to decide together") from None


def several_of(ids: Sequence[int], fits: Callable[[Action], bool]) -> Several:
    """The chosen dossiers within reach; NotFound when one is not, or when its procedure has no such action."""
    person = signed.require_person()
    files = read_cases(database.reader(), ids[: MOST + 1], person.person_id, g.today)
    seen = [file for file in files if may_see(file.actor, file.facts.unit, g.today)]
    action = next((one for one in seen[0].procedure.actions.values() if fits(one)), None) if seen else None
    if action is None or len(seen) != len(set(ids)):
        raise NotFound("dossiers to decide together")
    for file in seen:
        looked.at(file.row.id, Seen.DOSSIER)
    return Several(tuple(Board(file, person) for file in seen), action)


def fresh(several: Several) -> ActionForm:
    """The form as it begins, with the latest of the years for which the dossiers were assessed."""
    first = several.chosen[0]
    year = max(year_proposed(one) for one in several.chosen)
    return form_of(first, several.action)(data=beginning_of(first, several.action) | {Field.YEAR_RECOGNISED: year})


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


def _draft(kind: Kind, several: Several, form: ActionForm) -> tuple[Markup | None, type_of_reasons]:
    """The decision as it would read, without its number; or why it cannot be drawn up."""
    first = several.chosen[0]
    filled = form if not form.errors else fresh(several)
    files = [board.file for board in _units(kind, several)]
    against = apart([(file.procedure, file.facts) for file in files])
    if against:
        return None, [first.say(one) for one in against]
    try:
        inputs = inputs_of(several.action, filled)
        if Field.REASON in inputs:
            inputs[Field.REASON] = inputs[Field.REASON] or "…"  # the paper does not say it
        return to_read(sketch_together(database.reader(), files, several.action.name, inputs)), ()
    except NotTogether as error:
        return None, _told(several, fresh(several), error)


def _units(kind: Kind, several: Several) -> tuple[Board, ...]:
    """The dossiers that the decision is about."""
    return several.chosen if kind.whole else several.here


def page_of(
    kind: Kind,
    several: Several,
    form: ActionForm,
    asked: confirming.Asked | None,
    reasons: type_of_reasons = (),
) -> str:
    """The page of a decision on several units: its draft, what is to be filled in, and what stands against it."""
    draft, against = _draft(kind, several, form)
    return render_template(
        kind.template,
        several=several,
        units=_units(kind, several),
        can_be_signed=draft is not None if kind.whole else len(several.here) > 1,
        form=form,
        asked=asked,
        draft=draft,
        against=against,
        reasons=reasons,
        key=beginning_of(several.chosen[0], several.action)["request_key"] if reasons else form.request_key.data,
    )
