"""The public pages: the front page, the book of recognitions, and the check of a decision by its number."""

from blueprints.register import book, decisions, front
from blueprints.register.base import pages

__all__ = ["book", "decisions", "front", "pages"]
