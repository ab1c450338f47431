"""What a reader may count on in every file: sentences, sizes, nothing left lying about, no word about anything else."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.conftest import LONGEST
from tests.contract.sources import Module, files, module, modules, modules_of, nodes, packages, text_of

# --- every public thing says what it is ---

SAID = ("workflow", "casework", "queries", "documents", "models", "jobs", "practice")
SECOND_SENTENCE = re.compile(r"[.!?] [A-ZĐ]")
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def public(body: list[ast.stmt]) -> Iterator[Definition]:
    """The public functions, classes and methods of a module or class."""
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


def unsaid(code: Module) -> Iterator[str]:
    """The public things whose description does not open with one whole sentence."""
    for node in public(code.tree.body):
        opening = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
        if not opening.endswith(".") or SECOND_SENTENCE.search(opening):
            yield f"{code.path}:{node.lineno} {node.name}: {opening}"


def test_every_public_function_and_class_opens_with_one_sentence() -> None:
    assert not [line for code in modules_of(*SAID) for line in unsaid(code)]


def test_every_module_says_what_lives_in_it() -> None:
    silent = [code.path for code in modules() if code.text.strip() and not ast.get_docstring(code.tree)]
    assert not silent


@pytest.mark.parametrize("said", ["", '"""No full stop"""', '"""One. Two."""'])
def test_a_missing_sentence_would_be_seen(said: str) -> None:
    code = module(f"class Dossier:\n    {said}\n    def state(self):\n        {said}\n        return 1\n")
    assert len(list(unsaid(code))) == 2


# --- sizes ---

MOST_LINES, MOST_LINES_OF_A_TEST = 400, 500
MOST_LINES_OF_A_FUNCTION, USUAL_LINES_OF_A_FUNCTION = 50, 25
SOURCES = (".py", ".html", ".js", ".scss")
COLUMN_BY_COLUMN = (
    "migrations/versions/"  # a revision spells out its tables column by column and is never touched again
)


def lengths(code: Module) -> Iterator[tuple[int, str]]:
    """How many lines each function has, with where it is."""
    for node in nodes(code.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{code.path}:{node.lineno} {node.name}"


def test_no_file_is_too_long() -> None:
    limits = {path: MOST_LINES_OF_A_TEST if path.startswith("tests/") else MOST_LINES for path in files()}
    counts = {path: len(text_of(path).splitlines()) for path in files() if path.endswith(SOURCES)}
    assert not {path: count for path, count in counts.items() if count > limits[path]}


def test_no_function_is_too_long() -> None:
    found = [one for code in modules() if not code.path.startswith(COLUMN_BY_COLUMN) for one in lengths(code)]
    assert not [one for one in found if one[0] > MOST_LINES_OF_A_FUNCTION]


@pytest.mark.parametrize("package", packages())
def test_nine_functions_in_ten_are_short(package: str) -> None:
    code = [one for one in modules_of(package) if not one.path.startswith(COLUMN_BY_COLUMN)]
    found = [count for one in code for count, _ in lengths(one)]
    assert sum(count > USUAL_LINES_OF_A_FUNCTION for count in found) * 10 <= len(found)


def test_a_function_is_counted_from_its_first_line_to_its_last() -> None:
    assert list(lengths(module("@cache\ndef one() -> int:\n    x = 1\n\n    return x\n"))) == [(4, "example.py:2 one")]


# --- nothing left lying about ---

# Each pattern is written so that it does not match itself.
LEFT_OVER = {
    "a note to oneself": re.compile(r"\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b"),
    "a rule switched off without a reason": re.compile(r"#\s*n[o]qa(:[\sA-Z0-9,]+)?\s*$", re.MULTILINE),
    "a type ignored without a reason": re.compile(r"#\s*type:\s*i[g]nore(\[[\w, -]+\])?\s*$", re.MULTILINE),
    "a line kept from the count without a reason": re.compile(r"#\s*p[r]agma: no cover\s*$", re.MULTILINE),
    "a test that does not run": re.compile(r"\bpytest\.(s[k]ip|x[f]ail|i[m]portorskip)\b|\bmark\.(s[k]ip|x[f]ail)"),
}


def left_over(path: str, text: str) -> list[str]:
    """What was left lying about in a text, with its lines."""
    return [
        f"{path}:{text.count(chr(10), 0, found.start()) + 1} {what}"
        for what, pattern in LEFT_OVER.items()
        for found in pattern.finditer(text)
    ]


def test_nothing_is_left_lying_about() -> None:
    assert not [line for path in files() if not path.endswith(".csv") for line in left_over(path, text_of(path))]


def test_no_statement_is_commented_out() -> None:
    statement = re.compile(
        r"^\s*# (?:import|from|return|if|for|assert|def|class|raise)\b.*[:)\]]$|^\s*# \w+ = \w+\(.*\)$"
    )
    found = [(code.path, line) for code in modules() for line in code.text.splitlines() if statement.match(line)]
    assert not found


@pytest.mark.parametrize(
    "line",
    ["# T" + "ODO later", "x = 1  # no" + "qa: S101", "x = 1  # type: ign" + "ore[misc]", "pytest.sk" + "ip('later')"],
)
def test_what_is_left_would_be_seen(line: str) -> None:
    assert left_over("example.py", f"first\n{line}\n")[0].startswith("example.py:2 ")


def test_a_reason_beside_it_is_enough() -> None:
    assert not left_over("example.py", "x = 1  # no" + "qa: S506 - the safe loader, in C\n")


# --- the project speaks of itself alone ---

ELSEWHERE = {
    "a folder of somebody's machine": re.compile(r"(?<![\w.}>)])/(w[o]rk|home|root|mnt|Users|tmp/\w+)/[\w.]"),
    "a mirror of packages": re.compile(r"--(extra-)?i[n]dex-url\s+\S|--find-l[i]nks\s+\S|\bhttps?://[^/\s]*\bmirror\b"),
    "who held the pen": re.compile(
        r"(?i)\bco-a[u]thored-by\b|\blanguage m[o]del\b|\bcoding a[s]sistant\b|\bchat ?b[o]t\b"
    ),
}


def speaks_of_elsewhere(path: str, text: str) -> list[str]:
    """The places in a text that speak of something other than the project."""
    return [f"{path}: {found.group()}" for pattern in ELSEWHERE.values() for found in pattern.finditer(text)]


def test_the_project_speaks_of_itself_alone() -> None:
    assert not [line for path in files() for line in speaks_of_elsewhere(path, text_of(path))]


@pytest.mark.parametrize(
    "text", ["see /ho" + "me/an/notes", "--index-" + "url https://packages", "Co-Auth" + "ored-By: x"]
)
def test_a_word_about_elsewhere_would_be_seen(text: str) -> None:
    assert speaks_of_elsewhere("example.md", text)


def test_the_longest_files_that_a_run_begins_with_are_there() -> None:
    assert {f"tests/{name}" for name in LONGEST} <= set(files())


def test_no_template_switches_escaping_off_which_all_threads_of_a_process_would_share() -> None:
    switching = re.compile(r"{%-? *autoescape")
    assert [path for path in files() if path.startswith("templates/") and switching.search(text_of(path))] == []
