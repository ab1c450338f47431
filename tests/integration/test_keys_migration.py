"""Keys of names: rows that were there before the keys are given them, as rows that come later are."""

from sqlalchemy import text

import migrations
from casework.unit_of_work import reading, unit_of_work
from models.database import make_engine
from tests.integration.rows import write

TITLED = {"subject": "commune", "level": "standard", "year_recognised": 2018, "authority": "UBND tỉnh", "source": ""}
NAMED = {"effect": "off", "kind": "public", "name_vi": "Tết", "name_en": "New Year"}
PLACED: tuple[tuple[str, dict[str, object]], ...] = (
    (
        "unit",
        {
            "id": 1,
            "code": "01660",
            "tier": "commune",
            "kind": "xã",
            "name": "Nam Tuấn",
            "full_name": "Xã Nam Tuấn",
            "sort_key": "x",
            "valid_from": "2000-01-01",
        },
    ),
    (
        "person",
        {
            "id": 1,
            "login": "quan.tri",
            "name": "Lã Đức Kiệt",
            "password_hash": "-",
            "created_at": "2025-03-10 03:00:00",
        },
    ),
    (
        "recognition",
        {
            "id": 1,
            "unit_id": 1,
            "unit_name": "Xã Nam Tuấn",
            "place_then": "Huyện Hòa An",
            "decision": "046/QĐ-UBND",
            "signed_on": "2019-01-14",
            **TITLED,
        },
    ),
    ("holiday", {"day": "2026-01-01", **NAMED}),
    ("holiday", {"day": "2027-01-01", **NAMED}),
)


def test_rows_that_were_there_before_are_found_by_their_keys(empty_database_url: str) -> None:
    migrations.upgrade(empty_database_url, "003")
    engine = make_engine(empty_database_url)
    with unit_of_work(engine) as connection:
        for table, row in PLACED:
            write(connection, table, row)
    migrations.upgrade(empty_database_url)
    with reading(engine) as connection:
        keys = [
            connection.execute(text(f"SELECT search_key FROM {table}")).scalar_one()
            for table in ("unit", "person", "recognition")
        ]
        decision, order = connection.execute(text("SELECT decision_key, sort_key FROM recognition")).one()
        official = connection.execute(text("SELECT official FROM holiday ORDER BY day")).scalars().all()
    engine.dispose()
    assert keys == ["xa nam tuan 01660", "la duc kiet quan tri", "xa nam tuan huyen hoa an 046 qd ubnd"]
    assert (decision, order[:4]) == ("46/qdubnd", "n0a0")
    assert [bool(one) for one in official] == [True, False]
