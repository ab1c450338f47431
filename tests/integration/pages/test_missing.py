"""All that stands before the next step, each with the place where it is mended; and the last look before submitting."""

from typing import Any

import pytest
from sqlalchemy import Engine, delete, update

from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.dossiers import Answer, Condition, Dossier, DossierPart, Posting, Survey
from models.evidence import EvidenceUse
from tests import world
from tests.client import Page
from tests.house import statements
from tests.integration.pages.test_desk import state_of
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
A, USE, PART = table_of(Answer), table_of(EvidenceUse), table_of(DossierPart)


def targets(page: Page) -> dict[str, str]:
    return {words: href for href, words in page.links}


@ON_SQLITE
def test_each_indicator_and_part_that_is_missing_leads_to_its_own_place(engine: Engine, enter: Any, plant: Any) -> None:
    plant("self_assessing")
    with unit_of_work(engine) as connection:
        connection.execute(delete(A).where(A.c.indicator.in_(["2.1", "17.1"]), A.c.column_name == "commune"))
        connection.execute(delete(USE).where(USE.c.indicator == "3.2"))
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get("/dossiers/1")
    assert "Còn thiếu trước bước: Hoàn thành tự đánh giá 3 nội dung" in page.text
    assert "Chưa tự đánh giá chỉ tiêu 2.1 , 17.1 ." in page.text
    found = targets(page)
    assert found["2.1"] == "/dossiers/1/criteria/2#indicator-2.1"
    assert found["17.1"] == "/dossiers/1/criteria/17#indicator-17.1"
    assert found["3.2"] == "/dossiers/1/criteria/3#indicator-3.2"
    for address in (found["2.1"], found["3.2"]):
        path, _, anchor = address.partition("#")
        assert anchor in browser.get(path).ids


@ON_SQLITE
def test_whoever_prepares_the_dossier_sees_what_the_chairmans_step_lacks(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("commune_ready")
    with unit_of_work(engine) as connection:
        connection.execute(delete(PART).where(PART.c.part == "D7"))
        connection.execute(update(table_of(Condition)).values(debt_amount=5, security_sha256=None))
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get("/dossiers/1")
    found = targets(page)
    assert "Còn thiếu trước bước: Trình hồ sơ lên huyện 3 nội dung" in page.text
    assert found["Hình ảnh minh họa kết quả (D7)"] == "/dossiers/1/work/attach-part?item=D7"
    assert found["Còn nợ đọng xây dựng cơ bản 5 đồng."] == "/dossiers/1/work/state-debt#debt_amount"
    assert found["Chưa nộp văn bản xác nhận của Công an về an ninh, trật tự."].endswith("confirm-security#paper")
    assert dict(browser.get(found["Hình ảnh minh họa kết quả (D7)"]).form_to("/attach-part").values)["part"] == "D7"
    assert "debt_amount" in browser.get("/dossiers/1/work/state-debt").ids
    for role in (Role.COMMUNE_FRONT, Role.INSPECTOR):  # who cannot mend it is shown where it stands
        assert targets(enter(role).get("/dossiers/1"))["Còn nợ đọng xây dựng cơ bản 5 đồng."].endswith("#conditions")


@ON_SQLITE
@pytest.mark.parametrize(
    ("state", "change", "field"),
    [
        ("public_comment", None, "keep-posting"),
        ("public_comment", {"loudspeaker_times": 1}, "keep-posting#loudspeaker_times"),
        ("public_comment", {"places": ["office"]}, "keep-posting#places"),
        (
            "surveying",
            {"ballots_issued": 200, "ballots_valid": 199, "satisfied": 190},
            "#ballots_issued",
        ),
        ("surveying", {"satisfied": 10}, "#satisfied"),
        ("surveying", {"minutes_sha256": None}, "#minutes"),
        ("surveying", {"items": [["4", 1, 100]]}, "#satisfied_4"),
    ],
)
def test_a_figure_that_falls_short_leads_to_its_field(
    engine: Engine, enter: Any, plant: Any, state: str, change: dict[str, Any] | None, field: str
) -> None:
    plant(state)
    front = state == "surveying"
    with unit_of_work(engine) as connection:
        if front:
            connection.execute(update(table_of(Survey)).values(change or {}))
        elif change is not None:
            posted = {"posted_on": world.TODAY, "places": ["office", "culture_house"], "loudspeaker_times": 9}
            signed = {"dossier_id": 1, "round": 1, "stage": "commune", "person_id": 100, "at": world.NOW}
            row = {**posted, **signed, "front_opinion": False, **change}
            connection.execute(table_of(Posting).insert(), row)
    browser = enter(Role.COMMUNE_FRONT if front else Role.COMMUNE_OFFICER)
    found = [href for href, _ in browser.get("/dossiers/1").links if href.endswith(field)]
    assert found
    path, _, anchor = found[0].partition("#")
    assert not anchor or anchor in browser.get(path).ids


@ON_SQLITE
def test_nothing_is_missing_where_nothing_is(enter: Any, plant: Any) -> None:
    plant("commune_ready")
    page = enter(Role.COMMUNE_CHAIRMAN).get("/dossiers/1")
    assert "Còn thiếu trước bước" not in page.text


def test_the_inbox_of_a_commune_counts_what_is_left_in_a_fixed_number_of_statements(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("self_assessing")
    browser = enter(Role.COMMUNE_OFFICER)
    assert "Đủ để sang bước sau" in browser.get("/").text
    with unit_of_work(engine) as connection:
        connection.execute(delete(A).where(A.c.indicator.in_(["2.1", "17.1"]), A.c.column_name == "commune"))
    assert "Còn 2 nội dung cần làm" in browser.get("/").text
    before = statements(engine, lambda: browser.get("/"))
    with unit_of_work(engine) as connection:
        world.plant(connection, world.FIRST_COMMUNE, "withdrawn", 2)
        connection.execute(
            update(table_of(Dossier))
            .where(table_of(Dossier).c.id == 2)
            .values(level="advanced", state="self_assessing", holder_role="commune_officer", holder_unit_id=10)
        )
    assert browser.get("/").text.count("Xã Thử 1 –") == 2
    assert statements(engine, lambda: browser.get("/")) == before


# --- the last look ---


def test_the_chairman_submits_after_a_last_look_at_the_whole(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    page = browser.get("/dossiers/1")
    assert not [form for form in page.forms if form.action.endswith("/submit")]
    page = browser.get(targets(page)["Trình hồ sơ lên huyện"])
    for line in (
        "Tiêu chí đạt 19/19",
        "57 đạt, 0 chưa đạt, 0 không áp dụng",
        "Minh chứng 1 tệp cho 57 chỉ tiêu",
        "Phiếu hài lòng 380/390 (97,43 %)",
        "Nợ đọng xây dựng cơ bản 0 đồng",
        "Không phải địa bàn phức tạp",
        "Thành phần hồ sơ 8/8",
        "2. Giao thông Đạt",
    ):
        assert line in page.text
    assert "Đã ghi nhận: Trình hồ sơ" in browser.send(page, "/actions/submit").text
    assert state_of(engine) == "district_received"
    with pytest.raises(AssertionError, match="404"):
        browser.get("/dossiers/1/actions/submit")


@ON_SQLITE
def test_a_dossier_that_is_not_complete_is_not_looked_at_but_says_what_is_missing(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("commune_ready")
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(Condition)).values(debt_amount=5))
    page = enter(Role.COMMUNE_CHAIRMAN).get("/dossiers/1/actions/submit")
    assert "Còn nợ đọng xây dựng cơ bản 5 đồng" in page.text
    assert not [form for form in page.forms if form.action.endswith("/submit")]


@ON_SQLITE
def test_the_last_look_asks_a_fixed_number_of_statements(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    browser = enter(Role.COMMUNE_CHAIRMAN)
    assert statements(engine, lambda: browser.get("/dossiers/1/actions/submit")) == 6
