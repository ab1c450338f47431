"""What becomes of a unit: a period ends, another begins, and nothing that was is changed."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, Row, insert, select, update

from casework.admin_record import Keeper
from casework.errors import NotFound, Refused
from casework.succession import NewUnit, Resolution, close_unit, merge_unit, rename_unit
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.people import RoleGrant
from models.places import PART, AdminUnit, Recognition, UnitSuccession
from queries.people import read_actor
from queries.units import find_units, unit_record, unit_tree, units_for
from tests import world
from workflow.names import Role, Tier

U, S, R, G = (table_of(one) for one in (AdminUnit, UnitSuccession, Recognition, RoleGrant))
FIRST, SECOND, THIRD = (world.FIRST_COMMUNE + number for number in range(3))
DAY, BEFORE = date(2025, 4, 1), date(2025, 3, 31)
BY = Keeper("Quản trị", world.PERSON[Role.ADMINISTRATOR])
RESOLUTION = Resolution(DAY, "Nghị quyết 12/NQ-HĐND")
NEW = NewUnit("c99999", "xã", "Mới  Tinh")


@pytest.fixture(autouse=True)
def three_communes(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection, communes=3)


def unit(engine: Engine, unit_id: int) -> Row[Any]:
    with reading(engine) as connection:
        return connection.execute(select(U).where(U.c.id == unit_id)).one()


def refused(engine: Engine, act: Any) -> list[str]:
    with pytest.raises(Refused) as caught, unit_of_work(engine) as connection:
        act(connection)
    return [one.code for one in caught.value.refusals]


def test_a_unit_that_is_renamed_ends_and_begins_anew_with_its_offices(engine: Engine) -> None:
    officer = world.PERSON[Role.COMMUNE_OFFICER]
    with unit_of_work(engine) as connection:
        heir_id = rename_unit(connection, FIRST, "Đổi Tên", RESOLUTION, BY, world.NOW)
        offices = read_actor(connection, officer).grants
    old, new = unit(engine, FIRST), unit(engine, heir_id)
    assert (old.full_name, old.valid_to) == ("Xã Thử 1", BEFORE)
    assert (new.full_name, new.code, new.valid_from, new.valid_to) == ("Xã Đổi Tên", old.code, DAY, None)
    assert (new.parent_id, new.search_key) == (world.DISTRICT, f"xa doi ten {old.code}")
    assert [(one.unit_id, one.holds_on(BEFORE), one.holds_on(DAY)) for one in offices] == [
        (FIRST, True, True),
        (heir_id, False, True),
    ]


def test_an_office_that_ends_before_is_not_taken_along(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(G).where(G.c.unit_id == FIRST).values(valid_to=BEFORE))
        heir_id = rename_unit(connection, FIRST, "Đổi Tên", RESOLUTION, BY, world.NOW)
        assert connection.execute(select(G.c.id).where(G.c.unit_id == heir_id)).all() == []


def test_two_units_become_one_and_their_titles_stay_behind(engine: Engine) -> None:
    title = {
        "unit_id": FIRST,
        "unit_name": "Xã Thử 1",
        "place_then": "Huyện Bảo Lâm",
        "subject": "commune",
        "level": "standard",
        "year_recognised": 2020,
        "decision": "1/QĐ-UBND",
        "signed_on": date(2021, 1, 4),
        "authority": "UBND tỉnh",
        "source": "",
    }
    with unit_of_work(engine) as connection:
        connection.execute(insert(R), title)
        heir_id = merge_unit(connection, FIRST, NEW, RESOLUTION, BY, world.NOW)
        assert merge_unit(connection, SECOND, heir_id, RESOLUTION, BY, world.NOW) == heir_id
        grants = connection.execute(select(G.c.id).where(G.c.unit_id == heir_id)).all()
        record = unit_record(connection, heir_id, DAY)
        assert connection.execute(select(R.c.unit_id)).scalar_one() == FIRST
    assert (unit(engine, heir_id).full_name, grants) == ("Xã Mới Tinh", [])
    assert record
    assert {(step.old_id, step.share, step.legal_basis) for step in record.steps} == {
        (FIRST, "full", "Nghị quyết 12/NQ-HĐND"),
        (SECOND, "full", "Nghị quyết 12/NQ-HĐND"),
    }
    assert record.titles == 0


def test_a_unit_is_split_part_by_part(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        merge_unit(connection, FIRST, SECOND, RESOLUTION, BY, world.NOW, share=PART)
        merge_unit(connection, FIRST, THIRD, RESOLUTION, BY, world.NOW, share=PART)
        shares = connection.execute(select(S.c.new_id, S.c.share).order_by(S.c.new_id)).all()
    assert [tuple(row) for row in shares] == [(SECOND, "part"), (THIRD, "part")]
    assert refused(engine, lambda c: merge_unit(c, FIRST, THIRD, RESOLUTION, BY, world.NOW, share=PART)) == [
        "succession.known"
    ]
    assert refused(engine, lambda c: merge_unit(c, FIRST, NEW, RESOLUTION, BY, world.NOW)) == [
        "succession.wholly_given"
    ]


def test_a_unit_that_nothing_takes_over_only_ends(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        close_unit(connection, FIRST, RESOLUTION, BY, world.NOW)
        assert connection.execute(select(S)).all() == []
        names = [[one.unit.full_name for one in unit_tree(connection, day)[0].below[0].below] for day in (BEFORE, DAY)]
        assert list(units_for(connection, Tier.COMMUNE, DAY)) == [SECOND, THIRD]
    assert names == [["Xã Thử 1", "Xã Thử 2", "Xã Thử 3"], ["Xã Thử 2", "Xã Thử 3"]]
    assert unit(engine, FIRST).valid_to == BEFORE


# --- what is refused ---


def test_what_does_not_fit_is_refused_and_nothing_is_written(engine: Engine) -> None:
    no_basis, early = Resolution(DAY, " "), Resolution(date(1900, 1, 1), "NQ")
    assert refused(engine, lambda c: close_unit(c, FIRST, no_basis, BY, world.NOW)) == ["succession.no_basis"]
    assert refused(engine, lambda c: close_unit(c, FIRST, early, BY, world.NOW)) == ["succession.before"]
    assert refused(engine, lambda c: close_unit(c, world.DISTRICT, RESOLUTION, BY, world.NOW)) == [
        "succession.has_units_below"
    ]
    assert refused(engine, lambda c: merge_unit(c, FIRST, FIRST, RESOLUTION, BY, world.NOW)) == ["succession.no_heir"]
    assert refused(engine, lambda c: merge_unit(c, FIRST, world.DISTRICT, RESOLUTION, BY, world.NOW)) == [
        "succession.no_heir"
    ]
    assert refused(engine, lambda c: rename_unit(c, FIRST, "  ", RESOLUTION, BY, world.NOW)) == ["succession.unnamed"]
    city = NewUnit("c1", "thành phố", "Lớn")
    assert refused(engine, lambda c: merge_unit(c, FIRST, city, RESOLUTION, BY, world.NOW)) == [
        "succession.unknown_kind"
    ]
    taken = NewUnit(unit(engine, SECOND).code, "xã", "Trùng Mã")
    assert refused(engine, lambda c: merge_unit(c, FIRST, taken, RESOLUTION, BY, world.NOW)) == [
        "succession.code_taken"
    ]
    with reading(engine) as connection:
        assert connection.execute(select(U.c.id).where(U.c.valid_to.is_not(None))).all() == []
        assert connection.execute(select(S)).all() == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Cũ", "succession.same_name"),
        ("  cũ ", "succession.same_name"),
        ("Xã Tên Mới", "succession.named_with_kind"),
        ("xã Tên Mới", "succession.named_with_kind"),
    ],
)
def test_a_new_name_is_another_one_and_stands_without_the_kind(engine: Engine, name: str, code: str) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(U).where(U.c.id == FIRST).values(name="Cũ", full_name="Xã Cũ"))
    assert refused(engine, lambda c: rename_unit(c, FIRST, name, RESOLUTION, BY, world.NOW)) == [code]


def test_a_unit_that_has_ended_gets_no_other_end(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        close_unit(connection, FIRST, RESOLUTION, BY, world.NOW)
    later = Resolution(date(2025, 5, 1), "NQ")
    assert refused(engine, lambda c: close_unit(c, FIRST, later, BY, world.NOW)) == ["succession.ended_already"]
    assert refused(engine, lambda c: merge_unit(c, SECOND, FIRST, RESOLUTION, BY, world.NOW)) == ["succession.no_heir"]
    with pytest.raises(NotFound), unit_of_work(engine) as connection:
        close_unit(connection, 9999, RESOLUTION, BY, world.NOW)


# --- reading ---


def test_a_unit_is_found_by_name_or_code_in_every_period(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        heir_id = rename_unit(connection, FIRST, "Đổi Tên", RESOLUTION, BY, world.NOW)
        assert [one.id for one in find_units(connection, "doi ten")] == [heir_id]
        assert {one.id for one in find_units(connection, unit(engine, FIRST).code)} == {FIRST, heir_id}
        assert find_units(connection, "  ") == ()
        record = unit_record(connection, FIRST, DAY)
        assert unit_record(connection, 9999, DAY) is None
    assert record
    assert [one.full_name for one in record.periods] == ["Xã Thử 1", "Xã Đổi Tên"]
    assert {one.role for one in record.holders} == {role for role in Role if role.tier is Tier.COMMUNE}
