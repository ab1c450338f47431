"""The public pages: the front page, the book of recognitions, the check of a decision, the published keys."""

from blueprints.register import book, decisions, front, keys
from blueprints.register.base import pages

__all__ = ["book", "decisions", "front", "keys", "pages"]
