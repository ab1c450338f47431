"""Every act upon calendar, numbers, units and criteria sets is kept: who, when, what, in the transaction of the act."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection, Engine, select

from casework import calendar
from casework.admin_record import Keeper
from casework.adopting import Adopting, adopt_set
from casework.calendar import NewDay
from casework.errors import Refused
from casework.issuing import Series, correct_series, open_series
from casework.succession import NewUnit, Resolution, close_unit, merge_unit, rename_unit
from casework.unit_of_work import reading, unit_of_work
from models.accounts import AdminEvent
from models.base import table_of
from tests import world
from workflow.names import AdminAct, Role

E = table_of(AdminEvent)
BY = Keeper("Lã Tuấn Kiệt", world.PERSON[Role.ADMINISTRATOR])
DAY = date(2025, 3, 13)
SERIES = Series(world.PROVINCE, "QĐ-UBND", 2026)
RESOLUTION = Resolution(date(2025, 4, 1), "Nghị quyết 9")
FIRST, SECOND, THIRD = (world.FIRST_COMMUNE + number for number in range(3))
NEW = NewUnit("c99999", "xã", "Mới")
ADOPTING = Adopting("commune-ntm-2021-2025", "12/QĐ-UBND", date(2025, 3, 3), date(2025, 3, 3), "tdmnpb", {})
Act = Callable[[Connection], object]
ACTS: dict[AdminAct, Act] = {
    AdminAct.DAY_ADDED: lambda c: calendar.add_day(c, NewDay(DAY, "off", "Nghỉ", "Off"), BY, world.NOW),
    AdminAct.YEAR_ANNOUNCED: lambda c: calendar.announce_year(c, 2025, "Công văn 1", BY, world.NOW),
    AdminAct.DAY_REMOVED: lambda c: calendar.remove_day(c, DAY, BY, world.NOW),
    AdminAct.SERIES_OPENED: lambda c: open_series(c, SERIES, 4, BY, world.NOW),
    AdminAct.SERIES_CORRECTED: lambda c: correct_series(c, SERIES, 5, BY, world.NOW),
    AdminAct.UNIT_RENAMED: lambda c: rename_unit(c, FIRST, "Đổi Tên", RESOLUTION, BY, world.NOW),
    AdminAct.UNIT_MERGED: lambda c: merge_unit(c, SECOND, NEW, RESOLUTION, BY, world.NOW),
    AdminAct.UNIT_ENDED: lambda c: close_unit(c, THIRD, RESOLUTION, BY, world.NOW),
    AdminAct.SET_ADOPTED: lambda c: adopt_set(c, ADOPTING, BY, world.NOW),
}


@pytest.fixture(autouse=True)
def province(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection, communes=3)


def test_each_act_is_kept_with_whoever_did_it(engine: Engine) -> None:
    for act in ACTS.values():
        with unit_of_work(engine) as connection:
            act(connection)
    with reading(engine) as connection:
        kept = connection.execute(select(E).order_by(E.c.id)).all()
    assert [AdminAct(one.act) for one in kept] == list(ACTS)
    assert {(one.actor_id, one.actor_name, one.at, one.person_id) for one in kept} == {
        (BY.person_id, BY.name, world.NOW, None)
    }
    told = {AdminAct(one.act): one.details for one in kept}
    assert told[AdminAct.DAY_ADDED] == {"day": "2025-03-13", "effect": "off", "name": "Nghỉ"}
    assert told[AdminAct.SERIES_CORRECTED] == {
        "symbol": "QĐ-UBND",
        "year": "2026",
        "before": "4",
        "paper_last": "5",
    }
    merged = told[AdminAct.UNIT_MERGED]
    assert (merged["unit"], merged["heir"], merged["legal_basis"]) == ("Xã Thử 2", "Xã Mới", "Nghị quyết 9")


def test_what_is_refused_is_not_kept(engine: Engine) -> None:
    refused: tuple[Act, ...] = (
        lambda c: calendar.add_day(c, NewDay(DAY, "worked", "Làm bù", "Worked"), BY, world.NOW),
        lambda c: close_unit(c, FIRST, Resolution(DAY, " "), BY, world.NOW),
        lambda c: open_series(c, Series(world.PROVINCE, "QĐ-UBND", 2025), 0, BY, world.NOW),
    )
    for act in refused:
        with pytest.raises(Refused), unit_of_work(engine) as connection:
            act(connection)
    with reading(engine) as connection:
        assert connection.execute(select(E.c.id)).all() == []
