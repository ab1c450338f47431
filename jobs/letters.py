"""How a message reads: subject, plain text and simple HTML in the person's language, from notices within reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from queries.notices import Line, next_step, said
from queries.wording import label, words
from settings import ROOT


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message is made of: to whom, in which language, the news, and of which day when it is a summary."""

    key: str
    name: str
    address: str
    lang: str
    lines: Sequence[Line]
    day: date | None = None


def write(letter: Letter, sender: str, public_url: str, now: datetime, *, practice: bool) -> EmailMessage:
    """The message, the same for the same letter and moment; its id never changes, so that a second copy is known."""
    shown = {"letter": letter, "items": _items(letter, public_url), "practice": practice}
    shown |= {"settings_url": f"{public_url}/notices/settings", "say": lambda name: label("mail", name, letter.lang)}
    message = EmailMessage()
    message["Subject"] = _subject(letter, practice=practice)
    message["From"] = sender
    message["To"] = Address(letter.name, addr_spec=letter.address)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.key}@{urlsplit(public_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{public_url}/notices/settings>"
    message.set_content(_template("news.txt").render(shown))
    message.add_alternative(_template("news.html").render(shown), subtype="html")
    return message


def _items(letter: Letter, public_url: str) -> list[dict[str, object]]:
    return [
        {
            "said": said(line, letter.lang),
            "step": next_step(line, letter.lang),
            "due": line.due_on if line.lies_there else None,
            "code": line.code,
            "url": f"{public_url}/dossiers/{line.dossier_id}",
        }
        for line in letter.lines
    ]


def _subject(letter: Letter, *, practice: bool) -> str:
    mark = f"[{label('mail', 'practice', letter.lang)}] " if practice else ""
    if letter.day is None:
        return f"{mark}{said(letter.lines[0], letter.lang)}"
    named = {"day": letter.day.strftime("%d/%m/%Y"), "count": len(letter.lines)}
    return mark + words()["mail"]["summary"][letter.lang].format(**named)


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOT / "templates" / "mail"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
