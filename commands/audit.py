"""Has anybody changed the history? `flask audit verify` walks every chain; `export` writes what others can check."""

import sys
from pathlib import Path

import click

from casework.audit import verify as verify_chains
from casework.unit_of_work import reading
from commands.context import SpeakingGroup, opened
from documents import verify_record
from queries.anchors import every_published, record_lines
from queries.publication import key_file, published_keys

GROUP = SpeakingGroup("audit", help="Check that nobody has changed what was recorded.")


@GROUP.command("verify")
def verify() -> None:
    """Walk every chain of events; print what does not add up and exit with 1 if there is anything."""
    with opened() as engine, reading(engine) as connection:
        verdict = verify_chains(connection)
    for finding in verdict.findings:
        click.echo(f"{finding.dossier}, {finding.seq}: {finding.cause}")
    click.echo(
        f"{verdict.dossiers} hồ sơ, {verdict.events} sự kiện, {verdict.anchors} neo, "
        f"{len(verdict.findings)} sai lệch / {verdict.dossiers} dossiers, {verdict.events} events, "
        f"{verdict.anchors} anchors, {len(verdict.findings)} findings"
    )
    if verdict.findings:
        sys.exit(1)


@GROUP.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(folder: Path) -> None:
    """Write the events of the whole record, every anchor, the keys and the stand-alone check into a new FOLDER."""
    anchors = folder / "anchors"
    anchors.mkdir(parents=True)
    (folder / "verify_record.py").write_bytes(Path(verify_record.__file__).read_bytes())
    with opened() as engine, reading(engine) as connection:
        with (folder / "events.jsonl").open("wb") as out:
            out.writelines(record_lines(connection))
        for day, content in every_published(connection):
            (anchors / f"{day.isoformat()}.json").write_bytes(content)
        (folder / "keys.json").write_text(key_file(published_keys(connection)), "utf-8")
    click.echo(f"{folder}: python3 verify_record.py events.jsonl anchors --keys keys.json")
