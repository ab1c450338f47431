"""The council's sessions as people meet them: called, opened, voted in, closed, concluded dossier by dossier."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from sqlalchemy import Engine, delete, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.council import AgendaItem
from models.dossiers import Answer, Dossier
from tests import world
from tests.client import Browser, Page
from tests.house import statements
from tests.integration.acting import add_event, add_member
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MEMBER = world.PERSON[Role.COUNCIL_MEMBER]


def pdf() -> bytes:
    made = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made)
    return made.getvalue()


@pytest.fixture
def dossiers(engine: Engine) -> None:
    """Plant two dossiers before the council and one that is being appraised; none of them stands on an agenda."""
    with unit_of_work(engine) as connection:
        for number, state in ((1, "council"), (2, "council"), (3, "province_appraising")):
            unit = world.FIRST_COMMUNE if number == 1 else world.add_commune(connection, number)
            world.plant(connection, unit, state, number)
        connection.execute(delete(table_of(AgendaItem)))


def states(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        dossier = table_of(Dossier)
        return list(connection.execute(select(dossier.c.state).order_by(dossier.c.id)).scalars())


def call(secretary: Browser, held_on: str = "10/03/2025", **changes: Any) -> Page:
    form = secretary.get("/sessions/new")
    return secretary.send(form, "/new", held_on=held_on, place="Hội trường A", **changes)


def opened(secretary: Browser) -> str:
    """Return the address of a session with both dossiers that was just opened with the one member there is."""
    address = call(secretary).address
    return secretary.send(secretary.get(f"{address}/presence"), "/presence", members=[str(MEMBER)]).address


def test_a_session_from_its_call_to_the_conclusions(engine: Engine, enter: Any, dossiers: None) -> None:
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.COUNCIL_MEMBER)
    assert "2 hồ sơ chờ đưa vào phiên họp" in secretary.get("/sessions").text
    page = call(secretary)
    address = page.address
    assert "Đã triệu tập phiên họp" in page.text
    assert "Không có hồ sơ nào chờ" in secretary.get("/sessions/new").text
    assert "Chưa thể bỏ phiếu" in member.get(f"{address}/ballots").text
    page = secretary.send(secretary.get(f"{address}/presence"), "/presence", members=[str(MEMBER)])
    assert "1 trên 1 thành viên có mặt" in page.text
    assert page.text.count("0 trên 1 phiếu") == 2
    ballots = member.get(f"{address}/ballots")
    page = member.send(ballots, "/ballots", choice__1="yes")
    assert "1/2" in page.text
    said = secretary.send(secretary.get(f"{address}/end"), "/end", 422, minutes=("bien-ban.pdf", pdf()))
    assert "Chưa đủ phiếu của thành viên có mặt đối với hồ sơ HS-2" in said.text
    member.send(member.get(f"{address}/ballots"), "/ballots", choice__2="no")
    page = secretary.send(secretary.get(f"{address}/end"), "/end", minutes=("bien-ban.pdf", pdf()))
    assert "1 đồng ý, 0 không đồng ý, 0 phiếu trắng" in page.text
    page = secretary.send(page, "/conclusions")
    assert "Đã ghi nhận 2 kết luận" in page.text
    assert states(engine) == ["recommended", "not_recommended", "province_appraising"]
    assert "mọi kết luận đã được ghi nhận" in secretary.get(address).text
    assert "Đã kết thúc" in secretary.get("/sessions").text


def test_a_conclusion_that_cannot_be_recorded_keeps_back_no_other(engine: Engine, enter: Any, dossiers: None) -> None:
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.COUNCIL_MEMBER)
    address = opened(secretary)
    member.send(member.get(f"{address}/ballots"), "/ballots", choice__1="yes", choice__2="yes")
    page = secretary.send(secretary.get(f"{address}/end"), "/end", minutes=("bien-ban.pdf", pdf()))
    chairman = enter(Role.COMMUNE_CHAIRMAN)
    chairman.send(chairman.get("/dossiers/1/actions/withdraw"), "/withdraw", reason="Xin rút")
    with unit_of_work(engine) as connection:  # the same press on a page that was open before
        connection.execute(update(table_of(Answer)).where(table_of(Answer).c.dossier_id == 2).values(version=7))
    page = secretary.send(page, "/conclusions")
    assert "Đã ghi nhận 1 kết luận" in page.text
    assert states(engine)[:2] == ["withdrawn", "recommended"]
    assert "Đã rút hồ sơ" in page.text


@ON_SQLITE
def test_nothing_chosen_is_said(enter: Any, dossiers: None) -> None:
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.COUNCIL_MEMBER)
    address = opened(secretary)
    member.send(member.get(f"{address}/ballots"), "/ballots", choice__1="yes", choice__2="yes")
    page = secretary.send(secretary.get(f"{address}/end"), "/end", minutes=("bien-ban.pdf", pdf()))
    assert "Hãy chọn ít nhất một hồ sơ." in secretary.send(page, "/conclusions", 422, dossier=[]).text


@ON_SQLITE
def test_before_it_opens_a_session_changes_its_agenda_its_day_or_is_called_off(enter: Any, dossiers: None) -> None:
    secretary = enter(Role.COUNCIL_SECRETARY)
    page = call(secretary, held_on="12/03/2025", dossiers=["1"])
    address = page.address
    assert "Có thể khai mạc từ ngày 12/03/2025" in page.text
    secretary.get(f"{address}/presence", 404)
    page = secretary.send(secretary.get(f"{address}/agenda"), "/agenda", dossiers=["2"])
    assert "Đã thêm 1 hồ sơ" in page.text
    assert "Không có hồ sơ nào chờ" in secretary.get(f"{address}/agenda").text
    page = secretary.send(page, "/agenda/1/off")
    assert "HS-1" not in page.text
    wrong = secretary.send(secretary.get(f"{address}/details"), "/details", 422, held_on="01/03/2025")
    assert "trước ngày 03/03/2025" in wrong.text
    page = secretary.send(secretary.get(f"{address}/details"), "/details", held_on="10/03/2025", place="Phòng 2")
    assert "Phòng 2" in page.text
    page = secretary.send(page, "/off")
    assert "Đã hủy phiên họp" in page.text
    assert "2 hồ sơ chờ đưa vào phiên họp" in page.text


@ON_SQLITE
def test_what_is_wrong_with_a_call_stands_beside_its_field(enter: Any, dossiers: None) -> None:
    secretary = enter(Role.COUNCIL_SECRETARY)
    form = secretary.get("/sessions/new")
    page = secretary.send(form, "/new", 422, held_on="31/02/2025", place="", dossiers=[])
    assert "Hãy nhập ngày theo dạng" in page.text
    assert "Hãy chọn ít nhất một hồ sơ." in page.text
    page = secretary.send(form, "/new", 422, held_on="01/03/2025", place="Hội trường A")
    assert "Ngày họp: ngày 01/03/2025 trước ngày 03/03/2025" in page.text
    assert ("place", "Hội trường A") in page.form_to("/new").values


@ON_SQLITE
def test_ballots_are_secret_until_the_session_ends(enter: Any, dossiers: None) -> None:
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.COUNCIL_MEMBER)
    address = opened(secretary)
    member.send(member.get(f"{address}/ballots"), "/ballots", choice__1="no", choice__2="blank")
    assert ("choice-1", "no") in member.get(f"{address}/ballots").form_to("/ballots").values
    for reader in (secretary, enter(Role.INSPECTOR), enter(Role.PROVINCIAL_CHAIRMAN)):
        for page in (reader.get(address), reader.get("/dossiers/1")):
            assert "Không đồng ý" not in page.text
            assert "không đồng ý" not in page.text
    secretary.send(secretary.get(f"{address}/end"), "/end", minutes=("bien-ban.pdf", pdf()))
    assert "Phiếu của từng thành viên" in secretary.get(address).text
    assert "Phiếu của từng thành viên" not in enter(Role.PROVINCIAL_CHAIRMAN).get(address).text
    assert "0 đồng ý, 1 không đồng ý" in enter(Role.PROVINCIAL_CHAIRMAN).get(address).text


@ON_SQLITE
def test_a_session_is_the_provinces_alone_and_its_secretarys_to_hold(
    engine: Engine, enter: Any, dossiers: None
) -> None:
    secretary = enter(Role.COUNCIL_SECRETARY)
    address = opened(secretary)
    enter(Role.COMMUNE_OFFICER).get("/sessions", 403)
    enter(Role.DEPARTMENT_OFFICER).get(address)
    for way in ("details", "agenda", "end", "presence"):
        enter(Role.COUNCIL_MEMBER).get(f"{address}/{way}", 403)
    enter(Role.COUNCIL_SECRETARY).get("/sessions/99", 404)
    secretary.get(f"{address}/ballots", 403)


@ON_SQLITE
def test_who_comes_from_a_page_of_an_earlier_step_sees_the_session_as_it_is(enter: Any, dossiers: None) -> None:
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.COUNCIL_MEMBER)
    address = call(secretary).address
    assert "Phiên họp chưa khai mạc." in secretary.get(f"{address}/end", 409).text
    details = secretary.get(f"{address}/details")
    secretary.send(secretary.get(f"{address}/presence"), "/presence", members=[str(MEMBER)])
    said = secretary.send(details, "/details", 409, place="Phòng 2")
    assert "chương trình họp không thay đổi được nữa" in said.text
    ballots, end = member.get(f"{address}/ballots"), secretary.get(f"{address}/end")
    member.send(ballots, "/ballots", choice__1="yes", choice__2="no")
    secretary.send(end, "/end", minutes=("bien-ban.pdf", pdf()))
    for said in (
        member.send(ballots, "/ballots", 409, choice__1="no"),
        secretary.send(end, "/end", 409, minutes=("bien-ban.pdf", pdf())),
        secretary.get(f"{address}/presence", 409),
    ):
        assert "Phiên họp đã kết thúc, kết quả không thay đổi được nữa." in said.text
        assert "1 đồng ý, 0 không đồng ý, 0 phiếu trắng" in said.text
    page = secretary.get(address)
    secretary.send(page, "/conclusions")
    assert "Kết luận đã được ghi nhận, hoặc hồ sơ vừa thay đổi" in secretary.send(page, "/conclusions", 409).text


@ON_SQLITE
def test_no_ballot_at_all_is_asked_for_beside_the_first_dossier(enter: Any, dossiers: None) -> None:
    member = enter(Role.COUNCIL_MEMBER)
    address = opened(enter(Role.COUNCIL_SECRETARY))
    said = member.send(member.get(f"{address}/ballots"), "/ballots", 422)
    assert [words for href, words in said.links if href == "#choice-1"] == [
        "Ý kiến của tôi về xã Thử 1: Hãy chọn đồng ý, không đồng ý hoặc phiếu trắng."
    ]
    said = member.send(said, "/ballots", 422, choice__1="yes", choice__2="maybe")
    assert [href for href, words in said.links if "Hãy chọn một mục trong danh sách" in words] == ["#choice-2"]
    assert ("choice-1", "yes") in said.form_to("/ballots").values


@ON_SQLITE
def test_a_window_left_open_takes_back_no_ballot_that_it_does_not_show(enter: Any, dossiers: None) -> None:
    member = enter(Role.COUNCIL_MEMBER)
    address = opened(enter(Role.COUNCIL_SECRETARY))
    member.send(member.get(f"{address}/ballots"), "/ballots", choice__1="yes")
    old = member.get(f"{address}/ballots")
    member.send(member.get(f"{address}/ballots"), "/ballots", choice__1="no")
    said = member.send(old, "/ballots", 409, choice__2="blank")
    assert "Phiếu về xã Thử 1 đã được sửa ở một cửa sổ khác" in said.text
    assert {("choice-1", "no"), ("choice-2", "blank")} <= set(said.form_to("/ballots").values)
    member.send(said, "/ballots", choice__1="blank")
    assert ("choice-1", "blank") in member.get(f"{address}/ballots").form_to("/ballots").values


@ON_SQLITE
def test_who_has_voted_stays_present_as_the_field_says(engine: Engine, enter: Any, dossiers: None) -> None:
    other = world.PERSON[Role.INSPECTOR]
    add_member(engine, other)
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.COUNCIL_MEMBER)
    address = opened(secretary)
    member.send(member.get(f"{address}/ballots"), "/ballots", choice__1="yes")
    said = secretary.send(secretary.get(f"{address}/presence"), "/presence", 422, members=[str(other)])
    assert [href for href, words in said.links if "đã bỏ phiếu tại phiên họp này" in words] == ["#members"]


@pytest.fixture
def barred(engine: Engine, dossiers: None) -> int:
    """Return a second member of the council, who brought the first dossier before it and not the second."""
    person = world.PERSON[Role.INSPECTOR]
    add_member(engine, person)
    add_event(engine, 1, type="forwarded", person_id=person)
    return person


@ON_SQLITE
def test_who_votes_on_some_dossiers_of_a_session_is_counted_with_those(enter: Any, barred: int) -> None:
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.INSPECTOR)
    address = call(secretary).address
    secretary.send(secretary.get(f"{address}/presence"), "/presence", members=[str(MEMBER), str(barred)])
    page = member.get(address)
    assert "0/1" in page.text
    assert page.text.count("Tôi đã trình, không bỏ phiếu") == page.text.count("Tôi chưa bỏ phiếu") == 1
    member.send(member.get(f"{address}/ballots"), "/ballots", choice__2="yes")
    assert "1/1" in secretary.get(address).text
    assert "1 trên 2 thành viên xét hồ sơ này; cần ít nhất 2" in secretary.get(address).text


@ON_SQLITE
def test_a_dossier_with_too_few_members_for_it_waits_for_another_session(enter: Any, barred: int) -> None:
    secretary = enter(Role.COUNCIL_SECRETARY)
    address = call(secretary).address
    secretary.send(secretary.get(f"{address}/presence"), "/presence", members=[str(MEMBER), str(barred)])
    first, second = enter(Role.COUNCIL_MEMBER), enter(Role.INSPECTOR)
    first.send(first.get(f"{address}/ballots"), "/ballots", choice__1="yes", choice__2="yes")
    second.send(second.get(f"{address}/ballots"), "/ballots", choice__2="yes")
    page = secretary.send(secretary.get(f"{address}/end"), "/end", minutes=("bien-ban.pdf", pdf()))
    assert "1 đồng ý, 0 không đồng ý, 0 phiếu trắng." in page.text
    assert page.text.count("Thiếu thành viên, chờ phiên họp khác") == page.text.count("Đủ phiếu đồng ý") == 1
    assert "0/1" in page.text
    assert "Đã ghi nhận 1 kết luận" in secretary.send(page, "/conclusions").text
    assert "Hồ sơ thiếu thành viên xét thì chờ phiên họp khác" in secretary.get(address).text
    listed = secretary.get("/sessions").text
    assert "1 hồ sơ chờ đưa vào phiên họp" in listed
    assert "Đã kết thúc" in listed


@ON_SQLITE
def test_what_another_session_came_to_is_not_told_of_the_one_that_came_to_nothing(enter: Any, barred: int) -> None:
    secretary, member, other = map(enter, (Role.COUNCIL_SECRETARY, Role.COUNCIL_MEMBER, Role.INSPECTOR))
    addresses = []
    for present in ([MEMBER], [MEMBER, barred]):
        addresses.append(call(secretary, dossiers=["2"]).address)
        secretary.send(secretary.get(f"{addresses[-1]}/presence"), "/presence", members=list(map(str, present)))
        member.send(member.get(f"{addresses[-1]}/ballots"), "/ballots", choice__2="yes")
        if len(present) > 1:
            other.send(other.get(f"{addresses[-1]}/ballots"), "/ballots", choice__2="yes")
        secretary.send(secretary.get(f"{addresses[-1]}/end"), "/end", minutes=("bien-ban.pdf", pdf()))
    secretary.send(secretary.get(addresses[1]), "/conclusions")
    chairman = enter(Role.PROVINCIAL_CHAIRMAN)
    form = chairman.get("/dossiers/2/actions/recognise")
    chairman.send(form, "/recognise", year_recognised="2024", signed_on="10/03/2025")
    told = [secretary.get(one).text.count("Hội đồng đề nghị công nhận") for one in addresses]
    assert told == [0, 1]
    assert "1 trên 2 thành viên xét hồ sơ này" in secretary.get(addresses[0]).text


def test_the_pages_of_a_session_ask_a_fixed_number_of_statements(engine: Engine, enter: Any, dossiers: None) -> None:
    secretary, member = enter(Role.COUNCIL_SECRETARY), enter(Role.COUNCIL_MEMBER)
    address = opened(secretary)
    assert statements(engine, lambda: secretary.get("/sessions")) == 4
    assert statements(engine, lambda: secretary.get(address)) == 3
    assert statements(engine, lambda: member.get(f"{address}/ballots")) == 3


@ON_SQLITE
def test_who_brought_a_dossier_before_the_council_is_told_and_asked_for_no_ballot(
    engine: Engine, enter: Any, dossiers: None
) -> None:
    chairman = world.PERSON[Role.COMMUNE_CHAIRMAN]
    add_member(engine, chairman)
    secretary, barred = enter(Role.COUNCIL_SECRETARY), enter(Role.COMMUNE_CHAIRMAN)
    address = call(secretary).address
    secretary.send(secretary.get(f"{address}/presence"), "/presence", members=[str(MEMBER), str(chairman)])
    page = barred.get(f"{address}/ballots")
    assert page.text.count("nên không bỏ phiếu về hồ sơ này") == 2
    assert "Gửi phiếu" not in page.text
    assert (address, "Quay lại phiên họp") in page.links
    assert "Phiếu của tôi" not in page.text
    assert secretary.get(address).text.count("0 trên 1 phiếu") == 2
