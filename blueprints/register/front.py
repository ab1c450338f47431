"""The first page for whoever is not signed in: what this is, a way to search, and how many titles there are."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints import database
from queries.register import counts_by_level


def front_page() -> ResponseReturnValue:
    """Show a visitor what can be found here."""
    return render_template("register/front.html", counts=counts_by_level(database.reader()))
