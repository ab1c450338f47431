"""The public pages: the front page, the book of recognitions, the check of a decision, the published keys."""

from blueprints.register import book, checking, decisions, front, keys
from blueprints.register.base import pages

NEEDS_NO_SESSION = "blueprints.register.checking.compare"  # it keeps nothing, and does the same for everybody

__all__ = ["NEEDS_NO_SESSION", "book", "checking", "decisions", "front", "keys", "pages"]
