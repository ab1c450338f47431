"""The sentences that the code says of itself (one commit, one door, a pure engine, one clock), held against the code.

Each rule is a function from a module to the lines that it finds; beside it stand examples that it must find.
"""

import ast
import re
import sys
from collections.abc import Iterator

import pytest

from tests.contract.sources import Module, calls, dotted, module, modules, modules_of, modules_outside, nodes, strings

# --- one line says commit ---

HAND_WRITTEN = "tests/bench/"  # the plain SQL that the house is measured against makes its own commits
OWN_TRANSACTION = {
    "migrations/__init__.py": "a schema is migrated in one transaction of its own, before the house opens",
}


def commits(code: Module) -> Iterator[int]:
    """The lines that commit."""
    yield from (call.lineno for call in calls(code.tree) if dotted(call.func).endswith(".commit"))
    yield from (line for line, text in strings(code.tree) if re.fullmatch(r"(?i)\s*commit\s*;?\s*", text))


def hidden_commits(code: Module) -> Iterator[int]:
    """The lines that commit without saying so: `engine.begin()` and connections that commit by themselves."""
    for call in calls(code.tree):
        if dotted(call.func).endswith(".begin") and not call.args and not call.keywords:
            yield call.lineno
        yield from (call.lineno for given in call.keywords if given.arg == "autocommit")
    yield from (line for line, text in strings(code.tree) if text == "AUTOCOMMIT")


def test_one_line_of_the_project_commits() -> None:
    found = [code.path for code in modules() if not code.path.startswith(HAND_WRITTEN) for _ in commits(code)]
    assert found == ["casework/unit_of_work.py"]


def test_nothing_commits_without_saying_so() -> None:
    assert {code.path for code in modules_outside("tests") for _ in hidden_commits(code)} == set(OWN_TRANSACTION)


@pytest.mark.parametrize("line", ["connection.commit()", "session().commit()", "connection.execute('COMMIT')"])
def test_a_second_commit_would_be_seen(line: str) -> None:
    assert list(commits(module(line))) == [1]


@pytest.mark.parametrize(
    "line", ["with engine.begin() as c: pass", "connect(url, autocommit=True)", "c.options(level='AUTOCOMMIT')"]
)
def test_a_hidden_commit_would_be_seen(line: str) -> None:
    assert list(hidden_commits(module(line))) == [1]


# --- every connection begins its transaction ---


def connections(code: Module) -> Iterator[int]:
    """The lines that open a connection of an engine."""
    yield from (call.lineno for call in calls(code.tree) if re.search(r"(?i)engine\.connect$", dotted(call.func)))


def test_connections_are_opened_where_their_transaction_begins() -> None:
    found = [code.path for code in modules_outside("tests") for _ in connections(code)]
    assert found == ["models/database.py"]


@pytest.mark.parametrize("line", ["with engine.connect() as c: pass", "self.engine.connect()"])
def test_a_connection_without_a_beginning_would_be_seen(line: str) -> None:
    assert list(connections(module(line))) == [1]


# --- one door ---

WRITERS = {"insert", "update", "insert_postgresql", "insert_sqlite", "upsert", "insert_once", "bulk_insert"}
SQL_ON_DOSSIER = re.compile(r"(?i)\b(update|(insert|replace)\s+(or\s+\w+\s+)?into)\s+\"?dossier\"?(\s|\(|$)")


def state_writes(code: Module) -> Iterator[int]:
    """The lines that write to the dossier's table, in a module that names the column `state` for a statement."""
    yield from (line for line, text in strings(code.tree) if SQL_ON_DOSSIER.search(text))
    yield from (line for node in nodes(code.tree) for line in _sets_attribute(node))
    if any(_names_state(node) for node in nodes(code.tree)):
        tables = _dossier_tables(code.tree)
        yield from (call.lineno for call in calls(code.tree) if _writes(call, tables))


def _dossier_tables(tree: ast.Module) -> set[str]:
    """The names under which a module speaks of the dossier's table."""
    names = {"Dossier", "Dossier.__table__"}
    for node in nodes(tree):
        if isinstance(node, ast.Assign):
            targets, values = node.targets, [node.value]
            if isinstance(targets[0], ast.Tuple) and isinstance(node.value, ast.Tuple):
                targets, values = targets[0].elts, node.value.elts
            names |= {dotted(target) for target, value in zip(targets, values, strict=False) if _is_dossier(value)}
    return names


def _is_dossier(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and any(dotted(given) == "Dossier" for given in value.args)


def _writes(call: ast.Call, tables: set[str]) -> bool:
    if dotted(call.func) in WRITERS:
        return any(dotted(given) in tables or _is_dossier(given) for given in call.args)
    on, _, method = dotted(call.func).rpartition(".")
    return on in tables and method in {"insert", "update"}


def _names_state(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value == "state"
    if isinstance(node, ast.Attribute):
        return node.attr == "state" and dotted(node.value).endswith(".c")
    return (
        isinstance(node, ast.Call)
        and dotted(node.func).split(".")[-1] in {"values", "dict"}
        and any(given.arg == "state" for given in node.keywords)
    )


def _sets_attribute(node: ast.AST) -> Iterator[int]:
    if isinstance(node, ast.Assign):
        yield from (one.lineno for one in node.targets if isinstance(one, ast.Attribute) and one.attr == "state")
    elif isinstance(node, ast.Call) and dotted(node.func) == "setattr":
        yield from (one.lineno for one in node.args if isinstance(one, ast.Constant) and one.value == "state")


def test_only_the_door_and_the_opening_write_a_state() -> None:
    found = {code.path for code in modules_outside("tests", "migrations") for _ in state_writes(code)}
    assert found == {"casework/door.py", "casework/opening.py"}


@pytest.mark.parametrize(
    "text",
    [
        "D = table_of(Dossier)\nupdate(D).values({'state': 'recognised'})",
        "D, E = table_of(Dossier), table_of(Event)\nupdate(D).values(state='recognised')",
        "D = table_of(Dossier)\nupdate(D).values({D.c.state: 'recognised'})",
        "D = table_of(Dossier)\nrow['state'] = 'recognised'\nconnection.execute(insert(D), row)",
        "D = table_of(Dossier)\nD.update().values(dict(state='recognised'))",
        "update(Dossier).values(state='recognised')",
        "dossier.state = 'recognised'",
        "setattr(dossier, 'state', 'recognised')",
        "text('UPDATE dossier SET state = 1')",
        "text('insert into dossier (id) values (1)')",
    ],
)
def test_a_second_door_would_be_seen(text: str) -> None:
    assert list(state_writes(module(text)))


@pytest.mark.parametrize(
    "text",
    [
        "D = table_of(Dossier)\nupdate(D).values(version=2)",
        "D, U = table_of(Dossier), table_of(Unit)\nselect(D.c.state)\nupdate(U).values(name='')",
        "text('SELECT state FROM dossier')",
        "text('UPDATE dossier_part SET replaced_at = 1')",
    ],
)
def test_reading_a_state_or_writing_something_else_is_no_door(text: str) -> None:
    assert not list(state_writes(module(text)))


# --- a pure engine ---

OUTSIDE = {
    *("asyncio", "ctypes", "http", "logging", "multiprocessing", "os", "random", "secrets", "shutil", "socket"),
    *("sqlite3", "subprocess", "tempfile", "threading", "time", "urllib"),
}
ENGINE_MAY_IMPORT = (sys.stdlib_module_names - OUTSIDE) | {"yaml", "transitions", "workflow"}
READ_FILES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "glob", "rglob", "iterdir"}
LOADERS = {
    "workflow/loader.py": "reads the procedure files",
    "workflow/move_loader.py": "reads the plans that move dossiers",
    "workflow/criteria_loader.py": "reads the criteria files",
    "workflow/source.py": "reads one YAML file with its line numbers",
}


def imports(code: Module) -> Iterator[str]:
    """The top packages that a module imports."""
    for node in nodes(code.tree):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "workflow").split(".")[0]


def file_reads(code: Module) -> Iterator[int]:
    """The lines that open a file."""
    yield from (call.lineno for call in calls(code.tree) if dotted(call.func).split(".")[-1] in READ_FILES)


def test_the_engine_imports_nothing_that_reaches_outside() -> None:
    found = {f"{code.path}: {name}" for code in modules_of("workflow") for name in imports(code)}
    assert not {line for line in found if line.split(": ")[1] not in ENGINE_MAY_IMPORT}


def test_only_the_loaders_of_the_engine_open_files() -> None:
    assert {code.path for code in modules_of("workflow") for _ in file_reads(code)} <= set(LOADERS)


def test_an_engine_that_reaches_outside_would_be_seen() -> None:
    assert set(imports(module("import os\nfrom sqlalchemy.orm import Session"))) - ENGINE_MAY_IMPORT == {
        "os",
        "sqlalchemy",
    }
    assert list(file_reads(module("open('a')\nPath('a').read_text()"))) == [1, 2]


# --- one clock ---

MOMENTS = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"),
    *("time.localtime", "time.gmtime", "func.now", "func.current_timestamp", "func.current_date"),
}
SQL_MOMENT = re.compile(r"(?i)\bcurrent_(timestamp|date|time)\b|\bnow\(\)|\('now'")
OTHER_CLOCKS: dict[str, str] = {}


def clock_reads(code: Module) -> Iterator[int]:
    """The lines that ask what time it is; a stop-watch such as `time.monotonic` does not."""
    for node in nodes(code.tree):
        if isinstance(node, ast.Attribute) and ".".join(dotted(node).split(".")[-2:]) in MOMENTS:
            yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for name in node.names if f"time.{name.name}" in MOMENTS)
    yield from (line for line, text in strings(code.tree) if SQL_MOMENT.search(text))


def test_one_place_knows_what_time_it_is() -> None:
    found = {code.path for code in modules_outside("tests") for _ in clock_reads(code)}
    assert found == {"casework/clock.py", *OTHER_CLOCKS}


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "from time import time",
        "field(default_factory=datetime.now)",
        "column(server_default=func.now())",
        "text('SELECT CURRENT_TIMESTAMP')",
    ],
)
def test_a_second_clock_would_be_seen(line: str) -> None:
    assert set(clock_reads(module(line))) == {1}


def test_a_stop_watch_is_no_clock() -> None:
    assert not list(clock_reads(module("time.monotonic()\ntime.perf_counter()\nclock.now(connection)")))


# --- no object graph ---


def orm_names(code: Module) -> set[str]:
    """What a module takes from SQLAlchemy's object mapper."""
    taken = [node for node in nodes(code.tree) if isinstance(node, ast.ImportFrom)]
    return {one.name for node in taken if (node.module or "").startswith("sqlalchemy.orm") for one in node.names}


def test_nobody_walks_an_object_graph() -> None:
    assert not {code.path for code in modules() if orm_names(code)}


def test_a_session_would_be_seen() -> None:
    assert orm_names(module("from sqlalchemy.orm import Session, selectinload")) == {"Session", "selectinload"}
