"""The application on a small world whose clock stands at 10/03/2025, and browsers of its people."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text, update

from app import create_app
from casework import publication
from casework.admin_record import COMMAND
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.documents import Installation
from settings import Settings
from tests import world
from tests.client import Browser
from workflow.names import Role


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    files = tmp_path / "files"
    settings = Settings(
        instance_path=tmp_path,
        database_url=database_url,
        files_path=files,
        mail_path=tmp_path / "mail",
        practice=True,
        scenario="three-tier",
        secret_key="only for tests",
        host="127.0.0.1",
        port=8000,
        secure_cookies=False,
    )
    made = create_app(settings)
    with unit_of_work(made.extensions["engine"]) as connection:
        world.found(connection)
        moments = {"practice_starts_at": world.NOW, "built_at": datetime.now(UTC)}
        connection.execute(update(table_of(Installation)).values(moments))
        publication.create(connection, settings.keys_path, COMMAND, world.NOW)
        if connection.dialect.name == "postgresql":  # the planted rows named their ids themselves
            connection.execute(text("SELECT setval(pg_get_serial_sequence('council_session', 'id'), 100)"))
    yield made
    made.extensions["engine"].dispose()


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
        browser.sign_in(f"p{world.PERSON[role]}")
        return browser

    return enter_as
