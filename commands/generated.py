"""Pages that are made from data and kept in the repository: written anew, or only checked against the data."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

SHOWN_LINES = 8
SHOWN_WIDTH = 110


def keep_fresh(pages: Mapping[Path, str], *, check: bool, left_over: Iterable[Path] = ()) -> None:
    """Write the pages; with `check` only name those that are not fresh or left over, and then end with code 1."""
    if not check:
        write(pages)
        return
    stale = [path for path, text in pages.items() if not path.exists() or path.read_text("utf-8") != text]
    extra = sorted(left_over)
    for path in stale:
        click.echo(difference(path, pages[path]))
    for path in extra:
        click.echo(f"{path}: left over, nothing makes this page any more")
    if stale or extra:
        raise SystemExit(1)
    click.echo(f"{len(pages)} generated pages are fresh")


def write(pages: Mapping[Path, str]) -> None:
    """Write each page that differs from what is there, and name it."""
    for path, text in pages.items():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        click.echo(f"{path} written", err=True)


def difference(path: Path, text: str) -> str:
    """How a page on disk differs from what it should be: lines to add and to take away, and the first of them."""
    if not path.exists():
        return f"{path}: missing"
    lines = difflib.unified_diff(path.read_text("utf-8").splitlines(), text.splitlines(), lineterm="", n=0)
    changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
    added = sum(line.startswith("+") for line in changed)
    shown = [f"    {line[:SHOWN_WIDTH]}" for line in changed[:SHOWN_LINES]]
    return "\n".join([f"{path}: not fresh, {added} lines to add, {len(changed) - added} to take away", *shown])


def table(columns: tuple[str, ...], rows: Iterable[Iterable[str]]) -> list[str]:
    """A Markdown table; an empty cell shows as a dash."""
    cells = [" | ".join((cell or "-").replace("|", "\\|") for cell in row) for row in rows]
    return [f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}", *(f"| {row} |" for row in cells), ""]
