"""Running the whole house on one machine: the database made ready, then web and worker, started and stopped together.

Started as a program of its own, so that a wrong setting is a sentence and the first answer comes soon.
"""

import errno
import fcntl
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from settings import ROOT, Settings, SettingsError, load

ANSWER_SECONDS = 60
STOP_SECONDS = 15
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)  # a shell's background job begins with the first ignored

Children = dict[str, subprocess.Popen[bytes]]


class CannotServe(click.ClickException):
    """The reason why the start was refused or ended, in Vietnamese and in English, with what to do about it."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi}\n{en}")

    def show(self, file: Any = None) -> None:
        """Print the two sentences to the error stream."""
        click.echo(f"\n{self.message}", file=file, err=True)


@click.command("serve")
@click.option("--host", help="Address to listen on; HOST or 127.0.0.1 without it.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; PORT or 8000 without it.")
def serve(host: str | None, port: int | None) -> None:
    """Make the database ready, run web and worker, and stop both on Ctrl-C."""
    settings = load_settings(host, port)
    require_free_port(settings)
    make_ready(settings)
    children: Children = {}
    for ending in ENDINGS:
        signal.signal(ending, signal.default_int_handler)
    try:
        children["web"] = start(settings, *web_words(settings))
        await_answer(settings, children["web"])
        children["worker"] = start(settings, "commands", "work")
        show_ready(settings)
        watch(children)
    except KeyboardInterrupt:
        click.echo("\nĐang dừng... / Stopping...", err=True)
    finally:
        stop(children)


# --- before anything is started ---


def load_settings(host: str | None, port: int | None) -> Settings:
    """Return the settings, with the command line's words first; refuse an instance folder that cannot be written."""
    try:
        settings = load()
        settings.instance_path.mkdir(parents=True, exist_ok=True)
        probe = settings.instance_path / ".writable"
        probe.touch()
        probe.unlink()
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from wrong
    except OSError as refused:
        raise unwritable(refused) from refused
    return replace(settings, host=host or settings.host, port=port or settings.port)


def unwritable(refused: OSError) -> CannotServe:
    """Return the sentences for a folder that takes no data."""
    from commands.context import about_files

    return CannotServe(*about_files(refused))


def require_free_port(settings: Settings) -> None:
    """Refuse when the address cannot be listened on, naming the port and how to choose another."""
    host, port = settings.host, settings.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as refused:
        if refused.errno == errno.EADDRINUSE:
            raise CannotServe(
                f"Cổng {port} đang có chương trình khác dùng. Hãy chọn cổng khác: PORT={port + 1} script/server",
                f"Port {port} is in use by another program. Choose another one: PORT={port + 1} script/server",
            ) from refused
        raise CannotServe(
            f"Không mở được địa chỉ {host}, cổng {port} ({refused.strerror}). Ví dụ đúng: PORT=8000 script/server",
            f"The address {host}, port {port}, cannot be opened ({refused.strerror}). An example that works: "
            "PORT=8000 script/server",
        ) from refused


# --- the database ---


def make_ready(settings: Settings) -> None:
    """Bring the database to this version of the code, or say why it cannot be used."""
    from sqlalchemy.exc import DBAPIError

    try:
        with alone(settings.instance_path):
            clear_half_built(settings)
            migrate_or_build(settings)
    except DBAPIError as refused:
        from commands.context import advice_on

        vi, en = advice_on(refused)
        raise CannotServe(
            f"Cơ sở dữ liệu {shown(settings)} không dùng được: {refused.orig}. {vi}",
            f"The database {shown(settings)} cannot be used: {refused.orig}. {en}",
        ) from refused
    except OSError as refused:
        raise unwritable(refused) from refused


def migrate_or_build(settings: Settings) -> None:
    """Migrate the database; build the practice province into one that was empty; refuse one that is newer."""
    import migrations

    state = migrations.state(settings.database_url)
    if state == "newer":
        raise CannotServe(
            "Cơ sở dữ liệu thuộc phiên bản mới hơn phần mềm này. Hãy chạy phiên bản phần mềm mới, "
            "hoặc khôi phục bản sao lưu của phiên bản này (script/flask backup restore).",
            "The database belongs to a newer version than this one. Run the newer version, "
            "or restore a backup that this version made (script/flask backup restore).",
        )
    if state == "empty" and settings.practice:
        build_province(settings)
    elif state != "current":
        click.echo("Đang nâng cấp cơ sở dữ liệu... / Migrating the database...", err=True)
        migrations.upgrade(settings.database_url)
        if settings.practice:
            require_keys(settings)


def require_keys(settings: Settings) -> None:
    """Give a practice province the keys that it lacks if it was built before there were any."""
    from casework.unit_of_work import unit_of_work
    from models.database import make_engine
    from practice.build import make_all_keys

    engine = make_engine(settings.database_url)
    try:
        with unit_of_work(engine) as connection:
            make_all_keys(connection, settings)
    finally:
        engine.dispose()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold this folder while its database is made ready; refuse when another start is at it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as held:
        raise CannotServe(
            f"Một lần khởi động khác đang chuẩn bị dữ liệu trong {folder}. Hãy chờ xong rồi chạy lại.",
            f"Another start is making the data in {folder} ready. Wait for it, then start again.",
        ) from held
    finally:
        os.close(handle)


def build_province(settings: Settings) -> None:
    """Migrate an empty database and build the practice province into it, marked as half built until it is whole."""
    import migrations
    from practice.build import build

    click.echo("Đang dựng tỉnh thực hành... / Building the practice province...", err=True)
    begun = time.monotonic()
    mark = half_built_mark(settings)
    mark.write_text(shown(settings))
    migrations.upgrade(settings.database_url)
    build(settings)
    mark.unlink()
    click.echo(f"Xong sau {time.monotonic() - begun:.1f} giây. / Built in {time.monotonic() - begun:.1f} s.", err=True)


def clear_half_built(settings: Settings) -> None:
    """Remove the database that an interrupted building of the practice province left; nobody has worked in it yet."""
    mark = half_built_mark(settings)
    if not mark.exists() or mark.read_text() != shown(settings):
        return
    if not settings.database_url.startswith("sqlite"):
        raise CannotServe(
            f"Lần dựng tỉnh thực hành trước bị ngắt giữa chừng. Hãy tạo lại cơ sở dữ liệu {shown(settings)}, "
            f"xóa tệp {mark}, rồi chạy lại.",
            f"Building the practice province was interrupted. Create the database {shown(settings)} anew, "
            f"remove the file {mark}, and start again.",
        )
    database = Path(settings.database_url.removeprefix("sqlite:///"))
    for part in ("", "-wal", "-shm"):
        database.with_name(database.name + part).unlink(missing_ok=True)
    mark.unlink()


def half_built_mark(settings: Settings) -> Path:
    """Return the file that names, while the practice province is being built, the database that it is built into."""
    return settings.instance_path / "half-built"


def shown(settings: Settings) -> str:
    """Return the database's address without its password."""
    from sqlalchemy import make_url

    return make_url(settings.database_url).render_as_string(hide_password=True)


# --- web and worker ---


def web_words(settings: Settings) -> list[str]:
    """Return the module and the words that start the web server."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return [
        "gunicorn",
        f"--bind={host}:{settings.port}",
        "--worker-class=gthread",
        "--workers=2",
        "--threads=4",
        "--graceful-timeout=10",
        "--log-level=warning",
        "--no-control-socket",
        "app:create_app()",
    ]


def start(settings: Settings, module: str, *words: str) -> subprocess.Popen[bytes]:
    """Start a Python module as a child that ends when we end, out of reach of the terminal's Ctrl-C."""
    setpriv = shutil.which("setpriv")
    tied = [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []
    return subprocess.Popen(
        [*tied, sys.executable, "-m", module, *words],
        cwd=ROOT,
        env=os.environ | {"HOST": settings.host, "PORT": str(settings.port)},
        stdin=subprocess.DEVNULL,
        process_group=0,
    )


def await_answer(settings: Settings, web: subprocess.Popen[bytes]) -> None:
    """Return when the address has answered a request; refuse when it does not."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while web.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection(settings.host, settings.port, timeout=ANSWER_SECONDS)
        try:
            connection.request("GET", "/", headers={"Connection": "close"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
        else:
            return
        finally:
            connection.close()
    raise CannotServe(
        "Phần web không khởi động được; nguyên nhân ở các dòng trên.",
        "The web server did not start; the lines above say why.",
    )


def show_ready(settings: Settings) -> None:
    """Print the address and, in practice, the accounts."""
    if settings.practice:
        from practice.accounts import PASSWORD, accounts_of

        accounts = accounts_of(settings.scenario)
        rows = [(account.login, account.name_vi, account.role, account.unit_vi) for account in accounts]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        click.echo(f"\nMật khẩu của mọi tài khoản thực hành / Password of every practice account: {PASSWORD}")
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"\nSẵn sàng / Ready: http://{host}:{settings.port}   (Ctrl-C: dừng / stop)")


def watch(children: Children) -> None:
    """Wait for ever; when a child ends by itself, say so, since the house is not whole without it."""
    names = {child.pid: name for name, child in children.items()}
    while (ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)) and ended.si_pid not in names:
        os.waitpid(ended.si_pid, 0)  # whoever is first in a container inherits every orphan
    name = names[ended.si_pid] if ended else ""
    raise CannotServe(
        f"Tiến trình {name} đã tự dừng, nên tất cả được dừng; nguyên nhân ở các dòng trên. Dữ liệu còn nguyên.",
        f"The {name} process ended by itself, so everything was stopped; the lines above say why. No data is lost.",
    )


def stop(children: Children) -> None:
    """End the children, let them finish what they are at for 15 seconds, and leave none behind."""
    deadline = time.monotonic() + STOP_SECONDS
    try:
        for child in children.values():
            child.terminate()
        for child in children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, deadline - time.monotonic()))
    finally:
        for child in children.values():
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()


if __name__ == "__main__":
    serve()
