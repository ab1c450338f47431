"""The public pages: front page, book of recognitions, check of a decision, published keys, anchors of the days."""

from blueprints.register import anchors, book, decisions, front, keys
from blueprints.register.base import pages

__all__ = ["anchors", "book", "decisions", "front", "keys", "pages"]
