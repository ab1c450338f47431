"""Opening a dossier: for which unit, at which level."""

from uuid import uuid4

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Form, HiddenField

from blueprints import database, signed
from blueprints.desk.base import key_of, pages
from blueprints.desk.drafts import Kept, drafted, keeping_here, kept_here, let_go
from blueprints.face import OPENERS, lang, word
from blueprints.forms import choices_of, one_of
from casework.errors import Refused
from casework.opening import Opening, open_dossier
from queries.wording import sentence
from workflow.names import Level, Subject
from workflow.refusal import Refusal


class OpenForm(Form):
    """The unit and the level of a new dossier."""

    unit = one_of(_l("Đơn vị đề nghị"), {}, coerce=int)
    level = one_of(_l("Mức đề nghị công nhận"), {}, _l("Hãy chọn mức đề nghị công nhận."))
    request_key = HiddenField()


@pages.page("/dossiers/new", access=OPENERS)
def open_page() -> ResponseReturnValue:
    """Show the form by which a dossier is opened."""
    kept = kept_here()
    return _page(_form(kept.fields), kept)


@pages.page("/dossiers/new", access=OPENERS, methods=("POST",))
@drafted
def open_act() -> ResponseReturnValue:
    """Open the dossier, or say why not."""
    form, kept = _form(request.form), keeping_here()
    if not form.validate():
        return _page(form, kept), 422
    opening = Opening(form.unit.data, Subject.COMMUNE, Level(form.level.data), key_of(form.request_key.data))
    try:
        with database.act() as connection:
            receipt = open_dossier(connection, opening, signed.require_person().person_id, g.now)
            let_go(connection)
    except Refused as error:
        return _page(form, kept, error.refusals), 422
    flash(_("Đã lập hồ sơ."), "success")
    return redirect(url_for("desk.dossier_page", dossier_id=receipt.dossier_id), 303)


def _form(typed: MultiDict[str, str] | None) -> OpenForm:
    form = OpenForm(typed)
    held = [one for one in signed.require_person().offices if one.grant.holds_on(g.today)]
    offices = [one for one in held if one.grant.role in OPENERS]
    form.unit.choices = choices_of({one.grant.unit_id: one.unit_name for one in offices})
    form.level.choices = choices_of({level.value: word("levels", level.value) for level in Level})
    if len(offices) == 1 and form.unit.data is None:
        form.unit.data = offices[0].grant.unit_id
    form.request_key.data = form.request_key.data or uuid4().hex
    return form


def _page(form: OpenForm, kept: Kept, refusals: tuple[Refusal, ...] = ()) -> str:
    reasons = [sentence(one, lang()) for one in refusals]
    return render_template("desk/open.html", form=form, kept=kept, reasons=reasons)
