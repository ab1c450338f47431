"""The way of a database up, down and up again, empty and filled, and that it ends where the tables are declared."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Engine, inspect, text

import migrations
from casework.unit_of_work import unit_of_work
from commands import database as database_commands
from migrations import alone
from models.database import make_engine
from models.tables import METADATA
from tests.integration.rows import fill, insert, sample, snapshot, write

PROCESSES = 3

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    made = make_engine(empty_database_url)
    yield made
    made.dispose()


def tables_of(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def describe(engine: Engine) -> dict[str, Any]:
    """Return everything that the database itself says of its tables; constraints by name, since order means nothing."""
    inspector = inspect(engine)
    keys = inspector.get_multi_pk_constraint()
    columns = inspector.get_multi_columns()
    lists = (
        inspector.get_multi_foreign_keys(),
        inspector.get_multi_unique_constraints(),
        inspector.get_multi_check_constraints(),
        inspector.get_multi_indexes(),
    )
    return {
        str(name): {
            "columns": [
                (one["name"], str(one["type"]), one["nullable"], one["default"]) for one in columns[None, name]
            ],
            "key": keys[None, name],
            "constraints": [sorted(spelled(one) for one in some[None, name]) for some in lists],
        }
        for name in sorted(tables_of(engine))
    }


def spelled(value: Any) -> str:
    """Return a value as text that is the same for equal values, whatever the objects inside."""
    if isinstance(value, dict):
        return str(sorted((key, spelled(one)) for key, one in value.items()))
    return str(value)


# --- up and down ---


def test_an_empty_database_goes_up_and_down_by_every_single_step_and_up_at_once(
    empty_database_url: str, empty_engine: Engine
) -> None:
    scripts = ScriptDirectory(str(migrations.FOLDER))
    revisions = [script.revision for script in reversed(list(scripts.walk_revisions()))]
    assert migrations.state(empty_database_url) == "empty"
    for revision in revisions:
        migrations.upgrade(empty_database_url, revision)
        expected = "current" if revision == revisions[-1] else "behind"
        assert migrations.state(empty_database_url) == expected
        assert tables_of(empty_engine) <= {*METADATA.tables, *migrations.FORMER}
    assert tables_of(empty_engine) == set(METADATA.tables)
    for revision in [*reversed(revisions[:-1]), "base"]:
        migrations.downgrade(empty_database_url, revision)
    assert tables_of(empty_engine) == set()
    assert migrations.state(empty_database_url) == "empty"
    migrations.upgrade(empty_database_url)
    assert tables_of(empty_engine) == set(METADATA.tables)
    assert migrations.state(empty_database_url) == "current"


def test_down_and_up_with_rows_in_every_table(database_url: str, engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        fill(connection)
    migrations.downgrade(database_url, "base")
    assert tables_of(engine) == set()
    migrations.upgrade(database_url)
    with unit_of_work(engine) as connection:
        assert not any(snapshot(connection).values())
        fill(connection)


def test_upgrading_again_keeps_every_row(database_url: str, engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        fill(connection)
        before = snapshot(connection)
    migrations.upgrade(database_url)
    with engine.connect() as connection:
        assert snapshot(connection) == before


def test_a_migration_that_fails_leaves_the_database_as_it_was(empty_database_url: str, empty_engine: Engine) -> None:
    with unit_of_work(empty_engine) as connection:
        connection.execute(text("CREATE TABLE paper (id INTEGER)"))
    with pytest.raises(Exception, match="already exists"):
        migrations.upgrade(empty_database_url)
    assert tables_of(empty_engine) == {"paper"}
    assert migrations.state(empty_database_url) == "empty"


def test_a_check_that_does_not_say_what_its_revisions_made_is_not_changed_unseen(sqlite_url: str) -> None:
    migrations.downgrade(sqlite_url, "023")
    made = make_engine(sqlite_url)
    changed = "UPDATE sqlite_schema SET sql = replace(sql, '''refusal_proposed'')', '''refusal_proposed'', ''mine'')')"
    with unit_of_work(made) as connection:
        for statement in ("PRAGMA writable_schema = ON", changed, "PRAGMA writable_schema = RESET"):
            connection.execute(text(statement))
    made.dispose()
    with pytest.raises(ValueError, match="the table dossier_event is not as its revisions made it"):
        migrations.upgrade(sqlite_url)
    with made.connect() as connection:
        assert migrations.revision_of(connection) == "023"
    made.dispose()


def test_a_numbered_paper_and_its_series_go_back_and_forth(database_url: str, engine: Engine) -> None:
    kept = text("SELECT id, event_id, number, symbol, signed_on, context, sha256 FROM paper")
    series = text("SELECT unit_id, symbol, year, paper_last, last, by_hand FROM number_series")
    with unit_of_work(engine) as connection:
        fill(connection)
        insert(connection, "paper", id=2, edition=2, number=None, year=None, signed_on=None, code=None)
        before = connection.execute(kept.bindparams()).first(), connection.execute(series).all()
    migrations.downgrade(database_url, "003")
    migrations.upgrade(database_url)
    with unit_of_work(engine) as connection:
        assert (connection.execute(kept).first(), connection.execute(series).all()) == before
        assert connection.execute(text("SELECT count(*) FROM paper")).scalar() == 1
        insert(connection, "dossier_event", id=2, seq=2, previous_hash="x", request_key="y")
        row = sample(METADATA.tables["paper"]) | {"event_id": 2, "number": 2, "code": "y"}
        write(connection, "paper", {name: value for name, value in row.items() if name != "id"})
        assert connection.execute(text("SELECT max(id) FROM paper")).scalar() == 2


def test_each_paper_keeps_its_dossier_back_and_forth(database_url: str, engine: Engine) -> None:
    """A paper of several dossiers has no place in the older schema, so that it is not taken back."""
    lines = text("SELECT paper_id, dossier_id, event_id FROM paper_dossier ORDER BY paper_id, dossier_id")
    with unit_of_work(engine) as connection:
        fill(connection)
    migrations.downgrade(database_url, "016")
    with unit_of_work(engine) as connection:
        assert connection.execute(text("SELECT id, event_id, dossier_id FROM paper")).all() == [(1, 1, 1)]
    migrations.upgrade(database_url)
    with unit_of_work(engine) as connection:
        assert connection.execute(lines).all() == [(1, 1, 1)]
        insert(connection, "dossier", id=2, code="y", level="model")
        insert(connection, "paper_dossier", dossier_id=2)
    with pytest.raises(ValueError, match="several dossiers"):
        migrations.downgrade(database_url, "016")
    with unit_of_work(engine) as connection:
        assert connection.execute(lines).all() == [(1, 1, 1), (1, 2, 1)]


# --- it ends where the tables are declared ---


def test_the_migrations_make_what_the_tables_declare(engine: Engine) -> None:
    migrated = describe(engine)
    with unit_of_work(engine) as connection:
        migrations.clear_within(connection)
        METADATA.create_all(connection)
    assert migrated == describe(engine)


def test_alembic_finds_no_difference(database_url: str) -> None:
    assert migrations.differences(database_url) == []


def test_alembic_finds_a_difference_where_there_is_one(database_url: str, engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(text("ALTER TABLE unit ADD COLUMN surplus INTEGER"))
        connection.execute(text("DROP INDEX ix_notice_event_id"))
    assert {change[0] for change in migrations.differences(database_url)} == {"remove_column", "add_index"}


def test_the_head_file_is_true() -> None:
    heads = ScriptDirectory(str(migrations.FOLDER)).get_heads()
    assert [migrations.head()] == heads


# --- how far it is ---


def test_a_database_of_an_unknown_revision_is_newer(database_url: str, engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '999'"))
    assert migrations.state(database_url) == "newer"


def test_asking_for_the_state_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "none" / "database.sqlite"
    assert migrations.state(f"sqlite:///{path}") == "empty"
    assert not path.parent.exists()


def test_upgrading_makes_the_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'deeper' / 'database.sqlite'}"
    migrations.upgrade(url, "001")
    assert migrations.state(url) == "behind"


def test_several_processes_upgrading_at_once(empty_database_url: str) -> None:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as processes:
        started = [processes.submit(migrations.upgrade, empty_database_url) for _ in range(PROCESSES)]
        assert [one.result() for one in started] == [None] * PROCESSES
    assert migrations.state(empty_database_url) == "current"
    assert migrations.differences(empty_database_url) == []


def test_a_table_held_by_somebody_else_is_not_waited_for_long(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alone.PATIENCE == "4s"
    monkeypatch.setattr(alone, "PATIENCE", "200ms")
    engine = make_engine(postgresql_url)
    with engine.begin() as held:
        held.execute(text("SELECT * FROM notice"))
        with pytest.raises(Exception, match="lock timeout"):
            migrations.downgrade(postgresql_url, "base")
    assert migrations.state(postgresql_url) == "current"
    engine.dispose()


# --- the commands ---


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A function that runs `flask database` on a database and returns the code and everything printed."""
    monkeypatch.setenv("INSTANCE_PATH", str(tmp_path))

    def run_command(url: str, *words: str) -> tuple[int, str]:
        monkeypatch.setenv("DATABASE_URL", url)
        result = CliRunner().invoke(database_commands.GROUP, list(words))
        return result.exit_code, result.output.strip()

    return run_command


def test_the_commands_bring_a_database_up_and_back(run: Run, database_url: str) -> None:
    assert run(database_url, "check")[0] == 0
    assert run(database_url, "downgrade", "022", "--yes") == (0, "behind")
    assert run(database_url, "state") == (0, "behind")
    assert run(database_url, "check")[0] == 1
    assert run(database_url, "upgrade") == (0, "current")
    assert run(database_url, "downgrade", "base", "--yes") == (0, "empty")
    assert run(database_url, "check")[0] == 1
    assert run(database_url, "upgrade", "001") == (0, "behind")


def test_the_commands_refuse_with_a_sentence(run: Run, database_url: str, engine: Engine) -> None:
    assert run(database_url, "downgrade", "base")[0] == 1
    assert migrations.state(database_url) == "current"
    code, said = run(database_url, "upgrade", "900")
    assert (code, "There is no revision 900" in said) == (1, True)
    with unit_of_work(engine) as connection:
        connection.execute(text("ALTER TABLE unit ADD COLUMN surplus INTEGER"))
    code, said = run(database_url, "check")
    assert (code, "surplus" in said) == (1, True)
    with unit_of_work(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '999'"))
    for words in (["upgrade"], ["downgrade", "base", "--yes"], ["check"]):
        code, said = run(database_url, *words)
        assert (code, "newer than this software" in said) == (1, True)


def test_a_database_that_does_not_answer(run: Run) -> None:
    code, said = run("postgresql://127.0.0.1:1/none", "state")
    assert (code, "The database cannot be used" in said) == (1, True)
