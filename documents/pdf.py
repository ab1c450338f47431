"""From a context to the bytes of its paper: tagged PDF/A-3b, the same bytes for the same facts.

One font configuration and one parsed set of style sheets serve the whole process, behind one lock, because the text
engine is not safe for two threads. The engine is loaded at the first document, so that processes which only show
pages never pay for it. Nothing is fetched: a document can name the bundled fonts and its own QR code, no more.
"""

import hashlib
import importlib
import io
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import segno

from documents.context import Context
from documents.html import TEMPLATES, template_of, to_html

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
FACES = ("regular", "bold", "italic", "bolditalic")

_LOCK = threading.Lock()
_NOTHING_MORE: MappingProxyType[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished paper: its bytes, their SHA-256 in hexadecimal, and its number of pages."""

    pdf: bytes
    sha256: str
    pages: int


def render(context: Context) -> Rendered:
    """Lay out and write the paper of a context; raises when a template names anything that is not bundled."""
    html = to_html(context)
    with _LOCK:
        engine, fonts = _engine()
        page = engine.HTML(string=html, url_fetcher=_fetcher(_own_assets(context)))
        sheets = [_stylesheet(name) for name in template_of(context.kind, context.version).stylesheets]
        document = page.render(stylesheets=sheets, font_config=fonts)
        # Part A of the standard cannot be proven by a validator, so the file claims part B and is tagged all the same.
        pdf: bytes = document.write_pdf(pdf_variant="pdf/a-3b", pdf_tags=True, finisher=_drop_empty)
    return Rendered(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), pages=len(document.pages))


def qr_svg(url: str) -> bytes:
    """The QR code of an address as SVG; upper case makes it one size coarser, hence easier to read from paper."""
    code = segno.make(url.upper(), error="m", micro=False, boost_error=False)
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=0, xmldecl=False, omitsize=True)
    return drawing.getvalue()


@cache
def _engine() -> tuple[Any, Any]:
    """The layout engine (untyped, loaded late) and the process's one font configuration."""
    return importlib.import_module("weasyprint"), importlib.import_module("weasyprint.text.fonts").FontConfiguration()


@cache
def _stylesheet(name: str) -> Any:
    engine, fonts = _engine()
    css = (TEMPLATES / name).read_text("utf-8")
    return engine.CSS(string=css, font_config=fonts, url_fetcher=_fetcher())


@cache
def _fonts() -> MappingProxyType[str, bytes]:
    """The bundled faces by the address under which style sheets name them."""
    return MappingProxyType({f"asset:tinos-{face}.ttf": (FONTS / f"tinos-{face}.ttf").read_bytes() for face in FACES})


def _own_assets(context: Context) -> MappingProxyType[str, bytes]:
    url = getattr(context, "verification_url", None)
    return MappingProxyType({"asset:qr.svg": qr_svg(url)}) if url else _NOTHING_MORE


def _fetcher(own: MappingProxyType[str, bytes] = _NOTHING_MORE) -> Any:
    """A fetcher that hands out the fonts and the document's own assets, and stops the rendering at any other address."""
    urls = importlib.import_module("weasyprint.urls")

    def fetch(_self: object, url: str, _headers: object = None) -> Any:
        content = own.get(url) or _fonts().get(url)
        if content is None:
            raise PermissionError(f"a document may not fetch {url}")
        kind = "image/svg+xml" if url.endswith(".svg") else "font/ttf"
        return urls.URLFetcherResponse(url, content, {"Content-Type": kind})

    return type("BundledOnly", (urls.URLFetcher,), {"fetch": fetch})(fail_on_errors=True)


def _drop_empty(_document: object, pdf: Any) -> None:
    """Take out resource dictionaries that hold nothing: PDF/A readers need not know them."""
    for thing in pdf.objects:
        if not isinstance(thing, dict):
            continue
        for name in ("Pattern", "Shading", "XObject", "ExtGState"):
            if isinstance(thing.get(name), dict) and not thing[name]:
                del thing[name]
