"""Reading criteria sets and departments from YAML: every mistake of a file is reported at once, with its line.

Lives here: `load_criteria`, `load_all` and `load_departments`. The shape of the files is the shape of the types in `criteria_set`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from workflow.criteria_set import (
    EVERY_GROUP,
    Choose,
    Compare,
    Counts,
    CriteriaSet,
    Criterion,
    Group,
    GroupOverride,
    Indicator,
    InvalidValue,
    Kind,
    Relative,
    Requirement,
    Source,
    Threshold,
    exact_number,
    exact_threshold,
)
from workflow.names import Level, Mark, Subject
from workflow.source import Broken, Node, Problem, Problems, Reader, read

DEPARTMENTS_FILE = "departments.yaml"
MODERN = "modern"
"""The pilot title of 2026-2030, which no procedure grants yet."""

_LEVELS = frozenset(Level) | {MODERN}
_NUMERIC = frozenset({Compare.AT_LEAST, Compare.AT_MOST, Compare.EQUAL, Compare.MORE, Compare.LESS})
_FITTING: dict[Kind, frozenset[Compare]] = dict.fromkeys(Kind, _NUMERIC) | {
    Kind.BOOLEAN: frozenset({Compare.IS_TRUE, Compare.IS_FALSE}),
    Kind.SET: frozenset({Compare.MEETS}),
}
_Name = TypeVar("_Name", bound=StrEnum)


class Department(NamedTuple):
    """A provincial office that can own indicators, with the names it had before the 2025 reform."""

    code: str
    name_vi: str
    name_en: str
    former_vi: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    problems: Problems
    departments: Collection[str]
    groups: Collection[str]
    units_en: Mapping[str, str]


def load_departments(path: Path) -> dict[str, Department]:
    """The departments of a province by code; Broken with every mistake of the file."""
    node, problems = read(path)
    top = Reader(node, problems, "the file")
    _one_of(top, "mark", Mark, "mark")
    found: dict[str, Department] = {}
    for reader in _readers(top, "departments", "department"):
        code = reader.text("code")
        if code in found:
            problems.add(reader.line, f"the department '{code}' stands twice")
        found[code] = Department(code, reader.text("name_vi"), reader.text("name_en"), reader.texts("former_vi"))
        reader.finish()
    top.finish()
    problems.stop_if_any()
    return found


def load_all(folder: Path) -> dict[str, CriteriaSet]:
    """Every criteria set of a folder by key; Broken with the mistakes of all its files, also those between them."""
    departments = load_departments(folder / DEPARTMENTS_FILE)
    sets: dict[str, CriteriaSet] = {}
    found: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == DEPARTMENTS_FILE:
            continue
        try:
            loaded = load_criteria(path, departments)
        except Broken as broken:
            found.extend(broken.problems)
            continue
        if loaded.key in sets:
            found.append(Problem(path.name, 1, f"the set '{loaded.key}' stands in another file too"))
        sets[loaded.key] = loaded
    if not found:
        found = [Problem(f"{key}.yaml", 1, cause) for key, one in sets.items() for cause in _dangling(one, sets)]
    if found:
        raise Broken(found)
    return sets


def _dangling(one: CriteriaSet, sets: Mapping[str, CriteriaSet]) -> Iterable[str]:
    for requirement in one.requires:
        if requirement.set_key not in sets:
            yield f"the set requires an unknown set '{requirement.set_key}'"
    for indicator in one.indicators:
        relative = indicator.relative_to
        if not relative:
            continue
        other = sets.get(relative.set_key)
        if other is None:
            yield f"indicator '{indicator.code}' refers to an unknown set '{relative.set_key}'"
        elif relative.indicator and relative.indicator not in {known.code for known in other.indicators}:
            yield f"indicator '{indicator.code}' refers to an unknown indicator '{relative.indicator}'"


def load_criteria(path: Path, departments: Collection[str] | None = None) -> CriteriaSet:
    """One criteria set; Broken with every mistake of the file. Departments are read beside it unless they are given."""
    if departments is None:
        departments = load_departments(path.parent / DEPARTMENTS_FILE)
    node, problems = read(path)
    top = Reader(node, problems, "the set")
    groups = tuple(_group(reader) for reader in _readers(top, "groups", "group"))
    units_en = {unit: str(name.value) for unit, name in top.mapping("units_en", required=False).items()}
    known = _Known(problems, departments, {group.code for group in groups}, units_en)
    line_of_counts = top.line_of("counts")
    loaded = CriteriaSet(
        key=top.text("key"),
        version=top.whole("version") or 0,
        title_vi=top.text("title_vi"),
        title_en=top.text("title_en"),
        legal_basis=top.text("legal_basis"),
        subject=_one_of(top, "subject", Subject, "subject") or Subject.COMMUNE,
        level=top.text("level", among=_LEVELS.__contains__, kind="level"),
        valid_from=_date(top, "valid_from"),
        valid_to=_date(top, "valid_to"),
        complete=top.flag("complete"),
        mark=_one_of(top, "mark", Mark, "mark") or Mark.RECALLED_LOW,
        counts=_counts(top),
        groups=groups,
        criteria=tuple(_criterion(reader, known) for reader in _readers(top, "criteria", "criterion")),
        requires=tuple(_requirement(reader) for reader in _readers(top, "requires", "requirement")),
        group_overrides=tuple(
            _override(reader, known) for reader in _readers(top, "group_overrides", "group override")
        ),
        superseded_by=top.text("superseded_by", required=False),
        verified=top.texts("verified"),
        sources=tuple(_source(reader) for reader in _readers(top, "sources", "source")),
        notes=top.texts("notes"),
    )
    top.finish()
    _check_whole(loaded, top, line_of_counts)
    problems.stop_if_any()
    return loaded
