"""Has anybody changed the history? `flask audit verify` walks every chain."""

import sys

import click

from casework.audit import verify as verify_chains
from casework.unit_of_work import reading
from commands.context import SpeakingGroup, opened

GROUP = SpeakingGroup("audit", help="Check that nobody has changed what was recorded.")


@GROUP.command("verify")
def verify() -> None:
    """Walk every chain of events; print what does not add up and exit with 1 if there is anything."""
    with opened() as engine, reading(engine) as connection:
        verdict = verify_chains(connection)
    for finding in verdict.findings:
        click.echo(f"{finding.dossier}, {finding.seq}: {finding.cause}")
    click.echo(
        f"{verdict.dossiers} hồ sơ, {verdict.events} sự kiện, {len(verdict.findings)} sai lệch / "
        f"{verdict.dossiers} dossiers, {verdict.events} events, {len(verdict.findings)} findings"
    )
    if verdict.findings:
        sys.exit(1)
