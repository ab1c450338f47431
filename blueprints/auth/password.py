"""Changing one's own password: the old one is asked for, and the sessions elsewhere end."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, ValidationError

from blueprints import database, signed
from blueprints.access import SIGNED_IN
from blueprints.auth.base import ConfirmForm, beside, confirmed, has_factor, pages
from blueprints.forms import typed
from casework import passwords, people


class PasswordForm(ConfirmForm):
    """The old password, and the new one twice, since it is not seen while it is typed."""

    new_password = PasswordField(_l("Mật khẩu mới"), [typed(_l("Hãy nhập mật khẩu mới."))])
    repeated_password = PasswordField(_l("Nhập lại mật khẩu mới"), [typed(_l("Hãy nhập lại mật khẩu mới."))])

    def validate_repeated_password(self, field: Any) -> None:
        """Both must be the same."""
        if self.new_password.data and field.data != self.new_password.data:
            raise ValidationError(_("Hai lần nhập mật khẩu mới không giống nhau."))


@pages.page("/account/password", access=SIGNED_IN)
def password_page() -> ResponseReturnValue:
    """Show the form by which one changes the password, with what is asked of a new one."""
    return _page(PasswordForm())


@pages.page("/account/password", access=SIGNED_IN, methods=("POST",))
def change_password() -> ResponseReturnValue:
    """Change the password, or say beside each field what is wrong."""
    form, person = PasswordForm(request.form), signed.require_person()
    whole = form.validate()
    new, present = form.new_password.data or "", form.password.data or ""
    wrong = passwords.faults(new, person.login, present) if new else []
    if not beside(form.new_password, wrong) or not whole or not confirmed(form):
        return _page(form), 422
    chosen = passwords.keep(new)
    with database.act() as connection:
        people.change_password(connection, signed.keeper(), chosen, person.session_id, g.now)
    flash(_("Đã đổi mật khẩu. Các phiên đăng nhập ở nơi khác đã kết thúc."), "success")
    return redirect(url_for("auth.account"), 303)


def _page(form: PasswordForm) -> str:
    return render_template("auth/password.html", form=form, shortest=passwords.SHORTEST, with_code=has_factor())
