"""The administrator's pages of the calendar, number series and units: read by two offices, written by one."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import NumberSeries
from models.dossiers import Dossier
from models.places import AdminUnit, Holiday, UnitSuccession
from tests import world
from tests.client import Browser, Page
from tests.house import statements
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

pytestmark = ON_SQLITE
READ = (
    "/admin/units",
    "/admin/units?q=thu",
    f"/admin/units/{world.FIRST_COMMUNE}",
    "/admin/holidays",
    "/admin/holidays?year=2027",
    "/admin/numbers",
    "/admin/procedures",
    "/admin/procedures/commune-2022-three-tier/1",
    "/admin/criteria",
    "/admin/criteria/commune-ntm-2021-2025",
    "/admin/criteria/commune-modern-2026-2030",
)
WRITE = (
    f"/admin/units/{world.FIRST_COMMUNE}/rename",
    f"/admin/units/{world.FIRST_COMMUNE}/merge",
    f"/admin/units/{world.FIRST_COMMUNE}/close",
    "/admin/numbers/new",
    f"/admin/numbers/correct?unit={world.PROVINCE}&symbol=QĐ-UBND&year=2025",
    "/admin/criteria/commune-ntm-2021-2025/adoption",
)
THURSDAY = date(2025, 3, 13)


@pytest.fixture
def keeper(enter: Any) -> Browser:
    browser: Browser = enter(Role.ADMINISTRATOR)
    return browser


def test_both_offices_read_all_of_it_and_only_the_administrator_finds_a_form(enter: Any, keeper: Browser) -> None:
    inspector = enter(Role.INSPECTOR)
    for address in READ:
        keeper.get(address)
        forms = inspector.get(address).forms
        assert {form.method for form in forms if form.action.startswith("/admin")} <= {"get"}, address
    for address in WRITE:
        keeper.get(address)
        inspector.get(address, 403)
        enter(Role.COMMUNE_OFFICER).get(address, 403)
    for address in READ:
        enter(Role.PROVINCIAL_CHAIRMAN).get(address, 403)


@pytest.mark.parametrize(
    "address",
    [
        "/admin/holidays",
        "/admin/holidays/2025-01-01/remove",
        "/admin/holidays/2025/announced",
        "/admin/numbers/new",
        "/admin/numbers/correct",
        f"/admin/units/{world.FIRST_COMMUNE}/close",
        "/admin/criteria/commune-ntm-2021-2025/adoption",
    ],
)
def test_an_inspector_writes_nothing(enter: Any, address: str) -> None:
    inspector = enter(Role.INSPECTOR)
    token = dict(inspector.get("/admin/units").form_to("/language").values)["csrf_token"]
    inspector.post(address, {"csrf_token": token}, 403)


def test_what_is_not_there_is_not_found(keeper: Browser) -> None:
    for address in (
        "/admin/units/9999",
        f"/admin/units/{world.FIRST_COMMUNE}/enlarge",
        "/admin/procedures/commune-2022-three-tier/9",
        "/admin/criteria/nothing",
        "/admin/criteria/commune-modern-2026-2030/adoption",
        "/admin/numbers/correct?unit=1&symbol=XX&year=2025",
    ):
        keeper.get(address, 404)
    token = dict(keeper.get("/admin/holidays").form_to("/holidays").values)["csrf_token"]
    for day in ("2025-02-30", "2025-03-13", "13-03-2025"):
        keeper.post(f"/admin/holidays/{day}/remove", {"csrf_token": token}, 404)


def test_each_page_asks_a_fixed_number_of_statements(engine: Engine, keeper: Browser) -> None:
    asked = [statements(engine, lambda at=at: keeper.get(at)) for at in READ]  # type: ignore[misc]  # the address of this turn
    assert asked == [3, 3, 4, 4, 4, 3, 2, 2, 3, 3, 3]
    with unit_of_work(engine) as connection:
        for number in range(1, 20):
            world.add_commune(connection, number)
    assert [statements(engine, lambda at=at: keeper.get(at)) for at in READ] == asked  # type: ignore[misc]  # as above


# --- the calendar ---


def add(browser: Browser, status: int = 303, **values: str) -> Page:
    named = {"effect": "off", "name_vi": "Nghỉ bão", "name_en": "Storm", **values}
    return browser.send(browser.get("/admin/holidays"), "/admin/holidays", status, **named)


def test_a_day_off_is_added_and_removed_and_says_what_became_of_deadlines(
    engine: Engine, enter: Any, plant: Any, keeper: Browser
) -> None:
    plant("commune_ready")
    chairman = enter(Role.COMMUNE_CHAIRMAN)
    chairman.send(chairman.get("/dossiers/1/actions/submit"), "/actions/submit")
    page = add(keeper, day="13/03/2025")
    assert "Thời hạn của 1 hồ sơ đã được tính lại." in page.text
    assert "Nghỉ bão" in page.text
    with reading(engine) as connection:
        assert connection.execute(select(table_of(Dossier).c.due_on)).scalar_one() == date(2025, 3, 18)
    page = keeper.send(page, "/holidays/2025-03-13/remove")
    assert "Đã bỏ ngày 13/03/2025 khỏi lịch. Thời hạn của 1 hồ sơ" in page.text
    assert "Nghỉ bão" not in page.text
    assert "Không có thời hạn nào thay đổi" in add(keeper, day="13/03/2024").text


def test_a_day_that_makes_no_sense_is_said_beside_its_field(engine: Engine, keeper: Browser) -> None:
    page = add(keeper, 422, day="31/02/2025", name_en="")
    assert "Hãy nhập ngày theo dạng" in page.text
    assert ("name_vi", "Nghỉ bão") in page.form_to("/admin/holidays").values
    page = add(keeper, 422, day="13/03/2025", effect="worked")
    assert "chỉ thứ Bảy, Chủ nhật mới ghi là ngày làm bù" in page.text
    assert (
        "#day",
        "Ngày: Ngày 13/03/2025 vốn là ngày làm việc; chỉ thứ Bảy, Chủ nhật mới ghi là ngày làm bù.",
    ) in page.links
    add(keeper, day="13/03/2025")
    assert "đã có trong lịch" in add(keeper, 422, day="13/03/2025").text
    with reading(engine) as connection:
        assert connection.execute(select(table_of(Holiday).c.day)).scalars().all() == [THURSDAY]


def test_years_without_an_official_calendar_are_named_until_it_is_recorded(engine: Engine, keeper: Browser) -> None:
    day = {"effect": "off", "kind": "public", "name_vi": "Tết", "name_en": "New Year", "official": False}
    with unit_of_work(engine) as connection:
        connection.execute(table_of(Holiday).insert(), [{"day": date(year, 1, 1), **day} for year in (2025, 2026)])
    page = keeper.get("/admin/holidays?year=2026")
    assert "Chưa có lịch nghỉ chính thức của năm 2025, 2026" in page.text
    assert "Hãy điền" in keeper.send(page, "/2026/announced", 422).text
    page = keeper.send(page, "/2026/announced", basis="Công văn 1/VPCP ngày 01/12/2025")
    assert "Chưa có lịch nghỉ chính thức của năm 2025 " in page.text
    assert "Lịch chính thức" in page.text


# --- number series ---


def test_a_series_is_opened_where_the_paper_register_stands_and_corrected_until_used(
    engine: Engine, enter: Any, plant: Any, keeper: Browser
) -> None:
    page = keeper.get("/admin/numbers")
    following = next(href for href, words in page.links if words.startswith("Mở sổ năm 2026"))
    form = keeper.get(following)
    assert {("symbol", "QĐ-UBND"), ("year", "2026")} <= set(form.form_to("/numbers/new").values)
    beyond = keeper.send(form, "/numbers/new", 422, paper_last="9999999999")
    assert any(href == "#paper_last" and "không hợp lệ" in words for href, words in beyond.links)
    assert "Đã mở sổ QĐ-UBND năm 2026" in keeper.send(form, "/numbers/new", paper_last="41").text
    again = keeper.send(form, "/numbers/new", 422, paper_last="50")
    assert "đã được mở" in again.text
    assert ("paper_last", "50") in again.form_to("/numbers/new").values
    assert "Hãy nhập ký hiệu" in keeper.send(form, "/numbers/new", 422, symbol="QĐ 1").text
    assert "Năm phải từ" in keeper.send(form, "/numbers/new", 422, year="1990").text
    correct = keeper.get(f"/admin/numbers/correct?unit={world.PROVINCE}&symbol=QĐ-UBND&year=2026")
    assert "Đã sửa số bắt đầu" in keeper.send(correct, "/numbers/correct", paper_last="40").text
    with reading(engine) as connection:
        series = table_of(NumberSeries)
        rows = connection.execute(select(series.c.paper_last, series.c.last).where(series.c.year == 2026)).one()
    assert tuple(rows) == (40, 40)
    plant("recommended")
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    signing = chairman.get("/dossiers/1/actions/recognise")
    chairman.send(signing, "/recognise", year_recognised="2024", signed_on="10/03/2025")
    used = keeper.get(f"/admin/numbers/correct?unit={world.PROVINCE}&symbol=QĐ-UBND&year=2025")
    assert "đã có số được cấp" in keeper.send(used, "/numbers/correct", 422, paper_last="1").text
    assert "đã có số được cấp" in keeper.get("/admin/numbers").text


# --- units ---


def test_the_tree_shows_a_day_and_a_search_finds_every_period(engine: Engine, keeper: Browser) -> None:
    assert "Xã Thử 1" in keeper.get("/admin/units").text
    assert "10/03/2025" in keeper.get("/admin/units?on=hôm+nay").text
    assert "Xã Thử 1" in keeper.get("/admin/units?q=XA+THU").text
    assert "Không tìm thấy đơn vị nào" in keeper.get("/admin/units?q=khong+co").text
    with unit_of_work(engine) as connection:
        connection.execute(table_of(AdminUnit).update().values(valid_from=date(1950, 1, 1)))
    assert "Chưa có đơn vị nào vào ngày này" in keeper.get("/admin/units?on=01/01/1900").text


def test_a_unit_is_renamed_by_a_resolution(engine: Engine, plant: Any, keeper: Browser) -> None:
    plant("commune_ready")
    form = keeper.get(f"/admin/units/{world.FIRST_COMMUNE}/rename")
    assert "Đơn vị còn 1 hồ sơ chưa kết thúc" in form.text
    page = keeper.send(form, "/rename", 422, name="Mới")
    assert "Hãy ghi nghị quyết" in page.text
    assert ("name", "Mới") in page.form_to("/rename").values
    page = keeper.send(form, "/rename", name="Mới", first_day="01/04/2025", legal_basis="Nghị quyết 9")
    assert page.h1[0].startswith("Xã Mới, huyện")
    assert "Nghị quyết 9" in page.text
    assert "Nghị quyết 9" in keeper.get(f"/admin/units/{world.FIRST_COMMUNE}").text


def test_a_unit_that_ends_offers_only_what_can_still_be_recorded_of_it(engine: Engine, keeper: Browser) -> None:
    with unit_of_work(engine) as connection:
        second = world.add_commune(connection, 1)
    unit = f"/admin/units/{world.FIRST_COMMUNE}"
    resolution: dict[str, Any] = {"first_day": "01/04/2025", "legal_basis": "Nghị quyết 9"}

    def ways() -> list[str]:
        return [href.rsplit("/", 1)[1] for href, _ in keeper.get(unit).links if href.startswith(f"{unit}/")]

    assert ways() == ["rename", "merge", "close"]
    keeper.send(keeper.get(f"{unit}/close"), "/close", **resolution)
    assert ways() == ["rename", "merge"]
    keeper.send(keeper.get(f"{unit}/merge"), "/merge", heir=str(second), share="part", **resolution)
    assert ways() == ["merge"]
    keeper.send(keeper.get(f"/admin/units/{second}/rename"), "/rename", name="Mới", **resolution)
    unit = f"/admin/units/{second}"
    assert ways() == []


def test_units_are_merged_into_a_new_one_and_into_one_that_is_there(engine: Engine, keeper: Browser) -> None:
    with unit_of_work(engine) as connection:
        second, third = (world.add_commune(connection, number) for number in (1, 2))
    resolution: dict[str, Any] = {"first_day": "01/04/2025", "legal_basis": "Nghị quyết 9"}
    form = keeper.get(f"/admin/units/{world.FIRST_COMMUNE}/merge")
    page = keeper.send(form, "/merge", 422, heir="new", kind="xã", **resolution)
    assert "Hãy ghi mã và tên của đơn vị mới" in page.text
    page = keeper.send(form, "/merge", heir="new", code="09999", kind="phường", name="Lớn", **resolution)
    assert page.h1[0].startswith("Phường Lớn")
    with reading(engine) as connection:
        heir = connection.execute(
            select(table_of(AdminUnit).c.id).where(table_of(AdminUnit).c.code == "09999")
        ).scalar_one()
    form = keeper.get(f"/admin/units/{second}/merge")
    page = keeper.send(form, "/merge", 422, heir=str(third), share="part", **{**resolution, "first_day": "01/01/1900"})
    assert "ngày thay đổi phải sau" in page.text
    page = keeper.send(form, "/merge", 422, heir="x", **resolution)
    assert "Hãy chọn một mục trong danh sách" in page.text
    page = keeper.send(form, "/merge", heir=str(third), **resolution)
    with reading(engine) as connection:
        heirs = table_of(UnitSuccession).c
        pairs = connection.execute(select(heirs.old_id, heirs.new_id).order_by(heirs.old_id))
        assert [tuple(pair) for pair in pairs] == [(world.FIRST_COMMUNE, heir), (second, third)]
    closing = keeper.get(f"/admin/units/{third}/close")
    assert "Đã ghi nhận thay đổi" in keeper.send(closing, "/close", **{**resolution, "first_day": "01/05/2025"}).text
    district = keeper.get(f"/admin/units/{world.DISTRICT}/close")
    assert "đơn vị trực thuộc" in keeper.send(district, "/close", 422, **resolution).text
