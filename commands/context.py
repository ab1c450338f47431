"""What the commands share: the database of the settings, refusals as sentences, and a group that speaks them."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

import migrations
from casework.errors import CaseworkError, NotFound, Refused
from models.database import make_engine
from queries.wording import sentence
from settings import Settings, SettingsError, load

HINTS = {
    "empty": "chưa có bảng; chạy: script/flask database upgrade / no tables yet; run: script/flask database upgrade",
    "behind": "cũ hơn phần mềm; chạy: script/flask database upgrade / older; run: script/flask database upgrade",
    "newer": "mới hơn phần mềm này; hãy chạy phiên bản mới / newer than this software; run the newer version",
    "current": "đúng phiên bản / up to date",
}
FULL = ("Hãy giải phóng bớt chỗ trống trên ổ đĩa, rồi chạy lại.", "Free some space on the disk, and run again.")
BUSY = (
    "Một chương trình khác đang giữ dữ liệu: hãy chờ, hoặc dừng web và worker, rồi chạy lại.",
    "Another program holds the data: wait, or stop web and worker, and run again.",
)
DAMAGED = (
    "Tệp đã hỏng: hãy chuyển nó đi nơi khác, rồi khôi phục bản sao lưu: script/flask backup restore.",
    "The file is damaged: move it away, and restore a backup: script/flask backup restore.",
)
AWAY = (
    "Hãy kiểm tra DATABASE_URL và máy chủ cơ sở dữ liệu, hoặc dừng web và worker.",
    "Check DATABASE_URL and its server, or stop web and worker.",
)
ADVICE = {
    "SQLITE_FULL": FULL,
    "53100": FULL,
    "SQLITE_BUSY": BUSY,
    "55P03": BUSY,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_NOTADB": DAMAGED,
    "": AWAY,
}
"""What to do about a database that cannot be used, by the beginning of the code by which it says why."""


class SpeakingGroup(click.Group):
    """Commands that say in a sentence why something cannot be done."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what is refused, here or by the database, becomes a sentence."""
        with speaking():
            return super().invoke(ctx)


class SpeakingCommand(click.Command):
    """A command that says in a sentence why something cannot be done."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what is refused, here or by the database, becomes a sentence."""
        with speaking():
            return super().invoke(ctx)


@contextmanager
def speaking() -> Iterator[None]:
    """Turn what is refused into a sentence and exit status 1."""
    try:
        yield
    except Refused as refused:
        spoken = [f"{sentence(one, 'vi')} / {sentence(one, 'en')} [{one.code}]" for one in refused.refusals]
        raise click.ClickException("\n".join(spoken)) from refused
    except NotFound as refused:
        raise click.ClickException(f"Không tìm thấy / not found: {refused}") from refused
    except (CaseworkError, SettingsError) as refused:
        raise click.ClickException(str(refused)) from refused
    except (DBAPIError, psycopg.Error) as refused:
        cause, (vi, en) = str(refused.orig if isinstance(refused, DBAPIError) else refused).strip(), advice_on(refused)
        raise click.ClickException(
            f"Cơ sở dữ liệu không dùng được hoặc đang bận: {cause}. {vi}\n"
            f"The database cannot be used or is busy: {cause}. {en}"
        ) from refused
    except OSError as refused:
        if isinstance(refused, BrokenPipeError):
            raise
        raise click.ClickException("\n".join(about_files(refused))) from refused


def advice_on(refused: DBAPIError | psycopg.Error) -> tuple[str, str]:
    """What to do about a database that cannot be used, in Vietnamese and in English."""
    cause = refused.orig if isinstance(refused, DBAPIError) else refused
    found = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    return next((advice for code, advice in ADVICE.items() if found.startswith(code)), ADVICE[""])


def about_files(refused: OSError) -> tuple[str, str]:
    """What cannot be read or written, why, and what to do about it, in Vietnamese and in English."""
    place = " → ".join(str(one) for one in (refused.filename, refused.filename2) if one)
    if refused.errno in {errno.ENOSPC, errno.EDQUOT}:
        return (
            f"Ổ đĩa đã đầy, không ghi được {place or 'dữ liệu'}. Hãy giải phóng bớt chỗ trống, rồi chạy lại.",
            f"The disk is full, {place or 'the data'} could not be written. Free some space, and run again.",
        )
    vi = "Hãy kiểm tra đường dẫn và quyền ghi, hoặc đặt INSTANCE_PATH là một thư mục ghi được, rồi chạy lại."
    en = "Check the path and the right to it, or set INSTANCE_PATH to a folder that can be written, and run again."
    return (
        f"Không đọc hoặc ghi được {place} ({refused.strerror}). {vi}",
        f"{place} cannot be read or written ({refused.strerror}). {en}",
    )


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[Engine]:
    """The database of the settings, closed at the end; refused unless it has the schema of this version."""
    settings = settings or load()
    found = migrations.state(settings.database_url)
    if found != "current":
        raise click.ClickException(f"Cơ sở dữ liệu / the database: {HINTS[found]}")
    engine = make_engine(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()
