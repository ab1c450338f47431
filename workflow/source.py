"""Reading YAML with its line numbers, so that every mistake in a procedure or a criteria set is shown where it stands.

Lives here: `Node` (a parsed value that knows its line), `Reader` (a mapping being read) and `Problems` (the mistakes
found so far). Nothing here knows what a procedure is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file: where it stands and what is wrong, as a sentence."""

    file: str
    line: int
    cause: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.cause}"


class Broken(ValueError):
    """A file that cannot be used, with every mistake that was found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line, p.cause)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Problems:
    """The mistakes found so far in one file."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int, cause: str) -> None:
        """Note one mistake and go on reading."""
        self.found.append(Problem(self.file, line, cause))

    def stop_if_any(self) -> None:
        """Refuse the file when anything was found."""
        if self.found:
            raise Broken(self.found)


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value with its line, for a mapping that of its name; `keys` holds the line of each key of a mapping."""

    value: object
    line: int
    keys: dict[str, int] = field(default_factory=dict)


def text_of(path: Path) -> str:
    """The text of one file; a file that is not UTF-8 is refused."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise Broken([Problem(path.name, line, "not a text in UTF-8")]) from None


def read(path: Path) -> tuple[Node, Problems]:
    """Parse one YAML file into nodes; a file that is not YAML, or not a mapping, is refused with its line."""
    return parse(text_of(path), path.name)


def parse(text: str, file: str) -> tuple[Node, Problems]:
    """Parse YAML text into nodes, noting keys that stand twice and what cannot be read."""
    problems = Problems(file)
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        raise Broken([Problem(file, line, f"not valid YAML: {error.reason}")]) from None
    except yaml.MarkedYAMLError as error:
        line = min(error.problem_mark.line, text.count("\n")) + 1 if error.problem_mark else 1
        raise Broken([Problem(file, line, f"not valid YAML: {error.problem}")]) from None
    if not isinstance(tree, yaml.MappingNode):
        raise Broken([Problem(file, 1, "the file must be a mapping of keys to values")])
    return _Nodes(problems).node(tree), problems


_YAML = "tag:yaml.org,2002:"
_TEXT = f"{_YAML}str"
_UNREADABLE = (ValueError, LookupError, AttributeError, yaml.MarkedYAMLError)
"""What PyYAML raises for a scalar that its tag does not fit, such as the 31st of June."""


class _Nodes:
    """Turns YAML's own tree into nodes; each part of it is read once, so that no alias can make it endless."""

    def __init__(self, problems: Problems) -> None:
        self._problems, self._loader = problems, yaml.SafeLoader("")
        self._seen: set[int] = set()

    def node(self, tree: yaml.Node, named_on: int | None = None) -> Node:
        line = tree.start_mark.line + 1
        if id(tree) in self._seen:
            self._problems.add(line, "this value is repeated by an alias: write it out each time")
            return Node(None, line)
        self._seen.add(id(tree))
        if isinstance(tree, yaml.MappingNode):
            return self._mapping(tree, named_on or line)
        if isinstance(tree, yaml.SequenceNode):
            return Node([self.node(item) for item in tree.value], line)
        return self._scalar(tree, line)

    def _mapping(self, tree: yaml.MappingNode, line: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, int] = {}
        for key_node, value_node in tree.value:
            key, key_line = str(key_node.value), key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._problems.add(key_line, "a key must be a text")
                continue
            if key in values:
                self._problems.add(key_line, f"the key '{key}' stands twice")
            values[key] = self.node(value_node, key_line)
            keys[key] = key_line
        return Node(values, line, keys)

    def _scalar(self, tree: yaml.Node, line: int) -> Node:
        if tree.tag == _TEXT:
            return Node(tree.value, line)
        try:
            return Node(self._loader.construct_object(tree), line)
        except _UNREADABLE:
            self._problems.add(line, f"'{tree.value}' cannot be read as {tree.tag.removeprefix(_YAML)}")
            return Node(None, line)


class Reader:
    """A mapping being read: takes known keys, notes missing, mistyped and unknown ones, each with its line."""

    def __init__(self, node: Node, problems: Problems, what: str) -> None:
        self.problems, self.what, self.line, self.keys = problems, what, node.line, node.keys
        self._values: dict[str, Node] = {}
        if isinstance(node.value, dict):
            self._values = dict(node.value)
        else:
            problems.add(node.line, f"{what} must be a mapping")

    def line_of(self, key: str) -> int:
        """The line of a key, or of the mapping when the key is absent."""
        return self.keys.get(key, self.line)

    def lines(self) -> dict[str, int]:
        """The line of every key, and of every key within it (`states.council`), that has not been taken yet."""
        lines = dict(self.keys)
        for key, node in self._values.items():
            lines.update({f"{key}.{inner}": line for inner, line in node.keys.items()})
        return lines

    def _take(self, key: str, kind: type | tuple[type, ...], name: str, *, required: bool) -> Node | None:
        node = self._values.pop(key, None)
        if node is None or node.value is None:
            if required:
                self.problems.add(self.line, f"{self.what} lacks '{key}'")
            return None
        wrong_bool = isinstance(node.value, bool) and kind is int
        if not isinstance(node.value, kind) or wrong_bool:
            self.problems.add(self.line_of(key), f"{self.what}: '{key}' must be {name}")
            return None
        return node

    def text(
        self, key: str, *, required: bool = True, among: Callable[[str], bool] | None = None, kind: str = ""
    ) -> str:
        """A text value, checked against the known names when `among` is given; '' when it is absent or wrong."""
        node = self._take(key, str, "a text", required=required)
        value = str(node.value) if node else ""
        if node and required and not value.strip():
            self.problems.add(self.line_of(key), f"{self.what}: '{key}' is empty")
            return ""
        if node and among and not among(value):
            self.problems.add(self.line_of(key), f"{self.what}: unknown {kind} '{value}'")
            return ""
        return value

    def whole(self, key: str) -> int | None:
        """A whole number, or None when it is absent or wrong."""
        node = self._take(key, int, "a whole number", required=True)
        return node.value if node and isinstance(node.value, int) else None

    def flag(self, key: str) -> bool:
        """A true/false value that is false when absent."""
        node = self._take(key, bool, "true or false", required=False)
        return bool(node and node.value)

    def raw(self, key: str, *, required: bool = False) -> Node | None:
        """Any value with its line, for callers that read further themselves."""
        return self._take(key, object, "a value", required=required)

    def mapping(self, key: str, *, required: bool = True) -> dict[str, Node]:
        """A mapping of names to nodes."""
        node = self._take(key, dict, "a mapping", required=required)
        return node.value if node and isinstance(node.value, dict) else {}

    def inner(self, key: str, what: str, *, required: bool = True) -> "Reader | None":
        """A nested mapping as a reader of its own."""
        node = self._take(key, dict, "a mapping", required=required)
        return Reader(node, self.problems, what) if node else None

    def items(self, key: str, *, required: bool = False) -> list[Node]:
        """A list of nodes; a single value counts as a list of one."""
        node = self._take(key, object, "a list", required=required)
        if node is None:
            return []
        items = node.value if isinstance(node.value, list) else [node]
        if required and not items:
            self.problems.add(self.line_of(key), f"{self.what}: '{key}' is empty")
        return items

    def texts(
        self, key: str, *, required: bool = False, among: Callable[[str], bool] | None = None, kind: str = ""
    ) -> tuple[str, ...]:
        """A list of texts, each checked against the known names when `among` is given."""
        kept: list[str] = []
        for node in self.items(key, required=required):
            if not isinstance(node.value, str):
                self.problems.add(node.line, f"{self.what}: each of '{key}' must be a text")
            elif among and not among(node.value):
                self.problems.add(node.line, f"{self.what}: unknown {kind} '{node.value}'")
            else:
                kept.append(node.value)
        return tuple(kept)

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._values:
            self.problems.add(self.line_of(key), f"{self.what}: unknown key '{key}'")


def each(nodes: dict[str, Node], problems: Problems, what: str) -> Iterator[tuple[str, Reader]]:
    """Every entry of a mapping as a reader that names itself."""
    for name, node in nodes.items():
        yield name, Reader(node, problems, f"{what} '{name}'")
