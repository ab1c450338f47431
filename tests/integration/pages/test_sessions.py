"""The council's sessions as people meet them: called, opened, voted in, closed, concluded dossier by dossier."""

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from sqlalchemy import Engine, delete, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.council import AgendaItem, CouncilSession
from models.dossiers import Answer, Dossier
from tests import world
from tests.client import Browser, Page
from tests.house import statements
from tests.integration.acting import add_member
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
    secretary.get(f"{address}/details", 404)
    secretary.get(f"{address}/ballots", 403)
    with unit_of_work(engine) as connection:
        connection.execute(update(table_of(CouncilSession)).values(closed_at=world.NOW))
    enter(Role.COUNCIL_MEMBER).get(f"{address}/ballots", 404)


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
    assert "Phiếu của tôi" not in page.text
    assert secretary.get(address).text.count("0 trên 1 phiếu") == 2
