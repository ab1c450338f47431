"""A page's HTML taken apart, in one reading: the kinds of its elements, and its words in the language that it is in."""

from html.parser import HTMLParser
from typing import NamedTuple

from tests.client import VOID

STRUCTURE = ("class", "role", "type")
SPOKEN = ("aria-label", "title", "placeholder", "alt")
UNSPOKEN = {"script", "style", "textarea"}
Attributes = list[tuple[str, str | None]]


class Parts(NamedTuple):
    """What a page is made of.

    `kinds` are its kinds of elements, each with the kind that it stands in; words and figures make no other kind.
    `words` are its pieces of text, its labels that are only heard and its sentences kept for a script, without what the
    page marks as Vietnamese, but on the document itself.
    """

    kinds: frozenset[tuple[str, str]]
    words: tuple[str, ...]


def take_apart(text: str) -> Parts:
    """The kinds and the words of a page."""
    read = _Reader()
    read.feed(text)
    return Parts(frozenset(read.kinds), tuple(read.words))


class _Reader(HTMLParser):
    """The open elements, outermost first, each with whether what it holds is read in the page's own language."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [("", True)]
        self.kinds: set[tuple[str, str]] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        around, ours = self.open[-1]
        kind = "|".join([tag, *(given.get(name) or "" for name in STRUCTURE)])
        self.kinds.add((around, kind))
        ours = tag == "html" or (ours and given.get("lang") != "vi" and tag not in UNSPOKEN)
        if ours:
            spoken = (value for name, value in attrs if name in SPOKEN or name.startswith("data-"))
            self.words += [value for value in spoken if value]
        if tag not in VOID:
            self.open.append((kind, ours))

    def handle_endtag(self, _tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1][1] and data.strip():
            self.words.append(" ".join(data.split()))
