"""The glossary binds Vietnamese terms to names: each name is real, and every table and closed list has its term."""

import inspect
import re

import pytest

from models.base import Base, table_of
from models.tables import MODULES
from tests.contract.sources import closed_lists, text_of

LISTS = closed_lists()
TABLES = {
    name: table_of(one)
    for module in MODULES
    for name, one in inspect.getmembers(module, inspect.isclass)
    if issubclass(one, Base) and one.__module__ == module.__name__
}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in text_of("docs/glossary.md").splitlines()
    if line.startswith("|") and not line.startswith(("| Tiếng Việt", "| ---"))
]


def is_real(name: str) -> bool:
    """Whether a name stands for a list, one of its members, a table or one of its columns."""
    owner, _, part = name.partition(".")
    if owner in LISTS:
        return not part or part in LISTS[owner].__members__
    return owner in TABLES and (not part or part in TABLES[owner].c)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_term_has_both_languages_and_real_names(row: list[str]) -> None:
    vietnamese, english, cell = row
    bound = re.findall(r"`([^`]+)`", cell)
    assert vietnamese
    assert english
    assert bound
    assert [name for name in bound if not is_real(name)] == []


def test_every_table_and_every_closed_list_has_its_term() -> None:
    bound = {name.split(".")[0] for row in ROWS for name in re.findall(r"`([^`]+)`", row[2])}
    assert bound == set(LISTS) | set(TABLES)


@pytest.mark.parametrize("whole", ["Level", "Role", "EventType", "Part", "Column", "Tier", "Field"])
def test_every_name_of_the_lists_that_people_read_has_its_term(whole: str) -> None:
    bound = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row[2])}
    assert {f"{whole}.{name}" for name in LISTS[whole].__members__} <= bound


def test_a_term_is_bound_once() -> None:
    terms = [row[0] for row in ROWS]
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("name", ["Level.BEST", "Dossier.colour", "Unit", "Role.commune_officer"])
def test_a_name_that_is_not_real_would_be_seen(name: str) -> None:
    assert not is_real(name)
