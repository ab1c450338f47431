"""Sentences and small marks of a page, looked up and made once for each language, since a page has hundreds of them.

Templates say `_` and `ngettext` as everywhere. Components that stand many times on a page and depend on nothing but
what they are given, such as a day or a state's tag, say `{% set day = kept(day) %}` after themselves.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask
from markupsafe import Markup

from blueprints.face import lang
from queries.wording import LANGUAGES

FOLDER = Path(__file__).parents[1] / "translations"
MOST_KEPT = 4096


def prepare(app: Flask) -> None:
    """Let every template say its sentences through these functions."""
    app.jinja_env.globals.update(_=said, gettext=said, ngettext=counted, kept=kept)


@cache
def _translations(language: str) -> NullTranslations:
    """The sentences of a language; those in the templates themselves are Vietnamese."""
    return NullTranslations() if language == LANGUAGES[0] else Translations.load(str(FOLDER), [language])


@lru_cache(maxsize=MOST_KEPT)
def _sentence(language: str, words: str) -> Markup:
    return Markup(_translations(language).gettext(words))  # noqa: S704 - sentences of the templates, not of people


def said(words: str, **values: Any) -> Markup:
    """A sentence in the language of the page, what is filled in escaped."""
    found = _sentence(lang(), words)
    return found % values if values or "%" in found else found


def spoken(words: str) -> str:
    """A sentence of the program in the language of the page, as plain text."""
    return str(_sentence(lang(), words))


def counted(one: str, many: str, num: int, **values: Any) -> Markup:
    """A sentence with a number, in the form that the number asks for."""
    return _counted(lang(), one, many, num) if not values else _formed(lang(), one, many, num) % {"num": num, **values}


@lru_cache(maxsize=MOST_KEPT)
def _counted(language: str, one: str, many: str, num: int) -> Markup:
    return _formed(language, one, many, num) % {"num": num}


def _formed(language: str, one: str, many: str, num: int) -> Markup:
    return Markup(_translations(language).ngettext(one, many, num))  # noqa: S704 - the same


def kept(macro: Callable[..., Markup], *, speaks: bool = False) -> Callable[..., Markup]:
    """A component whose outcome is kept for what it was given; text and markup are not the same.

    One that says sentences of its own `speaks`, and is kept in each language.
    """
    known: dict[Any, Markup] = {}

    def component(*given: Any, **named: Any) -> Markup:
        key = (speaks and lang(), given, tuple(map(type, given)), *named.items(), *map(type, named.values()))
        try:
            found = known.get(key)
        except TypeError:  # something that has no place in a table
            return macro(*given, **named)
        if found is None:
            if len(known) >= MOST_KEPT:
                known.clear()
            found = known[key] = macro(*given, **named)
        return found

    return component
