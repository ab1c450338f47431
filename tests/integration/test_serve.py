"""Starting the house: what is refused is a sentence that says what to do, and nothing is left running afterwards."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

import migrations
import settings
from casework.unit_of_work import unit_of_work
from commands import serve
from practice.accounts import ACCOUNTS, PASSWORD
from tests.database import free_port

SECONDS = 30

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(tmp_path: Path, sqlite_url: str) -> Iterator[Start]:
    """Start the house in a folder of its own, over a database that is migrated already."""
    started: list[subprocess.Popen[str]] = []

    def start_house(**environment: str) -> subprocess.Popen[str]:
        own = {"INSTANCE_PATH": str(tmp_path / "instance"), "DATABASE_URL": sqlite_url, "PORT": str(free_port())}
        house = subprocess.Popen(
            [sys.executable, "-m", "commands.serve"],
            cwd=settings.ROOT,
            env=os.environ | own | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(house)
        return house

    yield start_house
    for house in started:
        house.kill()
        house.communicate()


def read_until_ready(house: subprocess.Popen[str]) -> str:
    """Return what was printed up to the line with the address."""
    assert house.stdout is not None
    printed = ""
    while "http://" not in printed:
        line = house.stdout.readline()
        assert line, house.communicate()
        printed += line
    return printed


def family_of(pid: int) -> set[int]:
    """Return the process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {pid}.union(*(family_of(int(child)) for child in children))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def assert_all_gone(pids: set[int]) -> None:
    deadline = time.monotonic() + SECONDS
    while alive := {pid for pid in pids if is_alive(pid)}:
        assert time.monotonic() < deadline, f"left running: {alive}"
        time.sleep(0.05)


def children_of(house: subprocess.Popen[str], word: str) -> list[int]:
    """Return the house's own children whose command line holds this word."""
    return [
        int(pid)
        for pid in Path(f"/proc/{house.pid}/task/{house.pid}/children").read_text().split()
        if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    ]


@contextmanager
def ignored(ending: signal.Signals) -> Iterator[None]:
    """Ignore a signal, and so do the processes that are started meanwhile, as in a job that runs in the background."""
    before = signal.signal(ending, signal.SIG_IGN)
    yield
    signal.signal(ending, before)


@pytest.mark.parametrize("ending", serve.ENDINGS)
def test_the_house_names_its_accounts_answers_and_ends_without_an_orphan(start: Start, ending: signal.Signals) -> None:
    port = free_port()
    with ignored(ending):
        house = start(PORT=str(port))
    printed = read_until_ready(house)
    assert f"http://127.0.0.1:{port}" in printed
    assert PASSWORD in printed
    assert {account.login for account in ACCOUNTS} <= set(printed.split())
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    web.request("GET", "/")
    assert web.getresponse().status < 400
    web.close()
    family = family_of(house.pid)
    assert len(family) == 5  # itself, the web server with two processes, the worker
    house.send_signal(ending)
    house.communicate(timeout=SECONDS)
    assert house.returncode == 0
    assert_all_gone(family)


def test_nothing_outlives_a_house_that_was_killed(start: Start) -> None:
    house = start()
    read_until_ready(house)
    family = family_of(house.pid)
    house.kill()
    assert_all_gone(family)


@pytest.mark.parametrize(("word", "name"), [("gunicorn", "web"), ("work", "worker")])
def test_everything_stops_when_one_part_ends_by_itself(start: Start, word: str, name: str) -> None:
    house = start()
    read_until_ready(house)
    family = family_of(house.pid)
    [part] = children_of(house, word)
    os.kill(part, signal.SIGKILL)
    _, said = house.communicate(timeout=SECONDS)
    assert house.returncode == 1
    assert f"The {name} process ended by itself" in said
    assert_all_gone(family)


def test_an_orphan_that_ends_is_no_part_of_the_house() -> None:
    watching = """if True:
        import subprocess
        from commands import serve
        web, orphan = subprocess.Popen(["sleep", "0.3"]), subprocess.Popen(["true"])
        try:
            serve.watch({"web": web})
        except serve.CannotServe as ended:
            print(ended.message)
    """
    said = subprocess.check_output([sys.executable, "-c", watching], cwd=settings.ROOT, text=True)
    assert "The web process ended by itself" in said


def test_a_full_disk_is_named_when_the_system_names_no_file() -> None:
    said = serve.unwritable(OSError(errno.ENOSPC, "No space left on device")).message
    assert "The disk is full, the data could not be written." in said
    assert "None" not in said


def test_a_busy_port_is_named_with_the_way_to_another(start: Start) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        _, said = start(PORT=str(port)).communicate(timeout=SECONDS)
    assert f"Port {port} is in use" in said
    assert f"PORT={port + 1} script/server" in said


def test_an_address_of_another_machine_is_refused(start: Start) -> None:
    _, said = start(HOST="192.0.2.1").communicate(timeout=SECONDS)
    assert "The address 192.0.2.1" in said


def test_a_folder_that_takes_no_data_is_named(start: Start, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    _, said = start(INSTANCE_PATH=str(tmp_path / "file" / "instance")).communicate(timeout=SECONDS)
    assert f"{tmp_path / 'file'}" in said
    assert "set INSTANCE_PATH to a folder that can be written" in said


def test_a_wrong_setting_is_a_sentence(start: Start) -> None:
    _, said = start(SCENARIO="four-tier").communicate(timeout=SECONDS)
    assert said.startswith("Error: SCENARIO must be one of three-tier, two-tier")


def test_a_database_that_does_not_answer_is_named_without_its_password(start: Start) -> None:
    url = f"postgresql://clerk:secret@127.0.0.1:{free_port()}/province"
    _, said = start(DATABASE_URL=url).communicate(timeout=SECONDS)
    assert "cannot be used" in said
    assert "secret" not in said


def test_a_file_that_is_no_database_is_named(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Kính gửi Ủy ban nhân dân tỉnh\n" * 40)
    _, said = start(DATABASE_URL=f"sqlite:///{path}").communicate(timeout=SECONDS)
    assert "file is not a database" in said
    assert "restore a backup" in said
    assert path.read_text().startswith("Kính gửi")


def test_a_database_of_a_newer_version_is_left_alone(start: Start, database_url: str, engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    _, said = start(DATABASE_URL=database_url).communicate(timeout=SECONDS)
    assert "belongs to a newer version" in said
    assert migrations.state(database_url) == "newer"


def test_outside_practice_an_empty_database_is_migrated_and_left_empty(tmp_path: Path, empty_database_url: str) -> None:
    (tmp_path / "instance").mkdir()
    real = {"PRACTICE": "0", "SECRET_KEY": "k" * 64, "DATABASE_URL": empty_database_url}
    production = settings.load({"INSTANCE_PATH": str(tmp_path / "instance")} | real)
    serve.make_ready(production)
    assert migrations.state(production.database_url) == "current"
    assert not list(production.instance_path.iterdir())


@pytest.fixture
def practice(tmp_path: Path) -> settings.Settings:
    """Return the settings of a practice province in a folder of its own."""
    instance = tmp_path / "instance"
    instance.mkdir()
    return settings.load({"INSTANCE_PATH": str(instance)})


def test_an_empty_database_is_filled_once(practice: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[settings.Settings] = []
    monkeypatch.setattr("practice.build.build", built.append)
    serve.make_ready(practice)
    serve.make_ready(practice)
    assert built == [practice]
    assert not serve.half_built_mark(practice).exists()


def test_an_interrupted_building_begins_again(practice: settings.Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: settings.Settings) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("practice.build.build", interrupt)
    with pytest.raises(KeyboardInterrupt):
        serve.make_ready(practice)
    built: list[settings.Settings] = []
    monkeypatch.setattr("practice.build.build", built.append)
    serve.make_ready(practice)
    assert built == [practice]


def test_two_starts_do_not_make_one_folder_ready_together(tmp_path: Path) -> None:
    with serve.alone(tmp_path), pytest.raises(serve.CannotServe, match="Another start"), serve.alone(tmp_path):
        pass
    with serve.alone(tmp_path):
        pass


def test_a_province_that_was_half_built_is_built_anew(practice: settings.Settings) -> None:
    database = practice.instance_path / "datchuan.db"
    database.touch()
    serve.half_built_mark(practice).write_text(serve.shown(practice))
    serve.clear_half_built(practice)
    assert not database.exists()
    assert not serve.half_built_mark(practice).exists()


def test_a_half_built_mark_never_costs_another_database(practice: settings.Settings, tmp_path: Path) -> None:
    serve.half_built_mark(practice).write_text(serve.shown(practice))
    other = replace(practice, database_url=f"sqlite:///{tmp_path / 'other.db'}")
    (tmp_path / "other.db").touch()
    serve.clear_half_built(other)
    assert (tmp_path / "other.db").exists()


def test_a_half_built_server_database_is_left_to_its_keeper(practice: settings.Settings) -> None:
    on_server = replace(practice, database_url="postgresql+psycopg://clerk:secret@127.0.0.1/province")
    serve.half_built_mark(on_server).write_text(serve.shown(on_server))
    with pytest.raises(serve.CannotServe, match="Create the database") as refusal:
        serve.clear_half_built(on_server)
    assert "secret" not in refusal.value.message
