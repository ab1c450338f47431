"""The wording rules of Decree 30/2020 as tables."""

from datetime import date

import pytest

from documents import wording
from documents.records import Article, Authority, Clause, Power, RecognisedUnit, Signer

PROVINCE = "Ủy ban nhân dân tỉnh Cao Bằng"


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 9, 10), "ngày 10 tháng 9 năm 2026"),
        (date(2026, 10, 1), "ngày 01 tháng 10 năm 2026"),
        (date(2026, 12, 31), "ngày 31 tháng 12 năm 2026"),
    ],
)
def test_dates(day: date, written: str) -> None:
    assert wording.dated(day) == written


@pytest.mark.parametrize(
    ("number", "written"), [(1, "01/QĐ-UBND"), (9, "09/QĐ-UBND"), (10, "10/QĐ-UBND"), (2221, "2221/QĐ-UBND")]
)
def test_numbers(number: int, written: str) -> None:
    assert wording.numbered(number, "QĐ-UBND") == written


def test_an_appendix_names_its_document_on_paper_only() -> None:
    day = date(2026, 1, 5)
    assert wording.enclosed_with(5, "QĐ-UBND", day, day, "paper") == "05/QĐ-UBND ngày 05 tháng 01 năm 2026"
    blank = " ".join(wording.enclosed_with(5, "QĐ-UBND", day, day, "electronic").split())
    assert blank == "/QĐ-UBND ngày tháng năm 2026"


def test_what_nobody_has_signed_has_neither_number_nor_day() -> None:
    assert wording.numbered(None, "TTr-UBND").replace(wording.BLANK, "_") == "_/TTr-UBND"
    blank = wording.signing_date(None, date(2025, 3, 7)).replace(wording.BLANK, "_")
    assert blank == "ngày_tháng_năm 2025"
    assert wording.signing_date(date(2025, 3, 7), date(2025, 3, 1)) == "ngày 07 tháng 3 năm 2025"


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (957, 982, "97,45%"),
        (31, 32, "96,87%"),
        (1, 1, "100%"),
        (9, 10, "90%"),
        (899_999, 1_000_000, "89,99%"),
        (0, 0, ""),
    ],
)
def test_shares_never_look_better_than_they_are(part: int, whole: int, written: str) -> None:
    assert wording.share(part, whole) == written


def test_money_stands_in_figures_and_in_words() -> None:
    assert wording.money(1_250_500_000) == (
        "1.250.500.000 đồng (bằng chữ: một tỷ hai trăm năm mươi triệu năm trăm nghìn đồng)"
    )


def test_one_addressee_stands_alone_and_several_on_lines_of_their_own() -> None:
    assert wording.addressee_lines(["Ủy ban nhân dân huyện Hòa An"]) == ("Ủy ban nhân dân huyện Hòa An",)
    assert wording.addressee_lines(["Sở Nội vụ", "Sở Tài chính;"]) == ("- Sở Nội vụ;", "- Sở Tài chính.")


def test_a_code_is_read_in_groups() -> None:
    assert wording.spelled("7k3q9xm2abcd") == "7k3q-9xm2-abcd"


def test_a_unit_stands_with_those_above_it() -> None:
    assert wording.in_place("xã Nam Tuấn", "tỉnh Cao Bằng") == "xã Nam Tuấn, tỉnh Cao Bằng"
    assert wording.in_place("tỉnh Cao Bằng", "") == "tỉnh Cao Bằng"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (1, "một"),
        (4, "bốn"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (99, "chín mươi chín"),
        (100, "một trăm"),
        (101, "một trăm linh một"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (161, "một trăm sáu mươi mốt"),
        (1000, "một nghìn"),
        (1005, "một nghìn không trăm linh năm"),
        (1010, "một nghìn không trăm mười"),
        (15_000, "mười lăm nghìn"),
        (1_000_001, "một triệu không trăm linh một"),
        (4_200_000_000, "bốn tỷ hai trăm triệu"),
        (999_999_999_999, "chín trăm chín mươi chín tỷ " + "chín trăm chín mươi chín triệu "
         "chín trăm chín mươi chín nghìn chín trăm chín mươi chín"),
    ],
)  # fmt: skip
def test_numbers_in_words(number: int, words: str) -> None:
    assert wording.in_words(number) == words


@pytest.mark.parametrize("number", [-1, 10**12])
def test_numbers_out_of_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="cannot be put into words"):
        wording.in_words(number)


def test_points_follow_the_vietnamese_alphabet() -> None:
    assert [wording.point_letter(at) for at in range(8)] == ["a", "b", "c", "d", "đ", "e", "g", "h"]
    assert wording.point_letter(22) == "y"
    for beyond in (-1, 23):
        with pytest.raises(ValueError, match="at most 23 points"):
            wording.point_letter(beyond)


@pytest.mark.parametrize(
    ("items", "written"),
    [
        ([], ()),
        (["Một"], ("Một.",)),
        (["Một;", "Hai.", " Ba ; "], ("Một;", "Hai;", "Ba.")),
    ],
)
def test_lists_end_with_semicolons_and_a_full_stop(items: list[str], written: tuple[str, ...]) -> None:
    assert wording.closed(items) == written


def test_a_standing_board_is_spoken_for_by_its_own_name() -> None:
    signer = Signer(name="Hoàng Văn Pảo", post="Chủ tịch", collective="Ban Thường trực")
    lines = wording.signature_lines("committee", "Ủy ban Mặt trận Tổ quốc Việt Nam xã Nam Tuấn", signer)
    assert lines == ("TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH")


def test_recipients_end_with_the_copy_that_is_kept() -> None:
    assert wording.recipient_lines(["Như trên"], "")[-1] == "- Lưu: VT."
    assert wording.recipient_lines(["Như Điều 3;", "Sở Tài chính"], "NN") == (
        "- Như Điều 3;",
        "- Sở Tài chính;",
        "- Lưu: VT, NN.",
    )


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        (PROVINCE, ("Ủy ban nhân dân", "tỉnh Cao Bằng")),
        ("Ủy ban nhân dân thành phố Cao Bằng", ("Ủy ban nhân dân", "thành phố Cao Bằng")),
        ("Ủy ban nhân dân xã Hòa An", ("Ủy ban nhân dân", "xã Hòa An")),
        ("Sở Tài chính", ("Sở Tài chính",)),
        ("Sở Nông nghiệp và Môi trường", ("Sở Nông nghiệp", "và Môi trường")),
        ("Ban Chỉ đạo xây dựng nông thôn mới xã Nam Tuấn", ("Ban Chỉ đạo xây dựng", "nông thôn mới", "xã Nam Tuấn")),
        ("Ủy ban Mặt trận Tổ quốc Việt Nam xã Nam Tuấn", ("Ủy ban Mặt trận", "Tổ quốc Việt Nam", "xã Nam Tuấn")),
        ("Cơquanmộttênrấtdàikhôngcókhoảngtrắng", ("Cơquanmộttênrấtdàikhôngcókhoảngtrắng",)),
    ],
)
def test_bodies_break_before_their_territory(body: str, lines: tuple[str, ...]) -> None:
    assert wording.split_body(body) == lines


SIGNATURES: list[tuple[Authority, Power, str, tuple[str, ...]]] = [
    ("chairman", "own", "Chủ tịch", ("CHỦ TỊCH",)),
    ("chairman", "deputising", "Phó Chủ tịch", ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    ("chairman", "acting", "Phó Chủ tịch", ("Q. CHỦ TỊCH",)),
    ("chairman", "by_order", "Chánh Văn phòng", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
    ("chairman", "by_delegation", "Giám đốc Sở Nội vụ", ("TUQ. CHỦ TỊCH", "GIÁM ĐỐC SỞ NỘI VỤ")),
    ("committee", "own", "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
    ("committee", "deputising", "Phó Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")),
    ("committee", "acting", "Phó Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH")),
    ("committee", "by_order", "Chánh Văn phòng", ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
    ("committee", "by_delegation", "Giám đốc Sở Nội vụ", ("TUQ. CHỦ TỊCH", "GIÁM ĐỐC SỞ NỘI VỤ")),
]


@pytest.mark.parametrize(("authority", "power", "post", "lines"), SIGNATURES)
def test_signature_blocks(authority: Authority, power: Power, post: str, lines: tuple[str, ...]) -> None:
    signer = Signer(name="Nông Văn Thành", post=post, power=power)
    assert wording.signature_lines(authority, PROVINCE, signer) == lines


def test_the_authority_line_names_who_decides() -> None:
    assert wording.authority_line("chairman", PROVINCE, "Chủ tịch") == "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH CAO BẰNG"
    assert wording.authority_line("committee", PROVINCE, "Chủ tịch") == "ỦY BAN NHÂN DÂN TỈNH CAO BẰNG"
    assert wording.deciding_authority("chairman", PROVINCE, "Chủ tịch") == "Chủ tịch Ủy ban nhân dân tỉnh Cao Bằng"
    assert wording.deciding_authority("committee", PROVINCE, "Chủ tịch") == PROVINCE


def test_articles_are_numbered_and_end_with_the_closing_sign() -> None:
    articles = [
        Article(text="Công nhận."),
        Article(heading="Tổ chức", clauses=(Clause(text="Xã:", points=("một;", "hai.")), Clause(text="Sở."))),
    ]
    assert [tuple(line) for line in wording.article_lines(articles)] == [
        ("article", "Điều 1.", "", "Công nhận."),
        ("article", "Điều 2.", "Tổ chức", ""),
        ("clause", "1.", "", "Xã:"),
        ("point", "a)", "", "một;"),
        ("point", "b)", "", "hai."),
        ("clause", "2.", "", "Sở./."),
    ]
    closed_already = wording.article_lines([Article(text="Thi hành./.")])
    assert closed_already[-1].text == "Thi hành./."


def unit(name: str, level: str = "standard") -> RecognisedUnit:
    title = wording.LEVEL_TITLES[level]
    return RecognisedUnit(name=name, place="tỉnh Cao Bằng", level_title=title, year=2025)


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (["xã Hòa An"], "xã Hòa An, tỉnh Cao Bằng"),
        (["xã Hòa An", "xã Đông Khê"], "02 xã trên địa bàn tỉnh Cao Bằng"),
        (["xã Hòa An", "xóm Nà Luông"], "02 đơn vị trên địa bàn tỉnh Cao Bằng"),
    ],
)
def test_units_in_short(names: list[str], written: str) -> None:
    assert wording.units_in_short([unit(name) for name in names], "tỉnh Cao Bằng") == written
