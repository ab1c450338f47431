"""Notices: who is told of what, the bell and its page, and that nothing of a dossier out of reach is ever shown."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from casework.door import Order, perform
from casework.unit_of_work import reading, unit_of_work
from jobs import worker
from models.base import table_of
from models.dossiers import CheckedPart, Dossier
from models.notices import Notice
from models.people import Person, RoleGrant
from tests import world
from tests.client import Browser, Page
from tests.house import statements, stopped_at, tools
from workflow.guards import COMMUNE_PARTS
from workflow.names import Field, NoticeKind, Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
N = table_of(Notice)

Do = Callable[..., None]
Enter = Callable[[Role], Browser]


@pytest.fixture
def do(engine: Engine, tmp_path: Path) -> Do:
    """A function that plants a dossier unless one is there, lets a person act, and the worker do the rest."""

    def act(state: str, action: str, role: Role, inputs: dict[Field, object] | None = None) -> None:
        with unit_of_work(engine) as connection:
            if state:
                world.plant(connection, world.FIRST_COMMUNE, state, 1)
            version = connection.execute(select(table_of(Dossier).c.version)).scalar_one()
            order = Order(1, action, version, f"key-{action}", inputs or {})
            perform(connection, order, world.PERSON[role], world.NOW)
        worker.drain(tools(engine, tmp_path), stopped_at(world.NOW))

    return act


def told(engine: Engine) -> dict[int, str]:
    with reading(engine) as connection:
        return {row.person_id: row.kind for row in connection.execute(select(N).order_by(N.c.id))}


def people(*roles: Role) -> set[int]:
    return {world.PERSON[role] for role in roles}


def bell(page: Page) -> str:
    return next(words for href, words in page.links if href == "/notices")


# --- who is told ---


def test_the_desk_that_a_dossier_comes_to_is_told(engine: Engine, do: Do) -> None:
    do("commune_ready", "submit", Role.COMMUNE_CHAIRMAN)
    assert told(engine) == dict.fromkeys(people(Role.DISTRICT_REVIEWER), "desk")


def test_an_office_with_work_but_no_state_of_its_own_is_told_too(engine: Engine, do: Do) -> None:
    checked = {"dossier_id": 1, "stage": "province", "complete": True, "person_id": world.CHAIRMAN, "at": world.NOW}
    with unit_of_work(engine) as connection:
        world.plant(connection, world.FIRST_COMMUNE, "province_received", 1)
        rows = [{**checked, "part": part.value} for part in COMMUNE_PARTS]
        connection.execute(table_of(CheckedPart).insert(), rows)
    do("", "accept_for_appraisal", Role.DEPARTMENT_OFFICER)
    desk = people(Role.DEPARTMENT_REVIEWER)
    assert {person for person, kind in told(engine).items() if kind == NoticeKind.DESK} == desk
    assert set(told(engine)) == desk | people(Role.COMMUNE_OFFICER, Role.COMMUNE_CHAIRMAN)


def test_what_comes_back_is_told_to_everybody_who_took_a_step_but_its_sender(engine: Engine, do: Do) -> None:
    returned = {Field.REASON: "Thiếu biên bản", Field.MISSING: ("D4",)}
    do("province_received", "return_from_province", Role.DEPARTMENT_OFFICER, returned)
    commune = people(Role.HAMLET_HEAD, Role.COMMUNE_OFFICER, Role.COMMUNE_FRONT, Role.COMMUNE_CHAIRMAN)
    district = people(Role.DISTRICT_REVIEWER, Role.DISTRICT_CHAIRMAN)
    assert set(told(engine)) == commune | district


def test_whoever_has_acted_since_has_seen_it(engine: Engine, do: Do, tmp_path: Path) -> None:
    with unit_of_work(engine) as connection:
        dossier = world.plant(connection, world.FIRST_COMMUNE, "commune_ready", 1)
        perform(connection, Order(1, "submit", dossier.version, "one"), world.PERSON[Role.COMMUNE_CHAIRMAN], world.NOW)
        back = Order(1, "return_from_district", dossier.version + 1, "two", {Field.REASON: "x", Field.MISSING: ("D4",)})
        perform(connection, back, world.PERSON[Role.DISTRICT_REVIEWER], world.NOW + timedelta(minutes=1))
    worker.drain(tools(engine, tmp_path), stopped_at(world.NOW + timedelta(minutes=2)))
    with reading(engine) as connection:
        row = connection.execute(select(N).where(N.c.person_id == world.PERSON[Role.DISTRICT_REVIEWER])).one()
    assert row.read_at == world.NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-1, "overdue"), (0, "due_soon"), (3, "due_soon"), (4, None)],
    ids=["late", "today", "soon", "far"],
)
@ON_SQLITE
def test_a_desk_is_told_once_that_time_runs_out(engine: Engine, tmp_path: Path, days: int, kind: str | None) -> None:
    with unit_of_work(engine) as connection:
        world.plant(connection, world.FIRST_COMMUNE, "district_received", 1)
        due_on = world.TODAY + timedelta(days=days)  # a Monday; the days that follow are working days
        connection.execute(update(table_of(Dossier)).values(due_on=due_on))
    for _ in range(2):
        worker.drain(tools(engine, tmp_path), stopped_at(world.NOW))
    assert told(engine) == ({world.PERSON[Role.DISTRICT_REVIEWER]: kind} if kind else {})


def test_a_deadline_is_told_of_by_the_thousand(engine: Engine, tmp_path: Path) -> None:
    with unit_of_work(engine) as connection:
        for number in range(1, 8):
            world.add_commune(connection, number)
            world.plant(connection, world.FIRST_COMMUNE + number, "district_received", number)
        connection.execute(update(table_of(Dossier)).values(due_on=world.TODAY))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("casework.notices.AT_ONCE", 3)
        worker.drain(tools(engine, tmp_path), stopped_at(world.NOW))
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(N)).scalar_one() == 7


# --- the bell and the page ---


def test_the_bell_counts_and_the_page_leads_to_the_dossier(enter: Enter, do: Do) -> None:
    do("commune_ready", "submit", Role.COMMUNE_CHAIRMAN)
    browser = enter(Role.DISTRICT_REVIEWER)
    page = browser.get("/notices")
    assert bell(page) == "Thông báo 1"
    assert "Xã Thử 1 đã trình hồ sơ đề nghị công nhận (chưa đọc)" in page.text
    assert "Việc tiếp theo: Tiếp nhận hồ sơ đủ thành phần" in page.text
    dossier = browser.send(page, "/open")
    assert dossier.address == "/dossiers/1"
    assert bell(dossier) == "Thông báo"
    assert "chưa đọc" not in browser.get("/notices").text
    browser.post("/language", {"lang": "en", "csrf_token": dict(page.form_to("/language").values)["csrf_token"]})
    assert "Xã Thử 1 has submitted its dossier" in browser.get("/notices").text


@ON_SQLITE
def test_all_are_read_at_once_but_not_what_came_meanwhile(engine: Engine, enter: Enter, do: Do) -> None:
    do("commune_ready", "submit", Role.COMMUNE_CHAIRMAN)
    browser = enter(Role.DISTRICT_REVIEWER)
    page = browser.get("/notices")
    with unit_of_work(engine) as connection:
        first = connection.execute(select(N)).mappings().one()
        connection.execute(N.insert(), {**first, "id": 50, "kind": "overdue"})
    page = browser.send(page, "/notices/read")
    assert bell(page) == "Thông báo 1"
    assert "Hồ sơ của Xã Thử 1 đã quá hạn" in page.text


@ON_SQLITE
def test_taking_a_step_reads_what_one_was_told_of_the_dossier(enter: Enter, do: Do) -> None:
    do("surveying", "record_survey", Role.COMMUNE_FRONT)
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get("/dossiers/1/actions/rework")
    assert bell(page) == "Thông báo 1"
    assert bell(browser.send(page, "/rework", reason="Sửa lại số liệu")) == "Thông báo"


def test_nothing_is_shown_once_the_dossier_is_out_of_reach(engine: Engine, enter: Enter, do: Do) -> None:
    do("commune_ready", "submit", Role.COMMUNE_CHAIRMAN)
    browser = enter(Role.DISTRICT_REVIEWER)
    with unit_of_work(engine) as connection:
        mine = table_of(RoleGrant).c.person_id == world.PERSON[Role.DISTRICT_REVIEWER]
        connection.execute(update(table_of(RoleGrant)).where(mine).values(valid_to=world.TODAY - timedelta(days=1)))
    page = browser.get("/notices")
    assert bell(page) == "Thông báo"
    assert "Chưa có thông báo nào" in page.text
    assert "Xã Thử" not in page.text


@ON_SQLITE
def test_somebody_elses_notice_cannot_be_opened_or_read(engine: Engine, enter: Enter, do: Do) -> None:
    do("commune_ready", "submit", Role.COMMUNE_CHAIRMAN)
    browser = enter(Role.DISTRICT_CHAIRMAN)
    token = dict(browser.get("/notices").form_to("/language").values)["csrf_token"]
    browser.post("/notices/1/open", {"csrf_token": token}, 404)
    browser.post("/notices/read", {"csrf_token": token, "newest": "99"})
    with reading(engine) as connection:
        assert connection.execute(select(N.c.read_at)).scalars().all() == [None]


# --- how one is told by e-mail ---


@ON_SQLITE
def test_how_one_is_told_is_kept_and_a_wrong_address_is_said(engine: Engine, enter: Enter) -> None:
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get("/notices/settings")
    assert "Hãy nhập địa chỉ" in browser.send(page, "/settings", 422, mailing="daily", email="hạnh@").text
    assert "Đã lưu" in browser.send(page, "/settings", mailing="daily", email="hanh@caobang.example").text
    assert "Hãy chọn" in browser.send(page, "/settings", 422, mailing="hourly").text
    assert "Đã lưu" in browser.send(page, "/settings", mailing="none", email="").text
    with reading(engine) as connection:
        person = table_of(Person)
        mine = person.c.id == world.PERSON[Role.COMMUNE_OFFICER]
        assert connection.execute(select(person.c.mailing, person.c.email).where(mine)).one() == ("none", None)


@ON_SQLITE
def test_a_page_costs_the_same_statements_however_many_notices(engine: Engine, enter: Enter, do: Do) -> None:
    do("commune_ready", "submit", Role.COMMUNE_CHAIRMAN)
    browser = enter(Role.DISTRICT_REVIEWER)
    one = statements(engine, lambda: browser.get("/notices"))
    with unit_of_work(engine) as connection:
        first = connection.execute(select(N)).mappings().one()
        kinds = [
            {**first, "id": 50 + place, "kind": kind} for place, kind in enumerate(("overdue", "due_soon", "news"))
        ]
        connection.execute(N.insert(), kinds)
    assert statements(engine, lambda: browser.get("/notices")) == one == 4
    assert bell(browser.get("/notices")) == "Thông báo 4"
