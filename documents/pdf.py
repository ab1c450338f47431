"""From a context to the bytes of its paper: tagged PDF/A-3b, the same bytes for the same facts.

One font configuration and one parsed set of style sheets serve the whole process, behind one lock, because the text
engine is not safe for two threads. The engine is loaded at the first document, so that processes which only show
pages never pay for it. Nothing is fetched: a document can name the bundled fonts and its own QR code, no more.
"""

import atexit
import hashlib
import io
import os
import threading
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import segno

from documents.context import Context
from documents.html import TEMPLATES, template_of, to_html

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
FONT_SETTINGS = Path(__file__).resolve().parent / "fonts.conf"
FACES = ("regular", "bold", "italic", "bolditalic")

MOST_PAGES = 120
QR_MASK = 3  # fixed: trying all eight takes three times as long

# The engine sees the bundled faces alone, on every machine the same, and a process that is short of memory cannot spoil
# the machine's own list of fonts. It is told before it is loaded.
os.environ["FONTCONFIG_FILE"] = str(FONT_SETTINGS)

Assets = MappingProxyType[str, bytes]

_LOCK = threading.Lock()
_NOTHING_MORE: Assets = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished paper: its bytes, their SHA-256 in hexadecimal, and its number of pages."""

    pdf: bytes
    sha256: str
    pages: int


class NotBundled(Exception):
    """A template or a style sheet names an address that is neither a bundled font nor the document's own QR code."""


class TooManyPages(Exception):
    """A document became longer than it may be; its pages were laid out, and none was written."""


def render(context: Context, most_pages: int = MOST_PAGES) -> Rendered:
    """Lay out and write the paper of a context, about 0.1 s a page; `NotBundled` and `TooManyPages` stop it."""
    from weasyprint.urls import FatalURLFetchingError

    html = to_html(context)
    with _LOCK:
        try:
            sheets = template_of(context.kind, context.version).stylesheets
            pdf, pages = _print(html, sheets, _own_assets(context), most_pages)
        except FatalURLFetchingError as error:  # a BaseException, which would end the process that drains the jobs
            raise NotBundled(str(error.__cause__)) from error
    return Rendered(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), pages=pages)


def _print(html: str, stylesheets: tuple[str, ...], own: Assets, most_pages: int) -> tuple[bytes, int]:
    from weasyprint import HTML

    page = HTML(string=html, base_url="asset:/", url_fetcher=_fetcher(own))
    sheets = [_stylesheet(name) for name in stylesheets]
    document = page.render(stylesheets=sheets, font_config=_font_configuration())
    if len(document.pages) > most_pages:
        raise TooManyPages(f"{len(document.pages)} pages, at most {most_pages}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # the engine leaves its own colour profile to the collector
        # No validator proves part A of the standard, so the file claims part B, and is tagged all the same.
        pdf = document.write_pdf(pdf_variant="pdf/a-3b", pdf_tags=True, finisher=_drop_empty)
    return pdf, len(document.pages)


def qr_svg(url: str) -> bytes:
    """The QR code of an address as SVG; upper case makes it one size coarser, hence easier to read from paper."""
    code = segno.make(url.upper(), error="m", mask=QR_MASK, micro=False, boost_error=False)
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=0, xmldecl=False, omitsize=True)
    return drawing.getvalue()


@cache
def _font_configuration() -> Any:
    """The process's one font configuration: a fresh one for each document would leak memory."""
    from weasyprint.text.fonts import FontConfiguration

    atexit.register(_forget)
    return FontConfiguration()


def _forget() -> None:
    """Let the engine put its fonts away while the modules it needs for that still stand."""
    _stylesheet.cache_clear()
    _font_configuration.cache_clear()


@cache
def _stylesheet(name: str) -> Any:
    """A style sheet of the templates, parsed once."""
    from weasyprint import CSS

    css = (TEMPLATES / name).read_text("utf-8")
    return CSS(string=css, font_config=_font_configuration(), url_fetcher=_fetcher())


@cache
def _fonts() -> Assets:
    """The bundled faces by the address under which style sheets name them."""
    return MappingProxyType({f"asset:tinos-{face}.ttf": (FONTS / f"tinos-{face}.ttf").read_bytes() for face in FACES})


def _own_assets(context: Context) -> Assets:
    url = getattr(context, "seal", None) or getattr(context, "verification_url", None)
    return MappingProxyType({"asset:qr.svg": qr_svg(url)}) if url else _NOTHING_MORE


def _fetcher(own: Assets = _NOTHING_MORE) -> Any:
    """A fetcher that hands out the fonts and the document's own assets; any other address stops the rendering."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    def fetch(_self: object, url: str, _headers: object = None) -> Any:
        content = own.get(url) or _fonts().get(url)
        if content is None:
            raise NotBundled(f"a document may not fetch {url}")
        kind = "image/svg+xml" if url.endswith(".svg") else "font/ttf"
        return URLFetcherResponse(url, content, {"Content-Type": kind})

    return type("BundledOnly", (URLFetcher,), {"fetch": fetch})(fail_on_errors=True)


def _drop_empty(_document: object, pdf: Any) -> None:
    """Take out resource dictionaries that hold nothing: PDF/A readers need not know them."""
    for thing in pdf.objects:
        if not isinstance(thing, dict):
            continue
        for name in ("Pattern", "Shading", "XObject", "ExtGState"):
            if isinstance(thing.get(name), dict) and not thing[name]:
                del thing[name]
