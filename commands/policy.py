"""`flask policy`: who may do what, as one page made from the procedures and the reach of each office."""

from collections.abc import Iterable
from pathlib import Path

import click

from commands.context import SpeakingGroup
from commands.generated import keep_fresh, table
from settings import ROOT
from workflow.loader import load_all
from workflow.names import Reach, Role, SigningPart
from workflow.policy import REACH_OF_ROLE, SIGNERS
from workflow.procedure import Procedure

GROUP = SpeakingGroup("policy", help="Who may do what.")
REACHES = {
    Reach.OWN: "dossiers of the own unit",
    Reach.BELOW: "dossiers of the own unit and of the units below it",
    Reach.ALL: "every dossier",
}
OF_WHICH_PAPERS = {
    SigningPart.SIGNER: ("of the own unit", "anybody but whoever decided"),
    SigningPart.SEAL: ("of the own unit, once they are signed", "whoever signs the paper"),
}


@GROUP.command("show")
@click.option("--check", is_flag=True, help="Print and write nothing; end with code 1 when the page is not fresh.")
@click.option(
    "--docs",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "docs",
    help="The folder of the documentation.",
)
def show(*, check: bool, docs: Path) -> None:
    """Print who may do what, and keep docs/permissions.md the same."""
    page = permissions(load_all().values())
    if not check:
        click.echo(page, nl=False)
    keep_fresh({docs / "permissions.md": page}, check=check)


def permissions(procedures: Iterable[Procedure]) -> str:
    """Role x verb x reach: what each office sees, and its actions and work in each procedure."""
    shipped = list(procedures)
    lines = [
        "<!-- Made by `flask policy show` from the procedures and workflow/policy.py: change those, not this page. -->",
        "",
        "# Who may do what",
        "",
        "What is not listed is refused. An office counts from its first to its last day. Outside its reach a dossier",
        "does not exist for its holder.",
        "",
        "## What each office sees",
        "",
        *table(
            ("Office", "Tier", "Desk", "Sees"),
            ([f"`{role}`", role.tier, role.desk, REACHES[REACH_OF_ROLE[role]]] for role in Role),
        ),
    ]
    for procedure in shipped:
        lines += [f"## {procedure.title_vi}", "", f"{procedure.title_en} (`{procedure.id}`).", ""]
        rows = [row for role in Role for row in rows_of(procedure, role)]
        lines += table(("Office", "Verb", "Kind", "Reach", "In the states", "Not by who has"), rows)
    rows = [[f"`{role}`", f"`{part}`", *OF_WHICH_PAPERS[part]] for part, roles in SIGNERS.items() for role in roles]
    lines += ["## Signatures on numbered papers", "", *table(("Office", "Signature", "On papers", "Not by"), rows)]
    return "\n".join(lines)


def rows_of(procedure: Procedure, role: Role) -> list[list[str]]:
    """The actions and then the work of one office in a procedure, in the order of the file."""
    actions = [
        [
            f"`{role}`",
            f"`{action.name}`",
            "action",
            action.reach,
            _names(action.sources),
            _names(action.not_same_person_as),
        ]
        for action in procedure.actions.values()
        if role in action.by
    ]
    states: dict[str, list[str]] = {}
    for state in procedure.states.values():
        for work, roles in state.work.items():
            if role in roles:
                states.setdefault(work, []).append(state.name)
    work_rows = [
        [f"`{role}`", f"`{work}`", "work", REACH_OF_ROLE[role], _names(names), ""] for work, names in states.items()
    ]
    return actions + work_rows


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
