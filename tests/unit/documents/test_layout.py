"""The layout of Decree 30/2020, Annex I, measured on the finished paper (domain section 10.3)."""

import pytest

from documents.records import Authority, Power, RecognisedUnit, Signer
from tests.unit.documents.paper import BOTTOM, LEFT, RIGHT, TOP, Box, Page, pages, sample

WIDTH = RIGHT - LEFT
MIDDLE = (LEFT + RIGHT) / 2
CLEAN = sample(draft=False)


def first() -> Page:
    return pages(CLEAN)[0]


def rule_below(page: Page, box: Box) -> Box:
    """The nearest rule below a text, in its own block."""
    return next(rule for rule in page.rules if abs(rule.centre - box.centre) < 2 and -2 < rule.top - box.bottom < 3)


STYLES = [
    ("ỦY BAN NHÂN DÂN TỈNH CAO BẰNG", 12, "Tinos-Bold"),
    ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, "Tinos-Bold"),
    ("Độc lập - Tự do - Hạnh phúc", 13, "Tinos-Bold"),
    ("Số: 05/QĐ-UBND", 13, "Tinos"),
    ("Cao Bằng, ngày 05 tháng 01 năm 2026", 13, "Tinos-Italic"),
    ("Về việc công nhận xã Hòa An, tỉnh Cao Bằng đạt chuẩn nông thôn mới năm 2025", 14, "Tinos-Bold"),
    ("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH CAO BẰNG", 14, "Tinos-Bold"),
    ("Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;", 14, "Tinos-Italic"),
    ("QUYẾT ĐỊNH:", 14, "Tinos-Bold"),
    ("Điều 1.", 14, "Tinos-Bold"),
    ("Công nhận xã Hòa An, tỉnh Cao Bằng đạt chuẩn nông thôn mới năm 2025.", 14, "Tinos"),
    ("Điều 2. Tổ chức thực hiện", 14, "Tinos-Bold"),
]


@pytest.mark.parametrize(("text", "size", "face"), STYLES)
def test_sizes_and_faces_of_the_first_page(text: str, size: float, face: str) -> None:
    assert first().style(text) == (size, face)


def test_sizes_and_faces_of_the_closing() -> None:
    last = pages(CLEAN)[-1]
    assert last.style("Nơi nhận:") == (12, "Tinos-Bold-Italic")
    assert last.style("- Như Điều 3;") == (11, "Tinos")
    assert last.style("- Lưu: VT, KT.") == (11, "Tinos")
    assert last.style("CHỦ TỊCH") == (14, "Tinos-Bold")
    assert last.style("Nông Văn Thành") == (14, "Tinos-Bold")


def test_the_heading_stands_in_two_blocks() -> None:
    issuer, name = first().box("ỦY BAN NHÂN DÂN"), first().box("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    assert issuer.right < LEFT + 0.43 * WIDTH < name.left
    assert name.bottom - name.top < 6, "the national name stands on one line"
    assert issuer.top == pytest.approx(name.top, abs=0.1)
    assert TOP <= name.top < TOP + 2
    assert first().box("TỈNH CAO BẰNG").centre == pytest.approx(issuer.centre, abs=0.5)
    assert first().box("Độc lập - Tự do - Hạnh phúc").centre == pytest.approx(name.centre, abs=0.5)


def test_number_and_date_share_a_line_under_their_blocks() -> None:
    number, place = first().box("Số: 05/QĐ-UBND"), first().box("Cao Bằng, ngày 05 tháng 01 năm 2026")
    assert number.bottom == pytest.approx(place.bottom, abs=0.1)
    assert number.centre == pytest.approx(first().box("ỦY BAN NHÂN DÂN").centre, abs=0.5)
    assert place.centre == pytest.approx(first().box("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM").centre, abs=0.5)


def test_rules_are_as_long_as_the_law_says() -> None:
    motto, body = first().box("Độc lập - Tự do - Hạnh phúc"), first().box("ỦY BAN NHÂN DÂN TỈNH CAO BẰNG")
    summary = first().box("Về việc công nhận xã Hòa An, tỉnh Cao Bằng đạt chuẩn nông thôn mới năm 2025")
    assert len(first().rules) == 3
    assert rule_below(first(), motto).width == pytest.approx(motto.width, abs=0.5)
    for text in (body, summary):
        rule = rule_below(first(), text)
        assert 1 / 3 <= rule.width / text.width <= 1 / 2
        assert rule.centre == pytest.approx(text.centre, abs=0.3)


def test_titles_are_centred_on_the_text() -> None:
    for text in ("Về việc công nhận", "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH CAO BẰNG", "QUYẾT ĐỊNH:"):
        line = first().box(text) if text != "Về việc công nhận" else first().box(text + " xã Hòa An, tỉnh Cao Bằng")
        assert line.centre == pytest.approx(MIDDLE, abs=0.5)


def test_the_body_is_indented_and_justified() -> None:
    starts = ("Căn cứ Luật Tổ chức", "Căn cứ Nghị định số 131", "Điều 1. Công nhận", "1. Ủy ban nhân dân xã")
    for start in starts:
        assert first().box(start).left == pytest.approx(LEFT + 12.7, abs=0.6)
    full_line = first().box("Căn cứ Nghị định số 131/2025/NĐ-CP ngày 12 tháng 6 năm 2025 của")
    assert full_line.right == pytest.approx(RIGHT, abs=0.3)
    assert first().box("Chính phủ quy định phân định thẩm quyền").left == pytest.approx(LEFT, abs=0.3)


def test_bases_end_with_semicolons_and_the_last_with_a_full_stop() -> None:
    page = first().text
    assert page.count(";") == len(CLEAN.legal_bases) - 1 + 1, "one more in the clause of the announcement"
    assert "ngày 29 tháng 12 năm 2025. QUYẾT ĐỊNH:" in page
    assert "chịu trách nhiệm thi hành Quyết định này./." in pages(CLEAN)[-1].text


def test_pages_are_numbered_in_the_top_margin_from_the_second() -> None:
    assert all(letter.box.top >= TOP for letter in first().letters if not letter.sign.isspace())
    margin = [letter for letter in pages(CLEAN)[1].letters if letter.box.bottom < TOP and not letter.sign.isspace()]
    assert [(letter.sign, round(letter.size, 1), letter.face) for letter in margin] == [("2", 13, "Tinos")]
    assert margin[0].box.centre == pytest.approx(MIDDLE, abs=0.5)


def test_the_signature_has_room_and_nothing_is_painted_there() -> None:
    last = pages(CLEAN)[-1]
    post, name = last.box("CHỦ TỊCH"), last.box("Nông Văn Thành")
    assert name.top - post.bottom >= 28
    assert post.centre == pytest.approx(name.centre, abs=0.5)
    assert post.left > MIDDLE
    between = [letter for letter in last.letters if post.bottom < letter.box.top < name.top and letter.sign.strip()]
    assert all(letter.box.right < post.left for letter in between)
    baseline = last.find("Nơi nhận:")[0].box.bottom
    assert baseline == pytest.approx(last.find("CHỦ TỊCH")[0].box.bottom, abs=1)
    assert last.box("Nơi nhận:").left == pytest.approx(LEFT, abs=0.5)


BLOCKS: list[tuple[Authority, Power, str, str]] = [
    ("chairman", "own", "Chủ tịch", "CHỦ TỊCH Nông Văn Thành"),
    ("chairman", "deputising", "Phó Chủ tịch", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH Nông Văn Thành"),
    ("committee", "own", "Chủ tịch", "TM. ỦY BAN NHÂN DÂN CHỦ TỊCH Nông Văn Thành"),
    ("committee", "deputising", "Phó Chủ tịch", "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH Nông Văn Thành"),
    ("chairman", "acting", "Phó Chủ tịch", "Q. CHỦ TỊCH Nông Văn Thành"),
    ("chairman", "by_order", "Chánh Văn phòng", "TL. CHỦ TỊCH CHÁNH VĂN PHÒNG Nông Văn Thành"),
    ("chairman", "by_delegation", "Giám đốc Sở Nội vụ", "TUQ. CHỦ TỊCH GIÁM ĐỐC SỞ NỘI VỤ Nông Văn Thành"),
]


@pytest.mark.parametrize(("authority", "power", "post", "block"), BLOCKS)
def test_signature_blocks_on_paper(authority: Authority, power: Power, post: str, block: str) -> None:
    signer = Signer(name="Nông Văn Thành", post=post, power=power)
    paper = pages(sample(draft=False, authority=authority, signer=signer))
    right = [letter for letter in paper[-1].letters if letter.box.left > MIDDLE and letter.face == "Tinos-Bold"]
    assert "".join(letter.sign for letter in right if letter.sign.strip()) == block.replace(" ", "")
    title = "ỦY BAN NHÂN DÂN TỈNH CAO BẰNG Căn cứ"
    assert ("CHỦ TỊCH " + title in paper[0].text) == (authority == "chairman")
    assert title in paper[0].text


def units(count: int) -> tuple[RecognisedUnit, ...]:
    return tuple(
        RecognisedUnit(name=f"xã Số {at}", place="tỉnh Cao Bằng", level_title="đạt chuẩn nông thôn mới", year=2025)
        for at in range(1, count + 1)
    )


def test_one_unit_has_no_appendix() -> None:
    assert "Phụ lục" not in " ".join(page.text for page in pages(CLEAN))


def test_forty_units_are_listed_in_an_appendix_that_repeats_its_head() -> None:
    paper = pages(sample("five_units", units=units(40), draft=False, practice=False))
    appendix = [page for page in paper if "TT Đơn vị Địa bàn Danh hiệu Năm" in page.text]
    assert len(appendix) == 2
    assert paper[-2:] == tuple(appendix)
    listed = " ".join(page.text for page in appendix)
    assert all(f"{at} Xã Số {at} Tỉnh Cao Bằng Đạt chuẩn nông thôn mới 2025" in listed for at in range(1, 41))
    assert appendix[0].style("Phụ lục") == (14, "Tinos-Bold")
    assert appendix[0].style("DANH SÁCH 40 XÃ TRÊN ĐỊA BÀN TỈNH CAO BẰNG") == (14, "Tinos-Bold")
    assert appendix[0].style("(Kèm theo Quyết định số /QĐ-UBND ngày tháng năm 2026") == (13, "Tinos-Italic")
    assert [margin(page) for page in paper] == ["", "2", "", "2"], "an appendix is numbered for itself"


def margin(page: Page) -> str:
    return "".join(letter.sign for letter in page.letters if letter.box.bottom < TOP and letter.sign.strip())


def test_an_appendix_on_paper_names_the_number_and_the_date() -> None:
    paper = pages(sample("five_units", draft=False, practice=False, medium="paper"))
    assert "(Kèm theo Quyết định số 46/QĐ-UBND ngày 05 tháng 01 năm 2026 của Ủy ban" in paper[-1].text


@pytest.mark.parametrize(
    ("name", "draft", "practice", "mark", "watermark"),
    [
        ("one_unit", True, False, "DỰTHẢO", "DỰ THẢO"),
        ("five_units", True, True, "BẢNTHỰCHÀNH-DỰTHẢO", "BẢN THỰC HÀNH"),
        ("five_units", False, True, "BẢNTHỰCHÀNH", "BẢN THỰC HÀNH"),
    ],
)
def test_unsigned_and_practice_papers_are_marked_on_each_page(
    name: str, draft: bool, practice: bool, mark: str, watermark: str
) -> None:
    for page in pages(sample(name, draft=draft, practice=practice)):
        assert margin(Page(tuple(sign for sign in page.letters if sign.size < 20), ())).lstrip("2") == mark
        huge = "".join(letter.sign for letter in page.letters if letter.size > 20)
        assert huge.split() == watermark.split()


def test_a_signed_paper_carries_no_mark() -> None:
    text = " ".join(page.text for page in pages(CLEAN))
    assert "DỰ THẢO" not in text
    assert "BẢN THỰC HÀNH" not in text


@pytest.mark.parametrize("more", range(0, 12, 2))
def test_the_code_keeps_clear_of_the_closing(more: int) -> None:
    base = "Căn cứ Biên bản họp ngày 26 tháng 12 năm 2025 của Hội đồng thẩm định"
    for lines in (more, more + 1):
        last = pages(sample(draft=False, legal_bases=(*CLEAN.legal_bases, *(base,) * lines)))[-1]
        address = last.box("https://datchuan.caobang.gov.vn/v/7k3q9xm2")
        code_top = BOTTOM - 16
        others = [letter for letter in last.letters if letter.size > 9 and letter.sign.strip()]
        assert max(letter.box.bottom for letter in others) < code_top
        assert code_top < address.top < address.bottom < BOTTOM
        assert LEFT + 16 < address.left < address.right < MIDDLE + 30


def test_long_names_stay_on_the_paper() -> None:
    long = "Nguyễn Phước Bảo Tôn Nữ Công Tằng Huyền Trân Thượng Quan Hoàng Phủ"
    context = sample(
        draft=False,
        issuing_body="Ủy ban nhân dân thành phố trực thuộc Trung ương mang tên Bà Rịa Vũng Tàu Côn Đảo",
        superior_body="Cơ quan chủ quản có một cái tên dài hơn hẳn khối bên trái của trang giấy",
        place="Thành phố Bà Rịa Vũng Tàu Côn Đảo Phú Quốc",
        units=(units(1)[0], RecognisedUnit(name=f"xã {long}", place=long, level_title=f"đạt chuẩn {long}", year=2025)),
        signer=Signer(name=long, post=f"Giám đốc Sở {long}", power="by_delegation"),
        recipients=(long, "https://" + "a" * 90),
        verification_url="https://" + "b" * 90,
    )
    for page in pages(context):
        inside = [letter for letter in page.letters if letter.sign.strip() and letter.box.bottom > TOP]
        assert min(letter.box.left for letter in inside) >= LEFT - 0.2
        assert max(letter.box.right for letter in inside) <= RIGHT + 0.5
        assert max(letter.box.bottom for letter in inside) <= BOTTOM + 0.2
    signing = next(page for page in pages(context) if "Nơi nhận" in page.text)
    recipients = [letter for letter in signing.letters if round(letter.size) == 11]
    signature = [letter for letter in signing.find("TUQ. CHỦ TỊCH GIÁM ĐỐC SỞ") if letter.size > 11]
    assert max(letter.box.right for letter in recipients) <= min(letter.box.left for letter in signature)
