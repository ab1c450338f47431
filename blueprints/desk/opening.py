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
from blueprints.face import OPENERS, in_language, lang, word
from blueprints.forms import choices_of, one_of
from casework.errors import Refused
from casework.opening import Opening, Prospect, open_dossier, prospects
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
    units = _units()
    form.unit.choices = choices_of(units)
    form.level.choices = choices_of({level.value: word("levels", level.value) for level in Level})
    if "unit" not in request.form:
        asked = request.args.get("unit", type=int)
        form.unit.data = asked if asked in units else next(iter(units))
    form.request_key.data = form.request_key.data or uuid4().hex
    return form


def _units() -> dict[int, str]:
    """The units for which this person opens dossiers today, by id."""
    held = [one for one in signed.require_person().offices if one.grant.holds_on(g.today)]
    return {one.grant.unit_id: one.unit_name for one in held if one.grant.role in OPENERS}


def _page(form: OpenForm, kept: Kept, refusals: tuple[Refusal, ...] = ()) -> str:
    actor, units = signed.require_person().actor, _units()
    unit = form.unit.data if form.unit.data in units else next(iter(units))
    found = prospects(database.reader(), unit, Subject.COMMUNE, actor, g.today)
    names = {one.level: word("levels", one.level.value) for one in found}
    return render_template(
        "desk/open.html",
        form=form,
        kept=kept,
        reasons=[(sentence(one, lang()), "#level") for one in refusals],
        unit=unit,
        units=units,
        possible=[(one.level.value, names[one.level], _ground_of(one)) for one in found if not one.refusals],
        impossible=[(names[one.level], _against(one)) for one in found if one.refusals],
    )


def _against(prospect: Prospect) -> list[str]:
    """Why no dossier of a level can be opened, in sentences."""
    return [sentence(one, lang(), prospect.procedure) for one in prospect.refusals]


def _ground_of(prospect: Prospect) -> str:
    """By which criteria, decision, year and procedure a dossier of this level is judged, in one line."""
    rules, procedure = prospect.rules, prospect.procedure
    if rules is None or procedure is None:
        return ""
    listed, adoption = rules.criteria_set, rules.adoption
    title = in_language(listed.title_vi, listed.title_en)
    sizes = {"criteria": len(listed.criteria), "indicators": len(rules.by_code)}
    counts = _("%(criteria)s tiêu chí, %(indicators)s chỉ tiêu", **sizes)
    adopted = _("tỉnh chưa ban hành quyết định áp dụng")
    if adoption:
        said = {"decision": adoption.decision_number, "day": adoption.decided_on.strftime("%d/%m/%Y")}
        adopted = _("áp dụng theo %(decision)s ngày %(day)s", **said)
    year = _("mức đạt chuẩn của năm %(year)s", year=rules.year)
    return f"{title}: {counts}; {adopted}; {year}. {in_language(procedure.title_vi, procedure.title_en)}."
