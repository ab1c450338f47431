"""The data files agree with each other and with the facts of law they are taken from."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from workflow.deadlines import Calendar

DATA = Path(__file__).parents[2] / "data"
Row = dict[str, str]


def read(name: str) -> list[Row]:
    """The rows of one file of the data folder."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OLD = read("units-2021.csv")
NEW = read("units-2025.csv")
SUCCESSIONS = read("successions.csv")
RECOGNITIONS = read("recognitions.csv")
HOLIDAYS = read("holidays.csv")
YEARS = range(2022, 2031)


def communes(rows: list[Row]) -> dict[str, Row]:
    """The commune-level units by code."""
    return {row["code"]: row for row in rows if row["level"] == "commune"}


def test_every_file_of_the_folder_has_its_origin_and_licence() -> None:
    text = (DATA / "LICENCES.md").read_text("utf-8")
    assert [path.name for path in sorted(DATA.glob("*.csv")) if f"`{path.name}`" not in text] == []


@pytest.mark.parametrize("rows", [OLD, NEW, SUCCESSIONS, RECOGNITIONS, HOLIDAYS])
def test_no_cell_is_missing_or_padded_or_decomposed(rows: list[Row]) -> None:
    cells = [cell for row in rows for cell in row.values()]
    assert all(cell == cell.strip() for cell in cells)
    assert not any("\u0300" <= letter <= "\u036f" for cell in cells for letter in cell)


def test_the_province_had_ten_districts_and_161_communes() -> None:
    assert Counter(row["level"] for row in OLD) == {"province": 1, "district": 10, "commune": 161}
    assert Counter(row["type"] for row in OLD if row["level"] == "commune") == {"xã": 139, "thị trấn": 14, "phường": 8}


def test_the_province_has_53_communes_and_three_wards_since_july_2025() -> None:
    assert Counter(row["level"] for row in NEW) == {"province": 1, "commune": 56}
    assert Counter(row["type"] for row in NEW if row["level"] == "commune") == {"xã": 53, "phường": 3}


@pytest.mark.parametrize(("rows", "parents"), [(OLD, {"district"}), (NEW, {"province"})])
def test_units_have_one_code_and_a_parent_of_the_right_level(rows: list[Row], parents: set[str]) -> None:
    level_of = {row["code"]: row["level"] for row in rows}
    assert len(level_of) == len(rows)
    assert {level_of[row["parent_code"]] for row in communes(rows).values()} == parents
    assert [row["code"] for row in rows if not row["parent_code"]] == ["04"]


@pytest.mark.parametrize("rows", [OLD, NEW])
def test_the_full_name_is_the_kind_and_the_name(rows: list[Row]) -> None:
    assert [row for row in rows if row["full_name"] != f"{row['type'].capitalize()} {row['name']}"] == []


def test_the_old_units_end_the_day_before_the_new_ones_begin() -> None:
    ends = {row["valid_to"] for row in OLD if row["level"] != "province"}
    begins = {row["valid_from"] for row in NEW if row["level"] != "province"}
    assert (ends, begins) == ({"2025-06-30"}, {"2025-07-01"})
    assert {row["effective_from"] for row in SUCCESSIONS} == begins


def test_every_old_commune_passes_into_exactly_one_new_one_and_none_is_left_out() -> None:
    assert sorted(row["old_code"] for row in SUCCESSIONS) == sorted(communes(OLD))
    assert {row["new_code"] for row in SUCCESSIONS} == set(communes(NEW))
    assert {row["share"] for row in SUCCESSIONS} == {"full"}


def test_a_succession_names_both_units_as_the_unit_files_do() -> None:
    old, new = communes(OLD), communes(NEW)
    for row in SUCCESSIONS:
        before, after = old[row["old_code"]], new[row["new_code"]]
        assert (row["old_name"], row["old_district_code"]) == (before["full_name"], before["parent_code"])
        assert row["new_name"] == after["full_name"]


def test_a_new_unit_counts_its_old_ones_and_stands_on_its_own_clause() -> None:
    formed_of = Counter(row["new_code"] for row in SUCCESSIONS)
    clause_of = {row["new_code"]: row["legal_basis"] for row in SUCCESSIONS}
    for code, row in communes(NEW).items():
        assert int(row["old_units"]) == formed_of[code]
        if row["resolution_clause"]:
            assert clause_of[code].endswith(f"khoản {row['resolution_clause']}")


def test_the_map_has_one_tile_for_each_unit() -> None:
    tiles = Counter((row["tile_col"], row["tile_row"]) for row in communes(NEW).values())
    assert set(tiles.values()) == {1}
    assert all(col.isdecimal() and row.isdecimal() for col, row in tiles)


def test_areas_and_groups_are_filled_in() -> None:
    for row in communes(NEW).values():
        assert 20 < float(row["area_km2"]) < 300
        assert row["ethnic_area_2026_2030"] in {"I", "II", "III"}
        assert (row["ntm_group_2026_2030"] == "nhom3") == (row["type"] == "xã")
    total = sum(float(row["area_km2"]) for row in communes(NEW).values())
    assert 6_600 < total < 6_750  # the province measures 6,700 km² in round figures


def test_recognitions_belong_to_the_unit_they_name() -> None:
    old = communes(OLD)
    for row in RECOGNITIONS:
        assert not row["unit_code_2021"] or old[row["unit_code_2021"]]["name"] == row["unit"]
        assert bool(row["unit_code_2021"]) != bool(row["note"])


def test_a_recognition_is_signed_after_its_year_began_and_names_its_source() -> None:
    for row in RECOGNITIONS:
        assert date.fromisoformat(row["decision_date"]).year in (int(row["year"]), int(row["year"]) + 1)
        assert row["decision_no"].endswith("/QĐ-UBND")
        assert row["source"]
    keys = Counter((row["unit"], row["subject"], row["level"]) for row in RECOGNITIONS)
    assert set(keys.values()) == {1}


def holidays() -> Calendar:
    """The calendar of the file."""
    return Calendar.of([(date.fromisoformat(row["date"]), row["effect"], row["name_vi"]) for row in HOLIDAYS])


def test_the_calendar_is_in_order_and_knows_its_years() -> None:
    days = [row["date"] for row in HOLIDAYS]
    assert days == sorted(set(days))
    assert (holidays().known_from, holidays().known_to) == (2022, 2030)
    assert {row["kind"] for row in HOLIDAYS} == {"public", "compensatory", "swap"}
    assert all(row["name_vi"] and row["name_en"] for row in HOLIDAYS)


@pytest.mark.parametrize("year", YEARS)
def test_each_year_has_its_public_holidays(year: int) -> None:
    named = Counter(
        row["name_vi"] for row in HOLIDAYS if row["kind"] == "public" and row["date"].startswith(f"{year}-")
    )
    assert named["Tết Nguyên Đán"] == 1
    assert sum(count for name, count in named.items() if "Tết" in name and name != "Tết Dương lịch") == 5
    assert named["Quốc khánh"] == 2
    once = {"Tết Dương lịch", "Ngày Giỗ Tổ Hùng Vương", "Ngày Chiến thắng", "Ngày Quốc tế Lao động"}
    assert {name for name in once if named[name] == 1} == once
    assert named["Ngày Văn hóa Việt Nam"] == (year >= 2026)


@pytest.mark.parametrize("year", YEARS)
def test_fixed_holidays_fall_on_their_dates(year: int) -> None:
    calendar = holidays()
    assert calendar.days_off[date(year, 1, 1)] == "Tết Dương lịch"
    assert calendar.days_off[date(year, 4, 30)] == "Ngày Chiến thắng"
    assert calendar.days_off[date(year, 5, 1)] == "Ngày Quốc tế Lao động"
    assert calendar.days_off[date(year, 9, 2)] == "Quốc khánh"


def test_days_off_in_compensation_fall_on_weekdays_and_days_worked_on_saturdays() -> None:
    for row in HOLIDAYS:
        weekday = date.fromisoformat(row["date"]).isoweekday()
        assert row["kind"] == "public" or (weekday == 6 if row["effect"] == "worked" else weekday < 6)


def test_every_exchanged_day_off_is_worked_on_the_day_it_names() -> None:
    swaps = {row["date"]: row for row in HOLIDAYS if row["kind"] == "swap"}
    for day, row in swaps.items():
        other = swaps["-".join(reversed(row["name_vi"].split()[-1].split("/")))]
        assert {row["effect"], other["effect"]} == {"off", "worked"}
        assert other["name_vi"].endswith("/".join(reversed(day.split("-"))))


@pytest.mark.parametrize("year", YEARS)
def test_each_public_holiday_on_a_weekend_is_given_back(year: int) -> None:
    rows = [row for row in HOLIDAYS if row["date"].startswith(f"{year}-")]
    weekend = [r for r in rows if r["kind"] == "public" and date.fromisoformat(r["date"]).isoweekday() > 5]
    assert len(weekend) == sum(row["kind"] == "compensatory" for row in rows)


def test_the_holidays_of_september_2025_and_of_the_swap_of_2026_count_as_announced() -> None:
    calendar = holidays()
    first = date(2025, 8, 30)
    assert [calendar.is_working(first + timedelta(days=n)) for n in range(5)] == [False, False, False, False, True]
    assert not calendar.is_working(date(2026, 1, 2))
    assert calendar.is_working(date(2026, 1, 10))


def test_years_that_are_not_announced_yet_say_so() -> None:
    computed = {row["date"][:4] for row in HOLIDAYS if row["note"].startswith("computed by rule")}
    assert computed == {"2027", "2028", "2029", "2030"}
