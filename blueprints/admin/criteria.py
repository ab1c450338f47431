"""The criteria sets with their levels and marks, and the form by which the province's adoption of one is entered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError

from blueprints import database
from blueprints.admin.base import READERS, WRITERS, beside, keeper, may_write, pages
from blueprints.admin.procedures import Period
from blueprints.face import answer_in, in_language, lang, word
from blueprints.forms import OPTIONAL, WRITTEN_IN, DayField, at_most, choices_of, dated, fault, one_of, typed
from casework.adopting import Adopting, adopt_set, left_to_province
from casework.errors import NotFound, Refused
from queries.adoptions import AdoptionLine, adoptions, rules_by_group
from queries.rulebook import criteria_sets
from workflow.criteria import Rules
from workflow.criteria_set import CriteriaSet, Indicator, InvalidValue, Kind
from workflow.criteria_values import parse_level, required_text
from workflow.names import Mark

LEVEL = "level-"
PLACES = {
    "adoption.incomplete": "decision",
    "adoption.known": "decision",
    "adoption.no_decision": "decision",
    "adoption.future": "decided_on",
    "adoption.early": "valid_from",
    "adoption.no_group": "group",
    "adoption.unfit": "decision",
}


class AdoptionForm(Form):
    """The province's decision; the levels it fixes itself are fields made for each set."""

    decision = StringField(_l("Số, ký hiệu quyết định của tỉnh"), [typed(), at_most(60)])
    decided_on = DayField(_l("Ngày ký"), [dated()])
    valid_from = DayField(_l("Áp dụng từ ngày"), [dated()])
    group = one_of(_l("Nhóm xã áp dụng chung"), {}, optional=True)


class LevelField(StringField):
    """A required level as it is typed for one indicator; what it says as data is in `level`."""

    def __init__(self, *given: Any, indicator: Indicator, **options: Any) -> None:
        super().__init__(*given, **options)
        self.indicator = indicator
        self.level: bool | int | str | None = None

    def pre_validate(self, _form: Form) -> None:
        """Read the level, or say what is wrong with it."""
        if not (self.data or "").strip():
            return
        try:
            self.level = parse_level(self.indicator, self.data, lang())
        except InvalidValue as wrong:
            raise ValidationError(fault(wrong)) from wrong


@dataclass(frozen=True, slots=True)
class Need:
    """What the law asks: of which groups (none named: of all), the level, and why it is not settled."""

    groups: str
    level: str
    doubt: str


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator as the page shows it."""

    code: str
    name: str
    needs: list[Need]
    here: Need | None
    department: str
    mark: Mark
    note: str


@pages.page("/criteria", access=READERS)
def criteria_page() -> ResponseReturnValue:
    """Show every criteria set, and by which decision the province applies it."""
    adopted = adoptions(database.reader())
    listed = sorted(criteria_sets().values(), key=lambda one: (one.valid_from, one.key), reverse=True)
    lines = [(one, _title(one), _period(one), _current(adopted.get(one.key, ()))) for one in listed]
    return render_template("admin/criteria.html", lines=lines, today=g.today)


@pages.page("/criteria/<slug:key>", access=READERS)
def criteria_set_page(key: str) -> ResponseReturnValue:
    """Show one set with every indicator, its levels by group, and what is not settled."""
    chosen = _set(key)
    entered = adoptions(database.reader()).get(key, ())
    current = _current(entered)
    year = min(max(g.today.year, chosen.valid_from.year), chosen.valid_to.year)
    law, here = rules_by_group(chosen, year), current.rules(year) if current else None
    groups = [
        (
            criterion,
            in_language(criterion.name_vi, criterion.name_en),
            [_line(chosen, one, law, here) for one in criterion.indicators],
        )
        for criterion in chosen.criteria
    ]
    open_here = here.blocked if here else next(iter(law.values())).blocked
    return render_template(
        "admin/criteria_set.html",
        chosen=chosen,
        title=_title(chosen),
        period=_period(chosen),
        groups=groups,
        entered=entered,
        current=current,
        open_here=open_here,
        year=year,
        adoptable=may_write() and _adoptable(chosen),
        today=g.today,
    )


@pages.page("/criteria/<slug:key>/adoption", access=WRITERS)
def adoption_page(key: str) -> ResponseReturnValue:
    """Show the form by which the province's adoption is entered."""
    chosen = _set(key)
    if not _adoptable(chosen):
        raise NotFound(f"adoption of {key}")
    return _adoption(chosen, _form(chosen, None))


@pages.page("/criteria/<slug:key>/adoption", access=WRITERS, methods=("POST",))
def adopt(key: str) -> ResponseReturnValue:
    """Enter the adoption, or say why not."""
    chosen = _set(key)
    answer_in(request.form.get(WRITTEN_IN))
    form = _form(chosen, request.form)
    if not form.validate():
        return _adoption(chosen, form), 422
    levels = {field.indicator.code: field.level for field in _levels(form) if field.level is not None}
    decided = (form.decision.data or "", form.decided_on.data or g.today, form.valid_from.data or g.today)
    try:
        with database.act() as connection:
            adopt_set(connection, Adopting(key, *decided, form.group.data or None, levels), keeper(), g.now)
    except Refused as error:
        beside(form, error.refusals, PLACES)
        return _adoption(chosen, form), 422
    flash(_("Đã ghi nhận quyết định áp dụng bộ tiêu chí."), "success")
    return redirect(url_for("admin.criteria_set_page", key=key), 303)


def _set(key: str) -> CriteriaSet:
    chosen = criteria_sets().get(key)
    if chosen is None:
        raise NotFound(f"criteria set {key}")
    return chosen


def _title(chosen: CriteriaSet) -> str:
    return in_language(chosen.title_vi, chosen.title_en)


def _period(chosen: CriteriaSet) -> Period:
    return Period(chosen.valid_from, chosen.valid_to)


def _current(entered: tuple[AdoptionLine, ...]) -> AdoptionLine | None:
    return next((one for one in entered if one.in_force_on(g.today)), None)


def _adoptable(chosen: CriteriaSet) -> bool:
    return chosen.complete


def _line(chosen: CriteriaSet, indicator: Indicator, law: Mapping[str | None, Rules], here: Rules | None) -> Line:
    return Line(
        code=indicator.code,
        name=in_language(indicator.name_vi, indicator.name_en),
        needs=_needs(chosen, indicator, law),
        here=Need("", required_text(here, indicator.code, lang()), _doubt(here, indicator)) if here else None,
        department=indicator.department,
        mark=indicator.mark,
        note=indicator.note,
    )


def _needs(chosen: CriteriaSet, indicator: Indicator, law: Mapping[str | None, Rules]) -> list[Need]:
    """What the law asks of each group, those of one level together."""
    names = {group.code: in_language(group.name_vi, group.name_en) for group in chosen.groups}
    together: dict[tuple[str, str], list[str]] = {}
    for group, rules in law.items():
        asked = required_text(rules, indicator.code, lang()), _doubt(rules, indicator)
        together.setdefault(asked, []).append(names.get(group or "", ""))
    if len(together) == 1:
        ((level, doubt),) = together
        return [Need("", level, doubt)]
    few = sorted(together.items(), key=lambda one: len(one[1]))
    (rest, most) = few.pop()
    named = ", ".join(most) if len(most) == 1 else _("các nhóm khác")
    return [*(Need(", ".join(groups), *asked) for asked, groups in few), Need(named, *rest)]


def _doubt(rules: Rules, indicator: Indicator) -> str:
    blocked = rules.by_code[indicator.code].blocked
    return word("unknown_threshold", blocked) if blocked else ""


def _form(chosen: CriteriaSet, sent: Any) -> AdoptionForm:
    """The form for one set, with a field for each level that is left to the province."""
    fields = {
        LEVEL + code: LevelField(in_language(leaf.name_vi, leaf.name_en), [OPTIONAL, at_most(20)], indicator=leaf)
        for code, leaf in left_to_province(chosen).items()
        if leaf.kind not in {Kind.BOOLEAN, Kind.SET}
    }
    form: AdoptionForm = type("SetForm", (AdoptionForm,), fields)(sent)
    form.group.choices = choices_of({one.code: in_language(one.name_vi, one.name_en) for one in chosen.groups})
    return form


def _levels(form: AdoptionForm) -> Iterator[LevelField]:
    return (field for field in form if isinstance(field, LevelField))


def _adoption(chosen: CriteriaSet, form: AdoptionForm) -> str:
    return render_template(
        "admin/adoption.html", chosen=chosen, title=_title(chosen), form=form, levels=list(_levels(form))
    )
