"""Before a session opens: its day and place, what comes on its agenda and goes off it, and calling it off."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form

from blueprints.council.base import SECRETARY, MovedOn, Room, act_or_say, back_to, pages, secretarys_room
from blueprints.council.sessions import SessionForm, dossier_name
from blueprints.forms import choices_of, sent, some_of
from casework import council


class AgendaForm(Form):
    """The dossiers that are put on an agenda."""

    dossiers = some_of(_l("Hồ sơ đưa thêm vào chương trình họp"), {}, _l("Hãy chọn ít nhất một hồ sơ."))


@pages.page("/sessions/<int:session_id>/details", access=SECRETARY)
def details_page(session_id: int) -> ResponseReturnValue:
    """Show the form by which a session is moved to another day or place."""
    room = _planned(session_id)
    return _form_page(room, _("Đổi ngày họp, địa điểm"), SessionForm(obj=room.file), [])


@pages.page("/sessions/<int:session_id>/details", access=SECRETARY, methods=("POST",))
def details_act(session_id: int) -> ResponseReturnValue:
    """Move the session, or show the form again with what is wrong."""
    room, form = _planned(session_id), SessionForm(sent())
    if not form.validate():
        return _form_page(room, _("Đổi ngày họp, địa điểm"), form, []), 422
    moved: tuple[Any, ...] = (session_id, form.held_on.data, form.place.data)
    reasons = act_or_say(lambda connection, *by: council.reschedule(connection, *moved, *by), form)
    if reasons or form.errors:
        return _form_page(room, _("Đổi ngày họp, địa điểm"), form, reasons), 422
    return back_to(room, _("Đã đổi ngày họp, địa điểm."))


@pages.page("/sessions/<int:session_id>/agenda", access=SECRETARY)
def agenda_page(session_id: int) -> ResponseReturnValue:
    """Show the dossiers that can be put on the agenda."""
    room = _planned(session_id)
    return _form_page(room, _("Thêm hồ sơ vào chương trình họp"), _agenda_form(room), [])


@pages.page("/sessions/<int:session_id>/agenda", access=SECRETARY, methods=("POST",))
def agenda_act(session_id: int) -> ResponseReturnValue:
    """Put dossiers on the agenda, or say why not."""
    room = _planned(session_id)
    form = _agenda_form(room)
    if not form.validate():
        return _form_page(room, _("Thêm hồ sơ vào chương trình họp"), form, []), 422
    added = tuple(int(one) for one in form.dossiers.data)
    reasons = act_or_say(lambda connection, *by: council.put_on_agenda(connection, session_id, added, *by), form)
    if reasons or form.errors:
        return _form_page(room, _("Thêm hồ sơ vào chương trình họp"), form, reasons), 422
    return back_to(room, _("Đã thêm %(count)s hồ sơ vào chương trình họp.", count=len(added)))


@pages.page("/sessions/<int:session_id>/agenda/<int:dossier_id>/off", access=SECRETARY, methods=("POST",))
def take_off_act(session_id: int, dossier_id: int) -> ResponseReturnValue:
    """Take a dossier off the agenda, or say on the session's page why not."""
    room = secretarys_room(session_id)
    reasons = act_or_say(lambda connection, *by: council.take_off_agenda(connection, session_id, dossier_id, *by))
    return _said(room, reasons, _("Đã đưa hồ sơ ra khỏi chương trình họp."))


@pages.page("/sessions/<int:session_id>/off", access=SECRETARY, methods=("POST",))
def call_off_act(session_id: int) -> ResponseReturnValue:
    """Call the session off, or say on its page why not."""
    room = secretarys_room(session_id)
    reasons = act_or_say(lambda connection, *by: council.call_off(connection, session_id, *by))
    if reasons:
        return _said(room, reasons, "")
    flash(_("Đã hủy phiên họp; các hồ sơ chờ phiên họp khác."), "success")
    return redirect(url_for("council.sessions_page"), 303)


def _said(room: Room, reasons: list[str], words: str) -> ResponseReturnValue:
    for reason in reasons:
        flash(reason, "danger")
    return redirect(room.url, 303) if reasons else back_to(room, words)


def _planned(session_id: int) -> Room:
    """The session before its secretary while it is not open."""
    room = secretarys_room(session_id)
    if room.step != "planned":
        raise MovedOn(room)
    return room


def _agenda_form(room: Room) -> AgendaForm:
    form = AgendaForm(sent())
    form.dossiers.choices = choices_of({str(one.dossier_id): dossier_name(one) for one in room.waiting})
    return form


def _form_page(room: Room, title: str, form: Form, reasons: list[str]) -> str:
    shown = [(one, "") for one in reasons]
    return render_template("council/form.html", room=room, title=title, form=form, reasons=shown, button=_("Lưu"))
