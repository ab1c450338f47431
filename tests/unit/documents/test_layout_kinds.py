"""Every kind of document against every row of the layout tables of Decree 30/2020 (domain sections 10.2 to 10.4)."""

from itertools import pairwise
from typing import Any

import pypdfium2
import pytest

from documents.html import template_of
from documents.minutes import Minutes
from documents.records import Signer
from documents.wording import signature_lines, signing_date, split_body
from tests.unit.documents.paper import (
    BOTTOM,
    BY_THE_DECREE,
    LEFT,
    PAINTED_MARKS,
    RIGHT,
    TOP,
    Box,
    Letter,
    Page,
    around,
    pages,
    rendered,
    sample,
)

COPIES = ("true_copy/", "copy_of_copy/", "extract/")
OF_THEIR_TEXT = [name for name in BY_THE_DECREE if not name.startswith(COPIES)]
LETTERS = ("withdrawal_letter/", "correction_letter/")
UNENDED = ("receipt/",)
MIDDLE = (LEFT + RIGHT) / 2
LONG_NAME = "Nguyễn Phước Bảo Tôn Nữ Công Tằng Huyền Trân Thượng Quan Hoàng Phủ"
LONG_BODY = "Ủy ban nhân dân thành phố trực thuộc Trung ương mang tên Bà Rịa Vũng Tàu Côn Đảo Phú Quốc"


def clean(name: str, **changes: Any) -> Any:
    """The sample as it is printed to be signed: without the marks of a draft."""
    return sample(name, draft=False, practice=False, **changes)


def first(name: str) -> Page:
    return pages(clean(name))[0]


def signing_page(context: Any) -> Page:
    return next(page for page in pages(context) if "Nơi nhận:" in page.text)


def rule_under(page: Page, box: Box) -> Box:
    near = [rule for rule in page.rules if abs(rule.centre - box.centre) < 2 and -2 < rule.top - box.bottom < 4]
    assert near, "there is no rule under it"
    return near[0]


def widest(page: Page, lines: tuple[str, ...]) -> float:
    return max(page.box(line.upper()).width for line in lines)


@pytest.fixture(params=BY_THE_DECREE)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=OF_THEIR_TEXT)
def whole(request: pytest.FixtureRequest) -> str:
    """Return a document with a text of its own; the part of a copy has boxes 2 to 4, 7 and 9 alone."""
    return str(request.param)


@pytest.fixture(params=[name for name in BY_THE_DECREE if name.startswith(COPIES)])
def copy(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_page_is_a4_and_all_text_keeps_to_the_margins(name: str) -> None:
    document = pypdfium2.PdfDocument(rendered(clean(name)).pdf)
    assert {tuple(round(side) for side in document[at].get_size()) for at in range(len(document))} == {(595, 842)}
    for page in pages(clean(name)):
        inside = [letter.box for letter in page.letters if letter.sign.strip() and letter.box.bottom > TOP]
        assert min(box.left for box in inside) >= LEFT - 0.2
        assert max(box.right for box in inside) <= RIGHT + 0.5
        assert max(box.bottom for box in inside) <= BOTTOM + 0.2


def test_only_the_bundled_times_faces_are_used(name: str) -> None:
    faces = {letter.face for page in pages(clean(name)) for letter in page.letters if letter.sign.strip()}
    assert faces <= {"Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"}


def test_box_1_the_national_name_and_motto(whole: str) -> None:
    page = first(whole)
    assert page.style("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM") == (12, "Tinos-Bold")
    assert page.style("Độc lập - Tự do - Hạnh phúc") == (13, "Tinos-Bold")
    nation, motto = page.box("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), page.box("Độc lập - Tự do - Hạnh phúc")
    assert nation.bottom - nation.top < 6, "on one line"
    assert motto.centre == pytest.approx(nation.centre, abs=0.5)
    assert 0 <= motto.top - nation.bottom < 1, "single spacing"
    assert rule_under(page, motto).width == pytest.approx(motto.width, abs=0.5)


def test_box_2_the_bodies(name: str) -> None:
    page, context = first(name), clean(name)
    lines = split_body(context.issuing_body)
    body = page.box("".join(lines).upper())
    assert page.style("".join(lines).upper()) == (12, "Tinos-Bold")
    assert body.left >= LEFT
    assert body.right < LEFT + 0.43 * (RIGHT - LEFT)
    rule = rule_under(page, body)
    assert rule.centre == pytest.approx(body.centre, abs=0.3)
    assert 1 / 3 <= rule.width / widest(page, lines) <= 1 / 2
    if context.superior_body:
        superior = context.superior_body.upper()
        assert page.style(superior) == (12, "Tinos")
        assert page.box(superior).centre == pytest.approx(body.centre, abs=0.5)
        assert page.box(superior).bottom <= body.top + 0.5


def test_boxes_3_and_4_number_and_date_share_a_line(name: str) -> None:
    page, context = first(name), clean(name)
    symbol = page.box(f"/{context.symbol}" if context.number is None else context.symbol)
    number = Box(page.box("Số:").left, page.box("Số:").top, symbol.right, symbol.bottom)
    assert page.style("Số:") == (13, "Tinos")
    assert page.style(context.symbol) == (13, "Tinos")
    assert number.centre == pytest.approx(page.box("".join(split_body(context.issuing_body)).upper()).centre, abs=0.5)
    if isinstance(context, Minutes):
        assert f"{context.place}, ngày" not in page.text
        return
    written = f"{context.place}, {signing_date(context.signed_on, context.day)}"
    assert page.style(written) == (13, "Tinos-Italic")
    assert page.box(written).bottom == pytest.approx(number.bottom, abs=0.2)
    above = page.box(head_right_of(name))
    assert page.box(written).centre == pytest.approx(above.centre, abs=0.5)


def head_right_of(name: str) -> str:
    """What stands at the top right: the nation's name; of a copy its form."""
    kind = name.partition("/")[0]
    return template_of(kind, 1).heading.upper() if name.startswith(COPIES) else "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def test_a_copy_begins_with_a_rule_as_long_as_the_text_is_wide_and_its_form(copy: str) -> None:
    page, form = first(copy), head_right_of(copy)
    rule = max(page.rules, key=lambda one: one.width)
    assert (rule.left, rule.right) == pytest.approx((LEFT, RIGHT), abs=0.3)
    assert page.style(form) == (14, "Tinos-Bold")
    assert page.box(form).left > MIDDLE
    assert 0 < page.box(form).top - rule.bottom < 6
    assert min(letter.box.top for letter in page.letters if letter.sign.strip()) > rule.top
    assert "CỘNG HÒA" not in page.text


def test_a_copy_says_in_small_letters_of_what_it_is(copy: str) -> None:
    context = clean(copy)
    page = first(copy)
    told = f"Sao từ {context.copied.document} số {context.copied.number:02}/{context.copied.symbol}"
    assert page.style(told) == (8, "Tinos")
    assert page.box(told).right < MIDDLE
    assert ("trang 1, 2." in page.text) == copy.startswith("extract/")


def test_box_5_the_kind_and_the_summary(whole: str) -> None:
    page = first(whole)
    if whole.startswith(LETTERS):
        about = page.box("V/v")
        number = page.box("Số:")
        assert page.style("V/v") == (13, "Tinos")
        assert about.left < LEFT + 0.43 * (RIGHT - LEFT)
        assert 2 <= about.top - number.bottom <= 4, "6 pt under the number"
        return
    heading = template_of(whole.partition("/")[0], 1).heading.upper()
    kind = page.box(heading)
    assert page.style(heading) == (14, "Tinos-Bold")
    assert kind.centre == pytest.approx(MIDDLE, abs=0.5)
    summary = [letter for letter in page.letters if letter.sign.strip() and kind.bottom - 0.5 <= letter.box.top]
    lines = [letter for letter in summary if letter.face == "Tinos-Bold" and letter.box.top < kind.bottom + 17]
    centred = [rule for rule in page.rules if rule.top > kind.bottom and abs(rule.centre - MIDDLE) < 1]
    rule = min(centred, key=lambda one: one.top)
    above = [letter for letter in lines if letter.box.bottom <= rule.top + 1]
    assert {(round(letter.size, 1), letter.face) for letter in above} == {(14, "Tinos-Bold")}
    width = max(letter.box.right for letter in above) - min(letter.box.left for letter in above)
    assert 1 / 3 <= rule.width / width <= 1 / 2


def test_box_9a_those_whom_it_is_for(whole: str) -> None:
    page, context = first(whole), clean(whole)
    addressees = getattr(context, "addressees", ())
    if not addressees:
        assert "Kính gửi" not in page.text
        return
    assert page.style("Kính gửi:") == (14, "Tinos")
    if len(addressees) == 1:
        line = page.box(f"Kính gửi: {addressees[0]}.")
        assert line.centre == pytest.approx(MIDDLE, abs=0.5)
        return
    ends = [";"] * (len(addressees) - 1) + ["."]
    boxes = [page.box(f"- {one}{end}") for one, end in zip(addressees, ends, strict=True)]
    assert len({round(box.left, 1) for box in boxes}) == 1
    assert all(lower.top > upper.top for upper, lower in pairwise(boxes))


def test_box_6_the_text_ends_with_its_sign(whole: str) -> None:
    text = " ".join(page.text for page in pages(clean(whole)))
    assert text.count("./.") == (0 if whole.startswith(UNENDED) else 1)


def test_box_6_paragraphs_are_indented_and_reach_both_margins(whole: str) -> None:
    page = first(whole)
    body = [letter for letter in page.letters if letter.sign.strip() and round(letter.size, 1) == 14]
    body = [letter for letter in body if letter.face in {"Tinos", "Tinos-Italic"}]
    assert any(letter.box.left == pytest.approx(LEFT + 12.7, abs=0.7) for letter in body)
    assert max(letter.box.right for letter in body) == pytest.approx(RIGHT, abs=0.5)
    assert min(letter.box.left for letter in body) == pytest.approx(LEFT, abs=0.3)


def test_boxes_7_the_signer_and_room_to_sign(name: str) -> None:
    context = clean(name)
    page = signing_page(context)
    signers = [context.signer] if not isinstance(context, Minutes) else [context.secretary, context.signer]
    posts: list[tuple[str, ...]] = [(one.post.upper(),) for one in signers]
    if not isinstance(context, Minutes):
        posts = [signature_lines(context.authority, context.issuing_body, context.signer)]
    for lines, signer in zip(posts, signers, strict=True):
        post, name_below = closing(page, "".join(lines)), signer.name and closing(page, signer.name)
        assert styles(post) == {(14, "Tinos-Bold")}
        if name_below:
            assert styles(name_below) == {(14, "Tinos-Bold")}
            assert around(name_below).top - around(post).bottom >= 28
            assert around(name_below).centre == pytest.approx(around(post).centre, abs=0.6)
    assert around(closing(page, "".join(posts[-1]))).left > MIDDLE - 2
    if isinstance(context, Minutes):
        assert around(closing(page, "".join(posts[0]))).right < MIDDLE


def closing(page: Page, wanted: str) -> tuple[Letter, ...]:
    """The last place of a page where a text stands in the letters of a signature block."""
    return [place for place in page.find_all(wanted) if styles(place) == {(14, "Tinos-Bold")}][-1]


def styles(letters: tuple[Letter, ...]) -> set[tuple[float, str]]:
    return {(round(letter.size, 1), letter.face) for letter in letters}


def test_box_9b_recipients(name: str) -> None:
    context = clean(name)
    page = signing_page(context)
    head = page.box("Nơi nhận:")
    assert page.style("Nơi nhận:") == (12, "Tinos-Bold-Italic")
    assert head.left == pytest.approx(LEFT, abs=0.5)
    kept = f"- Lưu: VT, {context.copy_kept_by}." if context.copy_kept_by else "- Lưu: VT."
    assert page.style(kept) == (11, "Tinos")
    for recipient in context.recipients:
        assert {(11, "Tinos")} in [styles(place) for place in page.find_all(f"- {recipient};")]
    if not isinstance(context, Minutes):
        level = closing(page, "".join(signature_lines(context.authority, context.issuing_body, context.signer)))[0]
        assert head.bottom == pytest.approx(level.box.bottom, abs=1)


def test_pages_are_numbered_from_the_second_and_appendices_by_themselves(name: str) -> None:
    numbers = []
    for page in pages(clean(name)):
        margin = [letter for letter in page.letters if letter.box.bottom < TOP and letter.sign.strip()]
        numbers.append("".join(letter.sign for letter in margin))
        for letter in margin:
            assert (round(letter.size, 1), letter.face) == (13, "Tinos")
            assert letter.box.centre == pytest.approx(MIDDLE, abs=2)
    starts = [at for at, page in enumerate(pages(clean(name))) if at == 0 or "Phụ lục (Kèm" in head_of(page)]
    expected = [str(at - max(start for start in starts if start <= at) + 1) for at in range(len(numbers))]
    assert numbers == ["" if number == "1" else number for number in expected]


def head_of(page: Page) -> str:
    """The words of an appendix's head without its title."""
    words = page.text
    return "Phụ lục (Kèm" if words.startswith("Phụ lục ") and "(Kèm theo" in words else ""


def test_an_appendix_has_its_head(name: str) -> None:
    heads = [page for page in pages(clean(name)) if head_of(page)]
    for page in heads:
        label, enclosed = page.box("Phụ lục"), page.find("(Kèm theo")
        assert page.style("Phụ lục") == (14, "Tinos-Bold")
        assert label.centre == pytest.approx(MIDDLE, abs=0.5)
        assert {(round(letter.size, 1), letter.face) for letter in enclosed} == {(13, "Tinos-Italic")}
        between = [
            one for one in page.letters if label.bottom <= one.box.top < enclosed[0].box.top and one.sign.strip()
        ]
        assert {(round(one.size, 1), one.face) for one in between} == {(14, "Tinos-Bold")}
        assert all(one.sign == one.sign.upper() for one in between)


def test_a_signed_paper_bears_no_mark_of_a_draft(name: str) -> None:
    assert not [letter for page in pages(clean(name)) for letter in page.letters if letter.size > PAINTED_MARKS]


@pytest.mark.parametrize("kind", sorted({name.partition("/")[0] for name in BY_THE_DECREE}))
def test_long_names_stay_on_the_paper(kind: str) -> None:
    name = next(one for one in BY_THE_DECREE if one.startswith(f"{kind}/"))
    signer = Signer(name=LONG_NAME, post=f"Giám đốc Sở {LONG_NAME}", power="by_delegation")
    people = {"signer": signer} | ({"secretary": signer} if isinstance(sample(name), Minutes) else {})
    context = clean(name, issuing_body=LONG_BODY, superior_body=LONG_BODY, recipients=(LONG_NAME, "a" * 90), **people)
    for page in pages(context):
        inside = [letter.box for letter in page.letters if letter.sign.strip() and letter.box.bottom > TOP]
        assert min(box.left for box in inside) >= LEFT - 0.2
        assert max(box.right for box in inside) <= RIGHT + 0.5
        assert max(box.bottom for box in inside) <= BOTTOM + 0.2
    if name.startswith(COPIES):
        most = clean(name, issuing_body=LONG_BODY, recipients=(LONG_NAME[:50] * 2,) * 8, **people)
        assert len(pages(most)) == len(pages(context)) == 1
        return
    nation = pages(context)[0].box("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    superior = pages(context)[0].box("".join(split_body(LONG_BODY)).upper())
    assert superior.right <= nation.left
