"""The check of a paper by its look-up code or its QR code: is it real, what is it worth, is a file it.

Never kept by a cache, so that what was revoked shows at once; a file that is compared is read once and thrown away.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from flask import Response, abort, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import Form, StringField

from blueprints import database
from blueprints.access import SHARED
from blueprints.forms import FilePresent, UploadField, at_most
from blueprints.register.base import pages
from blueprints.throttle import Throttle
from casework.publication import verify
from documents.seal import Seal, read
from queries.publication import published_key
from queries.verification import Checked, checked
from workflow.names import DocumentKind

MOST_IN_A_MINUTE = 300
PIECE = 1024 * 1024

Verdict = Literal["true", "false", ""]


class CodeForm(Form):
    """The look-up code as it stands on the paper."""

    code = StringField(_l("Mã tra cứu"), [at_most(40)])


class CompareForm(Form):
    """The file that is to be compared with the issued one."""

    file = UploadField(_l("Tệp PDF cần so"), [FilePresent()])


@dataclass(frozen=True, slots=True)
class Compared:
    """The hash of a file that was sent, and which paper of the code it is; None: none of them."""

    digest: str
    kind: DocumentKind | None


@pages.page("/v", access=SHARED)
def look_up() -> ResponseReturnValue:
    """Ask for a look-up code, and lead to what it stands for."""
    _require_patience()
    typed = "".join(letter for letter in request.args.get("code", "") if letter.isalnum())
    if typed and typed.isascii() and len(typed) <= 40:
        return redirect(url_for("register.check_page", code=typed.lower()), 303)
    return _fresh(render_template("register/look_up.html", form=CodeForm(request.args), unknown=""))


@pages.page("/v/<spelled:code>", access=SHARED)
def check_page(code: str) -> ResponseReturnValue:
    """Show what a look-up code stands for and what that is worth today."""
    return _page(code)


@pages.page("/<scanned:scanned>", access=SHARED)
def scanned_page(scanned: str) -> ResponseReturnValue:
    """Show the same for whoever scanned the QR code, and whether the seal in it is the province's."""
    seal = read(scanned)
    if seal is None:
        code = scanned.split("/")[1].lower()
        return _page(code, verdict="false" if scanned.count("/") > 1 else "")
    return _page(seal.code, verdict=_verdict(seal))


@pages.page("/v/<spelled:code>", access=SHARED, methods=("POST",))
def compare(code: str) -> ResponseReturnValue:
    """Say whether a file is the issued one; it is read once and not kept."""
    form = CompareForm(request.files)
    if not form.validate():
        return _page(code, form=form)
    assert form.file.data is not None
    return _page(code, file=form.file.data)


def _page(
    code: str, *, verdict: Verdict = "", form: CompareForm | None = None, file: FileStorage | None = None
) -> Response:
    _require_patience()
    found = checked(database.reader(), code, g.today)
    if found is None:
        return _fresh(render_template("register/look_up.html", form=CodeForm(data={"code": code}), unknown=code), 404)
    shown = render_template(
        "register/check.html",
        found=found,
        verdict=verdict,
        form=form or CompareForm(),
        compared=_compared(found, file) if file else None,
    )
    return _fresh(shown, 422 if form else 200)


def _verdict(seal: Seal) -> Verdict:
    key = published_key(database.reader(), seal.key_id)
    return "true" if key and verify(key.public_key, seal.message, seal.signature) else "false"


def _compared(found: Checked, file: FileStorage) -> Compared:
    digest = sha256()
    while piece := file.stream.read(PIECE):
        digest.update(piece)
    named = {known: kind for kind, known in found.files}
    return Compared(digest.hexdigest(), named.get(digest.hexdigest()))


def _fresh(text: str, status: int = 200) -> Response:
    response = make_response(text, status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _require_patience() -> None:
    throttle: Throttle = current_app.extensions.setdefault("throttle", Throttle(MOST_IN_A_MINUTE))
    if not throttle.allows(request.remote_addr or ""):
        abort(429)
