"""People: everybody who has an account, one account with all about it, adding somebody and correcting a name."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField, ValidationError

from blueprints import database, signed
from blueprints.admin.base import READERS, WRITERS, beside, may_write, pages
from blueprints.admin.handing_over import hand_over
from blueprints.face import lang
from blueprints.forms import OPTIONAL, at_most, is_mail_address, typed
from blueprints.incoming import page_in
from casework import password_links, people, signing_in
from casework.errors import NotFound, Refused
from casework.people import NewPerson
from queries.accounts import Account, account, users
from queries.days import VIETNAM
from queries.wording import sentence
from workflow.refusal import Refusal, refuse

STATES = {"": _l("Tất cả"), "open": _l("Đang hoạt động"), "closed": _l("Đã khóa")}
PLACES = {"person.unnamed": "name", "person.login_taken": "login"}


class CorrectForm(Form):
    """A name, and an address for messages."""

    name = StringField(_l("Họ và tên"), [typed(_l("Hãy nhập họ và tên.")), at_most(120)])
    email = StringField(_l("Thư điện tử"), [OPTIONAL, at_most(200)])

    def validate_email(self, field: Any) -> None:
        """Look at the address; it may stay empty."""
        if not is_mail_address(field.data or ""):
            raise ValidationError(_("Hãy nhập địa chỉ thư điện tử, ví dụ canbo@caobang.gov.vn."))


class AddForm(CorrectForm):
    """Somebody new: also the name by which to sign in."""

    login = StringField(_l("Tên đăng nhập"), [typed(_l("Hãy nhập tên đăng nhập.")), at_most(60)])

    def validate_login(self, field: Any) -> None:
        """Look at the signs of the name."""
        if not people.fits_as_login(field.data or ""):
            raise ValidationError(sentence(refuse("person.login_unfit"), lang()))


@pages.page("/users", access=READERS)
def users_page() -> ResponseReturnValue:
    """Show everybody who has an account, with the offices held today; find one by name or login."""
    wanted, state = request.args.get("q", "")[:100], request.args.get("state", "")
    found = users(database.reader(), g.today, wanted, state, page_in(request.args))
    tabs = [(label, _listed(wanted, name), name == state) for name, label in STATES.items()]
    return render_template("admin/users.html", found=found, wanted=wanted, state=state, tabs=tabs, adds=may_write())


@pages.page("/users/<int:person_id>", access=READERS)
def user_page(person_id: int) -> ResponseReturnValue:
    """Show one account: who it is, how it is guarded, the offices, and everything that was done to it."""
    return render_user(person_id)


@pages.page("/users/new", access=WRITERS)
def add_page() -> ResponseReturnValue:
    """Show the form by which somebody is added."""
    return render_template("admin/user_add.html", form=AddForm())


@pages.page("/users/new", access=WRITERS, methods=("POST",))
def add_user() -> ResponseReturnValue:
    """Add somebody and show, this once, the link by which they choose their password; or say what is wrong."""
    form = AddForm(request.form)
    if not form.validate():
        return render_template("admin/user_add.html", form=form), 422
    new = NewPerson(form.login.data or "", form.name.data or "", (form.email.data or "").strip() or None)
    try:
        with database.act() as connection:
            person_id = people.add_person(connection, new, signed.keeper(), g.now)
            secret = password_links.make_link(connection, person_id, signed.keeper(), g.now)
    except Refused as error:
        beside(form, error.refusals, PLACES)
        return render_template("admin/user_add.html", form=form), 422
    return hand_over(account_or_404(person_id), secret)


@pages.page("/users/<int:person_id>/correct", access=WRITERS)
def correct_user_page(person_id: int) -> ResponseReturnValue:
    """Show the form by which a name or an address is corrected."""
    found = account_or_404(person_id)
    return render_template("admin/user_correct.html", form=CorrectForm(obj=found), found=found)


@pages.page("/users/<int:person_id>/correct", access=WRITERS, methods=("POST",))
def correct_user(person_id: int) -> ResponseReturnValue:
    """Correct a name or an address, or say what is wrong."""
    found, form = account_or_404(person_id), CorrectForm(request.form)
    if not form.validate():
        return render_template("admin/user_correct.html", form=form, found=found), 422
    email = (form.email.data or "").strip() or None
    with database.act() as connection:
        people.correct_person(connection, person_id, form.name.data or "", email, signed.keeper(), g.now)
    flash(_("Đã sửa thông tin."), "success")
    return redirect(url_for("admin.user_page", person_id=person_id), 303)


def _listed(wanted: str, state: str) -> str:
    return url_for("admin.users_page", q=wanted or None, state=state or None)


def account_or_404(person_id: int) -> Account:
    """An account with all about it; NotFound when there is none."""
    found = account(database.reader(), person_id, g.now)
    if found is None:
        raise NotFound(f"person {person_id}")
    return found


def render_user(person_id: int, refusals: tuple[Refusal, ...] = ()) -> str:
    """The page of an account, with the reasons why something could not be done to it."""
    found = account_or_404(person_id)
    return render_template(
        "admin/user.html",
        found=found,
        reasons=[sentence(one, lang()) for one in refusals],
        today=g.today,
        zone=VIETNAM,
        locked=signing_in.is_locked(database.reader(), found.login, g.now),
        oneself=signed.require_person().person_id == person_id,
        may=may_write(),
    )
