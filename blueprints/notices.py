"""What one was told: the page of notices, marking them as read, and how one wants to be told by e-mail."""

from typing import Any, NamedTuple, cast

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError

from blueprints import database, signed
from blueprints.access import SIGNED_IN, Pages
from blueprints.face import lang, word
from blueprints.forms import is_mail_address, one_of
from blueprints.incoming import page_in
from casework import notices
from queries.days import VIETNAM
from queries.notices import Line, next_step, notices_of, said
from queries.people import read_mailing
from workflow.names import Mailing, NoticeKind

pages = Pages("notices", __name__)

TONES = {NoticeKind.DESK: "active", NoticeKind.DUE_SOON: "warning", NoticeKind.OVERDUE: "bad"}
LONGEST_ADDRESS = 200


class Item(NamedTuple):
    """One notice as the page shows it."""

    line: Line
    said: str
    step: str
    tag: str
    tone: str
    at: Any


class MailForm(Form):
    """How one wants to be told by e-mail, and where."""

    email = StringField(_l("Địa chỉ thư điện tử"))

    def validate_email(self, field: StringField) -> None:
        """Look at the address; it may stay empty where no e-mail is wanted."""
        address = (field.data or "").strip()
        if self["mailing"].data == Mailing.NONE and not address:
            return
        if not is_mail_address(address) or len(address) > LONGEST_ADDRESS:
            raise ValidationError(_("Hãy nhập địa chỉ thư điện tử, ví dụ canbo@caobang.gov.vn."))


@pages.page("/notices", access=SIGNED_IN)
def notices_page() -> ResponseReturnValue:
    """Show what one was told, unread first."""
    page = page_in(request.args)
    found = notices_of(database.reader(), signed.require_person().actor, g.today, page)
    return render_template(
        "notices/notices.html",
        found=found,
        items=[_item(line) for line in found.rows],
        newest=max((line.id for line in found.rows), default=0),
        previous=_here(found.page - 1) if found.page > 1 else "",
        following=_here(found.page + 1) if found.page < found.pages else "",
    )


@pages.page("/notices/<int:notice_id>/open", access=SIGNED_IN, methods=("POST",))
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Mark a notice as read and go to its dossier."""
    with database.act() as connection:
        dossier_id = notices.read_one(connection, signed.require_person().person_id, notice_id, g.now)
    return redirect(url_for("desk.dossier_page", dossier_id=dossier_id), 303)


@pages.page("/notices/read", access=SIGNED_IN, methods=("POST",))
def read_notices() -> ResponseReturnValue:
    """Mark every notice as read, up to the newest one that the page showed."""
    newest = request.form.get("newest", 0, type=int)
    with database.act() as connection:
        notices.read_all(connection, signed.require_person().person_id, newest, g.now)
    flash(_("Đã đánh dấu đã đọc."), "success")
    return redirect(url_for("notices.notices_page"), 303)


@pages.page("/notices/settings", access=SIGNED_IN)
def mail_page() -> ResponseReturnValue:
    """Show how one is told by e-mail."""
    mailing, email = read_mailing(database.reader(), signed.require_person().person_id)
    return _mail_page(_form(data={"mailing": mailing.value, "email": email}))


@pages.page("/notices/settings", access=SIGNED_IN, methods=("POST",))
def mail_act() -> ResponseReturnValue:
    """Keep how one wants to be told by e-mail."""
    form = _form(request.form)
    if not form.validate():
        return _mail_page(form), 422
    email = (form.email.data or "").strip() or None
    with database.act() as connection:
        notices.set_mailing(connection, signed.require_person().person_id, Mailing(form["mailing"].data), email)
    flash(_("Đã lưu cách nhận thông báo."), "success")
    return redirect(url_for("notices.mail_page"), 303)


def _form(*given: Any, **more: Any) -> MailForm:
    ways = {one.value: word("mailings", one.value) for one in Mailing}
    form = type("WordedForm", (MailForm,), {"mailing": one_of(_l("Cách nhận"), ways)})
    return cast(MailForm, form(*given, **more))


def _mail_page(form: MailForm) -> str:
    return render_template("notices/settings.html", form=form)


def _here(page: int) -> str:
    return url_for("notices.notices_page", page=page if page > 1 else None)


def _item(line: Line) -> Item:
    told = line.kind in {NoticeKind.DESK, NoticeKind.NEWS}
    return Item(
        line=line,
        said=said(line, lang()),
        step=next_step(line, lang()),
        tag=word("notice_kinds", line.kind.value) if told else "",
        tone=TONES.get(line.kind, "neutral"),
        at=line.at.astimezone(VIETNAM),
    )
