"""How paragraphs stand in the Word version: the look of each class of the page, and text put into runs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from documents.pdf import FONTS

FONT = "Times New Roman"
AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr", "w:sectPr")


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph stands: its alignment, size in points, face, first line in millimetres, and space around it."""

    align: str = "left"
    size: float = 14
    bold: bool = False
    italic: bool = False
    capital: bool = False
    first_line: float = 0
    before: float = 0
    keep_next: bool = False


PLAIN = Look()
LOOKS: dict[str, dict[str, Any]] = {
    "issuer": {"align": "center", "size": 12},
    "nation": {"align": "center"},
    "superior": {"size": 12},
    "body": {"size": 12, "bold": True},
    "name": {"size": 12, "bold": True},
    "motto": {"size": 13, "bold": True},
    "register": {"align": "center", "size": 13},
    "date": {"italic": True},
    "centred": {"align": "center", "bold": True, "keep_next": True},
    "kind": {"before": 16, "capital": True},
    "summary": {"align": "center", "bold": True, "keep_next": True},
    "authority": {"before": 14},
    "enacting": {"before": 12},
    "addressed": {"align": "center", "before": 12, "keep_next": True},
    "several": {"align": "left"},
    "text": {"align": "justify", "first_line": 12.7, "before": 6},
    "bases": {"italic": True},
    "section": {"bold": True, "keep_next": True},
    "recipients": {"size": 11},
    "head": {"size": 12, "bold": True, "italic": True},
    "signature": {"align": "center", "bold": True},
    "signer": {"before": 85},
    "label": {"size": 14},
    "enclosed": {"align": "center", "italic": True, "size": 13},
    "check": {"size": 8, "before": 12},
}
CELL = Look(size=12)


def looked(element: Any, look: Look) -> Look:
    """The look of an element: what its classes say, on top of the look around it."""
    for name in element.get("class", "").split():
        look = replace(look, **LOOKS.get(name, {}))
    return look


def write(paragraph: Any, element: Any, look: Look) -> None:
    """Write an element's text in runs, bold where the page is; blanks at the ends belong to the page's source alone."""
    pieces = list(texts(element, bold=False))
    for at, (text, bold) in enumerate(pieces):
        shown = text.lstrip(" ") if at == 0 else text
        shown = shown.rstrip(" ") if at == len(pieces) - 1 else shown
        if shown:
            run_of(paragraph, shown.upper() if look.capital else shown, replace(look, bold=look.bold or bold))


def texts(element: Any, *, bold: bool) -> Iterator[tuple[str, bool]]:
    """The pieces of text in an element, whether each is bold, and a line break where the page has one."""
    lines = "pre" if "body" in element.get("class", "") or "superior" in element.get("class", "") else ""
    if element.text:
        yield _spaced(element.text, lines), bold
    for child in element:
        if child.tag == "br":
            yield "\n", bold
        else:
            yield from texts(child, bold=bold or child.tag == "b")
        if child.tail:
            yield _spaced(child.tail, lines), bold


def _spaced(text: str, lines: str) -> str:
    """Text with each run of blanks as one, as a browser shows it; line ends stay where the page keeps them."""
    return re.sub(r"[ \t]+" if lines else r"[ \t\n]+", " ", text)


def shape(paragraph: Any, look: Look) -> None:
    """Give a paragraph its look."""
    from docx.shared import Mm, Pt

    shape = paragraph.paragraph_format
    align(paragraph, look.align)
    shape.space_before, shape.space_after = Pt(look.before), Pt(0)
    shape.first_line_indent = Mm(look.first_line) if look.first_line else None
    shape.keep_with_next = look.keep_next or None


def align(paragraph: Any, name: str) -> None:
    """Set how the lines of a paragraph stand."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN

    names = {"left": ALIGN.LEFT, "center": ALIGN.CENTER, "justify": ALIGN.JUSTIFY}
    paragraph.alignment = names[name]


def run_of(paragraph: Any, text: str, look: Look) -> Any:
    """A run of text in the look of its paragraph."""
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.bold, run.italic = FONT, Pt(look.size), look.bold, look.italic
    return run


def border_on_top(paragraph: Any) -> None:
    """Draw a line over a paragraph."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, top = OxmlElement("w:pBdr"), OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)


@cache
def face(*, bold: bool) -> Any:
    """The bundled face, to measure with."""
    from PIL import ImageFont

    return ImageFont.truetype(str(FONTS / f"tinos-{'bold' if bold else 'regular'}.ttf"), 100)
