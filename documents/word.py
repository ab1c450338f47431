"""From a context to its Word version, for those who must edit a draft by hand.

The same page that becomes the PDF is read element by element, so that no sentence is written twice. Sizes, faces,
indents and borders are Word's own; the columns of tables have the widths of the style sheet. The bytes are the same for
the same facts.
"""

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime, time
from functools import cache
from typing import Any

from documents.html import TEMPLATES, template_of, to_html
from documents.word_looks import CELL, FONT, PLAIN, Look, align, border_on_top, face, looked, run_of, shape, write

TEXT_WIDTH_MM = 165.0
NATION_SHARE = (0.43, 0.57)
HALVES = (0.5, 0.5)
CLOSING_SHARE = (0.45, 0.55)
FIXED_MOMENT = (1980, 1, 1, 0, 0, 0)
AFTER_NUMBERING = ("w:cols", "w:titlePg", "w:docGrid")
MM_PER_POINT = 25.4 / 72
WIDTH_RULE = re.compile(r"^((?:\.[\w-]+)+) \.([\w-]+) \{[^}]*?\bwidth: ([\d.]+)mm", re.MULTILINE)


class NoWordVersion(Exception):
    """The kind of document has a layout that Word cannot hold, so it is printed as PDF alone."""


def to_docx(context: Any) -> bytes:
    """The Word version of a context; refused for kinds that have none."""
    from docx import Document
    from lxml import html

    if not template_of(context.kind, context.version).word:
        raise NoWordVersion(context.kind)
    page = html.document_fromstring(to_html(context))
    paper = Document()
    _set_up(paper, page.body.get("data-mark", ""))
    for element in page.body:
        _add(paper, element)
    _describe(paper, context, page.findtext(".//title") or "")
    written = io.BytesIO()
    paper.save(written)
    return _settled(written.getvalue())


# --- the page ---


def _set_up(paper: Any, mark: str) -> None:
    """A4 with the margins of the decree, the font, the number on top from the second page on, and the draft's mark."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(14)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.paragraph_format.space_after = Pt(0)
    _frame(paper.sections[0])
    _head(paper.sections[0], mark)


def _frame(section: Any) -> None:
    from docx.shared import Mm

    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True


def _head(section: Any, mark: str) -> None:
    """The number of the page in the middle, and the mark of a draft at the right of every page."""
    from docx.shared import RGBColor

    for header, numbered in ((section.first_page_header, False), (section.header, True)):
        header.is_linked_to_previous = False
        paragraph = header.paragraphs[0]
        align(paragraph, "center")
        if numbered:
            run = run_of(paragraph, "", replace(PLAIN, size=13))
            for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
                run._r.append(_field(kind, text))
        if mark:
            beside = run_of(paragraph, f"      {mark}", replace(PLAIN, size=10, bold=True))
            beside.font.color.rgb = RGBColor(0xA6, 0x1B, 0x1B)


def _field(kind: str, text: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement("w:fldChar" if kind else "w:instrText")
    if kind:
        element.set(qn("w:fldCharType"), kind)
    else:
        element.text = text
    return element


def _new_section(paper: Any) -> None:
    """An appendix begins on a page of its own, whose numbers begin again."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section = paper.add_section()
    _frame(section)
    number = OxmlElement("w:pgNumType")
    number.set(qn("w:start"), "1")
    section._sectPr.insert_element_before(number, *AFTER_NUMBERING)


# --- the elements ---


def _add(place: Any, element: Any, look: Look = PLAIN) -> None:
    """Put an element of the page into the document or into a cell."""
    if not isinstance(element.tag, str) or element.tag == "img":
        return
    names, look = element.get("class", "").split(), looked(element, look)
    if {"columns", "several"} & set(names):
        _add_columns(place, element, names, look)
    elif element.tag == "table":
        _add_table(place, element)
    elif element.tag in {"p", "h1", "h2"}:
        _add_paragraph(place, element, look)
    elif "rule" in names:
        _add_rule(place, element, look)
    else:
        _add_all(place, element, look, names)


def _add_all(place: Any, element: Any, look: Look, names: list[str]) -> None:
    if "appendix" in names:
        _new_section(place)
    for child in element:
        _add(place, child, look)


def _add_columns(place: Any, element: Any, names: list[str], look: Look) -> None:
    """What stands side by side becomes a table without lines."""
    share = CLOSING_SHARE if "signing" in names else HALVES if "both" in names else NATION_SHARE
    share = (0.25, 0.75) if "several" in names else share
    table = _table(place, 1, 2)
    for cell, part, width in zip(table.rows[0].cells, element, share, strict=True):
        _set_width(cell, width * TEXT_WIDTH_MM)
        for child in [part] if part.tag == "p" else part:
            _add(cell, child, looked(part, look) if part.tag != "p" else look)
        _drop_first(cell)
    _gap(place, 6)


def _add_paragraph(place: Any, element: Any, look: Look) -> None:
    paragraph = place.add_paragraph()
    shape(paragraph, look)
    write(paragraph, element, look)


def _add_rule(place: Any, element: Any, look: Look) -> None:
    """A rule under a text: a paragraph with a line on top, as far in from both sides as the rule is shorter."""
    from docx.shared import Mm, Pt

    before = place.paragraphs[-1]
    longest = max((_measured(line, before) for line in before.text.split("\n")), default=0)
    share = 0.42 if "short" in element.get("class", "") else 1.0
    room = _width_of(place) - 4
    length = min(longest, room) * share
    paragraph = place.add_paragraph()
    shape(paragraph, replace(look, before=2, first_line=0))
    run_of(paragraph, "", replace(look, size=2))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(max(0, (room - length) / 2))
    paragraph.paragraph_format.line_spacing = Pt(3)
    border_on_top(paragraph)


def _width_of(place: Any) -> float:
    width = getattr(place, "width", None)
    return float(width.mm) if width else TEXT_WIDTH_MM


def _measured(text: str, paragraph: Any) -> float:
    """The length of a line in millimetres, in the bundled font that has the metrics of Word's."""
    run = paragraph.runs[0] if paragraph.runs else None
    size = float(run.font.size.pt) if run is not None and run.font.size else 14.0
    return float(face(bold=bool(run is not None and run.bold)).getlength(text)) / 100 * size * MM_PER_POINT


# --- tables ---


def _add_table(place: Any, element: Any) -> None:
    """A table with lines, its head repeated on every page and its rows kept whole."""
    rows = element.findall(".//tr")
    widths = _widths(element, rows[0])
    table = _table(place, len(rows), len(widths))
    table.style = "Table Grid"
    heads = len(element.findall("./thead/tr"))
    for number, (row, source) in enumerate(zip(table.rows, rows, strict=True)):
        _keep_row(row, head=number < heads)
        cells, at = row.cells, 0  # looking cells up is dear in the library, so each row is asked once
        for cell, width in zip(cells, widths, strict=True):
            _set_width(cell, width)
        for cell in source:
            span = int(cell.get("colspan", "1"))
            first, last = cells[at], cells[at + span - 1]
            _fill_cell(first.merge(last) if span > 1 else first, cell, centred=number < heads)
            at += span
    _gap(place, 6)


def _fill_cell(place: Any, cell: Any, *, centred: bool) -> None:
    paragraph = place.paragraphs[0]
    middle = centred or {"order", "finding", "required", "count", "day", "verdict", "met", "state", "year"} & set(
        cell.get("class", "").split()
    )
    look = replace(CELL, align="center" if middle else "left", bold=cell.tag == "th")
    shape(paragraph, look)
    write(paragraph, cell, look)


def _widths(table: Any, first_row: Any) -> list[float]:
    """The widths of the columns by the style sheet; those without one share what is left."""
    classes = set(table.get("class", "").split())
    found = [_width(classes, set(cell.get("class", "").split())) for cell in first_row]
    left = TEXT_WIDTH_MM - sum(width for width in found if width)
    free = sum(1 for width in found if not width)
    return [width or left / free for width in found]


def _width(of_table: set[str], of_cell: set[str]) -> float:
    width = 0.0
    for selector, name, millimetres in _width_rules():
        if name in of_cell and set(selector.strip(".").split(".")) <= of_table:
            width = millimetres
    return width


@cache
def _width_rules() -> tuple[tuple[str, str, float], ...]:
    css = (TEMPLATES / "decree-30" / "v1" / "page.css").read_text("utf-8")
    return tuple((selector, name, float(width)) for selector, name, width in WIDTH_RULE.findall(css))


def _table(place: Any, rows: int, columns: int) -> Any:
    table = place.add_table(rows, columns)
    table.autofit = False
    return table


def _gap(place: Any, points: float) -> None:
    """A low empty line, without which Word would make one table of two that follow each other."""
    from docx.shared import Pt

    paragraph = place.add_paragraph()
    run_of(paragraph, "", replace(PLAIN, size=2))
    paragraph.paragraph_format.line_spacing = Pt(points)


def _set_width(cell: Any, millimetres: float) -> None:
    from docx.shared import Mm

    cell.width = Mm(millimetres)


def _keep_row(row: Any, *, head: bool) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))


def _drop_first(cell: Any) -> None:
    """Take away the empty paragraph that every new cell begins with, once something else stands there."""
    if len(cell.paragraphs) > 1:
        cell._tc.remove(cell.paragraphs[0]._p)


# --- the file ---


def _describe(paper: Any, context: Any, title: str) -> None:
    about, moment = paper.core_properties, datetime.combine(context.day, time())
    about.title, about.author, about.language = title, context.issuing_body, "vi"
    about.comments = about.last_modified_by = ""
    about.created = about.modified = moment


def _settled(content: bytes) -> bytes:
    """The same archive with one fixed moment at every member, so that equal facts give equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as settled:
        for member in sorted(made.namelist()):
            entry = zipfile.ZipInfo(member, FIXED_MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            settled.writestr(entry, made.read(member))
    return out.getvalue()
