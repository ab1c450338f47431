"""The bytes of a paper: archivable, tagged, the same everywhere, complete in its letters and closed to the outside."""

import hashlib
import io
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pypdfium2
import pytest
import segno
from fontTools.ttLib import TTFont
from pikepdf import pdfa

from documents import pdf
from documents.html import template_of
from documents.kinds import KINDS
from documents.records import RecognisedUnit
from tests.unit.documents.paper import (
    BOTTOM,
    BY_THE_DECREE,
    LEFT,
    MM,
    PAINTED_MARKS,
    ROOT,
    SAMPLES,
    TOP,
    complaints,
    listening,
    pages,
    printed_elsewhere,
    rendered,
    sample,
)

ELSEWHERE = 8
VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
LETTERS = "".join(
    unicodedata.normalize("NFC", sign + tone) for vowel in VOWELS for tone in ("", *TONES) for sign in (vowel,)
)
ALPHABET = (
    LETTERS + LETTERS.upper() + "đĐ" + "bcdghklmnpqrstvx" + "BCDGHKLMNPQRSTVX" + "0123456789" + "“”‘’–—…«»%/().,;:!?+-"
)

VARIANTS = {
    **{name: sample(name) for name in SAMPLES},
    "practice and signed": sample(draft=False, practice=True),
    "signed": sample(draft=False, verification_url=None),
}


@pytest.mark.parametrize("facts", VARIANTS.values(), ids=VARIANTS)
def test_papers_are_archivable(facts: Any) -> None:
    report = pdfa.validate_written(io.BytesIO(rendered(facts).pdf), "3b")
    assert report.passed, report.findings


@pytest.mark.parametrize("facts", VARIANTS.values(), ids=VARIANTS)
def test_papers_paint_nothing_transparent(facts: Any) -> None:
    with pikepdf.open(io.BytesIO(rendered(facts).pdf)) as document:
        names = {str(key) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) for key in thing}
    assert names.isdisjoint({"/SMask", "/ca", "/CA"})


@pytest.mark.parametrize("name", BY_THE_DECREE)
def test_a_draft_is_marked_on_every_page(name: str) -> None:
    for page in pages(sample(name, draft=True, practice=False)):
        small = [letter for letter in page.letters if letter.size < PAINTED_MARKS and letter.box.bottom < TOP]
        assert "".join(letter.sign for letter in small if letter.sign.strip()).lstrip("23456789") == "DỰTHẢO"
        huge = "".join(letter.sign for letter in page.letters if letter.size > PAINTED_MARKS)
        assert huge.split() == ["DỰ", "THẢO"]


def test_papers_are_tagged_and_say_what_they_are() -> None:
    with pikepdf.open(io.BytesIO(rendered(sample("five_units")).pdf)) as document:
        assert document.Root.Lang == "vi"
        assert document.Root.MarkInfo.Marked
        tags = {str(thing.S) for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/S" in thing}
        alternatives = [str(thing.Alt) for thing in document.objects if "/Alt" in (thing if is_map(thing) else {})]
        title = str(document.docinfo["/Title"])
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"} <= tags
    assert alternatives == ["Mã QR dẫn đến trang kiểm tra văn bản"]
    assert title == (
        "Quyết định số 46/QĐ-UBND ngày 05 tháng 01 năm 2026 về việc công nhận 05 xã trên địa bàn tỉnh Cao Bằng"
        " đạt chuẩn nông thôn mới năm 2025"
    )


def is_map(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary)


def test_a_rendering_says_its_hash_and_its_pages() -> None:
    paper = rendered(sample("five_units"))
    assert paper.sha256 == hashlib.sha256(paper.pdf).hexdigest()
    assert paper.pages == len(pypdfium2.PdfDocument(paper.pdf)) == 3


def test_the_same_facts_give_the_same_bytes_in_another_process_on_a_machine_without_fonts(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Some of the samples in an order drawn anew in each run; `script/soak --only papers` prints them all."""
    names = Random(request.config.getoption("randomly_seed", 0)).sample(SAMPLES, ELSEWHERE)
    assert printed_elsewhere(names, "1", "Asia/Ho_Chi_Minh", tmp_path) == {
        name: rendered(sample(name)).sha256 for name in names
    }


def test_threads_share_the_press() -> None:
    with ThreadPoolExecutor(4) as threads:
        hashes = {paper.sha256 for paper in threads.map(pdf.render, [sample()] * 8)}
    assert hashes == {rendered(sample()).sha256}


def test_other_facts_give_other_bytes() -> None:
    assert rendered(sample()).sha256 != rendered(sample(number=6)).sha256


def test_every_vietnamese_letter_comes_back_from_the_paper() -> None:
    context = sample(legal_bases=(ALPHABET,), draft=False)
    letters = {letter.sign for page in pages(context) for letter in page.letters}
    assert set(ALPHABET) <= letters
    assert pages(context)[0].find(ALPHABET)
    faces = {letter.face for page in pages(context) for letter in page.letters if letter.face}
    assert faces == {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}


@pytest.mark.parametrize("face", pdf.FACES)
def test_bundled_faces_hold_every_letter_for_paper_and_for_the_web(face: str) -> None:
    for suffix in ("ttf", "woff2"):
        with TTFont(pdf.FONTS / f"tinos-{face}.{suffix}") as font:
            assert {ord(sign) for sign in ALPHABET + TONES} <= set(font.getBestCmap())
        assert (pdf.FONTS / f"tinos-{face}.{suffix}").stat().st_size < 30_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in (pdf.FONTS / "OFL.txt").read_text("utf-8")


def test_all_that_is_said_is_on_the_paper() -> None:
    context = sample("five_units")
    text = " ".join(page.text for page in pages(context))
    said = [*(unit.name for unit in context.units), *context.recipients, context.signer.name, context.place]
    said += [basis.rstrip(".;") for basis in context.legal_bases]
    for words in said:
        assert words.removeprefix("xã ") in text


@pytest.mark.parametrize("name", SAMPLES)
def test_the_engine_has_nothing_to_complain_of(name: str) -> None:
    assert complaints(sample(name)) == []


def test_the_engine_understands_every_style_sheet() -> None:
    sheets = {sheet for key in KINDS for sheet in template_of(key.partition("/")[0], 1).stylesheets}
    pdf._stylesheet.cache_clear()
    with listening() as said:
        for sheet in sorted(sheets):
            pdf._stylesheet(sheet)
    assert said == []


def test_what_the_engine_complains_of_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "to_html", lambda _context: '<html lang="vi"><title>A</title><p style="colour: red">A')
    with listening() as said:
        pdf.render(sample())
    assert said == ["Ignored `colour: red` at 1:1, unknown property."]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://127.0.0.1:9/a.png", "https://127.0.0.1:9/a.png", "ftp://127.0.0.1/a", "a.png",
     "data:image/png;base64,AAAA", "asset:tinos-black.ttf", "//127.0.0.1/a.png"],
)  # fmt: skip
@pytest.mark.parametrize(
    "markup",
    ['<img alt="a" src="{}">', '<link rel="stylesheet" href="{}">', '<link rel="attachment" href="{}">',
     '<style>@import url("{}");</style>', '<style>p {{ background: url("{}") }}</style>',
     '<style>@font-face {{ font-family: A; src: url("{}") }}</style>'],
)  # fmt: skip
def test_nothing_is_fetched(address: str, markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f'<html lang="vi"><title>A</title><body>{markup.format(address)}<p>A'
    monkeypatch.setattr(pdf, "to_html", lambda _context: page)
    with pytest.raises(pdf.NotBundled, match="may not fetch"):
        pdf.render(sample())


def test_after_a_refusal_the_press_works_on(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(pdf, "to_html", lambda _context: '<html lang="vi"><title>A</title><img alt="a" src="a.png">')
        with pytest.raises(pdf.NotBundled):
            pdf.render(sample())
    assert pdf.render(sample()).sha256 == rendered(sample()).sha256


def test_pages_do_not_pay_for_the_press() -> None:
    program = "import sys, documents.pdf, documents.html; sys.exit('weasyprint' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_the_code_on_the_paper_is_the_address_in_upper_case() -> None:
    context = sample(draft=False)
    page = pypdfium2.PdfDocument(rendered(context).pdf)[rendered(context).pages - 1]
    picture = page.render(scale=8, grayscale=True).to_pil()
    address = context.verification_url or ""
    modules = [
        list(row)
        for row in segno.make(address.upper(), error="m", mask=pdf.QR_MASK, micro=False, boost_error=False).matrix
    ]
    side, per_mm = 16 / len(modules), 8 / MM

    def is_dark(row: int, column: int) -> bool:
        x, y = LEFT + (column + 0.5) * side, BOTTOM - 16 + (row + 0.5) * side
        return int(picture.getpixel((int(x * per_mm), int(y * per_mm)))) < 128

    across = range(len(modules))
    printed = [[int(is_dark(row, column)) for column in across] for row in across]
    assert printed == modules


def test_a_paper_of_many_units_stays_quick_and_small() -> None:
    unit = RecognisedUnit(name="xã Hòa An", place="tỉnh Cao Bằng", level_title="đạt chuẩn nông thôn mới", year=2025)
    paper = rendered(sample(units=(unit,) * 160))
    assert paper.pages == 7
    assert len(paper.pdf) < 150_000
