"""A sign of life for the proxy in front: whether pages can be served, without any detail."""

from flask import Response
from flask.typing import ResponseReturnValue

from blueprints.access import PUBLIC, Pages

pages = Pages("health", __name__)


@pages.page("/healthz", access=PUBLIC)
def healthz() -> ResponseReturnValue:
    """Say that the house and its database answer; the time of the request was read from the database before."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})
