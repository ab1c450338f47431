"""The public book: found by words with marks or without, what a title is worth on a day, decisions by their number."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.keys import read_number
from models.places import AdminUnit, Recognition
from queries.register import Book, Standing, Wanted, book, counts_by_level
from queries.titles import Found, decisions, title_page, unit_page
from workflow.names import Level

U, R = table_of(AdminUnit), table_of(Recognition)
BEFORE, REFORM = date(2025, 6, 30), date(2025, 7, 1)


def look(engine: Engine, words: str = "", today: date = BEFORE, **more: Any) -> Book:
    with reading(engine) as connection:
        return book(connection, Wanted(words, **more), today)


def names(found: Book) -> list[str]:
    return [one.unit_name for one in found.rows]


def unit_id(connection: Connection, code: str, first: date) -> int:
    return int(connection.execute(select(U.c.id).where(U.c.code == code, U.c.valid_from == first)).scalar_one())


def recognise(engine: Engine, code: str, **more: Any) -> int:
    """Enter a title of the unit that bears the code since the reform."""
    with unit_of_work(engine) as connection:
        unit = connection.execute(select(U).where(U.c.code == code, U.c.valid_from == REFORM)).one()
        row = {
            "unit_id": unit.id,
            "unit_name": unit.full_name,
            "place_then": "Tỉnh Cao Bằng",
            "subject": "commune",
            "level": "standard",
            "year_recognised": 2026,
            "decision": "7/QĐ-UBND",
            "signed_on": date(2026, 3, 2),
            "authority": "Chủ tịch Ủy ban nhân dân tỉnh Cao Bằng",
            "source": "",
        }
        return int(connection.execute(insert(R).returning(R.c.id), {**row, **more}).scalar_one())


# --- finding ---


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Đại Sơn", ["Xã Đại Sơn"]),
        ("dai son", ["Xã Đại Sơn"]),
        ("  ĐẠI  sơn ", ["Xã Đại Sơn"]),
        ("son phuc hoa", ["Xã Đại Sơn"]),
        ("hoa an", ["Xã Bế Triều", "Xã Hoàng Tung"]),
        ("46 qd ubnd vinh quang", ["Xã Vĩnh Quang"]),
        ("trùng khánh", ["Xã Đình Minh"]),
        ("không có", []),
        ("%", []),
    ],
)
def test_a_title_is_found_by_words_with_marks_or_without(founded: Engine, words: str, found: list[str]) -> None:
    assert names(look(founded, words, REFORM)) == found


def test_a_title_is_found_by_the_name_of_the_unit_that_took_over(founded: Engine) -> None:
    with reading(founded) as connection:
        heir = connection.execute(select(U.c.full_name).where(U.c.code == "01648", U.c.valid_from == REFORM)).scalar()
    assert heir == "Xã Phục Hòa"
    assert "Xã Đại Sơn" in names(look(founded, heir, REFORM))


def test_level_year_and_place_narrow_the_book(founded: Engine) -> None:
    assert len(look(founded, year=2018).rows) == len(look(founded, year=2019).rows) == 5
    assert names(look(founded, year=2019, place="Huyện Hòa An, Tỉnh Cao Bằng")) == ["Xã Hoàng Tung"]
    assert look(founded, level="advanced").rows == ()
    found = look(founded)
    assert (found.years, found.total, len(found.places)) == ((2019, 2018), 10, 8)


def test_titles_stand_in_the_order_of_a_vietnamese_dictionary(founded: Engine) -> None:
    names_found = names(look(founded))
    assert names_found[:4] == ["Xã Bế Triều", "Xã Đại Sơn", "Xã Đình Minh", "Xã Hoàng Tung"]
    assert names_found[-1] == "Xã Vĩnh Quang"


def test_the_book_is_read_a_page_at_a_time_and_the_last_page_stands_for_those_beyond(founded: Engine) -> None:
    for number in range(20):
        recognise(founded, "01648", unit_name=f"Xã Thử {number:02}")
    first, second, beyond = (look(founded, page=page) for page in (1, 2, 9))
    assert [len(one.rows) for one in (first, second)] == [25, 5]
    assert (first.total, first.pages, beyond.page, beyond.rows) == (30, 2, 2, second.rows)
    assert not {one.id for one in first.rows} & {one.id for one in second.rows}


def test_a_unit_that_fits_but_holds_no_title_is_named_apart(founded: Engine) -> None:
    found = look(founded, "phuc hoa", REFORM)
    assert [name for _, name, _ in found.others] == ["Xã Phục Hòa"]
    recognise(founded, "01648")
    assert look(founded, "phuc hoa", REFORM).others == ()
    assert look(founded, "", REFORM).others == ()


# --- what a title is worth ---


def test_a_title_holds_until_its_unit_ends_and_then_its_heir_is_named(founded: Engine) -> None:
    (before,) = look(founded, "quang han").rows
    (after,) = look(founded, "quang han", REFORM).rows
    assert (before.standing, before.heirs, before.ended_on) == (Standing.VALID, (), None)
    assert (after.standing, [one.name for one in after.heirs], after.ended_on) == (
        Standing.MERGED,
        ["Xã Quang Hán"],
        BEFORE,
    )
    assert not after.heirs[0].titled


def test_a_unit_of_which_nothing_is_known_any_more_has_ended(founded: Engine) -> None:
    assert [one.standing for one in look(founded, "be trieu").rows] == [Standing.ENDED]


@pytest.mark.parametrize("status", ["replaced", "revoked"])
def test_what_was_replaced_or_revoked_stays_so_whatever_becomes_of_the_unit(founded: Engine, status: str) -> None:
    with unit_of_work(founded) as connection:
        connection.execute(update(R).values(status=status))
    for today in (BEFORE, REFORM):
        assert {one.standing.value for one in look(founded, today=today).rows} == {status}


def test_a_successor_shows_the_history_and_is_not_recognised_until_a_decision_says_so(founded: Engine) -> None:
    with reading(founded) as connection:
        heir = unit_id(connection, "01648", REFORM)
        assert unit_page(connection, heir, BEFORE) is None
        page = unit_page(connection, heir, REFORM)
    assert page
    assert (page.own, [one.unit_name for one in page.earlier]) == ((), ["Xã Đại Sơn"])
    assert {step.legal_basis for step in page.steps} == {"1657/NQ-UBTVQH15 Điều 1 khoản 38"}
    assert {step.new_id for step in page.steps} == {heir}
    assert len(page.steps) > 1
    recognise(founded, "01648")
    with reading(founded) as connection:
        page = unit_page(connection, heir, REFORM)
        (old,) = look(founded, "dai son", REFORM).rows
    assert page
    assert [one.standing for one in page.own] == [Standing.VALID]
    assert [one.titled for one in old.heirs] == [True]


def test_only_communes_and_hamlets_have_a_page(founded: Engine) -> None:
    with reading(founded) as connection:
        others = connection.execute(select(U.c.id).where(U.c.tier.in_(["province", "district"]))).scalars().all()
        assert [unit_page(connection, one, REFORM) for one in others] == [None] * len(others)
        assert unit_page(connection, 9999, REFORM) is None


def test_one_entry_says_named_then_and_now_and_keeps_back_which_dossier_it_came_from(founded: Engine) -> None:
    (title,) = look(founded, "quang han").rows
    with reading(founded) as connection:
        before, after = (title_page(connection, title.id, today) for today in (BEFORE, REFORM))
        assert title_page(connection, 9999, REFORM) is None
    assert before
    assert after
    assert before.unit
    assert (before.title.place_then, before.unit.above) == (
        "Huyện Trà Lĩnh, Tỉnh Cao Bằng",
        ("Huyện Trùng Khánh", "Tỉnh Cao Bằng"),
    )
    assert before.source.startswith("caobang.gov.vn")
    assert (before.steps, len(after.steps)) == ((), 1)


# --- decisions by their number ---


def check(engine: Engine, typed: str, year: int | None = None) -> tuple[Found, ...]:
    number = read_number(typed)
    assert number
    with reading(engine) as connection:
        return decisions(connection, number, year or number.year, REFORM)


def test_a_number_that_was_used_in_two_years_finds_both_and_the_year_chooses(founded: Engine) -> None:
    both = check(founded, "46/qd-ubnd")
    assert [(one.name, one.signed_on.year, len(one.titles)) for one in both] == [
        ("46/QĐ-UBND", 2020, 5),
        ("46/QĐ-UBND", 2019, 5),
    ]
    (one,) = check(founded, "Quyết định số 46/QĐ-UBND ngày 14/01/2019")
    assert one == both[1]
    assert check(founded, "46", 2020) == both[:1]


@pytest.mark.parametrize("typed", ["47/QĐ-UBND", "4", "460", "46/QĐ-TTg", "46/QĐ-UBND ngày 14/01/2018"])
def test_another_number_symbol_or_year_finds_nothing(founded: Engine, typed: str) -> None:
    assert check(founded, typed) == ()


def test_the_levels_are_counted_in_their_order(founded: Engine) -> None:
    recognise(founded, "01648", level="advanced")
    with reading(founded) as connection:
        assert counts_by_level(connection) == {Level.STANDARD: 10, Level.ADVANCED: 1, Level.MODEL: 0}
