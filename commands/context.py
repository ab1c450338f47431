"""What the commands share: the database of the settings, refusals as sentences, and a group that speaks them."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import psycopg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

import migrations
from casework.errors import CaseworkError, Refused
from models.database import make_engine
from queries.wording import sentence
from settings import Settings, SettingsError, load

HINTS = {
    "empty": "chưa có bảng; chạy: script/flask database upgrade / no tables yet; run: script/flask database upgrade",
    "behind": "cũ hơn phần mềm; chạy: script/flask database upgrade / older; run: script/flask database upgrade",
    "newer": "mới hơn phần mềm này; hãy chạy phiên bản mới / newer than this software; run the newer version",
    "current": "đúng phiên bản / up to date",
}


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
    except (CaseworkError, SettingsError) as refused:
        raise click.ClickException(str(refused)) from refused
    except (DBAPIError, psycopg.Error) as refused:
        raise unusable(refused) from refused


def unusable(refused: DBAPIError | psycopg.Error) -> click.ClickException:
    """The sentences for a database that cannot be reached or is held by somebody else."""
    cause = str(refused.orig if isinstance(refused, DBAPIError) else refused).strip()
    return click.ClickException(
        f"Cơ sở dữ liệu không dùng được hoặc đang bận: {cause}. Hãy kiểm tra DATABASE_URL, hoặc dừng web và worker.\n"
        f"The database cannot be used or is busy: {cause}. Check DATABASE_URL, or stop web and worker."
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
