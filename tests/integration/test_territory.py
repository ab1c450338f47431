"""The territory as it is entered from the data files: each unit in its period, under its parent, with its successor."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from casework import territory
from casework.errors import Refused
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.places import AdminUnit, Holiday, Recognition, UnitSuccession
from practice.accounts import accounts_of
from practice.company import units_on
from practice.scenario import scenario_of
from settings import ROOT

U, S, R, H = (table_of(model) for model in (AdminUnit, UnitSuccession, Recognition, Holiday))
REFORM = date(2025, 7, 1)


def lines(name: str) -> int:
    return len(territory.read_rows(ROOT / "data" / name))


def test_every_row_of_the_files_is_entered_and_the_province_stands_once(founded: Engine) -> None:
    with reading(founded) as connection:
        counts = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (U, S, R, H)
        }
        provinces = connection.execute(select(U.c.valid_from, U.c.valid_to).where(U.c.tier == "province")).all()
        orphans = connection.execute(select(U.c.code).where(U.c.tier != "province", U.c.parent_id.is_(None))).all()
    assert counts == {
        "unit": lines("units-2021.csv") + lines("units-2025.csv") - 1,
        "unit_succession": lines("successions.csv"),
        "recognition": lines("recognitions.csv"),
        "holiday": lines("holidays.csv"),
    }
    assert [tuple(row) for row in provinces] == [(territory.ALWAYS, None)]
    assert orphans == []


def test_a_code_that_was_used_again_stands_for_two_units_and_a_title_stays_with_the_old_one(founded: Engine) -> None:
    with reading(founded) as connection:
        old, new = (units_on(connection, day)["01456"] for day in (date(2025, 6, 30), REFORM))
        titled = connection.execute(select(R.c.unit_id, R.c.unit_name, R.c.place_then).where(R.c.unit_id.is_not(None)))
        held = {row.unit_id: (row.unit_name, row.place_then) for row in titled}
        successor = connection.execute(select(S.c.new_id).where(S.c.old_id == old)).scalar_one()
    assert (old == new, successor) == (False, new)
    assert held[old] == ("Xã Quang Hán", "Huyện Trà Lĩnh, Tỉnh Cao Bằng")
    assert new not in held


@pytest.mark.parametrize("name", ["three-tier", "two-tier"])
def test_every_place_of_a_practice_province_exists_on_its_day(founded: Engine, name: str) -> None:
    scenario = scenario_of(name)
    with reading(founded) as connection:
        here = units_on(connection, scenario.starts_at.date() if scenario.starts_at else REFORM)
        names = {row.id: row.full_name for row in connection.execute(select(U.c.id, U.c.full_name))}
    assert {*scenario.spare, *(life.commune for life in scenario.lives)} <= here.keys()
    for account in accounts_of(name):
        if account.department is None:
            assert account.unit_vi.split(",")[0] == names[here[account.unit_code]]


def test_entering_the_same_units_again_adds_none(founded: Engine) -> None:
    with unit_of_work(founded) as connection:
        assert territory.enter_units(connection, territory.read_rows(ROOT / "data" / "units-2025.csv")) == 0


def test_a_unit_below_nothing_and_a_successor_of_nothing_are_refused(founded: Engine) -> None:
    stray = {"code": "99", "level": "commune", "type": "xã", "name": "Lạ", "full_name": "Xã Lạ", "parent_code": "77"}
    lost = {
        "old_code": "00000",
        "new_code": "01456",
        "share": "full",
        "effective_from": "2025-07-01",
        "legal_basis": "",
    }
    with unit_of_work(founded) as connection, pytest.raises(Refused) as below:
        territory.enter_units(connection, [{**stray, "valid_from": "", "valid_to": ""}])
    with unit_of_work(founded) as connection, pytest.raises(Refused) as after:
        territory.enter_successions(connection, [lost])
    assert [refused.value.refusals[0].code for refused in (below, after)] == [
        "territory.no_parent",
        "territory.unknown_unit",
    ]
