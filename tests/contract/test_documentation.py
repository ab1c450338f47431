"""What the documentation names exists: files, functions, commands and environment variables, and the links lead on."""

import ast
import re
from importlib import import_module

import click
import pytest

from commands import Commands
from tests.contract.sources import ROOT, files, text_of

DECISIONS = sorted(path for path in files() if path.startswith("docs/decisions/"))
PAGES = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", *DECISIONS)
NAME = re.compile(r"(workflow|casework|queries|models|jobs|documents|practice|commands|blueprints|migrations)(\.\w+)+")
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
ENDINGS = (".py", ".md", ".yaml", ".toml", ".html", ".txt")


def named(document: str) -> list[str]:
    """What a page names in backticks."""
    return re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text_of(document))


def test_decisions_are_numbered_through() -> None:
    numbers = [re.findall(r"[0-9]{4}", one)[0] for one in DECISIONS]
    assert numbers == [f"{place:04d}" for place in range(1, len(numbers) + 1)]


def missing(word: str) -> bool:
    """Whether a word names a file or something of the code, and there is none."""
    if NAME.fullmatch(word) and not word.endswith(ENDINGS):
        return not _is_found(word)
    if PATH.fullmatch(word) and (word.endswith(ENDINGS) or "/" in word):
        return not any((ROOT / folder / word).exists() for folder in ("", "instance", "docs")) and not _is_made(word)
    return False


def _is_found(name: str) -> bool:
    """Whether a dotted name is a module, or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        rest = parts[length:]
        return len(rest) == 0 or (len(rest) == 1 and hasattr(found, rest[0]))
    return False


def _is_made(path: str) -> bool:
    """Folders that a running installation makes."""
    return path in {"instance/", "files/"}


@pytest.mark.parametrize("document", PAGES)
def test_what_a_page_names_exists(document: str) -> None:
    assert [word for word in named(document) if missing(word)] == []


@pytest.mark.parametrize("document", PAGES)
def test_links_lead_to_files(document: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text_of(document))
    assert [link for link in links if not ((ROOT / document).parent / link).exists()] == []


@pytest.mark.parametrize("document", PAGES)
def test_the_commands_that_a_page_names_are_there(document: str) -> None:
    spoken = set(re.findall(r"(?:script/|`)flask ([a-z-]+)(?: ([a-z]+))?", text_of(document)))
    assert {words for words in spoken if not _is_command(*words)} == set()


def _is_command(group: str, name: str) -> bool:
    context = click.Context(click.Command("flask"))
    found = Commands().get_command(context, group)
    if not isinstance(found, click.Group) or not name:
        return found is not None
    return found.get_command(context, name) is not None


def test_the_readme_names_every_command() -> None:
    context = click.Context(click.Command("flask"))
    commands = [name for name in Commands().list_commands(context) if Commands().get_command(context, name)]
    assert [name for name in commands if f"`script/flask {name}" not in text_of("README.md")] == []


def test_the_readme_names_exactly_the_settings_of_the_environment() -> None:
    read = {
        str(call.args[0].value)
        for call in ast.walk(ast.parse(text_of("settings.py")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "env.get" and isinstance(call.args[0], ast.Constant)
    }
    assert {name for name in read if f"`{name}`" not in text_of("README.md")} == {"SCENARIO"}


@pytest.mark.parametrize("word", ["casework/doors.py", "casework.door.open", "casework.doors", "docs/nothing/"])
def test_something_that_is_not_there_would_be_seen(word: str) -> None:
    assert missing(word)


def test_a_command_that_is_not_there_would_be_seen() -> None:
    assert not _is_command("procedures", "sing")
    assert not _is_command("generated", "")
    assert _is_command("procedures", "check")
