"""`flask procedures`: check the procedure files and say what they prove, list them, and keep their pages fresh."""

from collections.abc import Iterator
from pathlib import Path

import click

from commands.context import SpeakingGroup
from commands.generated import keep_fresh
from commands.procedure_pages import allowed_in, dates_of, marks_of, pages_of
from settings import ROOT
from workflow.loader import FOLDER, load_all, load_files
from workflow.move_loader import load_moves
from workflow.moving import MovePlan
from workflow.procedure import Procedure
from workflow.proofs import able_roles, ends_of, shortest_way
from workflow.source import Broken

GROUP = SpeakingGroup("procedures", help="The rules of recognition, as data: check, list and draw them.")
AN_EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
A_FOLDER = click.Path(file_okay=False, path_type=Path)


@GROUP.command("check")
@click.argument("files", nargs=-1, type=AN_EXISTING_FILE)
def check(files: tuple[Path, ...]) -> None:
    """Print every mistake in the files with its line, or what they prove; without FILES those that are shipped."""
    try:
        loaded = load_files(files or sorted(FOLDER.glob("*.yaml")))
    except Broken as broken:
        click.echo(str(broken))
        raise SystemExit(1) from None
    for procedure in loaded.values():
        click.echo("\n".join(proved_by(procedure)))
    if files:
        return
    try:
        plans = load_moves(loaded)
    except Broken as broken:
        click.echo(str(broken))
        raise SystemExit(1) from None
    for plan in plans.values():
        click.echo("\n".join(moved_by(plan)))


def moved_by(plan: MovePlan) -> Iterator[str]:
    """What is true of a checked plan, line by line: where each state goes on, what counts there and what does not."""
    yield f"{plan.name}: from {plan.old.id} to {plan.new.id}, since {plan.since:%d/%m/%Y}, by {', '.join(plan.by)}"
    yield f"  {len(plan.states)} states, every open one of the old procedure:"
    for name, move in plan.states.items():
        yield f"    {name} -> {move.to}"
        yield f"      proven already: {', '.join(plan.proven(name)) or '-'}"
        yield f"      asked again: {', '.join(move.again) or '-'}"


def proved_by(procedure: Procedure) -> Iterator[str]:
    """What is true of a loaded procedure, line by line."""
    yield f"{procedure.id}, {dates_of(procedure)}"
    yield f"  {len(procedure.states)} states, all reached from '{procedure.start}', each with a way to an end:"
    for state in procedure.states:
        yield f"    {' -> '.join(shortest_way(procedure, state, ends_of(procedure)))}"
    yield f"  {len(ends_of(procedure))} ends, each with a way from the start:"
    for end in ends_of(procedure):
        yield f"    {' -> '.join(shortest_way(procedure, procedure.start, [end]))}"
    yield f"  {len(procedure.actions)} actions, each with somebody who can take it:"
    for action in procedure.actions.values():
        yield f"    {action.name}: {', '.join(able_roles(procedure, action))} ({action.reach})"
    yield f"  {marks_of(procedure)}"
    yield f"  {len(procedure.clocks)} clocks, each with its figure and its states:"
    for clock in procedure.clocks.values():
        states = [name for name, state in procedure.states.items() if state.clock == clock.name]
        yield f"    {clock.name}: {allowed_in(procedure, procedure.states[states[0]])} in {', '.join(states)}"


@GROUP.command("list")
def show_list() -> None:
    """Print one line for each procedure: key, version, dates in force, states, actions, marks of its figures."""
    for procedure in load_all().values():
        counts = f"{len(procedure.states)} states, {len(procedure.actions)} actions"
        name = f"{procedure.key} version {procedure.version}"
        click.echo(f"{name}: {dates_of(procedure)}; {counts}; {marks_of(procedure)}")


@GROUP.command("draw")
@click.argument("key", required=False)
@click.option("--check", is_flag=True, help="Write nothing; end with code 1 when a page is not fresh.")
@click.option("--docs", type=A_FOLDER, default=ROOT / "docs", help="The folder of the documentation.")
def draw(key: str | None, *, check: bool, docs: Path) -> None:
    """Write the page and the picture of each procedure, or of the one with this KEY."""
    loaded, folder = load_all(), docs / "procedures"
    chosen = [procedure for procedure in loaded.values() if key in {None, procedure.key, procedure.id}]
    if not chosen:
        known = ", ".join(dict.fromkeys(procedure.key for procedure in loaded.values()))
        raise click.ClickException(f"There is no procedure '{key}'. There are: {known}.")
    pages = {path: text for procedure in chosen for path, text in pages_of(procedure, folder).items()}
    left_over = [] if key else [path for path in folder.glob("*") if path not in pages]
    keep_fresh(pages, check=check, left_over=left_over)
