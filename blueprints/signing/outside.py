"""The signatures on one paper: whose they are, and taking back a file that was signed outside."""

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form

from blueprints import database, looked, signed
from blueprints.access import SIGNED_IN
from blueprints.desk.files import hand_out
from blueprints.face import lang
from blueprints.forms import FilePresent, UploadField, sent
from blueprints.signing.base import CLERKS, office, pages
from casework import clock
from casework.errors import NotFound, Refused
from casework.signing import Asked, Brought, bring, examined, require_name
from casework.storage import get
from documents.signing.trust import Trust
from queries.days import VIETNAM
from queries.dossiers import issued_pdf
from queries.signatures import Line, line_of, signatures_on
from queries.wording import sentence
from workflow.names import Seen, SigningPart
from workflow.policy import may_sign
from workflow.refusal import Refusal


class BringForm(Form):
    """The signed file, and that the certificate was compared with the signer."""

    file = UploadField(_l("Tệp PDF đã ký"), [FilePresent()])
    compared = BooleanField(_l("Tôi đã đối chiếu: chứng thư số này là của người ký văn bản"))


@pages.page("/papers/<int:paper_id>/signatures", access=SIGNED_IN)
def signatures_page(paper_id: int) -> ResponseReturnValue:
    """Show whose signatures a paper has, and what is still to come."""
    return _page(_line(paper_id), BringForm())


@pages.page("/papers/<int:paper_id>/issued.pdf", access=SIGNED_IN)
def issued_file(paper_id: int) -> ResponseReturnValue:
    """Hand out a paper as it was issued, to be signed; before a signature stands on it, to nobody else."""
    if not _may_have_issued(_line(paper_id)):
        raise NotFound(f"issued paper {paper_id}")
    return hand_out(issued_pdf(database.reader(), signed.require_person().actor, g.today, paper_id))


@pages.page("/papers/<int:paper_id>/signatures", access=CLERKS, methods=("POST",))
def bring_act(paper_id: int) -> ResponseReturnValue:
    """Take a file that was signed outside, or say why it is not taken."""
    line, form = _line(paper_id), BringForm(sent())
    if not form.validate():
        return _page(line, form), 422
    try:
        brought = _examined(line, form)
        with database.act() as connection:
            asked = Asked(signed.require_person().actor, f"outside-{paper_id}", g.now)
            bring(connection, current_app.extensions["storage"], paper_id, brought, asked)
    except Refused as error:
        field = form.compared if error.refusals[0].code == "signature.other_name" else form.file
        field.errors = [*field.errors, *(sentence(one, lang()) for one in error.refusals)]
        return _page(_line(paper_id), form), 422
    flash(_("Đã nhận tệp ký và kiểm tra chữ ký: hợp lệ."), "success")
    return redirect(url_for("signing.signatures_page", paper_id=paper_id), 303)


def _examined(line: Line, form: BringForm) -> Brought:
    """The file as it was examined, before anything is held for the act."""
    upload, here = form.file.upload(), office()
    assert upload is not None
    before = get(current_app.extensions["storage"], line.last_file) if line.last_file else b""
    brought = examined(line, before, upload.content, here.trust() if here else Trust(), clock.real_now())
    if not form.compared.data:
        require_name(line, brought)
    return brought


def _may_have_issued(line: Line) -> bool:
    """Whether the bytes that are signed may be had: by those who sign them, and by others once somebody has."""
    actor = signed.require_person().actor
    verdicts = (may_sign(part, line.signer_id, line.unit_id, actor, g.today) for part in SigningPart)
    return line.signer_file is not None or any(not isinstance(one, Refusal) for one in verdicts)


def _line(paper_id: int) -> Line:
    line = line_of(database.reader(), signed.require_person().actor, g.today, paper_id)
    if line is None:
        raise NotFound(f"numbered paper {paper_id}")
    looked.at_each(line.dossiers, Seen.PAPER, line.last_file or "")
    return line


def _page(line: Line, form: BringForm) -> str:
    actor = signed.require_person().actor
    verdicts = {part: may_sign(part, line.signer_id, line.unit_id, actor, g.today) for part in line.open_parts}
    bars = (verdicts[part] for part in line.open_parts[:1])
    own_seal = next((one for one in bars if isinstance(one, Refusal) and one.code == "signature.own_seal"), None)
    return render_template(
        "signing/signatures.html",
        line=line,
        form=form,
        signatures=signatures_on(database.reader(), line.paper_id),
        zone=VIETNAM,
        turn=next((part.value for part in line.open_parts[:1] if not isinstance(verdicts[part], Refusal)), ""),
        brings=bool(line.open_parts) and not isinstance(verdicts[SigningPart.SEAL], Refusal),
        barred=sentence(own_seal, lang()) if own_seal else "",
        may_have_issued=_may_have_issued(line),
        next_part=line.open_parts[0].value if line.open_parts else "",
    )
