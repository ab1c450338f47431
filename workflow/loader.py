"""YAML -> Procedure, or every mistake at once with its file and line. What a loaded procedure has proved is in `proofs`."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from workflow.events import KEEPS
from workflow.guards import GUARDS
from workflow.names import (
    Column,
    DocumentKind,
    Effect,
    EventType,
    Field,
    Level,
    Mark,
    Reach,
    Role,
    StateKind,
    Subject,
    Tier,
    Work,
)
from workflow.policy import REACH_OF_ROLE
from workflow.procedure import Action, Branch, ClockRule, Figure, Procedure, State
from workflow.proofs import prove
from workflow.source import Broken, Node, Problem, Problems, Reader, each, parse

UNITS = ("percent", "times", "working_days", "calendar_days")
AUTHORITIES = ("chairman", "committee")
FOLDER = Path(__file__).parent / "procedures"
E = TypeVar("E", bound=StrEnum)


def _known(names: Iterable[str]) -> Callable[[str], bool]:
    allowed = frozenset(str(name) for name in names)
    return lambda value: value in allowed


def load_all(folder: Path = FOLDER) -> dict[str, Procedure]:
    """Every procedure of a folder by its id, or every mistake of every file."""
    loaded: dict[str, Procedure] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            procedure = load(path)
        except Broken as broken:
            problems.extend(broken.problems)
            continue
        for other in loaded.values():
            problems.extend(_conflict(path.name, procedure, other))
        loaded[procedure.id] = procedure
    if problems:
        raise Broken(problems)
    return loaded


def _conflict(file: str, one: Procedure, other: Procedure) -> list[Problem]:
    if one.id == other.id:
        return [Problem(file, 1, f"'{one.id}' exists twice")]
    if one.subject is not other.subject or one.key == other.key:
        return []
    ends = (one.in_force_to or date.max, other.in_force_to or date.max)
    if max(one.in_force_from, other.in_force_from) <= min(ends):
        return [Problem(file, 1, f"its dates in force overlap with those of '{other.id}'")]
    return []


def load(path: Path) -> Procedure:
    """One procedure from its file; refused with every mistake in it."""
    return build(path.read_text("utf-8"), path.name)


def build(text: str, file: str) -> Procedure:
    """One procedure from YAML text; the name of the file is for the messages."""
    root, problems = parse(text, file)
    reader = Reader(root, problems, "the procedure")
    procedure = _procedure(reader, problems, hashlib.sha256(text.encode()).hexdigest())
    reader.finish()
    lines = _lines(root)
    for place, cause in prove(procedure):
        problems.add(lines.get(place, 1), cause)
    problems.stop_if_any()
    return procedure


def _lines(root: Node) -> dict[str, int]:
    found: dict[str, int] = {}
    if isinstance(root.value, dict):
        for section, node in root.value.items():
            for name, line in node.keys.items():
                found[f"{section}.{name}"] = line
    return found


def _procedure(reader: Reader, problems: Problems, digest: str) -> Procedure:
    titles = _labels(reader.inner("title", "the title"))
    force = reader.inner("in_force", "the dates in force")
    figures = {name: _figure(name, item) for name, item in each(reader.mapping("figures"), problems, "figure")}
    states = reader.mapping("states")
    is_state = _known(states)
    clocks = {
        name: _clock(name, item, figures, is_state)
        for name, item in each(reader.mapping("clocks", required=False), problems, "clock")
    }
    read_states = {name: _state(name, item, clocks) for name, item in each(states, problems, "state")}
    starts = [name for name, state in read_states.items() if state.kind is StateKind.START]
    if len(starts) != 1:
        problems.add(reader.line_of("states"), f"there must be exactly one start state, found {len(starts)}")
    return Procedure(
        key=reader.text("key"),
        version=reader.whole("version") or 0,
        title_vi=titles[0],
        title_en=titles[1],
        subject=_enum(reader, "subject", Subject) or Subject.COMMUNE,
        levels=_levels(reader, problems),
        tiers=tuple(Tier(name) for name in reader.texts("tiers", required=True, among=_known(Tier), kind="tier")),
        in_force_from=_date(force, "from", required=True) or date.min,
        in_force_to=_date(force, "to", required=False),
        legal_basis=reader.texts("legal_basis", required=True),
        authority=reader.text("authority", among=_known(AUTHORITIES), kind="authority"),
        start=starts[0] if starts else "",
        resets=frozenset(reader.texts("resets", among=is_state, kind="state")),
        states=read_states,
        actions={
            name: _action(name, item, is_state) for name, item in each(reader.mapping("actions"), problems, "action")
        },
        figures=figures,
        clocks=clocks,
        mark=_enum(reader, "mark", Mark) or Mark.RECALLED,
        digest=digest,
    )


def _labels(reader: Reader | None) -> tuple[str, str]:
    if reader is None:
        return "", ""
    labels = reader.text("vi"), reader.text("en")
    reader.finish()
    return labels


def _date(reader: Reader | None, key: str, *, required: bool) -> date | None:
    node = reader.raw(key, required=required) if reader else None
    if reader and node and not isinstance(node.value, date):
        reader.problems.add(node.line, f"{reader.what}: '{key}' must be a date such as 2025-07-01")
        return None
    return node.value if node and isinstance(node.value, date) else None


def _enum(reader: Reader, key: str, kind: type[E], *, required: bool = True) -> E | None:
    value = reader.text(key, required=required, among=_known(kind), kind=key)
    return kind(value) if value else None


def _levels(reader: Reader, problems: Problems) -> Mapping[Level, Level | None]:
    levels: dict[Level, Level | None] = {}
    for name, item in each(reader.mapping("levels"), problems, "level"):
        before = _enum(item, "requires", Level, required=False)
        item.finish()
        if name in list(Level):
            levels[Level(name)] = before
        else:
            problems.add(item.line, f"unknown level '{name}'")
    return levels


def _figure(name: str, reader: Reader) -> Figure:
    figure = Figure(
        name=name,
        value=reader.whole("value") or 0,
        unit=reader.text("unit", among=_known(UNITS), kind="unit"),
        mark=_enum(reader, "mark", Mark) or Mark.RECALLED,
        source=reader.text("source"),
        label_vi=reader.text("vi"),
        label_en=reader.text("en"),
    )
    reader.finish()
    return figure


def _clock(name: str, reader: Reader, figures: Mapping[str, Figure], is_state: Callable[[str], bool]) -> ClockRule:
    figure = reader.text("figure", among=_known(figures), kind="figure")
    states = reader.texts("states", required=True, among=is_state, kind="state")
    reader.finish()
    unit = figures[figure].unit if figure else ""
    if figure and not unit.endswith("_days"):
        reader.problems.add(reader.line_of("figure"), f"{reader.what}: '{figure}' does not count days")
    return ClockRule(name, figure, unit.removesuffix("_days"), frozenset(states))


def _state(name: str, reader: Reader, clocks: Mapping[str, ClockRule]) -> State:
    work = {
        Work(key): reader_of_roles
        for key, reader_of_roles in _work(reader.mapping("work", required=False), reader.problems, name).items()
    }
    kind = _enum(reader, "kind", StateKind, required=False) or StateKind.OPEN
    holder = _enum(reader, "holder", Role, required=kind is StateKind.OPEN)
    state = State(
        name=name,
        label_vi=reader.text("vi"),
        label_en=reader.text("en"),
        kind=kind,
        holder=holder,
        clock=reader.text("clock", required=False, among=_known(clocks), kind="clock") or None,
        column=_enum(reader, "column", Column, required=False),
        work=work,
    )
    reader.finish()
    return state


def _work(items: Mapping[str, Node], problems: Problems, state: str) -> dict[str, tuple[Role, ...]]:
    known: dict[str, tuple[Role, ...]] = {}
    for key, node in items.items():
        holder = Reader(Node({key: node}, node.line, {key: node.line}), problems, f"state '{state}'")
        roles = holder.texts(key, among=_known(Role), kind="role")
        if key in list(Work):
            known[key] = tuple(Role(role) for role in roles)
        else:
            problems.add(node.line, f"state '{state}': unknown work '{key}'")
    return known


def _action(name: str, reader: Reader, is_state: Callable[[str], bool]) -> Action:
    guards = reader.texts("guards", among=_known(GUARDS), kind="guard")
    asks = reader.texts("asks", among=_known(Field), kind="field")
    by = tuple(Role(role) for role in reader.texts("by", required=True, among=_known(Role), kind="role"))
    reach = _enum(reader, "reach", Reach, required=False)
    action = Action(
        name=name,
        label_vi=reader.text("vi"),
        label_en=reader.text("en"),
        sources=reader.texts("from", required=True, among=is_state, kind="state"),
        by=by,
        reach=reach or (REACH_OF_ROLE[by[0]] if by else Reach.OWN),
        guards=guards,
        branches=_branches(reader, is_state),
        asks=tuple(Field(field) for field in asks),
        effects=tuple(Effect(effect) for effect in reader.texts("effects", among=_known(Effect), kind="effect")),
        documents=tuple(
            DocumentKind(kind) for kind in reader.texts("documents", among=_known(DocumentKind), kind="document")
        ),
        not_same_person_as=tuple(
            EventType(past) for past in reader.texts("not_same_person_as", among=_known(EventType), kind="event")
        ),
        takes_number=reader.flag("takes_number"),
        clause=reader.text("clause"),
        mark=_enum(reader, "mark", Mark) or Mark.RECALLED,
    )
    reader.finish()
    _check_kept(action, reader)
    return action


def _branches(reader: Reader, is_state: Callable[[str], bool]) -> tuple[Branch, ...]:
    nodes = reader.items("branches")
    if not nodes:
        return (_branch(reader, is_state),)
    branches = []
    for number, node in enumerate(nodes, 1):
        inner = Reader(node, reader.problems, f"{reader.what}, branch {number}")
        guards = inner.texts("guards", among=_known(GUARDS), kind="guard")
        branches.append(_branch(inner, is_state, guards))
        inner.finish()
    return tuple(branches)


def _branch(reader: Reader, is_state: Callable[[str], bool], guards: tuple[str, ...] = ()) -> Branch:
    to = reader.text("to", among=is_state, kind="state")
    return Branch(to, _enum(reader, "records", EventType) or EventType.OPENED, guards)


def _check_kept(action: Action, reader: Reader) -> None:
    for branch in action.branches:
        lost = [field for field in action.asks if field not in KEEPS[branch.records]]
        if lost:
            cause = f"{reader.what}: the event '{branch.records}' does not keep what is asked: {', '.join(lost)}"
            reader.problems.add(reader.line_of("asks"), cause)
