"""The page on which a dossier is opened: which level is possible and what it stands on, and why each other is not."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.people import RoleGrant
from models.places import AdminUnit, CriteriaAdoption, Recognition
from tests import world
from tests.house import statements
from workflow.names import Role

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NEW = "/dossiers/new"


def recognise(engine: Engine, level: str) -> None:
    """Enter a title of the first commune into the book."""
    entry = {"subject": "commune", "level": level, "year_recognised": 2022, "decision": "1/QĐ-UBND", "source": "sách"}
    place = {"unit_id": world.FIRST_COMMUNE, "unit_name": "Xã Thử 1", "place_then": "", "authority": "UBND tỉnh"}
    with unit_of_work(engine) as connection:
        connection.execute(insert(table_of(Recognition)), {**entry, **place, "signed_on": date(2022, 12, 1)})


def test_the_possible_level_says_what_it_stands_on_and_the_others_why_not(engine: Engine, enter: Any) -> None:
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get(NEW)
    assert (
        "19 tiêu chí, 57 chỉ tiêu; áp dụng theo 1024/QĐ-UBND ngày 12/08/2022; mức đạt chuẩn của năm 2025" in page.text
    )
    offered = [given["value"] for _, given in page.controls if given.get("name") == "level"]
    assert offered == ["standard"]
    assert "Nông thôn mới nâng cao Muốn đề nghị “Nông thôn mới nâng cao”, xã phải được công nhận" in page.text
    assert "Tỉnh chưa ban hành bộ tiêu chí áp dụng cho mức “Nông thôn mới kiểu mẫu”" in page.text
    assert "Hãy chọn mức" in browser.send(page, "/new", 422).text
    assert "phải được công nhận" in browser.send(page, "/new", 422, level="advanced").text
    assert "Đã lập hồ sơ" in browser.send(page, "/new", level="standard").text
    page = browser.get(NEW)
    assert "Hôm nay chưa lập được hồ sơ ở mức nào" in page.text
    assert "chưa kết thúc" in page.text
    assert not [form for form in page.forms if form.action == NEW]
    with reading(engine) as connection:
        assert len(connection.execute(select(table_of(Dossier))).all()) == 1


@ON_SQLITE
def test_a_level_that_is_held_leads_to_the_next_when_its_criteria_are_adopted(engine: Engine, enter: Any) -> None:
    recognise(engine, "standard")
    adopted = {"decision": "77/QĐ-UBND", "decided_on": date(2024, 5, 2), "valid_from": date(2024, 5, 2)}
    with unit_of_work(engine) as connection:
        connection.execute(
            insert(table_of(CriteriaAdoption)),
            {
                "set_key": "commune-advanced-2021-2025",
                "subject": "commune",
                "level": "advanced",
                "group_default": "tdmnpb",
                "thresholds": {},
                "practice": True,
                **adopted,
            },
        )
    page = enter(Role.COMMUNE_OFFICER).get(NEW)
    assert [given["value"] for _, given in page.controls if given.get("name") == "level"] == ["advanced"]
    assert "áp dụng theo 77/QĐ-UBND ngày 02/05/2024" in page.text
    assert "Đạt chuẩn nông thôn mới Xã đã được công nhận" in page.text


@ON_SQLITE
def test_without_an_adopted_set_no_level_is_possible_and_says_so(engine: Engine, enter: Any) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(delete(table_of(CriteriaAdoption)))
    assert "Tỉnh chưa ban hành bộ tiêu chí áp dụng cho mức “Đạt chuẩn" in enter(Role.COMMUNE_OFFICER).get(NEW).text


@ON_SQLITE
def test_a_ward_is_not_recognised_at_any_level(engine: Engine, enter: Any) -> None:
    units = table_of(AdminUnit)
    with unit_of_work(engine) as connection:
        connection.execute(update(units).where(units.c.id == world.FIRST_COMMUNE).values(kind="phường"))
    page = enter(Role.COMMUNE_OFFICER).get(NEW)
    assert page.text.count("Xã Thử 1 không phải là xã") == 3


@ON_SQLITE
def test_an_officer_of_two_communes_opens_for_either(engine: Engine, enter: Any) -> None:
    with unit_of_work(engine) as connection:
        second = world.add_commune(connection, 1)
        officer = world.PERSON[Role.COMMUNE_OFFICER]
        grant = {"person_id": officer, "role": "commune_officer", "unit_id": second, "valid_from": date(2021, 1, 1)}
        connection.execute(insert(table_of(RoleGrant)), grant)
    browser = enter(Role.COMMUNE_OFFICER)
    page = browser.get(NEW)
    assert (f"{NEW}?unit={second}", "Lập cho Xã Thử 2") in page.links
    page = browser.get(f"{NEW}?unit={second}")
    assert ("unit", str(second)) in page.form_to("/new").values
    assert ("unit", str(world.FIRST_COMMUNE)) in browser.get(f"{NEW}?unit=999").form_to("/new").values
    assert "Xã Thử 2" in browser.send(page, "/new", level="standard").text
    browser.send(page, "/new", 422, level="standard", unit="999")


@ON_SQLITE
def test_the_page_asks_a_fixed_number_of_statements(engine: Engine, enter: Any) -> None:
    browser = enter(Role.COMMUNE_OFFICER)
    before = statements(engine, lambda: browser.get(NEW))
    recognise(engine, "standard")
    assert statements(engine, lambda: browser.get(NEW)) == before == 15
