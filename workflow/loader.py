"""YAML -> Procedure, or every mistake at once with its file and line. What a loaded procedure proves is in `proofs`."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from workflow.copies import POWERS
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
from workflow.procedure import SAME, Action, Branch, ClockRule, Figure, Procedure, State
from workflow.proofs import prove
from workflow.source import Broken, Problem, Reader, each, parse, text_of

UNITS = ("percent", "times", "working_days", "calendar_days")
AUTHORITIES = ("chairman", "committee")
FOLDER = Path(__file__).parent / "procedures"
E = TypeVar("E", bound=StrEnum)
type_of_check = Callable[[str], bool]


def load_all(folder: Path = FOLDER) -> dict[str, Procedure]:
    """Every procedure of a folder by its id, or every mistake of every file."""
    return load_files(sorted(folder.glob("*.yaml")))


def load_files(paths: Iterable[Path]) -> dict[str, Procedure]:
    """The procedures of these files by their ids, or every mistake of every file, also those between them."""
    loaded: dict[str, Procedure] = {}
    problems: list[Problem] = []
    for path in paths:
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
    return build(text_of(path), path.name)


def build(text: str, file: str) -> Procedure:
    """One procedure from YAML text; the name of the file is for the messages."""
    root, problems = parse(text, file)
    reader = Reader(root, problems, "the procedure")
    lines = reader.lines()
    procedure = _procedure(reader, hashlib.sha256(text.encode()).hexdigest())
    reader.finish()
    for place, cause in prove(procedure):
        problems.add(lines.get(place, 1), cause)
    problems.stop_if_any()
    return procedure


def _procedure(reader: Reader, digest: str) -> Procedure:
    problems, names = reader.problems, reader.mapping("states")
    is_state = _known(names)
    figures = {name: _figure(name, item) for name, item in each(reader.mapping("figures"), problems, "figure")}
    clocks = {
        name: _clock(name, item, figures, is_state)
        for name, item in each(reader.mapping("clocks", required=False), problems, "clock")
    }
    states = {name: _state(name, item, clocks) for name, item in each(names, problems, "state")}
    title_vi, title_en = _title(reader)
    in_force_from, in_force_to = _dates_in_force(reader)
    return Procedure(
        key=reader.text("key"),
        version=_positive(reader, "version"),
        title_vi=title_vi,
        title_en=title_en,
        subject=_one(reader, "subject", Subject) or Subject.COMMUNE,
        levels=_levels(reader),
        tiers=_many(reader, "tiers", Tier, required=True),
        in_force_from=in_force_from,
        in_force_to=in_force_to,
        legal_basis=reader.texts("legal_basis", required=True),
        authority=reader.text("authority", among=_known(AUTHORITIES), kind="authority"),
        copies_signed=reader.texts("copies_signed", required=True, among=_known(POWERS), kind="power"),
        start=_start(reader, states),
        resets=frozenset(reader.texts("resets", among=is_state, kind="state")),
        states=states,
        actions={
            name: _action(name, item, is_state) for name, item in each(reader.mapping("actions"), problems, "action")
        },
        figures=figures,
        clocks=clocks,
        mark=_one(reader, "mark", Mark) or Mark.RECALLED,
        digest=digest,
    )


# Words, numbers and dates


def _known(names: Iterable[str]) -> type_of_check:
    allowed = frozenset(str(name) for name in names)
    return lambda value: value in allowed


@cache
def _member(kind: type[StrEnum]) -> type_of_check:
    """Whether a value is in a closed list; the check is made once for each list."""
    return _known(kind)


_is_guard = _known(GUARDS)


@cache
def _called(kind: type[StrEnum]) -> str:
    """What one of these names is called in a message: a DocumentKind is a "document kind"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower()


def _one(reader: Reader, key: str, kind: type[E], *, required: bool = True) -> E | None:
    value = reader.text(key, required=required, among=_member(kind), kind=_called(kind))
    return kind(value) if value else None


def _many(reader: Reader, key: str, kind: type[E], *, required: bool = False) -> tuple[E, ...]:
    values = reader.texts(key, required=required, among=_member(kind), kind=_called(kind))
    return tuple(kind(value) for value in values)


def _positive(reader: Reader, key: str) -> int:
    value = reader.whole(key)
    if value is not None and value < 1:
        reader.problems.add(reader.line_of(key), f"{reader.what}: '{key}' must be at least 1")
    return value or 0


def _date(reader: Reader, key: str, *, required: bool) -> date | None:
    node = reader.raw(key, required=required)
    if node and type(node.value) is not date:
        reader.problems.add(node.line, f"{reader.what}: '{key}' must be a date such as 2025-07-01")
    return node.value if node and type(node.value) is date else None


# The head of the file


def _title(reader: Reader) -> tuple[str, str]:
    inner = reader.inner("title", "the title")
    if inner is None:
        return "", ""
    labels = inner.text("vi"), inner.text("en")
    inner.finish()
    return labels


def _dates_in_force(reader: Reader) -> tuple[date, date | None]:
    inner = reader.inner("in_force", "the dates in force")
    if inner is None:
        return date.min, None
    first, last = _date(inner, "from", required=True), _date(inner, "to", required=False)
    inner.finish()
    return first or date.min, last


def _levels(reader: Reader) -> Mapping[Level, Level | None]:
    levels: dict[Level, Level | None] = {}
    for name, item in each(reader.mapping("levels"), reader.problems, "level"):
        before = _one(item, "requires", Level, required=False)
        item.finish()
        if name in list(Level):
            levels[Level(name)] = before
        else:
            reader.problems.add(item.line, f"unknown level '{name}'")
    return levels


def _start(reader: Reader, states: Mapping[str, State]) -> str:
    starts = [name for name, state in states.items() if state.kind is StateKind.START]
    if len(starts) != 1:
        reader.problems.add(reader.line_of("states"), f"there must be exactly one start state, found {len(starts)}")
    return starts[0] if starts else ""


# Figures, clocks, states


def _figure(name: str, reader: Reader) -> Figure:
    figure = Figure(
        name=name,
        value=_positive(reader, "value"),
        unit=reader.text("unit", among=_known(UNITS), kind="unit"),
        mark=_one(reader, "mark", Mark) or Mark.RECALLED,
        source=reader.text("source"),
        label_vi=reader.text("vi"),
        label_en=reader.text("en"),
    )
    reader.finish()
    if figure.unit == "percent" and figure.value > 100:
        reader.problems.add(reader.line_of("value"), f"{reader.what}: 'value' must be at most 100 percent")
    return figure


def _clock(name: str, reader: Reader, figures: Mapping[str, Figure], is_state: type_of_check) -> ClockRule:
    figure = reader.text("figure", among=_known(figures), kind="figure")
    states = reader.texts("states", required=True, among=is_state, kind="state")
    reader.finish()
    unit = figures[figure].unit if figure else ""
    if unit and not unit.endswith("_days"):
        reader.problems.add(reader.line_of("figure"), f"{reader.what}: '{figure}' does not count days")
    return ClockRule(name, figure, unit.removesuffix("_days"), frozenset(states))


def _state(name: str, reader: Reader, clocks: Mapping[str, ClockRule]) -> State:
    kind = _one(reader, "kind", StateKind, required=False) or StateKind.OPEN
    state = State(
        name=name,
        label_vi=reader.text("vi"),
        label_en=reader.text("en"),
        kind=kind,
        holder=_one(reader, "holder", Role, required=kind is StateKind.OPEN),
        clock=reader.text("clock", required=False, among=_known(clocks), kind="clock") or None,
        column=_one(reader, "column", Column, required=False),
        work=_work(reader),
    )
    reader.finish()
    return state


def _work(reader: Reader) -> dict[Work, tuple[Role, ...]]:
    inner = reader.inner("work", f"{reader.what}: the work", required=False)
    if inner is None:
        return {}
    work = {Work(name): _many(inner, name, Role, required=True) for name in inner.keys if name in list(Work)}
    inner.finish()
    return work


# Actions


def _action(name: str, reader: Reader, is_state: type_of_check) -> Action:
    by, asks = _many(reader, "by", Role, required=True), _many(reader, "asks", Field)
    documents = _many(reader, "documents", DocumentKind)
    action = Action(
        name=name,
        label_vi=reader.text("vi"),
        label_en=reader.text("en"),
        sources=reader.texts("from", required=True, among=is_state, kind="state"),
        by=by,
        reach=_one(reader, "reach", Reach, required=False) or (REACH_OF_ROLE[by[0]] if by else Reach.OWN),
        guards=reader.texts("guards", among=_is_guard, kind="guard"),
        branches=_branches(reader, is_state, asks),
        asks=asks,
        effects=_effects(reader, documents),
        documents=documents,
        not_same_person_as=_many(reader, "not_same_person_as", EventType),
        takes_number=reader.flag("takes_number"),
        clause=reader.text("clause"),
        mark=_one(reader, "mark", Mark) or Mark.RECALLED,
    )
    reader.finish()
    return action


def _effects(reader: Reader, documents: tuple[DocumentKind, ...]) -> tuple[Effect, ...]:
    """The effects that the file names; whatever is drawn up must be rendered too, so no file needs to say it."""
    named = _many(reader, "effects", Effect)
    return tuple(dict.fromkeys((*named, Effect.RENDER_PAPERS))) if documents else named


def _branches(reader: Reader, is_state: type_of_check, asks: tuple[Field, ...]) -> tuple[Branch, ...]:
    nodes = reader.items("branches")
    if not nodes:
        return (_branch(reader, is_state, asks),)
    branches = []
    for number, node in enumerate(nodes, 1):
        inner = Reader(node, reader.problems, f"{reader.what}, branch {number}")
        guards = inner.texts("guards", among=_is_guard, kind="guard")
        branches.append(_branch(inner, is_state, asks, guards))
        inner.finish()
    return tuple(branches)


def _branch(reader: Reader, is_state: type_of_check, asks: tuple[Field, ...], guards: tuple[str, ...] = ()) -> Branch:
    to = reader.text("to", among=lambda name: name == SAME or is_state(name), kind="state")
    records = _one(reader, "records", EventType)
    if records:
        _compare_asked_and_kept(reader, records, asks)
    return Branch(to, records or EventType.OPENED, guards)


def _compare_asked_and_kept(reader: Reader, records: EventType, asks: tuple[Field, ...]) -> None:
    line, event = reader.line_of("records"), f"{reader.what}: the event '{records}'"
    if lost := [field for field in asks if field not in KEEPS[records]]:
        reader.problems.add(line, f"{event} does not keep what is asked: {', '.join(lost)}")
    if unasked := sorted(KEEPS[records].difference(asks)):
        reader.problems.add(line, f"{event} needs what is not asked: {', '.join(unasked)}")
