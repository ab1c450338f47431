"""One believable row for every table, written by plain SQL as somebody would who goes past the application.

Each row points at row 1 of the others; `fill` writes them all, `insert` writes one of them with changes.
"""

import hashlib
from typing import Any

from sqlalchemy import Boolean, Connection, Date, Integer, Numeric, Table, text

from models.base import Json, UtcTime
from models.tables import METADATA

DAY = "2025-03-10"
MOMENT = "2025-03-10 03:00:00.000000"
FILE = "Biên bản họp".encode()
HASH = hashlib.sha256(FILE).hexdigest()

Row = dict[str, Any]

PARTICULAR: dict[str, Row] = {
    "admin_event": {"act": "person_added", "details": '{"login":"x"}'},
    "agenda_item": {},
    "answer": {"column_name": "commune", "indicator": "1.1", "value": "90.5"},
    "answer_revision": {"column_name": "commune", "indicator": "1.1"},
    "ballot": {"choice": "yes"},
    "bundle": {"kind": "zip", "status": "queued"},
    "checked_part": {"stage": "district", "part": "D1"},
    "comment": {"stage": "commune", "text": 'Đường còn lầy; "sửa", rồi\n\thãy công nhận \\ ạ.'},
    "condition": {"debt_amount": 9_000_000_000_000},
    "conclusion": {"criterion": "2", "text": "Đạt"},
    "copy_made": {},
    "criteria_adoption": {"subject": "commune", "level": "standard", "thresholds": '{"1.1":null}'},
    "daily_job": {"name": "clean_up", "status": "queued"},
    "dispatch": {"copies": 15, "sent_on": DAY},
    "dossier": {
        "subject": "commune",
        "level": "standard",
        "state": "draft",
        "holder_role": "commune_officer",
        "holder_unit_id": 1,
        "is_open": True,
    },
    "dossier_event": {"type": "opened", "role": "commune_officer", "previous_hash": "", "payload": '{"a":1}'},
    "dossier_part": {"part": "D4", "file_sha256": HASH},
    "draft": {"fields": '{"reason":["Đường còn lầy"]}'},
    "edited_paper": {"file_sha256": HASH},
    "effect": {"kind": "notify_holder", "status": "queued"},
    "evidence_item": {"file_sha256": HASH},
    "holiday": {"effect": "off"},
    "issued_document": {"kind": "decision", "year": 2025},
    "message": {"notice_id": 1, "status": "queued"},
    "notice": {"kind": "desk"},
    "number_series": {"symbol": "QĐ-UBND", "year": 2025},
    "paper": {"kind": "decision", "symbol": "QĐ-UBND", "year": 2025, "number": 1, "signed_on": DAY, "code": "c0de"},
    "paper_relation": {"relation": "replaces"},
    "paper_seal": {"key_id": "ABCDEFGH"},
    "paper_signature": {"part": "signer", "way": "server", "status": "queued"},
    "password_link": {"token_hash": HASH, "expires_at": "2025-03-11 03:00:00.000000"},
    "posting": {"stage": "commune"},
    "publication_key": {"key_id": "ABCDEFGH", "public_key": HASH},
    "recognition": {"subject": "commune", "level": "standard", "year_recognised": 2024},
    "recovery_code": {"code_hash": HASH},
    "role_grant": {"role": "commune_officer"},
    "second_factor_duty": {"role": "administrator"},
    "stored_file": {"sha256": HASH, "size": len(FILE)},
    "survey": {"households_total": 100, "ballots_issued": 90, "ballots_valid": 80, "satisfied": 70, "no_opinion": 4},
    "title_end": {"standing": "revoked"},
    "unit": {"code": "04", "tier": "province", "area_km2": "6700.39"},
    "unit_succession": {"new_id": 2, "share": "full"},
    "viewing": {"seen": "dossier"},
    "vote": {"stage": "commune", "members": 10, "present": 9, "agreed": 9},
}


def sample(table: Table) -> Row:
    """Return a row that the database accepts; what may be left out is left out, what may be anything is plain."""
    plain = {column.name: plain_value(column.type) for column in table.columns if is_needed(column)}
    return plain | PARTICULAR.get(table.name, {})


def is_needed(column: Any) -> bool:
    """Say whether an insert must name this column."""
    return not column.nullable and column.server_default is None


def plain_value(kind: Any) -> Any:
    """Return a plain value of a column's type, as the database writes it."""
    known = ((Boolean, False), (Integer, 1), (Numeric, "1"), (Date, DAY), (UtcTime, MOMENT), (Json, "[]"))
    return next((value for one, value in known if isinstance(kind, one)), "x")


def insert(connection: Connection, table: str, **changes: Any) -> None:
    """Write a table's sample row with some values changed."""
    write(connection, table, sample(METADATA.tables[table]) | changes)


def write(connection: Connection, table: str, row: Row) -> None:
    """Write a row by plain SQL."""
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), row)


def fill(connection: Connection) -> None:
    """Write one row into every table, a second unit under the first, and a unit that stands before its parent."""
    for table in METADATA.sorted_tables:
        if table.name == "unit":
            insert(connection, "unit", id=2, code="040", tier="commune", parent_id=None)
            insert(connection, "unit")
            connection.execute(text("UPDATE unit SET parent_id = 2 WHERE id = 1"))
        else:
            insert(connection, table.name)


def snapshot(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, in a fixed order, as the application reads them."""
    return {
        table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
        for table in METADATA.sorted_tables
    }
