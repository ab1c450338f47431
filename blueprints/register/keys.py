"""The published keys: a page for people and a file for programs that check papers without this system."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from blueprints import database
from blueprints.access import SHARED
from blueprints.register.base import pages
from queries.publication import key_file, published_keys


@pages.page("/keys", access=SHARED)
def keys_page() -> ResponseReturnValue:
    """Show every publication key with its time, to be compared and taken along."""
    return render_template("register/keys.html", keys=published_keys(database.reader()))


@pages.page("/keys.json", access=SHARED)
def keys_file() -> ResponseReturnValue:
    """Hand out the published keys as a file."""
    return Response(key_file(published_keys(database.reader())), mimetype="application/json")
