"""From nothing to a first signed-in administrator of a real province, and wrong settings said in a sentence."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, func, select

import commands.territory
import commands.users
from app import create_app
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.documents import Installation
from models.places import AdminUnit, Recognition
from settings import ROOT, load
from tests import world
from tests.client import Browser

PASSWORD = "mot-mat-khau-dai"
REAL = {"PRACTICE": "0", "SECRET_KEY": "only for tests", "SECURE_COOKIES": "0"}


def run(database_url: str, folder: Path, command: click.Command, *words: str, **more: str) -> Result:
    environment = {"DATABASE_URL": database_url, "INSTANCE_PATH": str(folder), **REAL, **more}
    return CliRunner().invoke(command, words, env=environment)


def units(engine: Engine) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(AdminUnit))).scalar_one())


def test_a_real_province_is_founded_once_and_is_never_practice(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    founded = run(database_url, tmp_path, commands.territory.GROUP, "found")
    assert founded.exit_code == 0, founded.output
    assert "script/flask users grant LOGIN administrator 04" in founded.output
    before = units(engine)
    assert before > 200
    with reading(engine) as connection:
        installed = connection.execute(select(table_of(Installation))).one()
        assert len(connection.execute(select(table_of(Recognition).c.id)).all()) == 10
    assert (installed.practice, installed.practice_starts_at) == (False, None)
    again = run(database_url, tmp_path, commands.territory.GROUP, "found")
    assert (again.exit_code, "founding.not_empty" in again.output) == (1, True)
    assert units(engine) == before


def test_where_anything_is_there_already_nothing_is_entered(engine: Engine, database_url: str, tmp_path: Path) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
    before = units(engine)
    refused = run(database_url, tmp_path, commands.territory.GROUP, "found")
    assert (refused.exit_code, "founding.not_empty" in refused.output) == (1, True)
    assert units(engine) == before


def test_in_practice_mode_no_real_province_is_founded(engine: Engine, database_url: str, tmp_path: Path) -> None:
    refused = run(database_url, tmp_path, commands.territory.GROUP, "found", PRACTICE="1")
    assert (refused.exit_code, "PRACTICE=0" in refused.output) == (1, True)
    assert units(engine) == 0


def test_the_first_administrator_signs_in(database_url: str, tmp_path: Path) -> None:
    assert run(database_url, tmp_path, commands.territory.GROUP, "found").exit_code == 0
    added = run(database_url, tmp_path, commands.users.GROUP, "add", "quan.tri", "Lã Tuấn")
    assert added.exit_code == 0, added.output
    granted = run(database_url, tmp_path, commands.users.GROUP, "grant", "quan.tri", "administrator", "04")
    assert granted.exit_code == 0, granted.output
    app = create_app(load({"DATABASE_URL": database_url, "INSTANCE_PATH": str(tmp_path), **REAL}))
    browser = Browser(app)
    assert "Thực hành" not in browser.get("/").text
    link = urlsplit(added.output.strip().splitlines()[-1]).path
    chosen: dict[str, Any] = {"new_password": PASSWORD, "repeated_password": PASSWORD}
    assert "Đã đặt mật khẩu" in browser.send(browser.get(link), link, **chosen).text
    browser.get(link, 404)
    page = browser.get("/sign-in")
    assert "Tài khoản thực hành" not in page.text
    assert "Quản trị" in browser.send(page, "/sign-in", login="quan.tri", password=PASSWORD).text
    assert "Xã" in browser.get("/admin/units?q=hoa+an").text
    app.extensions["engine"].dispose()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"PORT": "abc"}, "PORT must be a number"),
        ({"PRACTICE": "0"}, "openssl rand -hex 32"),
        ({"INSTANCE_PATH": "/proc/nothing"}, "set INSTANCE_PATH to a folder that can be"),
    ],
)
def test_a_wrong_setting_under_any_command_is_a_sentence(tmp_path: Path, wrong: dict[str, str], said: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "commands", "procedures", "list"],
        cwd=ROOT,
        env=os.environ | {"INSTANCE_PATH": str(tmp_path)} | wrong,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
