"""One's own account."""

from flask import g, render_template
from flask.typing import ResponseReturnValue

from blueprints import signed
from blueprints.access import SIGNED_IN
from blueprints.auth.base import pages


@pages.page("/account", access=SIGNED_IN)
def account() -> ResponseReturnValue:
    """Show one's own offices and until when they are held."""
    return render_template("auth/account.html", person=signed.require_person(), today=g.today)
