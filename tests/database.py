"""The databases that the tests run on: a PostgreSQL server of their own, and migrated databases copied from a template.

The server is made from the machine's PostgreSQL binaries in a temporary folder, listens on a socket there and on a free
loopback port, and is stopped by whoever started it. Nothing here is skipped: without a server the tests fail.
"""

import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Engine, QueuePool

import migrations

START_SECONDS = 30
PREFIX = "dat-chuan-postgresql-"
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 3 * 1024**3


class NoServer(Exception):
    """PostgreSQL could not be started, with the reason as a sentence."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running PostgreSQL server that belongs to this test run."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str) -> str:
        """Return the address of one of the server's databases."""
        return url_at(self.port, database)

    def stop(self) -> None:
        """Stop the server, wait for its end and remove its folder."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        shutil.rmtree(self.folder)


def url_at(port: int, database: str) -> str:
    """Return the address of a database of the server on this loopback port."""
    return f"postgresql://postgres@127.0.0.1:{port}/{database}"


def start_server() -> Server:
    """Make and start an empty PostgreSQL server; raise NoServer with the reason when that fails."""
    binaries = find_binaries()
    folder = make_folder()
    user = choose_user()
    if user:
        shutil.chown(folder, user, group=None)
    try:
        make_cluster(binaries, folder, user)
        port = free_port()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*as_user(user), binaries / "postgres", "-D", folder / "data", "-k", folder, "-p", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
            )
        await_answer(process, port, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Server(folder, port, process)


def make_folder() -> Path:
    """Return a new folder for a server: in memory (copying a database is 20 times quicker) unless it must last."""
    home = MEMORY if fits_in_memory() else Path(tempfile.gettempdir())
    yesterday = time.time() - 24 * 60 * 60
    for left_over in home.glob(f"{PREFIX}*"):
        if left_over.stat().st_mtime < yesterday:
            shutil.rmtree(left_over, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=PREFIX, dir=home))


def fits_in_memory() -> bool:
    """Whether there is room in memory for the databases and files of a run, and none of them must outlast it."""
    return not is_durable() and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_BYTES


def is_durable() -> bool:
    """Must commits reach the disk? TEST_POSTGRESQL_FSYNC=on says so, where tests measure or end processes."""
    return os.environ.get("TEST_POSTGRESQL_FSYNC") == "on"


def find_binaries() -> Path:
    """Return the folder of the newest PostgreSQL server on this machine."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    if installed:
        return installed[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    message = "PostgreSQL's server is not installed; script/setup --tests installs it"
    raise NoServer(message)


def choose_user() -> str | None:
    """Return whom the server runs as: PostgreSQL refuses root, anybody else runs it as himself."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def as_user(user: str | None) -> list[str]:
    """Return the words that run a command as this user, ended when we end."""
    switch = [f"--reuid={user}", "--clear-groups"] if user else []
    return ["setpriv", *switch, "--pdeathsig", "INT", "--"]


def make_cluster(binaries: Path, folder: Path, user: str | None) -> None:
    """Create the server's files and write its settings."""
    words = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        [*as_user(user), binaries / "initdb", *words, "--pgdata", folder / "data"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr.strip()}")
    durable = "on" if is_durable() else "off"
    with (folder / "data" / "postgresql.conf").open("a") as settings:
        settings.write(
            "listen_addresses = '127.0.0.1'\n"
            "max_connections = 300\n"
            "timezone = 'UTC'\n"
            "autovacuum = off\n"
            "max_wal_size = '4GB'\n"
            f"fsync = {durable}\n"
            f"full_page_writes = {durable}\n"
            f"synchronous_commit = {durable}\n"
        )


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_answer(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    """Return when the server accepts connections; raise NoServer with its log when it does not."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(url_at(port, "postgres")).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    process.kill()
    process.wait()
    raise NoServer(f"PostgreSQL did not start: {(folder / 'log').read_text()[-2000:]}")


def create_database(server_url: str, name: str, template: str = "template0") -> str:
    """Create a database as a copy of the template and return its address."""
    run_on_server(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return server_url.rpartition("/")[0] + f"/{name}"


def replace_database(server_url: str, name: str, template: str) -> str:
    """Make a database as a copy of the template in the place of an earlier one of that name, and return its address."""
    drop_database(server_url, name)
    return create_database(server_url, name, template)


def put(template: Path, place: Path) -> str:
    """Put a copy of an SQLite file in the place of an earlier one, and return its address."""
    for kind in ("", "-wal", "-shm"):
        place.with_name(place.name + kind).unlink(missing_ok=True)
    shutil.copyfile(template, place)
    return f"sqlite:///{place}"


def keep(engine: Engine, copy: Path) -> Callable[[], None]:
    """Copy the SQLite file of an engine, and return what puts the copy in its place."""
    place = Path(engine.url.database or "")
    engine.dispose()
    shutil.copyfile(place, copy)  # whole: the last connection that closed has written its log into it

    def put_back() -> None:
        engine.dispose()
        put(copy, place)

    return put_back


def let_go(engine: Engine) -> None:
    """Close the connections of an engine at the end of a test, unless they serve the next one just as well."""
    in_use = isinstance(engine.pool, QueuePool) and engine.pool.checkedout() > 0
    if in_use or engine.dialect.name == "sqlite":
        engine.dispose()


def drop_database(server_url: str, name: str) -> None:
    """Remove a database, ending the connections that are left to it."""
    run_on_server(server_url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def run_on_server(server_url: str, statement: str) -> None:
    """Run one statement outside of any transaction."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement)


def make_sqlite_template(folder: Path) -> Path:
    """Return a migrated, empty SQLite file."""
    template = folder / "template.sqlite"
    migrations.upgrade(f"sqlite:///{template}")
    with closing(sqlite3.connect(template)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return template


def make_postgresql_template(server_url: str, name: str) -> str:
    """Return the name of a migrated, empty PostgreSQL database that others can be copied from."""
    migrations.upgrade(create_database(server_url, name))
    return name
