"""A browser without a screen that inspects what it gets: each page is whole HTML with one heading, titles, ids, labels.

It fills in forms as a person does, from what stands in them, and fails when a request leaves a connection open.
"""

import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from io import BytesIO
from types import MappingProxyType
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from casework import clock, signing_in
from casework.unit_of_work import unit_of_work

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
CONTROLS = {"input", "select", "textarea"}
UNLABELLED = {"hidden", "submit", "button"}

# A page as our templates write it, with every value in quotation marks. Taken apart by these two it costs a third of
# what the library's parser takes, and whatever they do not know is a fault.
MARK = re.compile(
    r"<(?P<end>/?)(?P<tag>[a-z][a-z0-9-]*)(?P<attributes>(?:\s+[^\s\"'<>/=]+(?:=\"[^\"]*\"|='[^']*')?)*)\s*(?P<void>/?)>"
    r"|<!--.*?-->|<!doctype html>",
    re.IGNORECASE | re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:="([^"]*)"|='([^']*)')?""")
RAW = {"script", "style"}
GATHERED = frozenset({"title", "h1", "a"})
KEPT = 20_000  # attributes as they were written: nearly all of a page stand in others too


@lru_cache(maxsize=KEPT)
def said(attributes: str) -> tuple[Mapping[str, str], list[str]]:
    """What the attributes of a mark say, and the names of those that are said twice."""
    found = ATTRIBUTE.findall(attributes)
    counts = Counter(name.lower() for name, *_ in found)
    given = {name.lower(): unescape(one or other) for name, one, other in found}
    return MappingProxyType(given), [name for name, count in counts.items() if count > 1]


@dataclass
class Form:
    """A form of a page: where it leads, what stands in it, and the buttons that send it."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class Page:
    """A page taken apart, and everything that is wrong with it."""

    def __init__(self, address: str, text: str) -> None:
        self.address, self.text_of_file = address, text
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[tuple[str, Mapping[str, str]]] = []
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.h1: list[str] = []
        self.title = ""
        self.words: list[str] = []
        self._select: str | None = None
        self._area: tuple[str, list[str]] | None = None
        self._take_apart(text)
        self._judge()

    @property
    def text(self) -> str:
        """The words of the page, in one line."""
        return " ".join(" ".join(self.words).split())

    def _take_apart(self, text: str) -> None:
        at = 0
        while mark := MARK.search(text, at):
            begun = mark.start()
            if begun > at:
                self._say(text[at:begun])
            at = mark.end()
            ends, tag, attributes, closed = mark.groups()
            if tag is None:
                continue
            tag = tag.lower()
            if ends:
                self._end(tag)
                continue
            self._begin(tag, attributes, closed=bool(closed))
            if tag in RAW:
                end = text.find(f"</{tag}>", at)
                self.words.append(text[at:end])
                at = end
        self._say(text[at:])

    def _begin(self, tag: str, attributes: str, *, closed: bool) -> None:
        given, repeated = said(attributes)
        if repeated:
            self.faults.append(f"<{tag}> says {repeated} twice")
        if tag not in VOID and not closed:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        self._note(tag, given)

    def _end(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()
        if tag == "textarea" and self._area:
            name, parts = self._area
            self.forms[-1].values.append((name, "".join(parts).removeprefix("\n")))
            self._area = None

    def _say(self, written: str) -> None:
        if "<" in written:
            self.faults.append(f"no mark begins so: {written[written.index('<') :][:60]}")
        data = unescape(written)
        self.words.append(data)
        if self._area:
            self._area[1].append(data)
        for tag in GATHERED.intersection(self.open):
            self._gather(tag, data)

    def _gather(self, tag: str, data: str) -> None:
        if tag == "title" and "svg" not in self.open:
            self.title += data
        elif tag == "h1" and self.h1:
            self.h1[-1] += data
        elif tag == "a" and self.links:
            self.links[-1] = (self.links[-1][0], self.links[-1][1] + data)

    def _note(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "h1":
            self.h1.append("")
        elif tag == "a":
            self.links.append((given.get("href", ""), ""))
        elif tag == "label":
            self.labels.add(given.get("for", ""))
        elif tag == "form":
            if self.open.count("form") > 1:
                self.faults.append("a form inside a form")
            self.forms.append(Form(given.get("action", self.address), given.get("method", "get")))
        elif tag in CONTROLS:
            self._note_control(tag, given)
        else:
            self._note_part(tag, given)

    def _note_part(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "option" and self._select and "selected" in given:
            self.forms[-1].values.append((self._select, given["value"]))
        elif tag == "button" and given.get("type", "submit") == "submit" and self.forms:
            self.forms[-1].buttons.append((given.get("name", ""), given.get("value", "")))

    def _note_control(self, tag: str, given: Mapping[str, str]) -> None:
        self.controls.append((tag, given))
        form, name, kind = self.forms[-1], given.get("name", ""), given.get("type", "text")
        form.names.add(name)
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = (name, [])
        elif kind == "file":
            form.files.append(name)
        elif kind not in {"checkbox", "radio"} or "checked" in given:
            form.values.append((name, given.get("value", "on" if kind == "checkbox" else "")))

    def _judge(self) -> None:
        if self.open:
            self.faults.append(f"never closed: {self.open}")
        if len(self.h1) != 1:
            self.faults.append(f"{len(self.h1)} h1")
        heading = " ".join("".join(self.h1).split())
        if not heading or not " ".join(self.title.split()).startswith(heading):
            self.faults.append(f"the title '{self.title}' does not begin with '{heading}'")
        self.faults += [
            f"the id '{name}' stands {count} times" for name, count in Counter(self.ids).items() if count > 1
        ]
        for tag, given in self.controls:
            named = given.get("id") in self.labels or "aria-label" in given
            if not named and not (tag == "input" and given.get("type") in UNLABELLED):
                self.faults.append(f"no label: {dict(given)}")
        anchors = [href[1:] for href, _ in self.links if href.startswith("#")]
        self.faults += [f"#{anchor} leads nowhere" for anchor in anchors if anchor not in self.ids]

    def form_to(self, ending: str) -> Form:
        """The form whose address ends so; one that is sent before one that searches."""
        found = [form for form in self.forms if form.action.split("?")[0].endswith(ending)]
        assert found, f"no form to {ending} among {[form.action for form in self.forms]}"
        return max(found, key=lambda form: form.method == "post")


class Browser:
    """One person's browser: pages looked at and forms filled in, each answer inspected."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.answer: TestResponse

    def get(self, address: str, status: int = 200) -> Page:
        """Look at a page and inspect it."""
        return self.inspect(self.client.get(address), address, status)

    def send(self, page: Page, ending: str, status: int = 303, button: str = "", **values: Any) -> Page:
        """Fill in the form whose address ends so and send it; what is not named stays as it stands."""
        form = page.form_to(ending)
        names = {name.replace("__", "-") for name in values}
        assert not names - form.names - {button}, f"no such fields: {names - form.names}"
        sent: dict[str, Any] = {}
        for name, value in form.values:
            if name not in names:
                sent.setdefault(name, []).append(value)
        for name, value in values.items():
            sent[name.replace("__", "-")] = (BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value
        if button:
            sent[button] = "yes"
        return self.post(form.action, sent, status)

    def post(self, address: str, values: dict[str, Any], status: int = 303) -> Page:
        """Send values to an address, and follow where the answer leads."""
        answer = self.client.post(address, data=values, content_type="multipart/form-data")
        page = self.inspect(answer, address, status)
        return self.get(answer.headers["Location"]) if status == 303 else page

    def sign_in(self, login: str) -> Page:
        """Become a practice account by its button."""
        page = self.get("/sign-in")
        token = dict(page.form_to("/sign-in").values)["csrf_token"]
        return self.post("/sign-in/practice", {"login": login, "csrf_token": token})

    def speak(self, page: Page, lang: str) -> None:
        """Choose a language, by the button on a page where somebody is signed in."""
        self.post("/language", {"lang": lang, "csrf_token": dict(page.form_to("/language").values)["csrf_token"]})

    def enter(self, login: str) -> None:
        """Be a practice account as after a press on its button, with no request for it."""
        engine = self.app.extensions["engine"]
        with unit_of_work(engine) as connection:
            here = signing_in.Browser("127.0.0.1")
            secret = signing_in.enter_practice(connection, login, here, clock.now(connection))
        self.client.set_cookie("datchuan", signed_cookie(self.app, secret, f"token.{login}"))

    def inspect(self, answer: TestResponse, address: str, status: int = 200) -> Page:
        """The page of an answer, taken apart; nothing may be wrong with it."""
        self.answer = answer
        assert answer.status_code == status, f"{address}: {answer.status_code}\n{answer.text[:2000]}"
        assert self.app.extensions["engine"].pool.checkedout() == 0, f"{address} left a connection open"
        if answer.mimetype != "text/html" or status == 303:
            return Page.__new__(Page)
        page = Page(address, answer.text)
        assert not page.faults, f"{address}: {page.faults}"
        return page


def signed_cookie(app: Flask, secret: str, token: str) -> str:
    """What the cookie of a browser says in which the person of a session is signed in; without a secret nobody is."""
    inside = {"_user_id": secret, "_fresh": True} if secret else {}
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # the cookie's own
    return str(serializer.dumps({**inside, "csrf_token": token}))


def padded_token(app: Flask, kept: str) -> str:
    """What a form of a session sends along against forgery, by what the session keeps for it."""
    token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(kept)
    assert isinstance(token, str)
    return urlsafe_b64encode(bytes(len(token)) + token.encode()).decode()
