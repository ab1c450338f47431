"""The schema of the database: bring it up, take it back, say how far it is and whether it is what the code declares."""

import sys

import click
import psycopg
from sqlalchemy.exc import DBAPIError

import migrations
from casework.errors import CaseworkError
from settings import load

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
        try:
            return super().invoke(ctx)
        except CaseworkError as refused:
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


GROUP = SpeakingGroup("database", help="Bring the schema of the database up or back, and check it.")


@GROUP.command("upgrade")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Bring the database up to REVISION (the newest without it), with all its data."""
    url = load().database_url
    require_known(migrations.state(url), revision)
    migrations.upgrade(url, revision)
    click.echo(migrations.state(url))


@GROUP.command("downgrade")
@click.argument("revision")
@click.confirmation_option(
    prompt="Dữ liệu của các phiên bản sau sẽ mất. Tiếp tục? / What later revisions hold is lost. Go on?"
)
def downgrade(revision: str) -> None:
    """Take the database back to REVISION; "base" removes every table."""
    url = load().database_url
    require_known(migrations.state(url), revision)
    migrations.downgrade(url, revision)
    click.echo(migrations.state(url))


@GROUP.command("state")
def state() -> None:
    """Print empty, behind, current or newer."""
    click.echo(migrations.state(load().database_url))


@GROUP.command("check")
def check() -> None:
    """Fail unless the database has exactly the schema that this version declares."""
    url = load().database_url
    found = migrations.state(url)
    click.echo(f"{found}: {HINTS[found]}")
    differences = migrations.differences(url) if found == "current" else []
    for difference in differences:
        click.echo(difference)
    if found != "current" or differences:
        sys.exit(1)


def require_known(found: str, revision: str) -> None:
    """Refuse a database of a newer version and a revision that this version does not know."""
    if found == "newer":
        raise click.ClickException(HINTS["newer"])
    if revision not in {"head", "base"} and not migrations.knows(revision):
        raise click.ClickException(f"Không có phiên bản {revision}. / There is no revision {revision}.")
