"""What the pages of signing in and of one's own account share: the way on, which never leads to another site."""

from flask import request

from blueprints.access import Pages

pages = Pages("auth", __name__)


def wanted() -> str:
    """Where somebody wants to go after signing in: one of our own pages, else the first one."""
    return safe(request.values.get("next", ""))


def safe(address: str) -> str:
    """The address when it is one of our own pages, else the first page."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if inside else "/"
