"""A page's HTML taken apart: its bare structure, and its words in the language that it says it is in."""

from html.parser import HTMLParser

from tests.client import VOID

STRUCTURE = ("class", "role", "type", "aria-labelledby")
SPOKEN = ("aria-label", "title", "placeholder", "alt")
UNSPOKEN = {"script", "style", "textarea"}
Attributes = list[tuple[str, str | None]]


def skeleton(text: str) -> str:
    """The structure of a page without its words; a row of equal neighbours counts once."""
    read = _Skeleton()
    read.feed(text)
    return read.levels[0][-1]


def words(text: str) -> list[str]:
    """Each piece of text, each label that is only heard and each sentence kept for a script.

    What the page marks as Vietnamese is left out, but on the document itself.
    """
    read = _Words()
    read.feed(text)
    return read.found


class _Skeleton(HTMLParser):
    """Each open element with the structures of what it holds so far."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.levels: list[list[str]] = [[]]

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        self.names.append("|".join([tag, *(given.get(name) or "" for name in STRUCTURE)]))
        self.levels.append([])
        if tag in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, _tag: str) -> None:
        inside = self.levels.pop()
        whole = f"{self.names.pop()}({''.join(inside)})"
        if self.levels[-1][-1:] != [whole]:
            self.levels[-1].append(whole)


class _Words(HTMLParser):
    """Each open element with whether what it holds is read in the page's own language."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[bool] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        ours = tag == "html" or (all(self.read[-1:]) and dict(attrs).get("lang") != "vi" and tag not in UNSPOKEN)
        if ours:
            spoken = (value for name, value in attrs if name in SPOKEN or name.startswith("data-"))
            self.found += [value for value in spoken if value]
        if tag not in VOID:
            self.read.append(ours)

    def handle_endtag(self, _tag: str) -> None:
        self.read.pop()

    def handle_data(self, data: str) -> None:
        if all(self.read[-1:]) and data.strip():
            self.found.append(" ".join(data.split()))
