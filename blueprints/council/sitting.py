"""While a session sits: opening it with those present, who comes later, and its end with the minutes."""

from datetime import datetime

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Connection
from wtforms import Form

from blueprints.council.base import SECRETARY, MovedOn, Room, act_or_say, back_to, pages, secretarys_room
from blueprints.forms import FilePresent, UploadField, choices_of, sent, some_of
from casework import council, filing
from casework.errors import NotFound


class PresenceForm(Form):
    """The members who are present."""

    members = some_of(_l("Thành viên có mặt"), {}, _l("Hãy chọn ít nhất một thành viên có mặt."))


class MinutesForm(Form):
    """The minutes with which a session ends."""

    minutes = UploadField(_l("Biên bản họp Hội đồng đã ký"), [FilePresent()])


@pages.page("/sessions/<int:session_id>/presence", access=SECRETARY)
def presence_page(session_id: int) -> ResponseReturnValue:
    """Show who is present, to open the session or to note who came later."""
    room = _before_its_end(session_id)
    form = _presence_form(room)
    present = [str(seat.person_id) for seat in room.file.seats if seat.present]
    form.members.data = present or [str(seat.person_id) for seat in room.file.seats]
    return _presence_page(room, form, [])


@pages.page("/sessions/<int:session_id>/presence", access=SECRETARY, methods=("POST",))
def presence_act(session_id: int) -> ResponseReturnValue:
    """Open the session with those present, or note who is present now."""
    room = _before_its_end(session_id)
    form = _presence_form(room)
    if not form.validate():
        return _presence_page(room, form, []), 422
    present = [int(member) for member in form.members.data]
    note = council.open_session if room.step == "planned" else council.note_present
    reasons = act_or_say(lambda connection, *by: note(connection, session_id, present, *by), form)
    if reasons or form.errors:
        return _presence_page(room, form, reasons), 422
    return back_to(room, _("Đã khai mạc phiên họp.") if room.step == "planned" else _("Đã ghi nhận thành viên có mặt."))


@pages.page("/sessions/<int:session_id>/end", access=SECRETARY)
def end_page(session_id: int) -> ResponseReturnValue:
    """Show the form by which the session ends."""
    return _end_page(_open(session_id), MinutesForm(), [])


@pages.page("/sessions/<int:session_id>/end", access=SECRETARY, methods=("POST",))
def end_act(session_id: int) -> ResponseReturnValue:
    """End the session with its minutes, or say what is still missing."""
    room, form = _open(session_id), MinutesForm(sent())
    if not form.validate():
        return _end_page(room, form, []), 422
    upload = form.minutes.upload()
    assert upload is not None  # the form has seen to it

    def end(connection: Connection, person_id: int, now: datetime) -> None:
        digest = filing.store(connection, current_app.extensions["storage"], upload, now)
        council.close_session(connection, session_id, digest, person_id, now)

    reasons = act_or_say(end, form)
    if reasons or form.minutes.errors:
        return _end_page(room, form, reasons), 422
    return back_to(room, _("Đã kết thúc phiên họp. Hãy ghi nhận kết luận đối với từng hồ sơ."))


def _before_its_end(session_id: int) -> Room:
    room = secretarys_room(session_id)
    if room.step == "closed":
        raise MovedOn(room)
    if room.step == "planned" and not room.can_open:
        raise NotFound(f"session {session_id} to hold")
    return room


def _open(session_id: int) -> Room:
    room = secretarys_room(session_id)
    if room.step != "open":
        raise MovedOn(room)
    return room


def _presence_form(room: Room) -> PresenceForm:
    form = PresenceForm(sent())
    form.members.choices = choices_of({str(seat.person_id): f"{seat.name}, {seat.post}" for seat in room.file.seats})
    return form


def _presence_page(room: Room, form: Form, reasons: list[str]) -> str:
    title, button = _("Thành viên có mặt"), _("Lưu")
    if room.step == "planned":
        title, button = _("Khai mạc phiên họp"), _("Khai mạc với các thành viên có mặt")
    shown = [(one, "") for one in reasons]
    return render_template("council/form.html", room=room, title=title, form=form, reasons=shown, button=button)


def _end_page(room: Room, form: Form, reasons: list[str]) -> str:
    shown, button = [(one, room.url) for one in reasons], _("Kết thúc phiên họp")
    return render_template("council/form.html", room=room, title=button, form=form, reasons=shown, button=button)
