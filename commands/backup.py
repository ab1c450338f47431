"""Backups: one file with every row and every file, made while the work goes on, and brought back whole."""

import sys
from pathlib import Path

import click

from casework import clock
from casework.backup import Manifest
from casework.backup import create as create_backup
from casework.restore import restore as restore_backup
from casework.storage import open_storage
from casework.unit_of_work import reading
from commands.context import SpeakingGroup, opened
from models.database import make_engine
from settings import load

GROUP = SpeakingGroup("backup", help="Make a backup while the work goes on, or bring one back.")


@GROUP.command("create")
@click.option("--to", "target", type=click.Path(path_type=Path), help="File to write; else one in instance/backups.")
def create(target: Path | None) -> None:
    """Write every row and every file into one archive."""
    settings = load()
    with opened(settings) as engine:
        with reading(engine) as connection:
            now = clock.now(connection)
        chosen = target or settings.instance_path / "backups" / f"dat-chuan-{now:%Y%m%d-%H%M%S}.tar.gz"
        manifest = create_backup(engine, open_storage(settings.files_path), chosen, now)
    click.echo(f"{chosen}: {told(manifest)}")
    warn(manifest)


@GROUP.command("restore")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the data that is there now.")
def restore(source: Path, *, replace: bool) -> None:
    """Bring back every row and every file of an archive; stop web and worker first."""
    settings = load()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    try:
        manifest = restore_backup(engine, open_storage(settings.files_path), source, replace=replace)
    finally:
        engine.dispose()
    click.echo(f"{source}: {told(manifest)}")
    warn(manifest)


def told(manifest: Manifest) -> str:
    """How much an archive holds, in a line."""
    rows = sum(table.rows for table in manifest.tables)
    files = len(manifest.members) - len(manifest.tables)
    return f"{rows} dòng, {files} tệp, {manifest.created_at} / {rows} rows, {files} files"


def warn(manifest: Manifest) -> None:
    """Say which files were missing or changed when the archive was made, and end with 1 if there were any."""
    for name in manifest.missing:
        click.echo(f"Thiếu tệp / Missing file: {name}", err=True)
    for name in manifest.damaged:
        click.echo(f"Tệp đã bị thay đổi / Changed file: {name}", err=True)
    if manifest.missing or manifest.damaged:
        sys.exit(1)
