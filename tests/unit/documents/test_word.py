"""The Word version: every sentence of the page, the decree's page and sizes, and the same bytes for the same facts."""

import io
import zipfile
from functools import cache
from typing import Any

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from lxml import html

from documents.html import template_of, to_html
from documents.word import NoWordVersion, to_docx
from tests.unit.documents.paper import SAMPLES, sample

WITH_WORD = [name for name in SAMPLES if template_of(name.partition("/")[0], 1).word]


written = cache(to_docx)


def opened(context: Any) -> Any:
    return Document(io.BytesIO(written(context)))


def every_paragraph(paper: Any) -> list[Any]:
    """All paragraphs in the order in which they stand, those of tables too; a merged cell counts once."""
    return list(paper.element.body.iter(qn("w:p")))


def text_of(paragraph: Any) -> str:
    parts = [node.text or "" if node.tag == qn("w:t") else " " for node in paragraph.iter(qn("w:t"), qn("w:br"))]
    return "".join(parts)


def words(text: str) -> list[str]:
    return text.upper().split()


@pytest.mark.parametrize("name", WITH_WORD)
def test_word_says_what_the_page_says(name: str) -> None:
    page = html.document_fromstring(to_html(sample(name))).body
    for line_end in page.iter("br", "p", "td", "th", "h1", "h2"):
        line_end.tail = f" {line_end.tail or ''}"
    said = " ".join(text_of(one) for one in every_paragraph(opened(sample(name))))
    assert words(said) == words(page.text_content())


@pytest.mark.parametrize("name", WITH_WORD)
def test_the_page_is_that_of_the_decree(name: str) -> None:
    for section in opened(sample(name)).sections:
        assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
        margins = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
        assert [round(side.mm) for side in margins] == [20, 15, 20, 30]
        assert section.different_first_page_header_footer
        assert "PAGE" in section.header._element.xml
        assert "PAGE" not in section.first_page_header._element.xml


@pytest.mark.parametrize("name", WITH_WORD)
def test_every_letter_is_times_and_every_element_stands_in_its_order(name: str) -> None:
    body = opened(sample(name)).element.body
    faces = {run.get(qn("w:ascii")) for run in body.iter(qn("w:rFonts"))}
    assert faces == {"Times New Roman"}
    order = ["keepNext", "pBdr", "spacing", "ind", "jc"]
    for shape in body.iter(qn("w:pPr")):
        found = [child.tag.rpartition("}")[2] for child in shape]
        known = [order.index(one) for one in found if one in order]
        assert known == sorted(known), found
    for run in body.iter(qn("w:r")):
        assert run[0].tag == qn("w:rPr")


def test_sizes_and_faces_are_those_of_the_decree() -> None:
    paper = opened(sample("proposal/commune"))
    looks = {}
    for paragraph in every_paragraph(paper):
        for run in paragraph.iter(qn("w:r")):
            size, bold = run.find(f".//{qn('w:sz')}"), run.find(f".//{qn('w:b')}")
            is_bold = bold is not None and bold.get(qn("w:val")) != "0"
            looks["".join(node.text or "" for node in run.iter(qn("w:t")))] = (int(size.get(qn("w:val"))) / 2, is_bold)
    assert looks["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == (12, True)
    assert looks["Độc lập - Tự do - Hạnh phúc"] == (13, True)
    assert looks["TỜ TRÌNH"] == (14, True)
    assert looks["Nơi nhận:"] == (12, True)
    assert looks["- Như trên;"] == (11, False)
    assert looks["CHỦ TỊCH"] == (14, True)
    assert looks["Lục Văn Thắng"] == (14, True)


def test_long_tables_repeat_their_heads_and_keep_their_rows() -> None:
    table = opened(sample("result_report/commune")).tables[-1]
    properties = [row._tr.trPr.xml for row in table.rows]
    assert "tblHeader" in properties[0]
    assert not any("tblHeader" in one for one in properties[1:])
    assert all("cantSplit" in one for one in properties)
    assert [round(cell.width.mm) for cell in table.rows[0].cells] == [12, 76, 28, 32, 17]


def test_an_appendix_numbers_its_pages_again() -> None:
    paper = opened(sample("result_report/commune"))
    assert len(paper.sections) == 2
    assert 'w:start="1"' in paper.sections[1]._sectPr.xml
    assert len(opened(sample("proposal/commune")).sections) == 1


@pytest.mark.parametrize(
    ("draft", "practice", "mark"),
    [(True, False, "DỰ THẢO"), (True, True, "BẢN THỰC HÀNH - DỰ THẢO"), (False, False, "")],
)
def test_a_draft_is_marked_on_every_page(draft: bool, practice: bool, mark: str) -> None:
    section = opened(sample("proposal/commune", draft=draft, practice=practice)).sections[0]
    for header in (section.first_page_header, section.header):
        assert header.paragraphs[0].text.strip() == mark


def test_what_people_typed_is_text() -> None:
    typed = 'Đường <b>lầy</b> & "hỏng" {{ 7 * 7 }}'
    paper = opened(sample("withdrawal_letter/commune", reason=typed))
    assert typed in [paragraph.text for paragraph in paper.paragraphs]


def test_rules_are_as_long_as_the_law_says() -> None:
    cell = opened(sample("proposal/commune")).tables[0].rows[0].cells[1]
    rule = cell.paragraphs[-1]
    assert "w:pBdr" in rule._p.xml
    shape = rule.paragraph_format
    length = cell.width.mm - 4 - shape.left_indent.mm - shape.right_indent.mm
    assert 50 < length < 62, "as long as the motto in 13 pt"
    assert rule.alignment == WD_ALIGN_PARAGRAPH.CENTER


def test_the_same_facts_give_the_same_bytes() -> None:
    first, second = (to_docx(sample("result_report/commune")) for _ in range(2))
    assert first == second
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}
    about = opened(sample("result_report/commune")).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("Ủy ban nhân dân xã Nam Tuấn", "", "")


@pytest.mark.parametrize("name", ["certificate/one", "register_page/province"])
def test_a_layout_of_its_own_has_no_word_version(name: str) -> None:
    with pytest.raises(NoWordVersion):
        to_docx(sample(name))
