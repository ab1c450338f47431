"""Entering the territory: units in their periods, what became of them, titles they hold, days that offices are closed.

The rows come from the files in `data/`, whose columns are named in each function; a real province and a practice
province are founded by the same functions.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select

from casework.errors import Refused
from models.base import table_of
from models.keys import sort_key
from models.places import AdminUnit, Holiday, Recognition, UnitSuccession
from workflow.refusal import refuse

U, S, R, H = table_of(AdminUnit), table_of(UnitSuccession), table_of(Recognition), table_of(Holiday)
ALWAYS = date(1900, 1, 1)
UNIT_FILES = ("units-2021.csv", "units-2025.csv")
PARENTS_FIRST = ("province", "district", "commune", "hamlet")

Rows = Iterable[Mapping[str, str]]


def found_territory(connection: Connection, folder: Path) -> None:
    """Enter all units, successions, titles and holidays that the files of a folder hold, into an empty territory."""
    for name in UNIT_FILES:
        enter_units(connection, read_rows(folder / name))
    enter_successions(connection, read_rows(folder / "successions.csv"))
    enter_recognitions(connection, read_rows(folder / "recognitions.csv"))
    enter_holidays(connection, read_rows(folder / "holidays.csv"))


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file with a heading line, as UTF-8."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def unit_ids(connection: Connection) -> dict[tuple[str, date], int]:
    """The id of every unit by its code and first day."""
    return {(row.code, row.valid_from): row.id for row in connection.execute(select(U.c.code, U.c.valid_from, U.c.id))}


def enter_units(connection: Connection, rows: Rows) -> int:
    """Enter the units of a period, parents first, and give how many were new.

    Columns: code, level, type, name, full_name, parent_code, valid_from, valid_to (blank: always, until now), and where
    known area_km2, ethnic_area_2026_2030, ntm_group_2026_2030, tile_col, tile_row.
    """
    ids = unit_ids(connection)
    count = 0
    for row in sorted(rows, key=lambda row: PARENTS_FIRST.index(row["level"])):
        key = (row["code"], _day(row["valid_from"]) or ALWAYS)
        if key not in ids:
            ids[key] = connection.execute(insert(U).returning(U.c.id), _unit(row, key[1], ids)).scalar_one()
            count += 1
    return count


def _unit(row: Mapping[str, str], valid_from: date, ids: Mapping[tuple[str, date], int]) -> dict[str, Any]:
    return {
        "code": row["code"],
        "tier": row["level"],
        "kind": row["type"],
        "name": row["name"],
        "full_name": row["full_name"],
        "sort_key": sort_key(row["name"]),
        "parent_id": _parent(row, valid_from, ids),
        "valid_from": valid_from,
        "valid_to": _day(row["valid_to"]),
        "criteria_group": row.get("ntm_group_2026_2030") or None,
        "area_km2": Decimal(row["area_km2"]) if row.get("area_km2") else None,
        "ethnic_area": row.get("ethnic_area_2026_2030") or None,
        "tile_column": _number(row.get("tile_col")),
        "tile_row": _number(row.get("tile_row")),
    }


def _parent(row: Mapping[str, str], valid_from: date, ids: Mapping[tuple[str, date], int]) -> int | None:
    """The unit with the parent's code that began last before this one did."""
    code = row["parent_code"]
    if not code:
        return None
    earlier = [first for known, first in ids if known == code and first <= valid_from]
    if not earlier:
        raise Refused((refuse("territory.no_parent", unit=row["full_name"], parent=code),))
    return ids[code, max(earlier)]


def enter_successions(connection: Connection, rows: Rows) -> int:
    """Enter what became of units; columns: old_code, new_code, share (full or part), effective_from, legal_basis."""
    ids = unit_ids(connection)
    entered = [_succession(row, ids) for row in rows]
    connection.execute(insert(S), entered)
    return len(entered)


def _succession(row: Mapping[str, str], ids: Mapping[tuple[str, date], int]) -> dict[str, Any]:
    first = date.fromisoformat(row["effective_from"])
    return {
        "old_id": _known(ids, row["old_code"], _before(ids, row["old_code"], first)),
        "new_id": _known(ids, row["new_code"], first),
        "share": row["share"],
        "effective_from": first,
        "legal_basis": row["legal_basis"],
    }


def _before(ids: Mapping[tuple[str, date], int], code: str, day: date) -> date:
    return max((first for known, first in ids if known == code and first < day), default=ALWAYS)


def _known(ids: Mapping[tuple[str, date], int], code: str, first: date) -> int:
    if (code, first) not in ids:
        raise Refused((refuse("territory.unknown_unit", unit=code, on=first),))
    return ids[code, first]


def enter_recognitions(connection: Connection, rows: Rows) -> int:
    """Enter titles of earlier years with their source; a unit that ended before 2021 stands by its name alone.

    Columns: unit_code_2021 (or blank), unit, district_at_decision, subject, level, year, decision_no, decision_date,
    authority, source.
    """
    ids = unit_ids(connection)
    province = connection.execute(select(U.c.full_name).where(U.c.tier == "province")).scalars().first() or ""
    entered = [
        {
            "unit_id": _known(ids, row["unit_code_2021"], ALWAYS) if row["unit_code_2021"] else None,
            "unit_name": f"Xã {row['unit']}",
            "place_then": ", ".join(filter(None, (_district(row["district_at_decision"]), province))),
            "subject": row["subject"],
            "level": row["level"],
            "year_recognised": int(row["year"]),
            "decision": row["decision_no"],
            "signed_on": date.fromisoformat(row["decision_date"]),
            "authority": row["authority"],
            "source": row["source"],
        }
        for row in rows
    ]
    connection.execute(insert(R), entered)
    return len(entered)


def _district(name: str) -> str:
    return name if not name or name.startswith(("Thành phố", "Thị xã", "Huyện")) else f"Huyện {name}"


def enter_holidays(connection: Connection, rows: Rows) -> int:
    """Enter the days that differ from the week's rule, and give how many.

    Columns: date, effect (off, worked), kind, name_vi, name_en, note; a day whose note begins with "computed" is not
    officially announced yet.
    """
    entered = [
        {
            "day": date.fromisoformat(row["date"]),
            "effect": row["effect"],
            "kind": row["kind"],
            "name_vi": row["name_vi"],
            "name_en": row["name_en"],
            "official": not row["note"].startswith("computed"),
        }
        for row in rows
    ]
    connection.execute(insert(H), entered)
    return len(entered)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> int | None:
    return int(text) if text else None
