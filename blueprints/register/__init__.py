"""The public pages: front page, book of recognitions, check of a decision, published keys, anchors of the days."""

from blueprints.register import anchors, book, checking, decisions, front, keys
from blueprints.register.base import pages

NEEDS_NO_SESSION = "blueprints.register.checking.compare"  # it keeps nothing, and does the same for everybody

__all__ = ["NEEDS_NO_SESSION", "anchors", "book", "checking", "decisions", "front", "keys", "pages"]
