"""The page that shows a one-time link, this once, to be handed over to its owner."""

from datetime import datetime

from flask import current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue

from casework.password_links import LASTS
from queries.accounts import Account
from queries.days import VIETNAM


def hand_over(found: Account, secret: str) -> ResponseReturnValue:
    """The page with the link; no browser may keep a copy."""
    address = current_app.extensions["settings"].public_url + url_for("auth.link_page", secret=secret)
    until: datetime = (g.now + LASTS).astimezone(VIETNAM)
    page = render_template("admin/user_link.html", found=found, address=address, until=until)
    return page, 200, {"Cache-Control": "no-store"}
