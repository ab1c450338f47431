"""Administrative units: the tree of a day, one unit with all about it, and what becomes of it by a resolution."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection
from wtforms import Form, StringField

from blueprints import database
from blueprints.admin.base import READERS, WRITERS, beside, keeper, may_write, pages
from blueprints.forms import OPTIONAL, DayField, at_most, choices_of, dated, from_list, one_of, read_day, typed
from casework import succession
from casework.errors import NotFound, Refused
from casework.succession import KINDS, NewUnit, Resolution
from models.places import FULL, PART
from queries.units import UnitRecord, find_units, unit_record, unit_tree, units_for

NEW = "new"
PLACES = {
    "succession.no_basis": "legal_basis",
    "succession.before": "first_day",
    "succession.ended_already": "first_day",
    "succession.has_units_below": "first_day",
    "succession.unnamed": "name",
    "succession.same_name": "name",
    "succession.named_with_kind": "name",
    "succession.unknown_kind": "kind",
    "succession.code_taken": "code",
    "succession.no_heir": "heir",
    "succession.known": "heir",
    "succession.wholly_given": "share",
}


class ResolutionForm(Form):
    """From which day something holds, and by which resolution."""

    first_day = DayField(_l("Có hiệu lực từ ngày"), [dated()])
    legal_basis = StringField(_l("Căn cứ"), [typed(_l("Hãy ghi nghị quyết hoặc quyết định làm căn cứ.")), at_most(300)])

    @property
    def resolution(self) -> Resolution:
        """The first day and the legal basis as they were typed."""
        assert self.first_day.data is not None
        return Resolution(self.first_day.data, self.legal_basis.data or "")


class RenameForm(ResolutionForm):
    """The new name."""

    name = StringField(_l("Tên mới, không ghi loại đơn vị"), [typed(), at_most(120)])


class MergeForm(ResolutionForm):
    """Which unit takes over, wholly or in part; a new one is described."""

    heir = from_list(_l("Đơn vị kế thừa"), {})
    share = one_of(
        _l("Phạm vi"),
        {FULL: _l("Toàn bộ đơn vị"), PART: _l("Một phần đơn vị (chia tách)")},
    )
    code = StringField(_l("Mã của đơn vị mới"), [OPTIONAL, at_most(10)])
    kind = from_list(_l("Loại của đơn vị mới"), {}, validate_choice=False)
    name = StringField(_l("Tên của đơn vị mới, không ghi loại"), [OPTIONAL, at_most(120)])


class CloseForm(ResolutionForm):
    """Nothing but the resolution."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way in which a unit changes: its words, its form, and what is done with it."""

    title: Any
    button: Any
    form: type[ResolutionForm]
    act: Callable[[Connection, int, Any, datetime], int | None]


def _rename(connection: Connection, unit_id: int, form: RenameForm, now: datetime) -> int:
    return succession.rename_unit(connection, unit_id, form.name.data or "", form.resolution, keeper(), now)


def _merge(connection: Connection, unit_id: int, form: MergeForm, now: datetime) -> int:
    heir: int | NewUnit = NewUnit(form.code.data or "", form.kind.data or "", form.name.data or "")
    if form.heir.data != NEW:
        heir = int(form.heir.data)
    return succession.merge_unit(connection, unit_id, heir, form.resolution, keeper(), now, share=form.share.data)


def _close(connection: Connection, unit_id: int, form: CloseForm, now: datetime) -> None:
    succession.close_unit(connection, unit_id, form.resolution, keeper(), now)


WAYS: Mapping[str, Way] = {
    "rename": Way(_l("Đổi tên"), _l("Đổi tên đơn vị"), RenameForm, _rename),
    "merge": Way(_l("Sáp nhập, chia tách"), _l("Ghi đơn vị kế thừa"), MergeForm, _merge),
    "close": Way(_l("Kết thúc"), _l("Kết thúc đơn vị"), CloseForm, _close),
}


@pages.page("/units", access=READERS)
def units_page() -> ResponseReturnValue:
    """Show the units of a day as a tree, or those of every period whose name or code fits what is looked for."""
    wanted, day = request.args.get("q", "")[:100], _day(request.args.get("on", ""))
    if wanted.strip():
        return render_template("admin/units.html", wanted=wanted, day=day, found=find_units(database.reader(), wanted))
    return render_template("admin/units.html", wanted="", day=day, tree=unit_tree(database.reader(), day))


@pages.page("/units/<int:unit_id>", access=READERS)
def unit_page(unit_id: int) -> ResponseReturnValue:
    """Show one unit: its periods, what came before and after, who holds offices there."""
    record = _record(unit_id)
    open_to = _open_to(record) if may_write() else ()
    ways = [(WAYS[name].title, url_for("admin.change_page", unit_id=unit_id, way=name)) for name in open_to]
    return render_template("admin/unit.html", record=record, unit=record.unit, ways=ways)


def _open_to(record: UnitRecord) -> tuple[str, ...]:
    """The ways in which a unit can still change: one that ends only gets successors, until it is wholly given."""
    if record.unit.valid_to is None:
        return tuple(WAYS)
    given = {step.share for step in record.steps if step.old_id == record.unit.id}
    return () if FULL in given else ("merge",) if given else ("rename", "merge")


@pages.page("/units/<int:unit_id>/<kebab:way>", access=WRITERS)
def change_page(unit_id: int, way: str) -> ResponseReturnValue:
    """Show the form by which a unit is renamed, merged or ended."""
    record = _record(unit_id)
    return _change(record, _way(way), _filled(record, way, None))


@pages.page("/units/<int:unit_id>/<kebab:way>", access=WRITERS, methods=("POST",))
def change_act(unit_id: int, way: str) -> ResponseReturnValue:
    """Rename, merge or end a unit, or say why not."""
    record, chosen = _record(unit_id), _way(way)
    form = _filled(record, way, request.form)
    if not form.validate():
        return _change(record, chosen, form), 422
    try:
        with database.act() as connection:
            heir_id = chosen.act(connection, unit_id, form, g.now)
    except Refused as error:
        beside(form, error.refusals, PLACES)
        return _change(record, chosen, form), 422
    flash(_("Đã ghi nhận thay đổi của %(unit)s.", unit=record.unit.full_name), "success")
    return redirect(url_for("admin.unit_page", unit_id=heir_id or unit_id), 303)


def _record(unit_id: int) -> UnitRecord:
    record = unit_record(database.reader(), unit_id, g.today)
    if record is None:
        raise NotFound(f"unit {unit_id}")
    return record


def _way(name: str) -> Way:
    if name not in WAYS:
        raise NotFound(f"way {name}")
    return WAYS[name]


def _day(typed_day: str) -> date:
    """The day whose units are shown; today for anything that is no day."""
    today: date = g.today
    try:
        return read_day(typed_day) or today
    except ValueError:
        return today


def _filled(record: UnitRecord, name: str, sent: Any) -> ResolutionForm:
    form = _way(name).form(sent)
    if isinstance(form, MergeForm):
        listed = units_for(database.reader(), record.unit.tier, g.today)
        listed.pop(record.unit.id, None)
        form.heir.choices = choices_of(
            {NEW: _l("Đơn vị mới (ghi ở dưới)")} | {str(one): words for one, words in listed.items()}
        )
        form.kind.choices = choices_of({kind: kind for kind in KINDS[record.unit.tier]})
        form.share.data = form.share.data or FULL
    return form


def _change(record: UnitRecord, way: Way, form: ResolutionForm) -> str:
    return render_template("admin/unit_change.html", record=record, unit=record.unit, way=way, form=form)
