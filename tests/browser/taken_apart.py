"""A page's HTML taken apart, in one reading: the kinds of its elements, and its words in the language that it is in."""

from functools import lru_cache
from html import unescape
from typing import NamedTuple

from tests.client import ATTRIBUTE, MARK, RAW, VOID

STRUCTURE = ("class", "role", "type")
SPOKEN = ("aria-label", "title", "placeholder", "alt")
UNSPOKEN = {"script", "style", "textarea"}


class Parts(NamedTuple):
    """What a page is made of.

    `kinds` are its kinds of elements, each with the kind that it stands in; words and figures make no other kind.
    `words` are its pieces of text, its labels that are only heard and its sentences kept for a script, without what the
    page marks as Vietnamese, but on the document itself.
    """

    kinds: frozenset[tuple[str, str]]
    words: tuple[str, ...]


class Begun(NamedTuple):
    """The beginning of an element: its kind, whether the page marks it as Vietnamese, and what of it is only heard."""

    kind: str
    vietnamese: bool
    spoken: tuple[str, ...]


def take_apart(text: str) -> Parts:
    """The kinds and the words of a page in which `tests.client.Page` has found nothing wrong."""
    kinds, words = set[tuple[str, str]](), list[str]()
    around = [("", True)]  # the open elements, each with whether what it holds is read in the page's own language
    at = 0
    while mark := MARK.search(text, at):
        if around[-1][1]:
            words += said(text[at : mark.start()])
        at, tag = mark.end(), (mark["tag"] or "").lower()
        if mark["end"]:
            around.pop()
        elif tag:
            begun = begin(tag, mark["attributes"])
            outside, ours = around[-1]
            kinds.add((outside, begun.kind))
            ours = tag == "html" or (ours and not begun.vietnamese and tag not in UNSPOKEN)
            if ours:
                words += begun.spoken
            if tag not in VOID and not mark["void"]:
                around.append((begun.kind, ours))
            if tag in RAW:
                at = text.index(f"</{tag}>", at)
    return Parts(frozenset(kinds), tuple(words))


@lru_cache(maxsize=20_000)
def begin(tag: str, attributes: str) -> Begun:
    """Read the beginning of an element; pages begin the same ones again and again."""
    given = {name.lower(): unescape(one or other) for name, one, other in ATTRIBUTE.findall(attributes)}
    spoken = (value for name, value in given.items() if name in SPOKEN or name.startswith("data-"))
    kind = "|".join([tag, *(given.get(name, "") for name in STRUCTURE)])
    return Begun(kind, given.get("lang") == "vi", tuple(value for value in spoken if value))


def said(written: str) -> list[str]:
    """The words that stand between two marks, in one line, if there are any."""
    words = " ".join(unescape(written).split())
    return [words] if words else []
