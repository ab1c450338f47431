"""A copy joined to what it copies: the same words and pages, one part more, nothing left of what is left out."""

import io
from dataclasses import replace
from functools import cache
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import pdfa

from documents.joining import Painted, join
from documents.pdf import Rendered
from documents.press import PressFault
from documents.signing.placing import find_spot
from tests.unit.documents.paper import A4_HEIGHT, MM, rendered, sample

DECISION, SEVERAL = "decision/one_unit", "decision/five_units"


@cache
def issued(name: str = DECISION, *, practice: bool = False) -> bytes:
    return rendered(sample(name, draft=False, practice=practice)).pdf


@cache
def painted(name: str = "true_copy/province", *, draft: bool = False, practice: bool = False) -> Painted:
    facts = sample(name, draft=draft, practice=practice)
    marks = rendered(replace(facts, part="marks")).pdf if draft or practice else None
    return Painted(rendered(replace(facts, part="text")).pdf, marks, everywhere=draft and not practice)


@cache
def copy(name: str = DECISION, chosen: tuple[int, ...] = (), part: str = "true_copy/province") -> Rendered:
    return join(issued(name), painted(part), chosen)


def texts(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


def streams(pdf: bytes) -> list[bytes]:
    """What each page of a file draws by itself."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return [page.obj.Contents.read_bytes() if not isinstance(page.obj.Contents, pikepdf.Array)
                else b"".join(one.read_bytes() for one in page.obj.Contents) for page in opened.pages]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "chosen", "part"),
    [(DECISION, (), "true_copy/province"), (SEVERAL, (1, 3), "extract/province"), (SEVERAL, (), "true_copy/province")],
)
def test_a_copy_is_archivable_tagged_and_the_same_every_time(name: str, chosen: tuple[int, ...], part: str) -> None:
    made = copy(name, chosen, part)
    assert made == join(issued(name), painted(part), chosen)
    report = pdfa.validate_written(io.BytesIO(made.pdf), "3b")
    assert report.passed, report.findings
    with pikepdf.open(io.BytesIO(made.pdf)) as opened:
        alternatives = [str(one.Alt) for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
        kids = [kid for one in tags_of(opened) for kid in one.get("/K", []) if isinstance(kid, pikepdf.Dictionary)]
        tagged = {kid.Stm.objgen for kid in kids if "/Stm" in kid}
    assert len(alternatives) >= 1, "the code of the copy says what it is"
    assert len(tagged) == 1, "what is painted under the text has its tags"


def test_the_copied_pages_are_drawn_by_the_same_bytes_and_the_part_stands_under_their_text() -> None:
    made = copy()
    assert all(before in after for before, after in zip(streams(issued()), streams(made.pdf), strict=True))
    before, after = texts(issued()), texts(made.pdf)
    assert after[0] == before[0]
    assert after[1].startswith(before[1].partition(" Quét mã")[0])
    with pypdfium2.PdfDocument(made.pdf) as document:
        page = document[1].get_textpage()
        heights = [page.get_charbox(page.search(words).get_next()[0]) for words in ("Lưu: VT, KT", "SAO Y")]
    assert heights[1][3] < heights[0][1], "below the last text"


def test_the_signature_of_the_copy_has_its_own_place() -> None:
    before, after = find_spot(issued()), find_spot(copy().pdf)
    alone = find_spot(painted().text)
    assert before and after and alone  # noqa: PT018 - for the type checker
    assert after.page == 1
    assert after.middle == pytest.approx(alone.middle)
    assert after.top < before.top - 100, "under the signature of the decision"
    assert after.top > 20 / MM


def test_a_copy_without_room_under_the_text_has_a_page_of_its_own() -> None:
    first = copy()
    again = join(first.pdf, painted("copy_of_copy/province"))
    assert (first.pages, again.pages) == (2, 3)
    assert "SAO LỤC" in texts(again.pdf)[2]
    assert texts(again.pdf)[1] == texts(first.pdf)[1]
    spot = find_spot(again.pdf)
    assert spot is not None
    assert spot.page == 2


def test_of_pages_that_are_left_out_no_word_and_no_tag_stays() -> None:
    made = copy(SEVERAL, (1, 3), "extract/province")
    before, after = texts(issued(SEVERAL)), texts(made.pdf)
    assert len(before) == 3
    assert after[0] == before[0]
    assert after[1].startswith(before[2])
    whole = join(issued(SEVERAL), painted("extract/province"))
    with pikepdf.open(io.BytesIO(made.pdf)) as part, pikepdf.open(io.BytesIO(whole.pdf)) as all_of_it:
        drawn = [one for one in part.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Page"]
        tags, most = len(tags_of(part)), len(tags_of(all_of_it))
        assert len(drawn) == 2
        assert {one.Pg.objgen for one in tags_of(part) if "/Pg" in one} <= {page.obj.objgen for page in part.pages}
        assert "/Outlines" not in part.Root
    assert tags < most


def tags_of(opened: Any) -> list[Any]:
    return [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"]


@pytest.mark.parametrize(("draft", "practice", "mark"), [(True, False, "DỰ THẢO"), (False, True, "BẢN THỰC HÀNH")])
def test_every_page_of_a_draft_or_of_practice_bears_its_mark_once(draft: bool, practice: bool, mark: str) -> None:
    base = issued(practice=practice)
    two = join(base, painted(draft=draft, practice=practice))
    three = join(two.pdf, painted("copy_of_copy/province", practice=practice)) if practice else two
    assert [page.count(mark) for page in texts(three.pdf)] == [2] * three.pages, "once at the top, once across"


def test_what_is_no_pdf_or_takes_more_than_a_page_is_a_fault_of_the_press() -> None:
    with pytest.raises(PressFault):
        join(b"not a PDF", painted())
    long = sample("true_copy/province", draft=False, recipients=("Ủy ban nhân dân xã",) * 90, part="text")
    with pytest.raises(PressFault, match="pages"):
        join(issued(), Painted(rendered(long).pdf))


def test_the_part_is_no_nearer_to_the_foot_than_the_margin() -> None:
    with pypdfium2.PdfDocument(copy(SEVERAL, (1, 3), "extract/province").pdf) as document:
        lowest = min(one.get_bounds()[1] for one in document[1].get_objects(max_depth=1))
    assert lowest * MM >= 14.9
    assert lowest * MM < A4_HEIGHT
