"""Signing many papers at once: chosen on one page, confirmed once, and followed with a result for each."""

from typing import Any
from uuid import uuid4

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from blueprints import database, signed
from blueprints.auth.base import ConfirmForm, confirmed, has_factor
from blueprints.desk.base import key_of
from blueprints.face import lang, with_others, word
from blueprints.forms import choices_of, some_of
from blueprints.signing.base import SIGNING, key_for, own_part, pages
from casework.errors import NotFound
from casework.signing import Asked, ask
from queries.signatures import Line, in_batch, left_over, parts_of, to_be_signed
from queries.wording import sentence
from workflow.names import SigningPart

SECONDS = "4"


class SignForm(ConfirmForm):
    """The papers to sign, and showing that it is really oneself."""

    papers = some_of(_l("Văn bản cần ký"), {}, _l("Hãy chọn ít nhất một văn bản."))
    key = HiddenField()


@pages.page("/signatures", access=SIGNING)
def signing_page() -> ResponseReturnValue:
    """Show the papers that wait for one's signature, all of them chosen."""
    part = _part()
    lines = to_be_signed(database.reader(), signed.require_person().actor, g.today, part)
    form = _form(lines)
    wished = request.args.getlist("paper")
    form.papers.data = [value for value, *_ in form.papers.iter_choices() if not wished or value in wished]
    form.key.data = uuid4().hex
    return _page(form, part, lines)


@pages.page("/signatures", access=SIGNING, methods=("POST",))
def sign_act() -> ResponseReturnValue:
    """Have the chosen papers signed by one's key, once it is shown that it is really oneself."""
    part, person = _part(), signed.require_person()
    lines = to_be_signed(database.reader(), person.actor, g.today, part)
    form, ready = _form(lines), key_for(part, lines)
    if ready.trouble or not form.validate() or not confirmed(form):
        return _page(form, part, lines), 422
    asked = Asked(person.actor, key_of(form.key.data), g.now)
    with database.act() as connection:
        refused = ask(connection, [int(one) for one in form.papers.data], part, asked)
    if refused:
        form.papers.errors = [sentence(next(iter(refused.values())), lang())]
        return _page(form, part, lines), 422
    return redirect(url_for("signing.batch_page", batch=asked.batch), 303)


@pages.page("/signatures/batches/<slug:batch>", access=SIGNING)
def batch_page(batch: str) -> ResponseReturnValue:
    """Show how a batch goes, with a result for each paper; it looks again by itself until all is done."""
    lines = _batch(batch)
    left = left_over(lines)
    page = render_template(
        "signing/batch.html", batch=batch, lines=lines, left=left, results=[_result(*one) for one in lines]
    )
    return (page, 200, {"Refresh": SECONDS}) if left else page


@pages.page("/signatures/batches/<slug:batch>", access=SIGNING, methods=("POST",))
def retry_act(batch: str) -> ResponseReturnValue:
    """Have those of a batch signed after all that failed."""
    lines = _batch(batch)
    asked = Asked(signed.require_person().actor, batch, g.now)
    with database.act() as connection:
        for part in SigningPart:
            failed = [line.paper_id for line, its in lines if its is part and line.standing(part)[0] == "failed"]
            ask(connection, failed, part, asked)
    return redirect(url_for("signing.batch_page", batch=batch), 303)


def _part() -> SigningPart:
    part = own_part(request.values.get("part", ""))
    if part is None:
        raise NotFound("a signature of one's own")
    return part


def _batch(batch: str) -> tuple[tuple[Line, SigningPart], ...]:
    lines = in_batch(database.reader(), batch, signed.require_person().person_id)
    if not lines:
        raise NotFound(f"batch {batch}")
    return lines


def _result(line: Line, part: SigningPart) -> tuple[str, str, str]:
    """What came of one signature: words, tone, and the reason where it is late."""
    status, trouble = line.standing(part)
    why = word("signing_troubles", trouble) if trouble else ""
    if status == "done":
        return _("Đã ký") if part is SigningPart.SIGNER else _("Đã đóng dấu"), "good", ""
    if status == "failed":
        return _("Không ký được"), "bad", why
    waiting = _("Chờ bản PDF") if line.issued is None else _("Đang ký")
    return waiting, "warning" if why else "active", why


def _about(line: Line, part: SigningPart) -> str:
    """What stands under a paper that can be chosen: of which unit, of which day, and by whom it is signed already."""
    signer = [line.signer_name] if part is SigningPart.SEAL else []
    return " · ".join([with_others(line.unit_name, line.units), line.signed_on.strftime("%d/%m/%Y"), *signer])


def _form(lines: tuple[Line, ...]) -> SignForm:
    form = SignForm(request.form)
    form.papers.choices = choices_of({str(one.paper_id): one.name for one in lines})
    return form


def _page(form: Any, part: SigningPart, lines: tuple[Line, ...]) -> str:
    return render_template(
        "signing/signing.html",
        form=form,
        part=part.value,
        others=[one.value for one in parts_of(signed.require_person().actor, g.today) if one is not part],
        lines=lines,
        choices=[(one.paper_id, f"{word('documents', one.kind)} {one.name}", _about(one, part)) for one in lines],
        ready=key_for(part, lines),
        with_code=has_factor(),
    )
