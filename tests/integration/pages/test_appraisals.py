"""What the departments still have to conclude on, over all dossiers; and the list of all dossiers with its counts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.dossiers import Conclusion, Dossier
from models.people import RoleGrant
from models.places import AdminUnit
from tests import world
from tests.house import statements
from tests.integration.pages.test_desk import ON_SQLITE
from workflow.names import Role

D, C = table_of(Dossier), table_of(Conclusion)


def conclude(engine: Engine, dossier_id: int, *criteria: str, **changes: Any) -> None:
    who = {"person_id": world.PERSON[Role.DEPARTMENT_REVIEWER], "at": world.NOW}
    said = {"dossier_id": dossier_id, "department": "snnmt", "met": True, "text": "Đạt.", **who, **changes}
    with unit_of_work(engine) as connection:
        connection.execute(insert(C), [{**said, "criterion": criterion} for criterion in criteria])


@pytest.fixture
def three(engine: Engine) -> None:
    """Three dossiers under appraisal and one that has gone on, each of a commune of its own."""
    states = ["province_appraising"] * 3 + ["council"]
    with unit_of_work(engine) as connection:
        for number, state in enumerate(states, 1):
            unit = world.FIRST_COMMUNE if number == 1 else world.add_commune(connection, number)
            world.plant(connection, unit, state, number)
        connection.execute(C.delete())


@pytest.mark.usefixtures("three")
def test_a_department_sees_its_own_criteria_where_they_are_open(engine: Engine, enter: Any) -> None:
    conclude(engine, 1, "3", "10")
    conclude(engine, 2, "3", at=world.NOW - timedelta(days=90))  # before it was submitted last: counts no more
    page = enter(Role.DEPARTMENT_REVIEWER).get("/appraisals")
    links = {address for address, _ in page.links}
    assert {f"/dossiers/{one}/criteria/3" for one in (2, 3)} < links
    assert not {"/dossiers/1/criteria/3", "/dossiers/4/criteria/3", "/dossiers/2/criteria/5"} & links
    counts = dict(" ".join(words.split()).rsplit(" ", 1) for _, words in page.links if words.strip().startswith("3. "))
    assert "2" in counts.values()
    only = enter(Role.DEPARTMENT_REVIEWER).get("/appraisals?criterion=3")
    assert "2 hồ sơ" in only.text
    assert "HS-1" not in only.text


@pytest.mark.usefixtures("three")
def test_the_leading_department_sees_all_and_chooses_one(engine: Engine, enter: Any) -> None:
    officer = enter(Role.DEPARTMENT_OFFICER)
    page = officer.get("/appraisals")
    assert "còn 19 tiêu chí" in page.text
    assert "Sở Y tế" in page.text
    health = officer.get("/appraisals?department=syt")
    assert "còn 1 tiêu chí" in health.text
    assert statements(engine, lambda: officer.get("/appraisals")) == 4
    assert statements(engine, lambda: officer.get("/appraisals?criterion=15&q=thu 2")) == 4


@ON_SQLITE
@pytest.mark.usefixtures("three")
def test_a_search_needs_no_marks_and_what_is_done_is_said(engine: Engine, enter: Any) -> None:
    officer = enter(Role.DEPARTMENT_OFFICER)
    for typed in ("xa thu 3", "Xã Thử 3", "HS-2"):
        found = officer.get(f"/appraisals?q={typed}").text
        assert "HS-2" in found
        assert "HS-3" not in found
    assert "Không có hồ sơ nào như vậy" in officer.get("/appraisals?q=khong co").text
    with unit_of_work(engine) as connection:
        connection.execute(update(D).values(state="council"))
    assert "Không còn tiêu chí nào chờ kết luận" in officer.get("/appraisals").text


@ON_SQLITE
def test_who_appraises_nothing_has_no_such_page(enter: Any) -> None:
    enter(Role.COMMUNE_OFFICER).get("/appraisals", 403)


@pytest.mark.usefixtures("three")
def test_the_list_of_all_dossiers_counts_what_is_chosen(engine: Engine, enter: Any) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(D).where(D.c.id == 2).values(due_on=world.TODAY - timedelta(days=1)))
        connection.execute(update(D).where(D.c.id == 3).values(state="returned"))
    officer = enter(Role.DEPARTMENT_OFFICER)
    text = officer.get("/dossiers").text
    assert "4 Tất cả hồ sơ" in text
    assert "1 Quá hạn" in text
    assert "1 Chờ xã bổ sung" in text
    assert "Các sở, ngành đang thẩm định (2)" in text
    commune = officer.get(f"/dossiers?district={world.DISTRICT}&commune={world.FIRST_COMMUNE + 2}")
    assert "1 Tất cả hồ sơ" in commune.text
    assert "HS-2" in commune.text
    assert "HS-1" not in commune.text
    assert "Xã Thử 3" in commune.text
    assert statements(engine, lambda: officer.get("/dossiers?overdue=yes")) == 6


@ON_SQLITE
@pytest.mark.usefixtures("three")
def test_who_appraises_for_two_departments_is_offered_the_criteria_of_both(engine: Engine, enter: Any) -> None:
    office = {"person_id": world.PERSON[Role.DEPARTMENT_REVIEWER], "role": "department_reviewer", "department": "syt"}
    with unit_of_work(engine) as connection:
        row = {**office, "unit_id": world.PROVINCE, "valid_from": world.TODAY}
        connection.execute(insert(table_of(RoleGrant)), row)
    reviewer = enter(Role.DEPARTMENT_REVIEWER)
    links = {address for address, _ in reviewer.get("/appraisals").links}
    assert {"/dossiers/1/criteria/3", "/dossiers/1/criteria/15"} < links
    page = reviewer.get("/dossiers/1/work/conclude-criterion")
    concluded = reviewer.send(page, "conclude-criterion", criterion="15", met="yes", text="Đạt chuẩn")
    assert "Đã lưu" in concluded.text


@ON_SQLITE
@pytest.mark.usefixtures("three")
def test_who_reviews_for_two_districts_chooses_among_the_communes_of_both(engine: Engine, enter: Any) -> None:
    other = {"id": 3, "code": "043", "tier": "district", "parent_id": world.PROVINCE, "kind": "huyện"}
    named = {"name": "Hà Quảng", "full_name": "Huyện Hà Quảng", "sort_key": "ha", "valid_from": world.TODAY}
    units, commune = table_of(AdminUnit), world.FIRST_COMMUNE + 2
    with unit_of_work(engine) as connection:
        connection.execute(insert(units), {**other, **named})
        connection.execute(update(units).where(units.c.id == commune).values(parent_id=3))
        office = {"person_id": world.PERSON[Role.DISTRICT_REVIEWER], "role": "district_reviewer", "unit_id": 3}
        connection.execute(insert(table_of(RoleGrant)), {**office, "valid_from": world.TODAY})
    text = enter(Role.DISTRICT_REVIEWER).get("/dossiers?q=HS-1").text
    assert [name in text for name in ("Xã Thử 1", "Xã Thử 3")] == [True, True]
    assert "Huyện Hà Quảng" not in text
