"""The publication key of the province: making one, succeeding it, listing and writing out what is public."""

from pathlib import Path

import click

from casework import clock, publication
from casework.admin_record import COMMAND
from casework.unit_of_work import reading, unit_of_work
from commands.context import SpeakingGroup, opened
from queries.publication import key_file, published_keys
from settings import load

GROUP = SpeakingGroup("keys", help="The key by which the province vouches for what it publishes.")


@GROUP.command("create")
@click.option("--succeed", is_flag=True, help="Replace the key that signs now; what it signed holds.")
def create(*, succeed: bool) -> None:
    """Make the pair of keys; the private half stays in the instance folder, readable by its owner alone."""
    settings = load()
    with opened(settings) as engine, unit_of_work(engine) as connection:
        now = clock.now(connection)
        made = publication.create(connection, settings.keys_path, COMMAND, now, succeed=succeed)
    path = settings.keys_path / f"{made.key_id}.pem"
    click.echo(
        f"{made.key_id}\n"
        f"Hãy cất một bản của {path} ở nơi an toàn: bản sao lưu không chứa tệp này.\n"
        f"Keep a copy of {path} in a safe place: backups do not hold it."
    )


@GROUP.command("list")
def list_() -> None:
    """Print each key with its time, and whether its private half is here."""
    settings = load()
    with opened(settings) as engine, reading(engine) as connection:
        keys = published_keys(connection)
    for key in keys:
        until = key.until.isoformat() if key.until else "nay / now"
        here = publication.has_private_half(settings.keys_path, key)
        click.echo(f"{key.key_id}  {key.since} → {until}  {_said(here=here, ended=bool(key.ended_at))}")


@GROUP.command("publish")
@click.option("--to", "target", type=click.Path(path_type=Path), required=True, help="File to write.")
def publish(target: Path) -> None:
    """Write the public keys into a file for those who check papers without this system."""
    with opened() as engine, reading(engine) as connection:
        target.write_text(key_file(published_keys(connection)), "utf-8")
    click.echo(str(target))


def _said(*, here: bool, ended: bool) -> str:
    if here:
        return "có khóa riêng / private half here"
    return "không cần khóa riêng nữa / not needed any more" if ended else "THIẾU khóa riêng / private half MISSING"
