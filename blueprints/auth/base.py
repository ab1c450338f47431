"""What the pages of signing in and of the own account share: the way on, secrets on pages, asking who it really is."""

from collections.abc import Iterable
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, PasswordField, StringField

from blueprints import again, database, signed
from blueprints.access import Pages
from blueprints.face import lang
from blueprints.forms import typed
from casework.signing_in import Outcome
from queries.accounts import second_factor_of
from queries.wording import sentence
from workflow.refusal import Refusal

pages = Pages("auth", __name__)


def wanted() -> str:
    """Where somebody wants to go after signing in: one of our own pages, else the first one."""
    return safe(request.values.get("next", ""))


def safe(address: str) -> str:
    """The address when it is one of our own pages, else the first page."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside else "/"


def unkept(page: str, status: int = 200) -> ResponseReturnValue:
    """A page with a secret on it, of which no browser may keep a copy."""
    return page, status, {"Cache-Control": "no-store"}


def beside(field: Field, refusals: Iterable[Refusal]) -> bool:
    """Put these refusals beside a field as sentences; whether there were none."""
    field.errors = [*field.errors, *(sentence(one, lang()) for one in refusals)]
    return not field.errors


class ConfirmForm(Form):
    """Whoever is signed in shows that it is really they: the password, and the code where there is a second factor."""

    password = PasswordField(_l("Mật khẩu đang dùng"), [typed(_l("Hãy nhập mật khẩu đang dùng."))])
    code = StringField(_l("Mã xác thực"))


def confirmed(form: Any) -> bool:
    """Whether password and code of a form are right; if not, it is said beside them."""
    outcome = again.confirm(form.password.data or "", form.code.data or "")
    if outcome is Outcome.WRONG:
        form.password.errors = [_("Mật khẩu không đúng.")]
    elif outcome in again.CODE_OUTCOMES:
        form.code.errors = [again.say(outcome)]
    elif outcome is Outcome.LOCKED:
        form.password.errors = [again.say(outcome)]
    return outcome is Outcome.RIGHT


def has_factor() -> bool:
    """Whether the person signed in has a second factor, so that a code is asked for beside the password."""
    found = second_factor_of(database.reader(), signed.require_person().person_id)
    return found is not None and found.confirmed_at is not None
