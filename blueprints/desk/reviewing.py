"""Reviews of titles that were given before there were dossiers here: which there are, and opening one."""

from uuid import uuid4

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField, TextAreaField

from blueprints import database, signed
from blueprints.desk.base import key_of, pages
from blueprints.desk.drafts import Kept, drafted, keeping_here, kept_here, let_go
from blueprints.face import lang
from blueprints.forms import LONGEST_TEXT, at_most, typed
from casework.errors import NotFound, Refused
from casework.opening import open_revocation
from queries.reviewable import REVIEWERS, Reviewable, reviewable
from queries.wording import sentence
from workflow.refusal import Refusal


class ReviewForm(Form):
    """Why a title is to be reviewed."""

    reason = TextAreaField(_l("Lý do mở rà soát"), [typed(_l("Hãy ghi lý do.")), at_most(LONGEST_TEXT)])
    request_key = HiddenField()


@pages.page("/titles", access=REVIEWERS)
def titles_page() -> ResponseReturnValue:
    """Show the titles within reach that hold and have no dossier."""
    found = reviewable(database.reader(), signed.require_person().actor, g.today)
    return render_template("desk/titles.html", titles=found)


@pages.page("/titles/<int:title_id>/review", access=REVIEWERS)
def review_page(title_id: int) -> ResponseReturnValue:
    """Show the form by which the review of a title is opened."""
    kept = kept_here()
    return _page(_title(title_id), _form(kept.fields), kept)


@pages.page("/titles/<int:title_id>/review", access=REVIEWERS, methods=("POST",))
@drafted
def review_act(title_id: int) -> ResponseReturnValue:
    """Open the review, or say why not."""
    form, kept = _form(request.form), keeping_here()
    if not form.validate():
        return _page(_title(title_id), form, kept), 422
    person = signed.require_person().person_id
    try:
        with database.act() as connection:
            key = key_of(form.request_key.data)
            receipt = open_revocation(connection, title_id, form.reason.data, key, person, g.now)
            let_go(connection)
    except Refused as error:
        return _page(_title(title_id), form, kept, error.refusals), 422
    flash(_("Đã mở rà soát."), "success")
    return redirect(url_for("desk.dossier_page", dossier_id=receipt.dossier_id), 303)


def _title(title_id: int) -> Reviewable:
    found = reviewable(database.reader(), signed.require_person().actor, g.today, title_id)
    if not found:
        raise NotFound(f"title {title_id}")
    return found[0]


def _form(sent: MultiDict[str, str] | None) -> ReviewForm:
    form = ReviewForm(sent)
    form.request_key.data = form.request_key.data or uuid4().hex
    return form


def _page(title: Reviewable, form: ReviewForm, kept: Kept, refusals: tuple[Refusal, ...] = ()) -> str:
    reasons = [(sentence(one, lang()), "") for one in refusals]
    return render_template("desk/review.html", title=title, form=form, kept=kept, reasons=reasons)
