"""Finding by words as people type them, with marks or without: the one way in which every search of the house finds."""

from typing import Any

from sqlalchemy import Column, ColumnElement, and_, false, literal, or_

from models.keys import search_key


def has_words(wanted: str, *keys: Column[str]) -> ColumnElement[Any]:
    """The condition that each typed word begins a word in one of these search keys; nothing is found without a word."""
    words = search_key(wanted).split()
    if not words:
        return false()
    spaced = [literal(" ") + key for key in keys]
    return and_(*(or_(*(key.contains(f" {word}", autoescape=True) for key in spaced)) for word in words))
