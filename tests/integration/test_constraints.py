"""What the database itself refuses, by plain SQL that goes past the application: every check, key, link and trigger."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import CheckConstraint, Connection, Engine, Index, Table, UniqueConstraint, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from migrations.triggers import ADMINISTRATION, COPIES, HISTORY, PAPER_DOSSIERS, PAPERS, RELATIONS
from models.database import WRITING, begun, make_engine
from models.tables import METADATA
from tests.database import create_database, drop_database
from tests.integration.rows import HASH, MOMENT, Row, fill, insert, sample

PAPER_KEPT = PAPERS[0].sentence
KEPT = {one.table: one.sentence for one in (*ADMINISTRATION, *HISTORY, *PAPERS, *PAPER_DOSSIERS, *RELATIONS, *COPIES)}

A_COPY: Row = {"kind": "true_copy", "symbol": "SY-UBND"}

BROKEN: list[tuple[str, str, Row]] = [
    ("admin_event", "act_named", {"act": ""}),
    ("admin_event", "actor_named", {"actor_name": ""}),
    ("comment", "answer_explained", {"accepted": False}),
    ("conclusion", "written", {"text": ""}),
    ("condition", "debt", {"debt_amount": -1}),
    ("council_member", "period", {"valid_to": "2025-03-09"}),
    ("dispatch", "copies", {"copies": 0}),
    ("dossier", "closed_has_time", {"closed_at": MOMENT}),
    ("dossier", "closed_has_time", {"is_open": False}),
    ("dossier", "counted", {"version": 0}),
    ("anchor", "number", {"number": 0}),
    ("anchor", "signed_whole", {"signature": "x"}),
    ("anchor", "signed_whole", {"key_id": "x"}),
    ("bundle", "done_has_time", {"status": "done"}),
    ("bundle", "made_whole", {"size": 1}),
    ("bundle", "steps", {"steps": 1, "steps_done": 2}),
    ("dossier", "counted", {"round": 0}),
    ("dossier", "counted", {"event_count": 0}),
    ("dossier", "decided_has_decider_and_date", {"state": "recognised", "decided_by": 1, "decided_on": "2025-03-10"}),
    ("dossier", "decided_has_decider_and_date", {"state": "recognised", "decided_by": 1, "year_recognised": 2024}),
    (
        "dossier",
        "decided_has_decider_and_date",
        {"state": "announced", "decided_on": "2025-03-10", "year_recognised": 2024},
    ),
    ("dossier", "holder_whole", {"holder_unit_id": None}),
    ("dossier", "open_is_held", {"holder_role": None, "holder_unit_id": None}),
    ("dossier_event", "chained", {"seq": 2}),
    ("dossier_event", "chained", {"previous_hash": "0"}),
    ("dossier_event", "reason_given", {"type": "returned", "reason": ""}),
    ("dossier_event", "reason_given", {"type": "refused", "reason": ""}),
    ("dossier_event", "reason_given", {"type": "declined", "reason": ""}),
    ("dossier_event", "seq", {"seq": 0, "previous_hash": "x"}),
    ("effect", "done_has_time", {"status": "done"}),
    ("effect", "done_has_time", {"done_at": MOMENT}),
    ("daily_job", "done_has_time", {"status": "done"}),
    ("message", "done_has_time", {"status": "done"}),
    ("installation", "one_row", {"id": 2}),
    ("message", "of_notice_or_day", {"day": "2025-03-10"}),
    ("message", "of_notice_or_day", {"notice_id": None}),
    ("number_series", "only_up", {"paper_last": 5, "last": 4}),
    ("number_series", "only_up", {"paper_last": -1}),
    ("number_series", "year_plausible", {"year": 1999}),
    ("paper", "edition", {"edition": 0}),
    ("paper", "number", {"number": 0}),
    ("paper", "copies_numbered", A_COPY | {"number": None, "year": None, "signed_on": None, "code": None}),
    ("paper", "copies_symbol", {"kind": "true_copy"}),
    ("paper", "numbered_whole", {"year": None}),
    ("paper", "numbered_whole", {"signed_on": None}),
    ("paper", "numbered_whole", {"code": None}),
    ("paper", "numbered_whole", {"number": None}),
    ("paper", "rendered_whole", {"sha256": HASH}),
    ("paper", "rendered_whole", {"rendered_at": MOMENT}),
    ("paper", "trouble_whole", {"trouble": "pages"}),
    ("paper", "trouble_whole", {"troubled_at": MOMENT}),
    ("paper_signature", "done_has_time", {"done_at": MOMENT}),
    ("paper_signature", "signed_when_done", {"file_sha256": HASH}),
    ("paper_signature", "signed_whole", {"signed_at": MOMENT}),
    ("password_link", "hash", {"token_hash": "x"}),
    ("password_link", "period", {"expires_at": MOMENT}),
    ("posting", "times", {"loudspeaker_times": -1}),
    ("publication_key", "key_id", {"key_id": "x"}),
    ("publication_key", "period", {"ended_at": "2025-03-09 03:00:00.000000"}),
    ("publication_key", "public_key", {"public_key": "x"}),
    ("recovery_code", "hash", {"code_hash": "x"}),
    ("recognition", "year_plausible", {"year_recognised": 2008}),
    ("role_grant", "department_named", {"role": "department_reviewer"}),
    ("role_grant", "period", {"valid_to": "2025-03-09"}),
    ("second_factor", "confirmed_by_code", {"confirmed_at": MOMENT}),
    ("second_factor", "confirmed_by_code", {"last_step": 1}),
    ("stored_file", "hash", {"sha256": HASH[1:]}),
    ("stored_file", "size", {"size": 0}),
    ("survey", "issued", {"ballots_issued": 101}),
    ("survey", "no_opinion", {"no_opinion": -1}),
    ("survey", "no_opinion", {"no_opinion": 11}),
    ("survey", "period", {"closed_on": "2025-03-09"}),
    ("survey", "satisfied", {"satisfied": 81, "no_opinion": None}),
    ("survey", "satisfied", {"satisfied": -1}),
    ("survey", "valid", {"ballots_valid": 91}),
    ("unit", "period", {"valid_to": "2025-03-09"}),
    ("unit_succession", "two_units", {"new_id": 1}),
    ("vote", "agreed", {"agreed": 10}),
    ("vote", "agreed", {"agreed": -1}),
    ("vote", "present", {"present": 11}),
]

TWICE: list[tuple[str, str, Row]] = [
    ("anchor", "uq_anchor_day", {"number": 2, "hash": "y"}),
    ("anchor", "uq_anchor_hash", {"number": 2, "day": "2025-03-11"}),
    ("answer_revision", "ix_answer_revision_answer", {"id": 2}),
    ("bundle", "uq_bundle_dossier_id_person_id_kind", {"id": 2}),
    ("criteria_adoption", "uq_criteria_adoption_set_key_decision", {"id": 2}),
    ("dossier", "uq_dossier_code", {"id": 2, "level": "model"}),
    ("dossier", "uq_dossier_one_open", {"id": 2, "code": "y"}),
    ("dossier_event", "uq_dossier_event_dossier_id_seq", {"id": 2, "request_key": "y"}),
    ("dossier_event", "uq_dossier_event_request_key", {"id": 2, "seq": 2, "previous_hash": "x"}),
    ("effect", "uq_effect_event_id_kind", {"id": 2}),
    ("daily_job", "uq_daily_job_name_day", {"id": 2}),
    ("message", "uq_message_notice_id", {"id": 2}),
    ("message", "uq_message_person_id_day", {"id": 2, "notice_id": None, "day": "2025-03-10"}),
    ("notice", "uq_notice_person_id_event_id_kind", {"id": 2}),
    ("paper", "uq_paper_event_id_kind_edition", {"id": 2, "number": 2, "code": "x"}),
    ("paper", "uq_paper_unit_id_symbol_year_number", {"id": 2, "edition": 2, "code": "x"}),
    ("paper", "uq_paper_code", {"id": 2, "edition": 2, "number": 2}),
    ("paper", "uq_paper_copies", {"id": 2, "kind": "extract", "symbol": "TrS-UBND", "code": "x"}),
    ("paper_relation", "uq_paper_relation_copies", {"paper_id": 3, "other_id": 2, "relation": "copies"}),
    ("paper_signature", "uq_paper_signature_paper_id_part", {"id": 2}),
    ("password_link", "uq_password_link_open", {"token_hash": HASH[::-1]}),
    ("person", "uq_person_login", {"id": 2}),
    ("recognition", "uq_recognition_in_force", {"id": 2, "dossier_id": 1}),
    ("title_end", "uq_title_end_recognition_id", {"id": 2}),
    ("unit", "uq_unit_code_valid_from", {"id": 3}),
]

FIRST: dict[str, list[tuple[str, Row]]] = {
    "uq_paper_copies": [("paper", A_COPY | {"id": 3, "code": "y"})],
    "uq_paper_relation_copies": [
        ("paper", {"id": 2, "edition": 2, "number": 2, "code": "x"}),
        ("paper", A_COPY | {"id": 3, "code": "y"}),
        ("paper_relation", {"paper_id": 3, "relation": "copies"}),
    ],
}
"""What must be there before the row that comes twice, where the samples are something else."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine for one migrated database of each kind; every test here undoes what it wrote."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("constraints") / "database.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        engine = make_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        return
    server, name = request.getfixturevalue("postgresql_server"), f"constraints_{request.getfixturevalue('worker')}"
    engine = make_engine(create_database(server, name, request.getfixturevalue("postgresql_template")))
    yield engine
    engine.dispose()
    drop_database(server, name)


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[Connection]:
    """A connection whose writes are undone when the test ends."""
    with begun(shared_engine, WRITING) as opened:
        yield opened


@pytest.fixture
def filled(connection: Connection) -> Connection:
    """The same, with a row in every table."""
    fill(connection)
    return connection


def refusal(connection: Connection, act: Callable[[], object]) -> str:
    """Return what the database says to an act, which it must refuse; nothing of the act remains."""
    with pytest.raises(IntegrityError) as caught, connection.begin_nested():
        act()
    return str(caught.value.orig)


def statement(connection: Connection, sql: str, **values: object) -> Callable[[], object]:
    return lambda: connection.execute(text(sql), values)


def accepted(connection: Connection, table: Table, changes: Row) -> bool:
    """Say whether a table takes its sample row with these changes; nothing of it remains."""
    nested = connection.begin_nested()
    try:
        insert(connection, table.name, **changes)
    except DBAPIError:
        return False
    else:
        return True
    finally:
        nested.rollback()


def growing(connection: Connection) -> Iterator[Table]:
    """Give each table at the moment when it would take its sample row, which it then gets."""
    for table in METADATA.sorted_tables:
        yield table
        insert(connection, table.name)
        if table.name == "unit":
            insert(connection, "unit", id=2, code="040")


# --- checks ---


@pytest.mark.parametrize(("table", "check", "changes"), BROKEN, ids=lambda part: str(part).replace("'", ""))
def test_a_row_that_breaks_a_check(connection: Connection, table: str, check: str, changes: Row) -> None:
    next(one for one in growing(connection) if one.name == table)
    assert f"ck_{table}_{check}" in refusal(connection, lambda: insert(connection, table, **changes))


def test_a_word_outside_of_a_closed_list(connection: Connection) -> None:
    accepting = [
        str(check.name)
        for table in growing(connection)
        for column, check in closed_lists(table).items()
        if accepted(connection, table, {column: "zz"})
    ]
    assert accepting == []


def closed_lists(table: Table) -> dict[str, CheckConstraint]:
    """Return the checks of closed lists by the column that they watch."""
    start, end = f"ck_{table.name}_", "_known"
    names = {str(check.name): check for check in checks(table)}
    return {name.removeprefix(start).removesuffix(end): one for name, one in names.items() if name.endswith(end)}


def checks(table: Table) -> list[CheckConstraint]:
    return [one for one in table.constraints if isinstance(one, CheckConstraint)]


def test_every_check_has_a_row_that_breaks_it() -> None:
    every = {str(check.name) for table in METADATA.sorted_tables for check in checks(table)}
    declared = {name for name in every if not name.endswith("_known")}
    assert {f"ck_{table}_{check}" for table, check, _ in BROKEN} == declared


# --- keys and links ---


@pytest.mark.parametrize(("table", "key", "changes"), TWICE, ids=lambda part: str(part).replace("'", ""))
def test_the_same_thing_twice(filled: Connection, table: str, key: str, changes: Row) -> None:
    if changes.get("event_id") == 2:
        insert(filled, "dossier_event", id=2, seq=2, previous_hash="x", request_key="y")
    if "notice_id" in changes:  # a message of a day, which the sample is not
        insert(filled, table, **changes | {"id": 3})
    if "dossier_id" in changes:
        filled.execute(text(f"UPDATE {table} SET dossier_id = 1"))
    for other, row in FIRST.get(key, []):
        insert(filled, other, **row)
    said = refusal(filled, lambda: insert(filled, table, **changes))
    expected = key if filled.dialect.name == "postgresql" else columns_of(table, key)
    assert expected in said


def columns_of(table: str, key: str) -> str:
    """Return how SQLite names a unique constraint: by its columns."""
    return ", ".join(f"{table}.{name}" for name in unique_keys(METADATA.tables[table])[key])


def unique_keys(table: Table) -> dict[str, list[str]]:
    keys: list[UniqueConstraint | Index] = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [index for index in table.indexes if index.unique]
    return {str(key.name): [column.name for column in key.columns] for key in keys}


def test_every_unique_key_has_a_test() -> None:
    declared = {(table.name, key) for table in METADATA.sorted_tables for key in unique_keys(table)}
    assert {(table, key) for table, key, _ in TWICE} == declared


def test_a_closed_dossier_makes_way_for_the_next(filled: Connection) -> None:
    filled.execute(text("UPDATE dossier SET is_open = FALSE, closed_at = :at"), {"at": MOMENT})
    insert(filled, "dossier", id=2, code="y")
    assert filled.execute(text("SELECT count(*) FROM dossier")).scalar() == 2


def test_the_same_number_of_another_symbol_year_or_authority(filled: Connection) -> None:
    others: list[Row] = [{"symbol": "BB-HĐTĐ"}, {"year": 2026}, {"unit_id": 2}]
    for number, changes in enumerate(others, 2):
        insert(filled, "dossier_event", id=number, seq=number, previous_hash="x", request_key=str(number))
        insert(filled, "paper", **{"id": number, "event_id": number, "code": str(number)} | changes)
    assert filled.execute(text("SELECT count(*) FROM paper WHERE number = 1")).scalar() == 4


def test_many_drafts_without_a_number(filled: Connection) -> None:
    for number in (2, 3):
        bare = {"number": None, "year": None, "signed_on": None, "code": None}
        insert(filled, "paper", id=number, edition=number, **bare)
    assert filled.execute(text("SELECT count(*) FROM paper WHERE number IS NULL")).scalar() == 2


def test_a_link_to_nothing_and_a_gap_in_every_column(connection: Connection) -> None:
    accepting: list[str] = []
    for table in growing(connection):
        for column in table.columns:
            if column.foreign_keys and accepted(connection, table, {column.name: nobody(column.type.python_type)}):
                accepting.append(f"{column} to nothing")
            if not (column.nullable or column.primary_key) and accepted(connection, table, {column.name: None}):
                accepting.append(f"{column} without a value")
    assert accepting == []


def nobody(kind: type) -> object:
    return 999 if kind is int else "f" * 64


# --- what was written stays ---

STAYING = ("admin_event", "dossier_event", "answer_revision", "paper", "paper_dossier", "paper_relation", "copy_made")


@pytest.mark.parametrize("table", ["admin_event", "dossier_event", "answer_revision", "paper_dossier"])
def test_history_is_not_changed(filled: Connection, table: str) -> None:
    for column in inspect(filled).get_columns(table):
        sql = f"UPDATE {table} SET {column['name']} = {column['name']}"
        assert KEPT[table] in refusal(filled, statement(filled, sql))


@pytest.mark.parametrize("table", STAYING)
def test_history_is_not_deleted(filled: Connection, table: str) -> None:
    assert KEPT[table] in refusal(filled, statement(filled, f"DELETE FROM {table}"))
    assert filled.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 1


@pytest.mark.parametrize("table", STAYING)
def test_history_is_not_emptied_or_replaced_at_once(filled: Connection, table: str) -> None:
    """PostgreSQL can empty a table or all that hangs on one, SQLite can insert in place of a row; both are refused."""
    if filled.dialect.name == "postgresql":
        assert KEPT[table] in refusal(filled, statement(filled, f"TRUNCATE {table} CASCADE"))
        assert "never changed" in refusal(filled, statement(filled, "TRUNCATE unit CASCADE"))
        return
    row = sample(METADATA.tables[table])
    names, marks = ", ".join(row), ", ".join(f":{name}" for name in row)
    said = refusal(filled, statement(filled, f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", **row))
    assert KEPT[table] in said


def test_history_grows(filled: Connection) -> None:
    insert(filled, "dossier_event", id=2, seq=2, previous_hash="x", request_key="y")
    insert(filled, "answer_revision", id=2, version=2)


OTHER: Row = {"kind": "certificate", "symbol": "QĐ-Y", "context": "{}", "signed_on": "2025-03-11", "code": "y"}
OTHER |= {"at": MOMENT.replace("2025", "2026")}


def test_a_paper_stays_as_it_was_drawn_up(filled: Connection) -> None:
    for column in PAPERS[0].fixed:
        sql = f"UPDATE paper SET {column} = :value"
        assert PAPER_KEPT in refusal(filled, statement(filled, sql, value=OTHER.get(column, 2)))


def test_every_column_of_a_paper_is_kept_but_its_trouble(filled: Connection) -> None:
    columns = {column["name"] for column in inspect(filled).get_columns("paper")}
    assert columns == {*PAPERS[0].fixed, *PAPERS[0].once, "trouble", "troubled_at"}


def test_the_bytes_of_a_paper_are_recorded_once(filled: Connection) -> None:
    record = "UPDATE paper SET sha256 = :hash, rendered_at = :at"
    filled.execute(text(record), {"hash": HASH, "at": MOMENT})
    filled.execute(text(record), {"hash": HASH, "at": MOMENT})
    later = MOMENT.replace("2025", "2026")
    for values in ({"hash": "0" * 64, "at": MOMENT}, {"hash": HASH, "at": later}, {"hash": None, "at": None}):
        assert PAPER_KEPT in refusal(filled, statement(filled, record, **values))
