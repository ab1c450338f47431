"""One-time links: whoever was handed one sets a new password with it, once."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from blueprints import database
from blueprints.access import PUBLIC
from blueprints.auth.base import beside, pages, unkept
from blueprints.auth.password import PasswordForm
from casework import passwords
from casework.password_links import hash_of, use_link
from queries.accounts import LinkOwner, link_owner


class LinkForm(PasswordForm):
    """The new password twice; the link stands for the old one."""

    password = code = None


@pages.page("/password-link/<token:secret>", access=PUBLIC)
def link_page(secret: str) -> ResponseReturnValue:
    """Show the form by which a password is set, or that the link is no longer good; looking does not use it up."""
    owner = _owner(secret)
    return _page(LinkForm(), owner) if owner else _gone()


@pages.page("/password-link/<token:secret>", access=PUBLIC, methods=("POST",))
def use_link_act(secret: str) -> ResponseReturnValue:
    """Set the password; all sessions of the account end, and one signs in with the new password."""
    form, owner = LinkForm(request.form), _owner(secret)
    if owner is None:
        return _gone()
    whole = form.validate()
    wrong = passwords.faults(form.new_password.data, owner.login) if form.new_password.data else []
    if not beside(form.new_password, wrong) or not whole:
        return _page(form, owner, 422)
    chosen = passwords.keep(form.new_password.data)
    with database.act() as connection:
        use_link(connection, secret, chosen, g.now)
    flash(_("Đã đặt mật khẩu. Hãy đăng nhập bằng mật khẩu mới."), "success")
    return redirect(url_for("auth.sign_in"), 303)


def _owner(secret: str) -> LinkOwner | None:
    return link_owner(database.reader(), hash_of(secret), g.now)


def _page(form: Form, owner: LinkOwner, status: int = 200) -> ResponseReturnValue:
    return unkept(render_template("auth/link.html", form=form, owner=owner, shortest=passwords.SHORTEST), status)


def _gone() -> ResponseReturnValue:
    return unkept(render_template("auth/link_gone.html"), 404)
