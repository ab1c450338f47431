"""A page's HTML taken apart: the kinds of its elements, and its words in the language that it says it is in."""

from html.parser import HTMLParser

from tests.client import VOID

STRUCTURE = ("class", "role", "type")
SPOKEN = ("aria-label", "title", "placeholder", "alt")
UNSPOKEN = {"script", "style", "textarea"}
Attributes = list[tuple[str, str | None]]


def kinds(text: str) -> frozenset[tuple[str, str]]:
    """Each kind of element on a page with the kind that it stands in; words and figures make no other kind."""
    read = _Kinds()
    read.feed(text)
    return frozenset(read.found)


def words(text: str) -> list[str]:
    """Each piece of text, each label that is only heard and each sentence kept for a script.

    What the page marks as Vietnamese is left out, but on the document itself.
    """
    read = _Words()
    read.feed(text)
    return read.found


class _Kinds(HTMLParser):
    """The open elements, outermost first, and what was found so far."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [""]
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        kind = "|".join([tag, *(given.get(name) or "" for name in STRUCTURE)])
        self.found.add((self.open[-1], kind))
        if tag not in VOID:
            self.open.append(kind)

    def handle_endtag(self, _tag: str) -> None:
        self.open.pop()


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
