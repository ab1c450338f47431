"""The anchors of the days: what they vouch for is found when it is changed, by us and by the stand-alone check."""

import copy
import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from casework import anchoring
from casework.admin_record import COMMAND
from casework.audit import verify
from casework.publication import create
from casework.unit_of_work import reading, unit_of_work
from commands import audit as audit_commands
from documents import verify_record
from documents.verify_record import leaf_of, root_of
from tests import tampering, world
from tests.integration.test_audit import causes, tamper
from tests.tampering import Kept, chain_again, export, faults, plant

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FIRST, SECOND = (world.NOW - timedelta(days=1), world.NOW + timedelta(days=1))
TRIES = 200


@pytest.fixture
def kept(engine: Engine) -> Kept:
    plant(engine)
    return export(engine)


def test_a_day_is_anchored_once_and_linked_to_the_day_before(engine: Engine, kept: Kept) -> None:
    with unit_of_work(engine) as connection:
        assert not anchoring.make(connection, SECOND)
        assert not anchoring.make(connection, FIRST)
        assert anchoring.make(connection, SECOND + timedelta(days=1))
    one, two, three = export(engine).anchors
    assert [one["anchor"]["number"], two["anchor"]["number"], three["anchor"]["number"]] == [1, 2, 3]
    assert (two["anchor"]["previous"], three["anchor"]["previous"]) == (one["hash"], two["hash"])
    assert kept.anchors == [one, two]
    assert causes(engine) == []


@ON_SQLITE
@pytest.mark.parametrize("practice", [True, False])
def test_in_practice_alone_past_days_are_walked_through_after_an_anchor(engine: Engine, practice: bool) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        anchoring.make(connection, SECOND, practice=practice)
        world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
    assert causes(engine) == ([] if practice else ["the anchor of 2025-03-11 vouches for something else"])


def test_an_anchor_is_never_changed_or_deleted_and_signed_once(engine: Engine, kept: Kept) -> None:
    for statement in ("UPDATE anchor SET content = ''", "DELETE FROM anchor", "UPDATE anchor SET number = number + 9"):
        with pytest.raises(DBAPIError, match="never changed"), unit_of_work(engine) as connection:
            connection.execute(text(statement))
    with unit_of_work(engine) as connection:
        connection.execute(text("UPDATE anchor SET signature = 's', key_id = 'k'"))
    with pytest.raises(DBAPIError, match="never changed"), unit_of_work(engine) as connection:
        connection.execute(text("UPDATE anchor SET signature = 't'"))


HEAD = "(SELECT hash FROM dossier_event WHERE dossier_id = 2 ORDER BY seq DESC LIMIT 1)"
MOVED_BACK = f"UPDATE dossier SET event_count = event_count - 1, head_hash = {HEAD} WHERE id = 2"
LAST = "(SELECT max(seq) FROM dossier_event WHERE dossier_id = 2)"
OF_ALL = ("answer", "answer_revision", "dossier_part", "condition", "survey", "evidence_use", "agenda_item", "ballot")


@pytest.mark.usefixtures("kept")
def test_a_last_event_deleted_with_the_head_moved_back_is_found(engine: Engine) -> None:
    tamper(engine, [f"DELETE FROM dossier_event WHERE dossier_id = 2 AND seq = {LAST}", MOVED_BACK])
    assert "the anchor of 2025-03-09 vouches for something else" in causes(engine)


@pytest.mark.usefixtures("kept")
def test_a_whole_dossier_deleted_is_found(engine: Engine) -> None:
    tables = [*OF_ALL, "dossier_event", "dossier"]
    tamper(engine, [f"DELETE FROM {name} WHERE {'id' if name == 'dossier' else 'dossier_id'} = 3" for name in tables])
    days = ("2025-03-09", "2025-03-11")
    assert causes(engine) == [f"the anchor of {day} vouches for a chain that is not there" for day in days]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    "statement", ["DELETE FROM admin_event WHERE id = 1", "UPDATE admin_event SET details = '{}' WHERE id = 2"]
)
def test_a_changed_administrative_act_is_found(engine: Engine, statement: str) -> None:
    tamper(engine, [statement], extra=("admin_event",))
    assert any("the administrative acts are not what the anchor of" in cause for cause in causes(engine))


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("UPDATE anchor SET day = '2025-03-08' WHERE number = 1", "the anchor was changed"),
        ("UPDATE anchor SET hash = 'x' WHERE number = 1", "the anchor does not follow from the one before it"),
        ('UPDATE anchor SET content = replace(content, \'"root":"\', \'"root":"0\') WHERE number = 2', "was changed"),
        ("DELETE FROM anchor WHERE number = 1", "the anchor does not follow from the one before it"),
    ],
)
def test_a_changed_anchor_is_found(engine: Engine, statement: str, cause: str) -> None:
    tamper(engine, [statement], extra=("anchor",))
    assert any(cause in found for found in causes(engine))


# --- the stand-alone check ---


@ON_SQLITE
def test_tampering_with_the_events_is_found_by_the_stand_alone_check(kept: Kept) -> None:
    assert tampering.tamper_many(kept, TRIES, 20250310) == dict.fromkeys(tampering.TAMPERINGS, TRIES // 5)


@ON_SQLITE
def test_one_dossier_is_checked_alone_and_what_is_newer_than_the_anchors_is_no_fault(
    engine: Engine, kept: Kept
) -> None:
    one = export(engine, 1)
    assert faults(one) == []
    assert faults(one._replace(anchors=kept.anchors[:1])) == []
    assert one.record.acts is None
    del one.record.dossiers[0]["events"][-1]
    chain_again(one.record.dossiers[0])
    assert [(fault.cause, fault.detail) for fault in faults(one)] == [("not_anchored", "2025-03-11")]


@ON_SQLITE
def test_a_dossier_left_out_or_put_in_twice_is_found(kept: Kept) -> None:
    left_out = copy.deepcopy(kept.record)
    left_out.dossiers.pop()
    assert {fault.cause for fault in faults(Kept(left_out, kept.anchors))} == {"gone"}
    twice = copy.deepcopy(kept.record)
    twice.dossiers.append(twice.dossiers[0])
    assert {fault.cause for fault in faults(Kept(twice, kept.anchors))} == {"twice", "not_anchored"}


@ON_SQLITE
def test_an_anchor_missing_between_two_others_is_found(engine: Engine, kept: Kept) -> None:
    with unit_of_work(engine) as connection:
        anchoring.make(connection, SECOND + timedelta(days=1))
    anchors = export(engine).anchors
    assert faults(kept._replace(anchors=anchors[1:])) == []
    assert {one.cause for one in faults(kept._replace(anchors=[anchors[0], anchors[2]]))} == {"anchor_unlinked"}


def checked_by_hand(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the check as a stranger would: one file, another process, nothing of the project within reach."""
    command = [sys.executable, "-I", "verify_record.py", "events.jsonl", *(arguments or ["anchors"])]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={})
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


@ON_SQLITE
def test_the_signature_of_an_anchor_is_checked_with_the_published_keys(
    engine: Engine, database_url: str, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, keys = tmp_path / "out", tmp_path / "keys"
    with unit_of_work(engine) as connection:
        anchoring.sign_all(connection, keys)
        assert {one["signature"] for one in kept.anchors} == {None}
        create(connection, keys, COMMAND, SECOND)
        anchoring.sign_all(connection, keys)
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert CliRunner().invoke(audit_commands.GROUP, ["export", str(folder)]).exit_code == 0
    assert faults(export(engine)) == []
    said = capture(["events.jsonl", "anchors", "--keys", "keys.json"], folder, monkeypatch)
    assert (said[0], "Signatures were checked" in said[1]) == (0, True)
    first = folder / "anchors" / "2025-03-09.json"
    first.write_text(first.read_text().replace('"signature":"', '"signature":"AA'))
    said = capture(["events.jsonl", "anchors", "--keys", "keys.json"], folder, monkeypatch)
    assert (said[0], "the signature of the anchor is not right" in said[1]) == (1, True)


def capture(words: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    """Run the check in this process, in a folder, and give its code and what it said."""
    monkeypatch.chdir(folder)
    with redirect_stdout(StringIO()) as said:
        return verify_record.main(words), said.getvalue()


@ON_SQLITE
def test_the_export_is_checked_by_its_own_file_alone(
    database_url: str, kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert CliRunner().invoke(audit_commands.GROUP, ["export", str(folder)]).exit_code == 0
    code, said = checked_by_hand(folder)
    assert (code, said.splitlines()[-1].partition(" / ")[2]) == (0, "5 dossiers, 52 events, 2 anchors, 0 findings")
    lines = (folder / "events.jsonl").read_text().splitlines(keepends=True)
    (folder / "events.jsonl").write_text("".join(lines[:2] + lines[3:]))
    code, said = checked_by_hand(folder)
    assert code == 1
    assert "the anchor of 2025-03-09 vouches for a chain that is not there" in said
    (folder / "events.jsonl").write_text("nothing of ours")
    assert checked_by_hand(folder)[0] == 1
    assert checked_by_hand(folder, "nowhere.json")[0] == 1


# --- the tree ---


def slow_root(leaves: Sequence[str]) -> bytes:
    """The root of a tree as its definition says it: split at the largest power of two below the count."""
    if len(leaves) < 2:
        return bytes.fromhex(leaves[0]) if leaves else sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + slow_root(leaves[:split]) + slow_root(leaves[split:])).digest()


@pytest.mark.parametrize("count", [*range(18), 100])
def test_the_root_is_that_of_the_definition(count: int) -> None:
    leaves = [leaf_of("dossier", number) for number in range(count)]
    assert root_of(leaves) == slow_root(leaves).hex()


def test_the_audit_looks_at_every_anchor(engine: Engine, kept: Kept) -> None:
    with reading(engine) as connection:
        assert verify(connection).anchors == len(kept.anchors) == 2
    assert json.loads(verify_record.canonical({"b": 1, "a": "ơ"})) == {"a": "ơ", "b": 1}
