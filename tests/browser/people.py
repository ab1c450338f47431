"""People before a real browser: who they are, what they see, and how each thing on a desk is done with their hands.

Everything is found by what a person sees: roles, labels and headings, in the language of that person. A page that
changes costs one function here, and no story.
"""

import gettext
import re
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, FilePayload, Locator, Page, Request, Response, expect

from practice.accounts import PASSWORD, accounts_of
from queries.rulebook import procedures
from queries.wording import action_label, state_label, words
from settings import ROOT
from tests.browser.house import House
from tests.client import Page as Sheet

SET_VALUES = """values => {
  for (const [name, wanted] of Object.entries(values)) {
    const controls = [...document.querySelectorAll(`main [name="${CSS.escape(name)}"]`)];
    if (!controls.length) throw new Error(`no control ${name}`);
    for (const one of controls) {
      if (one.type === "checkbox" || one.type === "radio") one.checked = [].concat(wanted).includes(one.value);
      else one.value = wanted;
      one.dispatchEvent(new Event("input", { bubbles: true }));
      one.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
}"""
SEND_FORM = """async ({ path, values, files, rest }) => {
  const read = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = (await read(await fetch(path))).querySelector("main form[method=post]");
  const data = new FormData(form);
  if (rest) for (const one of form.querySelectorAll("[type=radio]")) data.set(one.name, rest);
  for (const [name, wanted] of Object.entries(values)) {
    data.delete(name);
    for (const one of [].concat(wanted)) data.append(name, one);
  }
  for (const [name, { text, called, type }] of Object.entries(files)) {
    data.set(name, new File([Uint8Array.from(atob(text), (one) => one.charCodeAt(0))], called, { type }));
  }
  const address = form.getAttribute("action") ?? path;
  const answer = await fetch(address, { method: "POST", body: data, redirect: "manual" });
  return answer.type === "opaqueredirect" ? "" : (await read(answer)).querySelector("main").textContent;
}"""
PATIENCE_SECONDS = 120
STATUS_IN_CONSOLE = "Failed to load resource: the server responded with a status of"


@dataclass
class Watch:
    """What went wrong in a browser that nobody expected: errors of scripts, answers that failed, requests elsewhere."""

    url: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    away: bool = False

    def over(self, context: BrowserContext) -> None:
        """Listen to everything that happens in a browser."""
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        context.on("request", self._see_request)
        context.on("response", self._see_response)
        context.on("requestfailed", self._see_failure)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(STATUS_IN_CONSOLE) and not self.away:
            self.faults.append(f"console: {message.text}")

    def _see_request(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.faults.append(f"request elsewhere: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.request.method} {response.url}: {response.status}")

    def _see_failure(self, request: Request) -> None:
        left = request.failure == "net::ERR_ABORTED"  # a page that was left, or one that became a download
        if not left and not self.away:
            self.faults.append(f"{request.method} {request.url}: {request.failure}")


@dataclass
class Person:
    """Somebody of a practice province before a browser."""

    house: House
    context: BrowserContext
    page: Page
    watch: Watch
    lang: str = "vi"
    touch: bool = False
    login: str = ""
    dossier: str = ""
    unseen: bool = False  # what is open was shown to whoever sat here before

    @property
    def gone(self) -> bool:
        """Whether the browser was ended from outside."""
        return self.context.browser is None or not self.context.browser.is_connected()

    # --- words ---

    def say(self, sentence: str) -> str:
        """A sentence of the pages in this person's language."""
        if self.lang == "vi":
            return sentence
        said = english().gettext(sentence)
        return said if said != sentence else english().ngettext(sentence, sentence, 1)

    def pattern(self, sentence: str, **known: str) -> re.Pattern[str]:
        """A sentence of the pages with what is known in its place, and anything where other figures and names stand."""
        said = self.say(sentence)
        for name, text in known.items():
            said = said.replace(f"%({name})s", text)
        return re.compile(".*".join(re.escape(part) for part in re.split(r"%\(\w+\)s", said)))

    def word(self, group: str, name: str) -> str:
        """A word of a closed list in this person's language."""
        return words()[group][name][self.lang]

    def action(self, name: str) -> str:
        """What an action is called on its button."""
        found = [one.actions[name] for one in in_scenario(self.house.scenario) if name in one.actions]
        return action_label(found[0], self.lang)

    def state(self, name: str) -> str:
        """What a state is called."""
        found = [one.states[name] for one in in_scenario(self.house.scenario) if name in one.states]
        return state_label(found[0], self.lang)

    # --- coming and going ---

    def go(self, path: str) -> None:
        """Look at a page; as long as nobody is signed in, the language stands in the address."""
        self.unseen = False
        asks = self.lang == "en" and not self.login and "lang=" not in path
        self.page.goto(f"{self.house.url}{path}{'&' if '?' in path else '?'}lang=en" if asks else self.house.url + path)

    def enter(self, login: str) -> None:
        """Become a practice account by its button on the sign-in page."""
        name = next(one.name_vi for one in accounts_of(self.house.scenario) if one.login == login)
        if urlsplit(self.page.url).path != "/sign-in":
            self.go("/sign-in")
        tier = self.page.locator("details", has_text=name)
        if tier.get_attribute("open") is None:
            self.hit(tier.locator("summary"))
        self.hit(self.button(re.compile(f"^{re.escape(name)}")))
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.login = login

    def enter_by_password(self, login: str, password: str = PASSWORD) -> None:
        """Sign in by typing name and password."""
        self.go("/sign-in")
        self.field("Tên đăng nhập").fill(login)
        self.field("Mật khẩu").fill(password)
        self.press("Đăng nhập")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        self.login = login

    def leave(self) -> None:
        """Sign out; the language that was chosen goes with the person."""
        if self.unseen:
            self.go("/account")
        self.press("Đăng xuất")
        self.page.wait_for_url(lambda url: "/sign-in" in url)
        self.login, self.lang = "", "vi"

    def make_way_for(self, login: str) -> None:
        """Let a practice account sit down as before another browser, without looking at the pages."""
        self.context.clear_cookies()
        self.slip_in(login)

    def slip_in(self, login: str) -> None:
        """Become a practice account by the same form as its button, without looking at the pages before and after."""
        asked = self.context.request
        form = Sheet("/sign-in", asked.get(f"{self.house.url}/sign-in").text()).form_to("/sign-in/practice")
        answer = asked.post(self.house.url + form.action, form={**dict(form.values), "login": login}, max_redirects=0)
        assert answer.status == 303, f"{login}: {answer.status}"
        self.login, self.unseen = login, True

    def speak(self, lang: str) -> None:
        """Choose the other language, by the switch that stands on every page."""
        if lang != self.lang:
            if self.unseen:
                self.go("/account")
            words = "English" if lang == "en" else "Tiếng Việt"
            self.hit(self.button(words, exact=True).or_(self.link(words, exact=True)))
            self.page.wait_for_selector(f"html[lang={lang}]")
            self.lang = lang

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Take these answers for what is wanted, for a while."""
        self.watch.expected |= set(statuses)
        yield
        self.watch.expected -= set(statuses)

    def open_dossier(self) -> None:
        """Look at the dossier that this person works on; an act has often led back to it."""
        if not self.unseen and self.page.url == self.house.url + self.dossier:
            self.page.wait_for_load_state()
        else:
            self.go(self.dossier)

    # --- what is on the page ---

    def button(self, name: str | re.Pattern[str], **options: Any) -> Locator:
        """A button by its words."""
        return self.page.get_by_role("button", name=name, **options)

    def link(self, name: str | re.Pattern[str], **options: Any) -> Locator:
        """A link by its words."""
        return self.page.get_by_role("link", name=name, **options)

    def field(self, label: str) -> Locator:
        """A control by the beginning of its label, which may go on to say that it may stay empty."""
        return self.page.get_by_label(re.compile(f"^{re.escape(self.say(label))}"))

    def group(self, legend: str) -> Locator:
        """A group of controls by the beginning of its legend."""
        return self.page.get_by_role("group", name=re.compile(f"^{re.escape(self.say(legend))}"))

    def hit(self, part: Locator) -> None:
        """Press a thing on the page: with the mouse, or with a finger where there is a touch screen."""
        if self.touch:
            part.tap()
        else:
            part.click()

    def press(self, name: str) -> None:
        """Press the button with these words."""
        self.hit(self.button(self.say(name), exact=True))

    def follow(self, name: str) -> None:
        """Follow the first link with exactly these words."""
        self.hit(self.link(self.say(name), exact=True).first)

    def each(self, parts: Locator) -> list[Locator]:
        """Everything of a kind on the page, which may be on its way yet."""
        parts.first.wait_for()
        return parts.all()

    def set_values(self, values: Mapping[str, str | list[str]]) -> None:
        """Set controls of the open page by their names, as a person would who types very fast."""
        self.page.evaluate(SET_VALUES, dict(values))

    def send_form(
        self,
        path: str,
        values: Mapping[str, str | list[str]],
        *,
        files: Mapping[str, FilePayload] | None = None,
        rest: str = "",
    ) -> None:
        """Send the form of a page with these values and files, without looking at the page.

        Others stay as they stand there; with a value for the rest, every group of choices that is not named gets it.
        """
        given = {
            name: {"text": b64encode(one["buffer"]).decode(), "called": one["name"], "type": one["mimeType"]}
            for name, one in (files or {}).items()
        }
        told = {"path": path, "values": dict(values), "files": given, "rest": rest}
        sent = self.page.evaluate(SEND_FORM, told)
        assert sent == "", f"{path}: {sent}"

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until these words stand on the page."""
        expect(self.page.get_by_text(text).first).to_be_visible()

    def waits_for(self, part: Locator) -> Locator:
        """Look at the page again and again until something has come to stand there."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not part.first.is_visible():
            assert time.monotonic() < end, f"{part} has not come in time\n{self.house.log}"
            self.page.wait_for_timeout(500)
            self.page.reload()
        return part.first

    def heading(self) -> str:
        """The words of the one main heading."""
        return self.page.get_by_role("heading", level=1).inner_text()


@cache
def english() -> gettext.NullTranslations:
    """The English sentences of the pages."""
    return gettext.translation("messages", ROOT / "translations", ["en"])


@cache
def in_scenario(scenario: str) -> tuple[Any, ...]:
    """The procedures that a scenario works by."""
    return tuple(one for one in procedures().values() if scenario in one.key)
