"""Signing in and out, the language of the pages, and one's own account."""

from blueprints.auth import account, entering, factor, links, password
from blueprints.auth.base import pages

NEEDS_NO_SESSION = "blueprints.auth.entering.sign_in_again"  # it checks the token of the page by itself

__all__ = ["NEEDS_NO_SESSION", "account", "entering", "factor", "links", "pages", "password"]
