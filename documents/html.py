"""From a context to the HTML of its paper, through the template of its kind and version.

Templates see the context, the wording functions and nothing else: they run in a sandbox, escape what they print and
stop at a name they do not know. A released template version is never changed; a new layout is a new version.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from documents import wording
from documents.context import Context

_HEADING = re.compile(r"<(/?)h[1-6]\b")
_UNBROKEN = re.compile(r"(\d+/[^\s,;]{1,24}|\b(?:năm|tháng|Điều) \d+)")

WORDING = (
    wording.addressee_lines,
    wording.amount,
    wording.article_lines,
    wording.authority_line,
    wording.closed,
    wording.dated,
    wording.deciding_authority,
    wording.enclosed_with,
    wording.in_place,
    wording.money,
    wording.numbered,
    wording.recipient_lines,
    wording.sentence_start,
    wording.share,
    wording.signature_lines,
    wording.signing_date,
    wording.spelled,
    wording.split_body,
    wording.units_in_short,
    wording.verdict,
)
TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "documents"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One version of one kind of document: its name, the name in its heading, official form, basis and style sheets.

    The mark says how sure the form is; `word` whether there is a Word version to be edited by hand.
    """

    kind: str
    version: int
    name: str
    heading: str
    form: str
    legal_basis: str
    stylesheets: tuple[str, ...]
    mark: str = "C"
    word: bool = True


@cache
def template_of(kind: str, version: int) -> Template:
    """The template of a kind and version, as its meta.yaml describes it."""
    meta = _read(_folder(kind, version) / "meta.yaml")
    return Template(kind=kind, version=version, **meta | {"stylesheets": tuple(meta["stylesheets"])})


def samples_of(kind: str, version: int) -> Mapping[str, Any]:
    """The sample facts shipped with a template, by name, for previews and tests; read them with `from_plain`."""
    return _read(_folder(kind, version) / "sample.yaml")


def to_html(context: Context) -> str:
    """The whole document as one HTML page in Unicode NFC."""
    template = template_of(context.kind, context.version)
    page = environment().get_template(f"{template.kind}/v{template.version}/document.html")
    return unicodedata.normalize("NFC", page.render(doc=context, meta=template))


def to_read(context: Context) -> Markup:
    """The document to be read inside another page: what stands on its sheets, headings as paragraphs."""
    sheets = to_html(context).partition("<body")[2].partition(">")[2].partition("</body>")[0]
    return Markup(_HEADING.sub(r"<\1p", sheets))  # noqa: S704 - our own template, which escapes what it prints


@cache
def environment() -> ImmutableSandboxedEnvironment:
    """The closed room in which templates run."""
    room = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room.globals = {function.__name__: function for function in WORDING}
    room.globals |= {"blank_line": "." * 40, "hour_blank": "....... giờ ....... phút"}
    room.filters |= {"kept": kept, "tied": tied, "whole": whole, "lower_first": wording.inside}
    return room


def kept(text: str) -> Markup:
    """The text with each symbol, year, month and article number held on one line: "18/2022/QĐ-TTg", "năm 2025"."""
    held = Markup('<span class="kept">{}</span>')
    pieces = _UNBROKEN.split(text)
    return Markup("").join(held.format(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces))


def whole(text: str) -> Markup:
    """The text with each part between commas held on one line, so that no name is broken: "xã Nam Tuấn, huyện ..."."""
    held = Markup('<span class="kept">{}</span>')
    return Markup(" ").join(held.format(part) for part in re.split(r"(?<=,) ", text))


def tied(markup: Markup) -> Markup:
    """A centred text whose last three words stay on one line, so that no word stands alone under the others."""
    start, *words = markup.rsplit(" ", 3)
    if len(words) < 3 or any("<" in word for word in words):
        return markup
    return start + Markup(' <span class="kept">{}</span>').format(Markup(" ").join(words))


def _folder(kind: str, version: int) -> Path:
    return TEMPLATES / kind / f"v{version}"


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read
