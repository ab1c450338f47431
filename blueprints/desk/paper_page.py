"""The page of one paper: its Word version, the text edited by hand, its number once it is signed, its dispatch."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection
from wtforms import Form, HiddenField, StringField, TextAreaField

from blueprints import database, looked, signed
from blueprints.access import SIGNED_IN
from blueprints.desk.base import pages
from blueprints.desk.files import hand_out
from blueprints.desk.papers import WORKING
from blueprints.face import lang
from blueprints.forms import (
    OPTIONAL,
    CountField,
    DayField,
    FilePresent,
    UploadField,
    YearField,
    at_most,
    counted,
    dated,
)
from casework.copying import copying_unit
from casework.errors import NotFound, Refused
from casework.issued_papers import (
    WITHOUT_NUMBER,
    Sending,
    keep_edited,
    may_be_edited,
    note_dispatch,
    number_paper,
    word_version,
    writes_papers_of,
)
from casework.storage import name_of
from queries.issued_papers import PaperView, edited_text, paper_view
from queries.rulebook import procedures
from queries.wording import action_label, sentence
from workflow.copies import COPIES, forms_of
from workflow.events import GIVES_TITLE
from workflow.names import DocumentKind, EventType, Seen
from workflow.policy import keeps_papers_of
from workflow.procedure import Action
from workflow.together import replaces

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REPLACING, DRAFTING = frozenset({EventType.REPLACED}), frozenset({EventType.CORRECTION_DRAFTED})
CORRECTABLE = frozenset({*GIVES_TITLE, DocumentKind.CERTIFICATE})
FIELDS = {
    "number": "number",
    "file": "file",
    "paper.signed_before_draft": "signed_on",
    "number.out_of_order": "signed_on",
    "dispatch.copies": "copies",
    "dispatch.before_signing": "sent_on",
}


class EditedForm(Form):
    """The text that was edited by hand."""

    file = UploadField(_l("Tệp văn bản đã sửa"), [FilePresent()])


class NumberForm(Form):
    """The number of a draft that was signed on paper; empty where the system gives it."""

    signed_on = DayField(_l("Ngày ký"), [dated()])
    number = YearField(_l("Số văn bản"), [OPTIONAL])


class DispatchForm(Form):
    """What the clerk notes of a paper that goes out, and what stood there when the form was opened."""

    copies = CountField(_l("Số lượng bản"), [counted(_l("Hãy nhập số lượng bản, ví dụ 15."))])
    sent_on = DayField(_l("Ngày chuyển"), [dated()])
    kept_by = StringField(_l("Đơn vị, người nhận bản lưu"), [at_most(200)])
    receipt = StringField(_l("Người ký nhận"), [at_most(200)])
    note = TextAreaField(_l("Ghi chú"), [at_most(500)])
    seen = HiddenField()


@dataclass(frozen=True, slots=True)
class Desk:
    """A paper before a person: the forms that can be sent now, each None where it cannot."""

    paper: PaperView
    writes: bool
    has_word: bool
    afterwards: tuple[tuple[str, str], ...]
    copying: bool
    is_copy: bool
    edited: EditedForm | None
    number: NumberForm | None
    dispatch: DispatchForm | None


@pages.page("/papers/<int:paper_id>", access=SIGNED_IN)
def paper_page(paper_id: int) -> ResponseReturnValue:
    """Show a paper with what can be done with it next."""
    return _page(_desk(_seen(paper_id)))


@pages.page("/papers/<int:paper_id>.docx", access=SIGNED_IN)
def paper_word(paper_id: int) -> ResponseReturnValue:
    """Hand out the Word version of a draft; not found once it has a number, for then it is no longer edited."""
    paper = _seen(paper_id)
    if not _may_be_edited(paper):
        raise NotFound(f"paper {paper_id}")
    content, name = word_version(paper.context), f"{paper.symbol}-du-thao-{paper.id}.docx"
    looked.at_each(paper.dossiers, Seen.PAPER, name_of(content))
    return send_file(BytesIO(content), mimetype=DOCX, as_attachment=True, download_name=name)


@pages.page("/papers/<int:paper_id>/edited", access=SIGNED_IN)
def edited_paper(paper_id: int) -> ResponseReturnValue:
    """Hand out the text that was edited by hand."""
    return hand_out(edited_text(database.reader(), signed.require_person().actor, g.today, paper_id))


@pages.page("/papers/<int:paper_id>/edited", access=WORKING, methods=("POST",))
def keep_edited_paper(paper_id: int) -> ResponseReturnValue:
    """Keep a text that was edited by hand as the final one."""
    paper, form = _seen(paper_id), EditedForm(request.files)
    storage = current_app.extensions["storage"]

    def act(connection: Connection) -> int:
        upload = form.file.upload()
        assert upload is not None
        keep_edited(connection, storage, paper_id, upload, signed.require_person().person_id, g.now)
        return paper_id

    return _acted(paper, form, act, _("Đã nhận bản sửa tay."))


@pages.page("/papers/<int:paper_id>/number", access=WORKING, methods=("POST",))
def number_signed_paper(paper_id: int) -> ResponseReturnValue:
    """Give a draft that was signed on paper its number."""
    paper, form = _seen(paper_id), NumberForm(request.form)

    def act(connection: Connection) -> int:
        signed_on, typed = form.signed_on.data, form.number.data
        assert signed_on is not None
        return number_paper(connection, paper_id, signed_on, typed, signed.require_person().person_id, g.now)

    return _acted(paper, form, act, _("Đã cấp số."))


@pages.page("/papers/<int:paper_id>/dispatch", access=WORKING, methods=("POST",))
def dispatch_paper(paper_id: int) -> ResponseReturnValue:
    """Note in the outgoing register how a paper went out."""
    paper, form = _seen(paper_id), DispatchForm(request.form)

    def act(connection: Connection) -> int:
        noted = {name: str(form[name].data or "").strip() for name in ("kept_by", "receipt", "note")}
        sending = Sending(form.copies.data, form.sent_on.data, **noted)
        person_id = signed.require_person().person_id
        note_dispatch(connection, paper_id, sending, _moment(form.seen.data), person_id, g.now)
        return paper_id

    return _acted(paper, form, act, _("Đã ghi vào sổ đăng ký văn bản đi."))


def _acted(paper: PaperView, form: Form, act: Callable[[Connection], int], done: str) -> ResponseReturnValue:
    """Do what a form asks for; or show the page again with what is wrong and all that was typed."""
    if not form.validate():
        return _page(_desk(paper, form), form), 422
    try:
        with database.act() as connection:
            paper_id = act(connection)
    except Refused as error:
        return _refused(paper.id, form, error)
    flash(done, "success")
    return redirect(url_for("desk.paper_page", paper_id=paper_id), 303)


def _refused(paper_id: int, form: Form, error: Refused) -> ResponseReturnValue:
    """The page as it stands now, each refusal beside the field that it is about, or on top."""
    reasons, changed = [], False
    for refusal in error.refusals:
        named = refusal.parameters.get("field") or FIELDS.get(refusal.code) or FIELDS.get(refusal.code.split(".")[0])
        words = sentence(refusal, lang())
        if named in form:
            form[named].errors = [*form[named].errors, words]
        else:
            reasons.append((words, ""))
        changed = changed or refusal.code in {"dispatch.changed", "paper.numbered_already"}
    paper = _seen(paper_id)
    if isinstance(form, DispatchForm):
        form.seen.data = _mark(paper)
    return _page(_desk(paper, form), form, reasons), 409 if changed else 422


def _seen(paper_id: int) -> PaperView:
    found = paper_view(database.reader(), signed.require_person().actor, g.today, paper_id)
    if found is None:
        raise NotFound(f"paper {paper_id}")
    looked.at_each(found.dossiers, Seen.PAPER, found.digest or "")
    return found


def _desk(paper: PaperView, sent: Form | None = None) -> Desk:
    """The paper with fresh forms, but with the one that was sent as it was sent."""
    actor = signed.require_person().actor
    writes = writes_papers_of(actor, paper.unit_id, g.today)
    draft = writes and paper.number is None and paper.last == paper.id
    forms: dict[type[Form], bool] = {
        EditedForm: draft and _may_be_edited(paper),
        NumberForm: draft and paper.kind not in WITHOUT_NUMBER,
        DispatchForm: paper.number is not None and keeps_papers_of(paper.unit_id, actor, g.today),
    }
    made: list[Any] = [
        (sent if isinstance(sent, kind) else kind(data=_begun(paper))) if open_now else None
        for kind, open_now in forms.items()
    ]
    return Desk(paper, writes, _may_be_edited(paper), _afterwards(paper), _copying(paper), paper.kind in COPIES, *made)


def _afterwards(paper: PaperView) -> tuple[tuple[str, str], ...]:
    """What this person can do about an issued paper that is in force, by the procedure: the words and the address."""
    if paper.ended or paper.kind not in CORRECTABLE:
        return ()
    roles, procedure = signed.require_person().roles_on(g.today), procedures()[paper.procedure_id]
    wanted = REPLACING | DRAFTING if paper.kind in GIVES_TITLE else DRAFTING
    offered = (
        action
        for action in procedure.actions_from(paper.state)
        if roles.intersection(action.by) and any(branch.records in wanted for branch in action.branches)
    )
    return tuple((action_label(action, lang()), _where(paper, action)) for action in offered)


def _where(paper: PaperView, action: Action) -> str:
    """Where an action is taken on an issued paper: one on several units is replaced as a whole."""
    if replaces(action) and paper.units > 1:
        return url_for("desk.replacement_page", paper_id=paper.id)
    return url_for("desk.action_page", dossier_id=paper.dossier_id, paper=paper.id, action=action.name)


def _copying(paper: PaperView) -> bool:
    """Whether this person can make a copy of the paper now."""
    unit_id = copying_unit(signed.require_person().actor, paper.unit_id, g.today)
    return paper.issued and unit_id is not None and bool(forms_of(DocumentKind(paper.kind)))


def _begun(paper: PaperView) -> dict[str, Any]:
    """What the forms begin with."""
    if paper.sent:
        return {**paper.sent._asdict(), "seen": _mark(paper)}
    return {"signed_on": g.today, "sent_on": g.today, "kept_by": paper.kept_by, "seen": ""}


def _may_be_edited(paper: PaperView) -> bool:
    return paper.number is None and may_be_edited(paper.kind, paper.template_version)


def _mark(paper: PaperView) -> str:
    return paper.sent.at.isoformat() if paper.sent else ""


def _moment(mark: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(mark or "")
    except ValueError:
        return None


def _page(desk: Desk, sent: Form | None = None, reasons: Any = ()) -> str:
    return render_template("desk/paper.html", desk=desk, paper=desk.paper, sent=sent, reasons=reasons)
