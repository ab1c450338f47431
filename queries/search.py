"""Finding by words as people type them, with marks or without: the one way in which every search of the house finds."""

from typing import Any

from sqlalchemy import Column, ColumnElement, and_, false, or_

from models.keys import search_key


def has_words(wanted: str, *keys: Column[str]) -> ColumnElement[Any]:
    """The condition that each typed word stands in one of these columns of search keys; nothing without a word."""
    words = search_key(wanted).split()
    if not words:
        return false()
    return and_(*(or_(*(key.contains(word, autoescape=True) for key in keys)) for word in words))
