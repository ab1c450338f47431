"""Reading criteria sets and departments from YAML: every mistake of a file is reported at once, with its line.

Lives here: `load_criteria`, `load_all` and `load_departments`. The files have the shape of the types in `criteria_set`.
"""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from workflow.criteria_set import (
    NOT_RULED,
    Counts,
    CriteriaSet,
    Criterion,
    Group,
    GroupOverride,
    Requirement,
    Revocation,
    Source,
)
from workflow.indicator_loader import Known, Reference, mark_of, one_of, read_indicator, readers_of
from workflow.names import Level, Subject
from workflow.source import Broken, Problem, Reader, read

DEPARTMENTS_FILE = "departments.yaml"
MODERN = "modern"
"""The pilot title of 2026-2030, which no procedure grants yet."""

_LEVELS = frozenset(Level) | {MODERN}


class Department(NamedTuple):
    """A provincial office that can own indicators, with the names it had before the 2025 reform."""

    code: str
    name_vi: str
    name_en: str
    former_vi: tuple[str, ...]


def load_departments(path: Path) -> dict[str, Department]:
    """The departments of a province by code; Broken with every mistake of the file."""
    node, problems = read(path)
    top = Reader(node, problems, "the file")
    mark_of(top)
    found: dict[str, Department] = {}
    for reader in readers_of(top, "departments", "department"):
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
    references: dict[str, list[Reference]] = {}
    found: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name == DEPARTMENTS_FILE:
            continue
        try:
            loaded, references[path.name] = _load(path, departments)
            sets[loaded.key] = loaded
        except Broken as broken:
            found.extend(broken.problems)
    if not found:
        found = [problem for file, named in references.items() for problem in _dangling(file, named, sets)]
    if found:
        raise Broken(found)
    return sets


def _dangling(file: str, named: list[Reference], sets: Mapping[str, CriteriaSet]) -> list[Problem]:
    found = []
    for line, key, code in named:
        if key not in sets:
            found.append(Problem(file, line, f"unknown set '{key}'"))
        elif code and code not in {indicator.code for indicator in sets[key].indicators}:
            found.append(Problem(file, line, f"unknown indicator '{code}' of the set '{key}'"))
    return found


def load_criteria(path: Path) -> CriteriaSet:
    """One criteria set with the departments beside it; Broken with every mistake of the file."""
    return _load(path, load_departments(path.parent / DEPARTMENTS_FILE))[0]


def _load(path: Path, departments: Collection[str]) -> tuple[CriteriaSet, list[Reference]]:
    node, problems = read(path)
    top = Reader(node, problems, "the set")
    groups = tuple(_group(reader) for reader in readers_of(top, "groups", "group"))
    units_en = {unit: str(name.value) for unit, name in top.mapping("units_en", required=False).items()}
    known = Known(problems, departments, {group.code for group in groups}, units_en)
    loaded = CriteriaSet(
        key=top.text("key"),
        version=top.whole("version") or 0,
        title_vi=top.text("title_vi"),
        title_en=top.text("title_en"),
        legal_basis=top.text("legal_basis"),
        subject=one_of(top, "subject", Subject) or Subject.COMMUNE,
        level=top.text("level", among=_LEVELS.__contains__, kind="level"),
        valid_from=_date(top, "valid_from"),
        valid_to=_date(top, "valid_to"),
        complete=top.flag("complete"),
        mark=mark_of(top),
        counts=_counts(top),
        groups=groups,
        criteria=tuple(_criterion(reader, known) for reader in readers_of(top, "criteria", "criterion")),
        requires=tuple(_requirement(reader, known) for reader in readers_of(top, "requires", "requirement")),
        revocation=_revocation(top, known),
        group_overrides=tuple(_override(reader, known) for reader in readers_of(top, "group_overrides", "override")),
        superseded_by=top.text("superseded_by", required=False),
        verified=top.texts("verified"),
        sources=tuple(_source(reader) for reader in readers_of(top, "sources", "source")),
        notes=top.texts("notes"),
    )
    top.finish()
    _check_set(loaded, top, path.stem)
    problems.stop_if_any()
    return loaded, known.references


def _check_set(loaded: CriteriaSet, top: Reader, name: str) -> None:
    if loaded.key and loaded.key != name:
        top.problems.add(top.line_of("key"), f"the set calls itself '{loaded.key}' and its file '{name}'")
    if date.min < loaded.valid_to < loaded.valid_from:
        top.problems.add(top.line_of("valid_to"), "the set ends before it begins")
    listed = Counts(len(loaded.criteria), sum(len(criterion.indicators) for criterion in loaded.criteria))
    for criterion in loaded.criteria:
        if loaded.complete and not criterion.indicators:
            top.problems.add(
                top.line_of("criteria"), f"criterion '{criterion.code}' of a complete set asks for nothing"
            )
    _check_named(loaded, top)
    counts = loaded.counts
    if counts is None:
        if loaded.complete:
            top.problems.add(top.line, "a complete set must give the counts of its legal text")
        return
    too_many = listed.criteria > counts.criteria or listed.indicators > counts.indicators
    if too_many or (loaded.complete and listed != counts):
        cause = f"lists {listed.criteria} criteria and {listed.indicators} indicators"
        law = f"its legal text has {counts.criteria} and {counts.indicators}"
        top.problems.add(top.line_of("counts"), f"the set {cause}, {law}")


def _check_named(loaded: CriteriaSet, top: Reader) -> None:
    codes = {criterion.code for criterion in loaded.criteria}
    for code in loaded.revocation.criteria:
        if code not in codes:
            top.problems.add(top.line_of("revocation"), f"the revocation names the unknown criterion '{code}'")


def _group(reader: Reader) -> Group:
    code, name_vi, name_en = reader.text("code"), reader.text("name_vi"), reader.text("name_en")
    group = Group(code, name_vi, name_en, reader.text("definition_vi", required=False))
    reader.finish()
    return group


def _requirement(reader: Reader, known: Known) -> Requirement:
    key = reader.text("set")
    known.references.append(Reference(reader.line_of("set"), key, ""))
    requirement = Requirement(key, reader.text("condition_vi", required=False), mark_of(reader))
    reader.finish()
    return requirement


def _revocation(top: Reader, known: Known) -> Revocation:
    reader = top.inner("revocation", "the revocation", required=False)
    if reader is None:
        return NOT_RULED
    judged_by = reader.text("judged_by", required=False)
    if judged_by:
        known.references.append(Reference(reader.line_of("judged_by"), judged_by, ""))
    named = reader.texts("criteria", required=not judged_by)
    found = Revocation(named, judged_by, mark_of(reader), reader.text("source"))
    reader.finish()
    return found


def _override(reader: Reader, known: Known) -> GroupOverride:
    group = reader.text("group", among=known.groups.__contains__, kind="group")
    override = GroupOverride(reader.text("applies_to_vi"), group, mark_of(reader))
    reader.finish()
    return override


def _source(reader: Reader) -> Source:
    source = Source(reader.text("title"), reader.text("url"), reader.text("extent"))
    reader.finish()
    return source


def _counts(top: Reader) -> Counts | None:
    reader = top.inner("counts", "the counts", required=False)
    if reader is None:
        return None
    counts = Counts(reader.whole("criteria") or 0, reader.whole("indicators") or 0)
    reader.finish()
    return counts


def _criterion(reader: Reader, known: Known) -> Criterion:
    code = reader.text("code")
    known.claim(code, reader)
    indicators = tuple(read_indicator(inner, code, known) for inner in readers_of(reader, "indicators", "indicator"))
    name_vi, name_en, block_vi = reader.text("name_vi"), reader.text("name_en"), reader.text("block_vi", required=False)
    reader.finish()
    return Criterion(code, name_vi, name_en, block_vi, indicators)


def _date(top: Reader, key: str) -> date:
    node = top.raw(key, required=True)
    if node and isinstance(node.value, date):
        return node.value
    if node:
        top.problems.add(node.line, f"the set: '{key}' must be a date such as 2022-03-08")
    return date.min
