"""The application on a small world whose clock stands at 10/03/2025, and browsers of its people.

Making an application costs more than most pages, so each process makes one for each kind of database and puts a fresh
copy of the world under it for every test, and what a test changed of the application is put back.
"""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, update

from app import create_app
from casework import publication
from casework.admin_record import COMMAND
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.database import make_engine
from models.documents import Installation
from settings import Settings
from tests import database, world
from tests.client import Browser
from tests.lasting import Lasting
from workflow.names import Role

House = Callable[[str], Flask]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Return a function that makes the application over a database, once for each."""

    @cache
    def make(database_url: str) -> Flask:
        folder = tmp_path_factory.mktemp("house")
        settings = Settings(
            instance_path=folder,
            database_url=database_url,
            files_path=folder / "files",
            mail_path=folder / "mail",
            practice=True,
            scenario="three-tier",
            secret_key="only for tests",
            host="127.0.0.1",
            port=8000,
            secure_cookies=False,
        )
        return create_app(settings)

    return make


# --- a world of its own for every test, always under the same address ---


@pytest.fixture(scope="session")
def world_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the publication keys of the worlds, to copy from."""
    return tmp_path_factory.mktemp("keys")


def found(database_url: str, keys: Path) -> None:
    """Found the world in a migrated, empty database, with a publication key."""
    made = make_engine(database_url)
    with unit_of_work(made) as connection:
        world.found(connection)
        publication.create(connection, keys, COMMAND, world.NOW)
    made.dispose()


@pytest.fixture(scope="session")
def sqlite_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, world_keys: Path) -> Path:
    """Return a SQLite file with the world in it, to copy from."""
    path = tmp_path_factory.mktemp("world") / "world.sqlite"
    shutil.copyfile(sqlite_template, path)
    found(f"sqlite:///{path}", world_keys)
    return path


@pytest.fixture
def sqlite_world_url(sqlite_world: Path, sqlite_place: Path) -> str:
    """Return the address of a fresh world on SQLite."""
    return database.put(sqlite_world, sqlite_place.with_name("world.sqlite"))


@pytest.fixture(scope="session")
def postgresql_world(postgresql_server: str, postgresql_template: str, worker: str, world_keys: Path) -> str:
    """Return the name of a PostgreSQL database with the world in it, to copy from."""
    name = f"world_{worker}"
    found(database.create_database(postgresql_server, name, postgresql_template), world_keys)
    return name


@pytest.fixture(scope="session")
def lasting_world(postgresql_server: str, postgresql_world: str, worker: str, house: House) -> Iterator[Lasting]:
    """Return the PostgreSQL database that all pages of this process are tested on."""
    made = Lasting(postgresql_server, f"pages_{worker}", postgresql_world)
    made.keep_warm(house(made.url).extensions["engine"])
    yield made
    made.close()


@pytest.fixture
def postgresql_world_url(lasting_world: Lasting) -> str:
    """Return the address of a fresh world on PostgreSQL."""
    return lasting_world.fresh()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a fresh world; the test runs once on each kind of database."""
    return str(request.getfixturevalue(f"{request.param}_world_url"))


@pytest.fixture
def app(database_url: str, house: House, world_keys: Path) -> Iterator[Flask]:
    made = house(database_url)
    config, extensions = dict(made.config), dict(made.extensions)
    with unit_of_work(made.extensions["engine"]) as connection:
        moments = {"practice_starts_at": world.NOW, "built_at": datetime.now(UTC)}
        connection.execute(update(table_of(Installation)).values(moments))
    shutil.copytree(world_keys, made.extensions["settings"].keys_path)
    yield made
    for kept, before in ((made.config, config), (made.extensions, extensions)):
        kept.clear()
        kept.update(before)
    database.let_go(made.extensions["engine"])
    shutil.rmtree(made.extensions["settings"].instance_path)
    made.extensions["settings"].files_path.mkdir(parents=True)


@pytest.fixture
def engine(app: Flask) -> Engine:
    found: Engine = app.extensions["engine"]
    return found


@pytest.fixture
def plant(engine: Engine) -> Callable[[str], int]:
    def plant_one(state: str) -> int:
        with unit_of_work(engine) as connection:
            return world.plant(connection, world.FIRST_COMMUNE, state, 1).id

    return plant_one


@pytest.fixture
def enter(app: Flask) -> Callable[[Role], Browser]:
    def enter_as(role: Role) -> Browser:
        browser = Browser(app)
        browser.enter(f"p{world.PERSON[role]}")
        return browser

    return enter_as
