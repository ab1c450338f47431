"""The list of sessions, calling one, and the page of a session."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField

from blueprints import database, signed
from blueprints.council.base import SEATED, SECRETARY, MovedOn, Room, act_or_say, open_room, pages
from blueprints.desk.standing import tone_of_state
from blueprints.face import in_language, lang, word
from blueprints.forms import DayField, at_most, choices_of, dated, one_of, sent, some_of, typed
from blueprints.incoming import page_in
from casework import council
from queries.council import PAGE, SessionLine, councils_of, sessions_seen, units_of, waiting_for_session
from queries.rulebook import procedures
from queries.wording import sentence
from workflow.refusal import refuse


class SessionForm(Form):
    """The day and the place of a session."""

    held_on = DayField(_l("Ngày họp"), [dated()])
    place = StringField(_l("Địa điểm"), [typed(), at_most(200)])


class ConveneForm(SessionForm):
    """A session that is called: which council sits, when and where, on which dossiers."""

    council = one_of(_l("Hội đồng"), {}, coerce=int)
    dossiers = some_of(_l("Hồ sơ đưa vào chương trình họp"), {}, _l("Hãy chọn ít nhất một hồ sơ."))


@pages.page("/sessions", access=SEATED)
def sessions_page() -> ResponseReturnValue:
    """Show the sessions of the council, the latest first, and the dossiers that wait for one."""
    actor, page = signed.require_person().actor, page_in(request.args)
    found = sessions_seen(database.reader(), actor, g.today, page)
    calls = bool(units_of(actor, g.today, SECRETARY))
    return render_template(
        "council/sessions.html",
        lines=[(one, url_for("council.session_page", session_id=one.id), _step(one)) for one in found[:PAGE]],
        calls=calls,
        waiting=waiting_for_session(database.reader(), actor, g.today) if calls else (),
        previous=url_for("council.sessions_page", page=page - 1) if page > 1 else "",
        following=url_for("council.sessions_page", page=page + 1) if len(found) > PAGE else "",
    )


def _step(line: SessionLine) -> tuple[str, str, str]:
    """How far a session is, in words, tone and shape."""
    if line.closed and line.waiting:
        return _("Đã họp, chờ ghi nhận kết luận"), "warning", "clock"
    if line.closed:
        return _("Đã kết thúc"), "neutral", "tick"
    if line.opened:
        return _("Đang họp"), "active", ""
    return (_("Họp hôm nay"), "warning", "clock") if line.held_on == g.today else (_("Dự kiến"), "neutral", "")


@pages.page("/sessions/new", access=SECRETARY)
def convene_page() -> ResponseReturnValue:
    """Show the form by which a session is called, with every dossier that waits for one."""
    form = _form()
    chosen = request.args.get("dossier", type=int)
    form.dossiers.data = [str(chosen)] if chosen else [value for value, *_ in form.dossiers.iter_choices()]
    return _convene_page(form, [])


@pages.page("/sessions/new", access=SECRETARY, methods=("POST",))
def convene_act() -> ResponseReturnValue:
    """Call the session, or show the form again with what is wrong."""
    form = _form()
    if not form.validate():
        return _convene_page(form, []), 422
    made: list[int] = []
    agenda = tuple(int(one) for one in form.dossiers.data)
    called: tuple[Any, ...] = (form.council.data, form.held_on.data, form.place.data, agenda)
    reasons = act_or_say(lambda connection, *by: made.append(council.convene(connection, *called, *by)), form)
    if not made:
        return _convene_page(form, reasons), 422
    flash(_("Đã triệu tập phiên họp."), "success")
    return redirect(url_for("council.session_page", session_id=made[0]), 303)


def _form() -> ConveneForm:
    actor, reader = signed.require_person().actor, database.reader()
    form = ConveneForm(sent())
    councils = councils_of(reader, actor, g.today)
    form.council.choices = choices_of(councils)
    waiting = waiting_for_session(reader, actor, g.today)
    form.dossiers.choices = choices_of({str(one.dossier_id): dossier_name(one) for one in waiting})
    if len(councils) == 1 and form.council.data is None:
        form.council.data = next(iter(councils))
    return form


def _convene_page(form: ConveneForm, reasons: list[str]) -> str:
    return render_template("council/convene.html", form=form, reasons=[(one, "") for one in reasons])


def dossier_name(one: Any) -> str:
    """A dossier as it is named where it is chosen: unit, level and code."""
    return f"{one.unit_name} – {word('levels', one.level)} ({one.code})"


@pages.page("/sessions/<int:session_id>", access=SEATED)
def session_page(session_id: int) -> ResponseReturnValue:
    """Show a session: its agenda with the votes, its members, and what is to be done next."""
    return show_session(open_room(session_id))


@pages.errorhandler(MovedOn)
def moved_on(error: MovedOn) -> ResponseReturnValue:
    """Show the session as it is to whoever comes from a page of an earlier step, and say what is over."""
    return show_session(error.room, said=sentence(refuse(error.code), lang())), 409


def show_session(room: Room, done: dict[int, Any] | None = None, said: str = "") -> str:
    """The page of a session; `done` is what came of recording its conclusions, by dossier, `said` what is over."""
    return render_template(
        "council/session.html",
        room=room,
        file=room.file,
        lines=[(item, room.tally(item), *_state(item)) for item in room.file.items],
        choices={(one.dossier_id, one.person_id): one.choice for one in room.file.ballots},
        done=done or {},
        failures=[(_place(one), words) for one, came in (done or {}).items() if not came.done for words in came.words],
        said=said,
    )


def _place(dossier_id: int) -> str:
    """Where the page speaks of a dossier; of the agenda as a whole when none is meant."""
    return f"dossier-{dossier_id}" if dossier_id else "agenda"


def _state(item: Any) -> tuple[str, str]:
    """The state in which a dossier lies now, in words and tone."""
    state = procedures()[item.procedure_id].states[item.state]
    return in_language(state.label_vi, state.label_en), tone_of_state(item.state)
