"""The publication key: made once, kept from others, succeeded without losing what was signed, shown to everybody."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError

import commands.keys
from casework import publication
from casework.admin_record import COMMAND
from casework.publication import KeyFault
from casework.unit_of_work import reading, unit_of_work
from models.accounts import AdminEvent
from models.base import table_of
from queries.publication import PublishedKey, key_file, published_keys, signing_key
from tests import world

CONTENT = "Quyết định số 46/QĐ-UBND".encode()


def make(engine: Engine, folder: Path, *, succeed: bool = False) -> PublishedKey:
    with unit_of_work(engine) as connection:
        return publication.create(connection, folder, COMMAND, world.NOW, succeed=succeed)


def signed(engine: Engine, folder: Path) -> tuple[str, bytes]:
    with reading(engine) as connection:
        return publication.sign(connection, folder, CONTENT)


def test_what_was_signed_is_verified_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    key = make(engine, tmp_path)
    key_id, signature = signed(engine, tmp_path)
    assert (key_id, len(signature)) == (key.key_id, 64)
    assert publication.verify(key.public_key, CONTENT, signature)
    assert not publication.verify(key.public_key, CONTENT + b".", signature)
    assert not publication.verify(key.public_key, CONTENT, bytes([signature[0] ^ 1]) + signature[1:])
    assert signed(engine, tmp_path) == (key_id, signature)


def test_the_private_half_is_for_its_owner_alone(engine: Engine, tmp_path: Path) -> None:
    key = make(engine, tmp_path / "keys")
    path = tmp_path / "keys" / f"{key.key_id}.pem"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    with reading(engine) as connection:
        act = connection.execute(select(table_of(AdminEvent))).one()
    assert (act.act, act.details) == ("key_created", {"key": key.key_id, "before": ""})


def test_a_second_key_is_made_only_to_succeed_the_first(engine: Engine, tmp_path: Path) -> None:
    first = make(engine, tmp_path)
    _, signature = signed(engine, tmp_path)
    with pytest.raises(KeyFault, match="keys create --succeed"):
        make(engine, tmp_path)
    second = make(engine, tmp_path, succeed=True)
    with reading(engine) as connection:
        kept = {one.key_id: one for one in published_keys(connection)}
        assert signing_key(connection) == second
    assert (kept[first.key_id].ended_at, kept[second.key_id].ended_at) == (world.NOW, None)
    assert publication.verify(kept[first.key_id].public_key, CONTENT, signature)
    assert signed(engine, tmp_path)[0] == second.key_id


def test_a_missing_key_is_said(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(KeyFault, match="keys create"):
        signed(engine, tmp_path)
    key, strange = make(engine, tmp_path), tmp_path / "strange"
    with pytest.raises(KeyFault, match="cannot be read"):
        signed(engine, strange)
    strange.mkdir()
    other = tmp_path / f"{make(engine, tmp_path, succeed=True).key_id}.pem"
    (strange / f"{key.key_id}.pem").write_bytes(other.read_bytes())
    assert not publication.has_private_half(strange, key)
    assert publication.has_private_half(tmp_path, key)


def test_the_database_refuses_to_change_a_key(engine: Engine, tmp_path: Path) -> None:
    make(engine, tmp_path)
    make(engine, tmp_path, succeed=True)
    for change in (
        "UPDATE publication_key SET key_id = 'ABCDEFGH' WHERE ended_at IS NULL",
        "UPDATE publication_key SET ended_at = NULL WHERE ended_at IS NOT NULL",
        "DELETE FROM publication_key",
    ):
        with pytest.raises(DBAPIError), unit_of_work(engine) as connection:
            connection.execute(text(change))


def test_the_file_of_keys_is_read_by_others(engine: Engine, tmp_path: Path) -> None:
    key = make(engine, tmp_path)
    with reading(engine) as connection:
        (listed,) = json.loads(key_file(published_keys(connection)))["keys"]
    assert (listed["id"], listed["until"]) == (key.key_id, None)
    read = load_pem_public_key(listed["pem"].encode())
    assert read.public_bytes_raw().hex() == key.public_key  # type: ignore[union-attr]  # one kind of key has this


def test_the_commands_make_list_and_publish(database_url: str, tmp_path: Path) -> None:
    def run(*words: str) -> Result:
        environ = {"DATABASE_URL": database_url, "INSTANCE_PATH": str(tmp_path)}
        return CliRunner().invoke(commands.keys.GROUP, words, env=environ)

    first = run("create").output.splitlines()[0]
    assert (tmp_path / "keys" / f"{first}.pem").exists()
    again = run("create")
    assert (again.exit_code, "keys create --succeed" in again.output) == (1, True)
    second = run("create", "--succeed").output.splitlines()[0]
    (tmp_path / "keys" / f"{second}.pem").unlink()
    (tmp_path / "keys" / f"{first}.pem").unlink()
    lines = {line.split()[0]: line for line in run("list").output.splitlines()}
    assert ("not needed" in lines[first], "MISSING" in lines[second]) == (True, True)
    run("publish", "--to", str(tmp_path / "keys.json"))
    assert {one["id"] for one in json.loads((tmp_path / "keys.json").read_text())["keys"]} == {first, second}
