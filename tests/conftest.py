"""What every test can ask for: a fresh migrated database on SQLite and on PostgreSQL, and no network but this machine.

`database_url` runs a test once on each database, `engine` is an engine for it; `sqlite_url` and `postgresql_url` give
one of them, `empty_database_url` both before any migration. One PostgreSQL server serves all processes of a run, and
`copy_of` copies a practice province that was built once for all of them.
"""

import gc
import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Connection, Engine

from casework import passwords
from casework.unit_of_work import unit_of_work
from models.database import make_engine
from tests import database, provinces
from tests.lasting import Lasting

pytest_plugins = ["tests.joined", "tests.measuring"]

SERVER = pytest.StashKey[database.Server]()
REASON = pytest.StashKey[str]()
NUMBERS = count(1)
COMMON_FOLDER = "TEST_COMMON_FOLDER"
SEARCH_SELDOM = (200_000, 20, 100)
FROM_OUTSIDE = ("DATABASE_URL", "SCENARIO", "PORT", "HOST", "SECRET_KEY")


# The files that take longest, the longest first.
LONGEST = (
    "browser/test_road_of_three_tiers.py",
    "browser/test_road_of_two_tiers.py",
    "browser/test_pages.py",
    "integration/test_practice.py",
    "integration/pages/test_route_table.py",
    "browser/test_saving.py",
    "browser/test_turns.py",
    "browser/test_ways.py",
    "unit/documents/test_pdf.py",
    "unit/documents/test_layout_kinds.py",
    "integration/test_serve.py",
    "integration/test_backup.py",
    "integration/test_migrations.py",
    "integration/test_mail.py",
    "integration/test_crash.py",
    "unit/documents/test_word.py",
    "integration/pages/test_weight.py",
)


# --- the order of a run ---


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that no process is left alone with one at the end; the others stay mixed."""
    places = {f"tests/{name}": place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def pytest_collection_finish() -> None:
    """Leave what was collected out of the search for garbage, and search seldom: tests are short."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SEARCH_SELDOM)


# --- one PostgreSQL server for all processes of a run ---


def pytest_configure(config: pytest.Config) -> None:
    """Keep the caller's own settings out of the tests; with several processes, start the server that they share."""
    for name in FROM_OUTSIDE:
        os.environ.pop(name, None)
    if database.fits_in_memory():
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(database.MEMORY)
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        try:
            config.stash[SERVER] = database.start_server()
        except database.NoServer as reason:
            config.stash[REASON] = str(reason)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of the run where the server is, or why there is none."""
    server = node.config.stash.get(SERVER, None)
    node.workerinput["postgresql"] = server.url("postgres") if server else None
    node.workerinput["no_postgresql"] = node.config.stash.get(REASON, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server where it was started."""
    server = config.stash.get(SERVER, None)
    if server:
        server.stop()


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> str:
    """Return the address of the run's PostgreSQL server; a run without one fails here."""
    workerinput = getattr(request.config, "workerinput", None)
    if workerinput is None:
        server = request.config.stash[SERVER] = database.start_server()
        return server.url("postgres")
    if workerinput["no_postgresql"]:
        pytest.fail(workerinput["no_postgresql"])
    return str(workerinput["postgresql"])


# --- fresh databases ---


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite file to copy from."""
    return database.make_sqlite_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, worker: str) -> str:
    """Return the name of a migrated, empty PostgreSQL database to copy from."""
    return database.make_postgresql_template(postgresql_server, f"template_{worker}")


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """Return the name of this process among those of the run."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture
def make_postgresql(postgresql_server: str, worker: str) -> Iterator[Callable[[str], str]]:
    """Return a function that makes a database from a template; the databases go with the test."""
    names: list[str] = []

    def make(template: str) -> str:
        names.append(f"test_{worker}_{next(NUMBERS)}")
        return database.create_database(postgresql_server, names[-1], template)

    yield make
    for name in names:
        database.drop_database(postgresql_server, name)


@pytest.fixture(scope="session")
def sqlite_place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the SQLite file of the test that runs now lies."""
    return tmp_path_factory.mktemp("place") / "database.sqlite"


@pytest.fixture
def sqlite_url(sqlite_template: Path, sqlite_place: Path) -> str:
    """Return the address of a fresh, migrated SQLite database; it is the same in every test of a process."""
    return database.put(sqlite_template, sqlite_place)


@pytest.fixture(scope="session")
def lasting(
    postgresql_server: str, postgresql_template: str, worker: str, engine_at: Callable[[str], Engine]
) -> Iterator[Lasting]:
    """Return the PostgreSQL database that serves all tests of this process."""
    made = Lasting(postgresql_server, f"fresh_{worker}", postgresql_template)
    made.keep_warm(engine_at(made.url))
    yield made
    made.close()


@pytest.fixture
def postgresql_url(lasting: Lasting) -> str:
    """Return the address of a fresh, migrated PostgreSQL database; it is the same in every test of a process."""
    return lasting.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a fresh, migrated database; the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database without any table; the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite'}"
    make: Callable[[str], str] = request.getfixturevalue("make_postgresql")
    return make("template0")


@pytest.fixture(scope="session")
def engine_at() -> Callable[[str], Engine]:
    """Return a function that gives the engine for an address, the same each time: what it compiled is compiled once."""
    return cache(make_engine)


@pytest.fixture
def engine(database_url: str, engine_at: Callable[[str], Engine]) -> Iterator[Engine]:
    """Return an engine for `database_url`, made as the application makes its own; who listens goes with the test."""
    made = engine_at(database_url).execution_options()
    yield made
    database.let_go(made)


@pytest.fixture(scope="session")
def fill_once(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Engine, Callable[[Connection], None]], None]:
    """Return a function that fills an empty database; what took long the first time is a copy from then on."""
    kept: dict[tuple[str, str], Callable[[], None]] = {}

    def fill(engine: Engine, enter: Callable[[Connection], None]) -> None:
        name = (engine.dialect.name, f"{enter.__module__}.{enter.__qualname__}")
        if name in kept:
            kept[name]()
            return
        with unit_of_work(engine) as connection:
            enter(connection)
        if engine.dialect.name == "sqlite":
            kept[name] = database.keep(engine, tmp_path_factory.mktemp("copy") / str(len(kept)))
        else:
            kept[name] = request.getfixturevalue("lasting").keep()

    return fill


# --- practice provinces ---


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker: str) -> Path:
    """The folder that the processes of a run have in common; runs side by side are given one for all of them."""
    base = tmp_path_factory.getbasetemp()
    common = base if worker == "main" else base.parent
    folder = Path(os.environ.get(COMMON_FOLDER, common)) / "provinces"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def copy_of(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that copies the province of a scenario into a fresh folder."""

    def copy(scenario: str) -> Path:
        folder = tmp_path_factory.mktemp(scenario) / "instance"
        return Path(shutil.copytree(provinces.province(shared_folder, scenario), folder))

    return copy


# --- passwords ---


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with the same function at a small part of its cost, also where a test signs in again and again."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "PasswordHasher", partial(PasswordHasher, time_cost=1, memory_cost=64, parallelism=1))
        yield


# --- no network beyond this machine ---


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, refuse_far(getattr(socket.socket, name)))
        patch.setattr(socket, "getaddrinfo", resolve_here(socket.getaddrinfo))
        yield


def refuse_far(connect: Callable[..., Any]) -> Callable[..., Any]:
    """Return `connect` as a function that raises when the address is not on this machine."""

    def connect_here(this: socket.socket, address: Any) -> Any:
        if this.family in {socket.AF_INET, socket.AF_INET6}:
            require_here(address[0])
        return connect(this, address)

    return connect_here


def resolve_here(resolve: Callable[..., Any]) -> Callable[..., Any]:
    """Return `resolve` as a function that asks no name server."""

    def resolve_name_here(host: Any, *args: Any, **options: Any) -> Any:
        require_here(host)
        return resolve(host, *args, **options)

    return resolve_name_here


def require_here(host: str | None) -> None:
    """Raise when this host is not this machine."""
    if host in {None, "localhost"}:
        return
    try:
        here = ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        here = False
    if not here:
        raise PermissionError(f"a test reached for {host}, beyond this machine")
