"""The public pages: the front page, the book of recognitions, the check of a decision, and the anchors of the days."""

from blueprints.register import anchors, book, decisions, front
from blueprints.register.base import pages

__all__ = ["anchors", "book", "decisions", "front", "pages"]
