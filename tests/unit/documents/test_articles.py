"""The usual articles of decisions."""

from datetime import date

import pytest

from documents.articles import (
    Duties,
    recognition_articles,
    refusal_articles,
    replacement_articles,
    revocation_articles,
)
from documents.records import Article, DecisionName, Matter, RecognisedUnit
from documents.wording import LEVEL_TITLES

PROVINCE = "tỉnh Cao Bằng"
REVOKED = DecisionName(number=7, symbol="QĐ-UBND", signed_on=date(2025, 3, 10), authority="Chủ tịch Ủy ban nhân dân")
DUTIES = Duties(
    announced_by="ủy ban nhân dân huyện Hòa An",
    kept_up_by="Ủy ban nhân dân xã Nam Tuấn",
    guided_by="Sở Nông nghiệp và Môi trường",
    carried_out_by="chánh Văn phòng Ủy ban nhân dân tỉnh",
    next_aim="đạt chuẩn nông thôn mới nâng cao",
)


def unit(name: str, level: str = "standard") -> RecognisedUnit:
    return RecognisedUnit(name=name, place=PROVINCE, level_title=LEVEL_TITLES[level], year=2025)


def texts(articles: tuple[Article, ...]) -> list[str]:
    return [text for one in articles for text in (one.text, *(clause.text for clause in one.clauses)) if text]


def test_a_recognition_recognises_announces_and_carries_out() -> None:
    one = texts(recognition_articles([unit("xã Nam Tuấn")], PROVINCE, DUTIES))
    assert one[0] == "Công nhận xã Nam Tuấn, tỉnh Cao Bằng đạt chuẩn nông thôn mới năm 2025."
    assert one[1].startswith("Ủy ban nhân dân huyện Hòa An tổ chức công bố")
    assert one[2].endswith("phấn đấu đạt chuẩn nông thôn mới nâng cao.")
    assert one[4].endswith("Chánh Văn phòng Ủy ban nhân dân tỉnh chịu trách nhiệm thi hành Quyết định này.")


def test_several_units_are_named_in_an_appendix() -> None:
    two = texts(recognition_articles([unit("xã Nam Tuấn"), unit("xã Hồng Việt")], PROVINCE, DUTIES))
    assert two[0].startswith("Công nhận 02 xã trên địa bàn tỉnh Cao Bằng")
    assert two[0].endswith("(có danh sách tại Phụ lục kèm theo).")


def test_units_with_different_titles_have_no_usual_articles() -> None:
    with pytest.raises(ValueError, match="articles of their own"):
        recognition_articles([unit("xã Nam Tuấn"), unit("xã Hồng Việt", "advanced")], PROVINCE, DUTIES)


def test_a_refusal_names_its_reasons() -> None:
    matter = Matter(unit="xã Nam Tuấn", place=PROVINCE, title=LEVEL_TITLES["standard"], dossier="HS", year=2025)
    said = texts(refusal_articles(matter, ["Thu nhập chưa đạt.", "Còn nợ đọng."], DUTIES))
    assert said[0] == "Không công nhận xã Nam Tuấn, tỉnh Cao Bằng đạt chuẩn nông thôn mới năm 2025, vì:"
    assert said[1:3] == ["Thu nhập chưa đạt.", "Còn nợ đọng."]


def test_a_revocation_takes_the_certificate_back() -> None:
    said = texts(revocation_articles([unit("xã Nam Tuấn")], PROVINCE, REVOKED, ["06/19 tiêu chí chưa đạt."], DUTIES))
    assert said[0].startswith("Thu hồi Quyết định số 07/QĐ-UBND ngày 10 tháng 3 năm 2025 của Chủ tịch")
    assert said[1] == "06/19 tiêu chí chưa đạt."
    assert "thu hồi Bằng công nhận đã cấp" in said[2]


def test_a_replacement_ends_the_decision_that_it_replaces() -> None:
    said = texts(replacement_articles([unit("xã Nam Tuấn")], PROVINCE, REVOKED, DUTIES))
    assert said[0].startswith("Công nhận xã Nam Tuấn")
    assert "và thay thế Quyết định số 07/QĐ-UBND ngày 10 tháng 3 năm 2025 của Chủ tịch" in said[-1]
