"""The schema of the database: bring it up, take it back, say how far it is and whether it is what the code declares."""

import sys

import click

import migrations
from commands.context import HINTS, SpeakingGroup
from settings import load

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
