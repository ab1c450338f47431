"""The keys of names and numbers: found without marks, sorted as a Vietnamese dictionary does, decisions as typed."""

from unicodedata import normalize

import pytest

from models.keys import bare, decision_key, read_number, search_key, sort_key


@pytest.mark.parametrize(
    "typed", ["Xã Hòa An", "xã hoà an", "XA HOA AN", "  Xa   Hoa-An ", normalize("NFD", "Xã Hòa An"), "xã hòa, an"]
)
def test_a_name_has_one_search_key_however_it_is_typed(typed: str) -> None:
    assert search_key(typed) == "xa hoa an"


def test_every_letter_of_the_alphabet_loses_its_marks() -> None:
    letters = "àảãáạ ằẳẵắặ ầẩẫấậ èẻẽéẹ ềểễếệ ìỉĩíị òỏõóọ ồổỗốộ ờởỡớợ ùủũúụ ừửữứự ỳỷỹýỵ đ Đ"
    assert set(search_key(letters)) == set("aeiouyd ")


def test_names_sort_as_in_a_vietnamese_dictionary() -> None:
    names = [
        "An Lạc",
        "Ân Thi",
        "Bảo Lâm",
        "Cao Bằng",
        "Đà Nẵng",
        "Đàm Thủy",
        "Đình Phong",
        "Hà",
        "Hả",
        "Há",
        "Hà Quảng",
    ]
    assert sorted(set(names), key=sort_key) == names
    assert all(sort_key(name).isascii() and sort_key(name).isalnum() for name in names)


def test_a_unit_is_sorted_by_its_name_without_its_kind() -> None:
    assert [bare(name) for name in ("Xã Hòa An", "Thị trấn Nước Hai", "Xãm Lạ")] == ["Hòa An", "Nước Hai", "Xãm Lạ"]


@pytest.mark.parametrize(
    ("typed", "key", "year"),
    [
        ("46/QĐ-UBND", "46/qdubnd", None),
        ("046/qd-ubnd", "46/qdubnd", None),
        ("Số: 46 / QĐ - UBND", "46/qdubnd", None),
        ("Quyết định số 46/QĐ-UBND ngày 14/01/2019 của UBND tỉnh", "46/qdubnd", 2019),
        ("46/QĐ-UBND ngày 14 tháng 01 năm 2019", "46/qdubnd", 2019),
        ("46/2019/QĐ-UBND", "46/qdubnd", 2019),
        ("46/QĐ-UBND 2019", "46/qdubnd", 2019),
        ("QĐ 46 năm 2019", "46/", 2019),
        ("46", "46/", None),
        ("46a/QĐ-UBND", "46a/qdubnd", None),
        ("1657/NQ-UBTVQH15", "1657/nqubtvqh", None),
    ],
)
def test_the_number_of_a_decision_is_read_in_any_usual_way(typed: str, key: str, year: int | None) -> None:
    found = read_number(typed)
    assert found
    assert (found.key, found.year) == (key, year)


@pytest.mark.parametrize("typed", ["", "QĐ-UBND", "không số", "/-"])
def test_without_a_number_nothing_is_read(typed: str) -> None:
    assert read_number(typed) is None
    assert decision_key(typed) == search_key(typed)
