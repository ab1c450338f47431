"""People and the offices they hold."""

from flask import g, render_template, request
from flask.typing import ResponseReturnValue

from blueprints import database
from blueprints.admin.base import READERS, pages
from queries.accounts import users


@pages.page("/users", access=READERS)
def users_page() -> ResponseReturnValue:
    """Show everybody who has an account, with the offices held today; find one by name or login."""
    wanted = request.args.get("q", "")[:100]
    page = request.args.get("page", 1, type=int)
    return render_template(
        "admin/users.html", found=users(database.reader(), g.today, wanted, page=page), wanted=wanted
    )
