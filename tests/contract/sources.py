"""The project's own files as the contract tests read them: text by path, Python by its syntax tree."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from workflow import names

ROOT = Path(__file__).parents[2]
WRITTEN = {".py", ".html", ".css", ".scss", ".js", ".yaml", ".toml", ".md", ".in", ".txt", ".json", ".csv", ".svg", ""}
NOT_OURS = (
    "*LICENSE*.txt",
    "*OFL.txt",
    "assets/package-lock.json",
    "assets/built.json",
    "static/css/*.css",
    "tests/browser/vendor/*",
)


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its path from the root, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The top folder, or "" for a file in the root."""
        return package_of(self.path)


def package_of(path: str) -> str:
    """The top folder that a file lies in, or "" for a file in the root."""
    return path.split("/", maxsplit=1)[0] if "/" in path else ""


def module(text: str, path: str = "example.py") -> Module:
    """A piece of code as a module, for the examples that a rule must see."""
    return Module(path, text, ast.parse(text))


@cache
def files() -> tuple[str, ...]:
    """Every file of the project that somebody wrote here, by its path from the root."""
    return tuple(sorted(path for path in _walk(ROOT) if not any(fnmatch(path, pattern) for pattern in NOT_OURS)))


def _walk(folder: Path) -> Iterator[str]:
    for entry in folder.iterdir():
        if entry.name == ".git":  # a folder, or in a second work tree a file
            continue
        if entry.is_dir():
            if entry.name == ".ci" or not (entry.name.startswith(".") or _ignored(entry.name)):
                yield from _walk(entry)
        elif entry.suffix in WRITTEN and not _ignored(entry.name):
            yield entry.relative_to(ROOT).as_posix()


@cache
def _ignore_patterns() -> tuple[str, ...]:
    return tuple(line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line)


def _ignored(name: str) -> bool:
    return any(fnmatch(name, pattern) for pattern in _ignore_patterns())


@cache
def text_of(path: str) -> str:
    """The text of a file."""
    return (ROOT / path).read_text("utf-8")


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the project."""
    return tuple(map(_module, python_files()))


def python_files() -> list[str]:
    """The path of every Python file, without reading any."""
    return [path for path in files() if path.endswith(".py")]


@cache
def _module(path: str) -> Module:
    return Module(path, text_of(path), ast.parse(text_of(path)))


def packages() -> list[str]:
    """The top folders that hold Python, and "" for the files in the root, without reading any."""
    return sorted(set(map(package_of, python_files())))


def modules_of(*packages: str) -> tuple[Module, ...]:
    """The Python files of some top folders."""
    return tuple(_module(path) for path in python_files() if package_of(path) in packages)


def modules_outside(*packages: str) -> tuple[Module, ...]:
    """The Python files of all other folders."""
    return tuple(_module(path) for path in python_files() if package_of(path) not in packages)


def dotted(node: ast.AST) -> str:
    """A name as it is written, such as `datetime.now`; "" for anything that is no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f".{node.attr}"
    return ""


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Every node of a tree; each tree is walked once, however many rules look at it."""
    return tuple(ast.walk(tree))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call in a tree."""
    return (node for node in nodes(tree) if isinstance(node, ast.Call))


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text in a tree that is no docstring, with its line."""
    prose = {id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr)}
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def closed_lists() -> dict[str, type[StrEnum]]:
    """The closed lists of the engine by their names."""
    found = inspect.getmembers(names, inspect.isclass)
    return {name: one for name, one in found if issubclass(one, StrEnum) and one.__module__ == names.__name__}
