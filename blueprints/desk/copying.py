"""The page on which a records clerk makes a copy of an issued paper: sao y, sao lục or trích sao."""

import re
from dataclasses import dataclass, replace
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import ValidationError

from blueprints import database, signed
from blueprints.desk.base import pages
from blueprints.face import lang, word
from blueprints.forms import (
    OPTIONAL,
    DayField,
    YearField,
    at_most,
    choices_of,
    dated,
    one_of,
    typed,
)
from casework.bodies import POSTS
from casework.copying import Wanted, copying_unit, make_copy, may_be_copied, signers_of
from casework.errors import NotFound, Refused
from casework.storage import get
from documents.wording import inside
from queries.copies import Head, Original, copies_by_hand, original
from queries.wording import sentence
from workflow.names import DocumentKind
from workflow.policy import PAPER_KEEPERS

MOST_RECIPIENTS, LONGEST_RECIPIENT = 8, 100
FIELDS = {"copy.before_original": "signed_on", "number": "number"}
STALE = "copy.made_meanwhile"


class CopyForm(Form):
    """A copy: its form, who signs it and when, whom it is for, and of an extract the pages."""

    form = one_of(_l("Hình thức sao"), {})
    pages = StringField(_l("Các trang cần trích"), [OPTIONAL, at_most(100)])
    signer = one_of(_l("Người ký bản sao"), {}, coerce=int)
    signed_on = DayField(_l("Ngày sao"), [dated()])
    number = YearField(_l("Số bản sao"), [OPTIONAL])
    recipients = TextAreaField(_l("Nơi nhận"), [typed(_l("Hãy ghi ít nhất một nơi nhận bản sao.")), at_most(2000)])
    ended_known = BooleanField(_l("Tôi biết văn bản này không còn hiệu lực; bản sao sẽ ghi rõ điều đó"))
    seen = HiddenField()

    def validate_pages(self, field: StringField) -> None:
        """Read the pages of an extract as they are typed: 1, 3-4."""
        try:
            pages_of(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def validate_recipients(self, field: TextAreaField) -> None:
        """Say when they are more, or longer, than find room."""
        listed = lines_of(field.data or "")
        if not listed:
            raise ValidationError(_("Hãy ghi ít nhất một nơi nhận bản sao."))
        if len(listed) > MOST_RECIPIENTS or any(len(line) > LONGEST_RECIPIENT for line in listed):
            said = {"most": MOST_RECIPIENTS, "longest": LONGEST_RECIPIENT}
            raise ValidationError(_("Nhiều nhất %(most)s nơi nhận, mỗi nơi không quá %(longest)s chữ.", **said))


@dataclass(frozen=True, slots=True)
class Desk:
    """A paper before the clerk who copies it: in which unit's name, who may sign, whether numbers are typed.

    `unit` is the one of several for whom an extract is wished.
    """

    paper: Original
    unit_id: int
    forms: tuple[DocumentKind, ...]
    signers: tuple[Head, ...]
    by_hand: bool
    unit: str = ""


@pages.page("/papers/<int:paper_id>/copies/new", access=PAPER_KEEPERS)
def new_copy(paper_id: int) -> ResponseReturnValue:
    """Show the form by which a paper is copied, or why it cannot be."""
    desk = _desk(paper_id)
    desk = replace(desk, unit=dict(desk.paper.dealt).get(request.args.get("unit", 0, type=int), ""))
    form = CopyForm(data=_begun(desk))
    return _page(desk, form)


@pages.page("/papers/<int:paper_id>/copies/new", access=PAPER_KEEPERS, methods=("POST",))
def make_new_copy(paper_id: int) -> ResponseReturnValue:
    """Make the copy, or say why not, with all that was typed."""
    desk, form = _desk(paper_id), CopyForm(request.form)
    _offer(desk, form)
    if not form.validate():
        return _page(desk, form), 422
    try:
        with database.act() as connection:
            copy_id = make_copy(connection, paper_id, _wanted(form), signed.require_person().person_id, g.now)
    except Refused as error:
        return _refused(paper_id, form, error)
    flash(_("Đã cấp số bản sao. Tệp PDF đang được tạo; tiếp theo, trình ký bản sao."), "success")
    return redirect(url_for("desk.paper_page", paper_id=copy_id), 303)


def _desk(paper_id: int) -> Desk:
    reader, actor = database.reader(), signed.require_person().actor
    paper = original(reader, actor, g.today, paper_id)
    unit_id = copying_unit(actor, paper.unit_id, g.today) if paper else None
    if paper is None or unit_id is None:
        raise NotFound(f"paper {paper_id}")
    signers = signers_of(reader, unit_id, paper, g.today)
    return Desk(paper, unit_id, may_be_copied(paper), signers, copies_by_hand(reader, unit_id, g.today.year))


def _begun(desk: Desk) -> dict[str, Any]:
    """What the form begins with: for one unit of several the pages that name it, if these are not all."""
    paper, unit = desk.paper, desk.unit or (desk.paper.dossier_unit if desk.paper.units == 1 else "")
    chosen = _pages_for(desk) if desk.unit else ()
    forms = [one for one in desk.forms if not chosen or one is DocumentKind.EXTRACT]
    return {
        "form": next(iter(forms), ""),
        "pages": ", ".join(map(str, chosen)),
        "signer": desk.signers[0].person_id if desk.signers else None,
        "signed_on": g.today,
        "recipients": f"Ủy ban nhân dân {inside(unit)}" if unit else "",
        "seen": paper.copied_last[0] if paper.copied_last else 0,
    }


def _pages_for(desk: Desk) -> tuple[int, ...]:
    """The pages of an extract for the unit; none where it needs all, or the text here is not what was signed."""
    from documents.finding import pages_for  # what reads files takes its time to load

    if desk.paper.file is None or desk.paper.edited:
        return ()
    found = pages_for(get(current_app.extensions["storage"], desk.paper.file), desk.unit)
    return found if len(found) != desk.paper.pages else ()


def _offer(desk: Desk, form: CopyForm) -> None:
    """The forms in which it may be copied, and who may sign."""
    form.form.choices = choices_of({one.value: word("copy_forms", one.value) for one in desk.forms})
    form.signer.choices = choices_of({one.person_id: _named(one) for one in desk.signers})


def _named(signer: Head) -> str:
    """Who signs, with the lines above the signature: "Nông Văn Thạch (KT. Chủ tịch, Phó Chủ tịch)"."""
    lines = [f"{signer.wording} Chủ tịch".strip(), POSTS[signer.wording]]
    return f"{signer.name} ({', '.join(dict.fromkeys(lines if signer.wording != 'Q.' else lines[:1]))})"


def _wanted(form: CopyForm) -> Wanted:
    seen = str(form.seen.data or "")
    assert form.signed_on.data is not None
    return Wanted(
        form=DocumentKind(form.form.data),
        signer_id=form.signer.data,
        signed_on=form.signed_on.data,
        recipients=lines_of(form.recipients.data or ""),
        pages=pages_of(form.pages.data or ""),
        number=form.number.data,
        seen=int(seen) if seen.isdecimal() else 0,
        ended_known=bool(form.ended_known.data),
    )


def lines_of(text: str) -> tuple[str, ...]:
    """The recipients as they are typed, one a line, without the signs that the paper sets itself."""
    return tuple(line.strip(" -;.\t") for line in text.splitlines() if line.strip(" -;.\t"))


def pages_of(text: str) -> tuple[int, ...]:
    """The pages as they are typed: single ones and ranges, such as 1, 3-4; ValueError for anything else."""
    chosen: list[int] = []
    for piece in filter(None, (one.strip() for one in text.split(","))):
        found = re.fullmatch(r"(\d{1,3})(?:\s*-\s*(\d{1,3}))?", piece)
        if found is None:
            raise ValueError(_("Hãy ghi số trang, ví dụ 1, 3-4."))
        first, last = int(found[1]), int(found[2] or found[1])
        chosen.extend(range(first, last + 1))
    return tuple(dict.fromkeys(chosen))


def _refused(paper_id: int, form: CopyForm, error: Refused) -> ResponseReturnValue:
    """The page as it stands now, each refusal beside the field that it is about, or on top."""
    desk, reasons = _desk(paper_id), []
    for refusal in error.refusals:
        code = refusal.code
        named = refusal.parameters.get("field") or FIELDS.get(code) or FIELDS.get(code.split(".")[0])
        words = sentence(refusal, lang())
        if named in form:
            form[named].errors = [*form[named].errors, words]
        else:
            reasons.append((words, ""))
    stale = any(refusal.code == STALE for refusal in error.refusals)
    if stale:
        form.seen.data = str(desk.paper.copied_last[0] if desk.paper.copied_last else 0)
    return _page(desk, form, reasons), 409 if stale else 422


def _page(desk: Desk, form: CopyForm, reasons: Any = ()) -> str:
    _offer(desk, form)
    return render_template("desk/copy.html", desk=desk, paper=desk.paper, form=form, reasons=reasons)
