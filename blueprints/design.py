"""The page that shows every component in all its states, for whoever builds pages; registered in development only."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.access import PUBLIC, Pages

pages = Pages("design", __name__)


@pages.page("/design", access=PUBLIC)
def design_page() -> ResponseReturnValue:
    """Show the components."""
    return render_template("design.html")
