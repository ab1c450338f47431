"""The inbox and the lists: what is to be done next, search and filters that go together, what was done lately."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, update

from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.council import AgendaItem, Attendance, Ballot, CouncilSession
from models.dossiers import Answer, CheckedPart, Conclusion, Dossier
from tests import world
from tests.house import statements
from tests.integration.acting import add_member
from workflow.guards import COMMUNE_PARTS
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
D, ANSWER, CHECK, SESSION = (table_of(one) for one in (Dossier, Answer, CheckedPart, CouncilSession))
SIGNED = {"person_id": world.PERSON[Role.DISTRICT_REVIEWER], "at": world.NOW}


def write(engine: Engine, *statements: Any) -> None:
    with unit_of_work(engine) as connection:
        for statement in statements:
            connection.execute(statement)


def tick(engine: Engine, count: int, incomplete: int) -> None:
    frame = {"dossier_id": 1, "stage": "district", "note": "", **SIGNED}
    rows = [
        {**frame, "part": part.value, "complete": place >= incomplete}
        for place, part in enumerate(COMMUNE_PARTS[:count])
    ]
    write(engine, insert(CHECK).values(rows))


# --- what is to be done next ---


def test_a_reviewer_sees_how_far_the_verification_is(engine: Engine, enter: Any, plant: Any) -> None:
    plant("district_verifying")
    reviewer = enter(Role.DISTRICT_REVIEWER)
    assert "Hoàn thành thẩm tra" in reviewer.get("/").text
    mine = (ANSWER.c.column_name == "review") & (ANSWER.c.indicator.in_(["1.1", "1.2", "2.1"]))
    write(engine, delete(ANSWER).where(mine))
    assert "Thẩm tra 54/57 chỉ tiêu" in reviewer.get("/").text
    later = world.NOW + timedelta(hours=1)
    changed = (ANSWER.c.column_name == "commune") & (ANSWER.c.indicator == "3.1")
    write(engine, update(ANSWER).where(changed).values(at=later))
    assert "Thẩm tra 53/57 chỉ tiêu" in reviewer.get("/").text


def test_the_receiving_office_sees_what_is_checked_and_what_is_missing(engine: Engine, enter: Any, plant: Any) -> None:
    plant("district_received")
    reviewer = enter(Role.DISTRICT_REVIEWER)
    assert "Kiểm tra 0/8 thành phần" in reviewer.get("/").text
    tick(engine, 3, incomplete=2)
    assert "Còn thiếu 2 thành phần" in reviewer.get("/").text
    write(engine, update(CHECK).values(complete=True, at=world.NOW - timedelta(days=8)))
    assert "Kiểm tra 0/8 thành phần" in reviewer.get("/").text
    write(engine, update(CHECK).values(at=world.NOW))
    assert "Kiểm tra 3/8 thành phần" in reviewer.get("/").text
    write(engine, delete(CHECK))
    tick(engine, 8, incomplete=0)
    assert "Đủ thành phần, chờ tiếp nhận" in reviewer.get("/").text


def test_a_department_sees_the_criteria_that_it_must_still_conclude_on(engine: Engine, enter: Any, plant: Any) -> None:
    plant("province_appraising")
    reviewer = enter(Role.DEPARTMENT_REVIEWER)
    assert "Kết luận 0/" in reviewer.get("/").text
    said = {"dossier_id": 1, "criterion": "3", "department": "snnmt", "met": True, "text": "Đạt", **SIGNED}
    write(engine, insert(table_of(Conclusion)).values(said))
    assert "Kết luận 1/" in reviewer.get("/").text
    assert "Có kết luận 1/19 tiêu chí" in enter(Role.DEPARTMENT_OFFICER).get("/").text


def test_the_council_sees_when_it_sits_and_which_ballots_are_still_to_cast(
    engine: Engine, enter: Any, plant: Any
) -> None:
    plant("council")
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.COUNCIL_MEMBER)
    assert "Đã họp, ghi nhận kết luận" in secretary.get("/").text
    assert "Đã bỏ phiếu" in member.get("/").text
    write(engine, update(SESSION).values(closed_at=None, opened_at=None, held_on=date(2025, 3, 14)))
    assert "Họp ngày 14/03/2025" in secretary.get("/").text
    write(engine, delete(table_of(AgendaItem)))
    assert "Chưa có phiên họp, hãy triệu tập" in secretary.get("/").text
    assert "Chưa có phiên họp" in member.get("/").text


@ON_SQLITE
def test_a_member_sees_on_which_dossiers_no_ballot_is_asked_of_him(engine: Engine, enter: Any, plant: Any) -> None:
    plant("council")
    add_member(engine, world.PERSON[Role.COMMUNE_CHAIRMAN])
    brought, member, secretary = map(enter, (Role.COMMUNE_CHAIRMAN, Role.COUNCIL_MEMBER, Role.COUNCIL_SECRETARY))
    assert "Không bỏ phiếu: quý vị đã trình hồ sơ này" in brought.get("/").text
    write(engine, update(SESSION).values(closed_at=None), delete(table_of(Ballot)))
    assert "Chờ bỏ phiếu" in member.get("/").text
    mine = table_of(Attendance).c.person_id == world.PERSON[Role.COUNCIL_MEMBER]
    write(engine, delete(table_of(Attendance)).where(mine))
    assert "Thư ký chưa ghi nhận quý vị có mặt" in member.get("/").text
    write(engine, delete(table_of(Attendance)), update(SESSION).values(closed_at=world.NOW))
    assert "Phiên họp thiếu thành viên, chờ phiên khác" in member.get("/").text
    assert "Phiên họp thiếu thành viên, hãy triệu tập phiên khác" in secretary.get("/").text


@ON_SQLITE
def test_where_nothing_is_counted_the_step_that_leads_on_is_named(enter: Any, plant: Any) -> None:
    plant("recommended")
    assert "Ký quyết định công nhận" in enter(Role.PROVINCIAL_CHAIRMAN).get("/").text


# --- search and filters ---


@ON_SQLITE
@pytest.mark.parametrize("typed", ["Xã Thử", "xa thu", "HS-1"])
def test_the_inbox_is_searched_with_and_without_marks(enter: Any, plant: Any, typed: str) -> None:
    plant("commune_ready")
    chairman = enter(Role.COMMUNE_CHAIRMAN)
    assert "Hồ sơ HS-1" in chairman.get(f"/?q={typed}").text
    empty = chairman.get(f"/?q={typed}x")
    assert "Không có hồ sơ nào như vậy" in empty.text


@ON_SQLITE
def test_a_dossier_is_found_by_the_number_of_its_paper(enter: Any, plant: Any) -> None:
    plant("recommended")
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    form = chairman.get("/dossiers/1/actions/recognise")
    chairman.send(form, "/recognise", year_recognised="2024", signed_on="10/03/2025")
    assert "HS-1" in chairman.get("/dossiers?q=218/QĐ-UBND").text
    assert "Không tìm thấy" in chairman.get("/dossiers?q=219").text


@ON_SQLITE
def test_what_is_late_is_counted_and_chosen_together_with_a_search(engine: Engine, enter: Any, plant: Any) -> None:
    plant("district_received")
    reviewer = enter(Role.DISTRICT_REVIEWER)
    assert "Quá hạn" not in reviewer.get("/").text
    write(engine, update(D).values(due_on=date(2025, 3, 7)))
    page = reviewer.get("/?q=xa")
    late = [href for href, words in page.links if words.startswith("Quá hạn")]
    assert late == ["/?q=xa&overdue=yes"]
    assert "HS-1" in reviewer.get(late[0]).text


@ON_SQLITE
def test_what_is_late_in_the_chosen_state_is_what_its_link_lists(engine: Engine, enter: Any, plant: Any) -> None:
    plant("district_received")
    with unit_of_work(engine) as connection:
        world.plant(connection, world.add_commune(connection, 2), "district_verifying", 2)
    write(engine, update(D).values(due_on=date(2025, 3, 7)))
    reviewer = enter(Role.DISTRICT_REVIEWER)
    for asked, number in (("/", 2), ("/?state=district_verifying", 1)):
        late = next((href, words) for href, words in reviewer.get(asked).links if words.startswith("Quá hạn"))
        assert late[1].split() == ["Quá", "hạn", str(number)]
        assert reviewer.get(late[0]).text.count("Hồ sơ HS-") == number


@ON_SQLITE
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("state=district_received", True),
        ("state=council", False),
        ("state=nonsense", True),
        ("level=standard", True),
        ("level=model", False),
        (f"district={world.DISTRICT}", True),
        ("district=99", False),
        ("year=2025", True),
        ("year=2024", False),
        ("overdue=yes", False),
        ("paused=yes", False),
        ("state=district_received&level=standard&year=2025&q=thu", True),
    ],
)
def test_the_list_is_narrowed_by_each_condition_and_by_all_together(
    enter: Any, plant: Any, asked: str, found: bool
) -> None:
    plant("district_received")
    assert ("Hồ sơ HS-1" in enter(Role.INSPECTOR).get(f"/dossiers?{asked}").text) is found


@ON_SQLITE
def test_the_conditions_are_folded_until_one_is_chosen_so_that_the_list_comes_soon(enter: Any, plant: Any) -> None:
    plant("district_received")
    inspector = enter(Role.INSPECTOR)
    for asked in ("", "?q=thu", "?open=yes"):
        assert "<details>" in inspector.get(f"/dossiers{asked}").text_of_file
    for asked in ("?level=standard", "?overdue=yes", "?q=thu&year=2025"):
        assert "<details open>" in inspector.get(f"/dossiers{asked}").text_of_file


@ON_SQLITE
def test_a_dossier_that_waits_for_the_commune_is_paused(enter: Any, plant: Any) -> None:
    plant("returned")
    page = enter(Role.INSPECTOR).get("/dossiers?paused=yes")
    assert "Hồ sơ HS-1" in page.text
    assert "đang ở: Công chức" in page.text


@ON_SQLITE
def test_the_conditions_go_on_to_the_next_page(engine: Engine, enter: Any) -> None:
    with unit_of_work(engine) as connection:
        for number in range(1, 28):
            world.plant(connection, world.add_commune(connection, number), "district_received", number)
    page = enter(Role.INSPECTOR).get("/dossiers?level=standard&q=thu")
    older = [href for href, words in page.links if words.startswith("Hồ sơ cũ hơn")]
    assert older == ["/dossiers?q=thu&level=standard&before=3"]
    desk = enter(Role.DISTRICT_REVIEWER).get("/?q=thu")
    assert [href for href, words in desk.links if words.startswith("Trang sau")] == ["/?q=thu&page=2"]


# --- what was done ---


def test_what_one_did_lately_is_a_list_of_its_own(engine: Engine, enter: Any, plant: Any) -> None:
    plant("commune_ready")
    chairman = enter(Role.COMMUNE_CHAIRMAN)
    assert "Quý vị chưa làm bước nào" in enter(Role.INSPECTOR).get("/done").text
    chairman.send(chairman.get("/dossiers/1/actions/withdraw"), "/withdraw", reason="Xin rút để rà soát lại")
    assert "Đã rút hồ sơ" in chairman.get("/done").text
    plant_more(engine)
    assert "Kết luận tiêu chí 3" in enter(Role.DEPARTMENT_REVIEWER).get("/done").text
    votes = enter(Role.COUNCIL_MEMBER).get("/done").text
    assert "Bỏ phiếu" in votes
    assert "Đồng ý" not in votes


def plant_more(engine: Engine) -> None:
    person = world.PERSON[Role.DEPARTMENT_REVIEWER]
    said = {"dossier_id": 1, "criterion": "3", "department": "snnmt", "met": True, "text": "Đạt", "at": world.NOW}
    write(engine, insert(table_of(Conclusion)).values({**said, "person_id": person}))


def test_the_lists_ask_a_fixed_number_of_statements(engine: Engine, enter: Any, plant: Any) -> None:
    plant("council")
    browser = enter(Role.COUNCIL_SECRETARY)
    asked: dict[str, int] = {}
    for address in ("/", "/?q=thu", "/dossiers", "/done"):
        asked[address] = statements(engine, partial(browser.get, address))
    assert asked == {"/": 5, "/?q=thu": 5, "/dossiers": 6, "/done": 3}
