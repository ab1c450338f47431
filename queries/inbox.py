"""The inbox of a desk: what lies with a person's offices today, earliest deadline first, in one statement.

A dossier lies on the desk of the office that holds it, of the office that takes its next step, and of an office that
holds no state at all but has work there (department reviewers, council members).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from models.base import table_of
from models.documents import Paper, PaperDossier
from models.dossiers import Dossier
from models.keys import read_number
from models.places import AdminUnit
from queries.days import NO_DEADLINE
from queries.fused import row_list, rows_of
from queries.rulebook import procedures
from queries.search import has_words
from queries.written_out import ask
from workflow.decide import onward
from workflow.facts import Actor
from workflow.names import Role, StateKind
from workflow.procedure import Procedure

D, U, PAPER, OF = (table_of(one) for one in (Dossier, AdminUnit, Paper, PaperDossier))
COLUMNS = (D.c.id, D.c.code, U.c.full_name, D.c.level, D.c.procedure_id, D.c.state, D.c.due_on, D.c.holder_role)
_OF_LINE = tuple(column for column in COLUMNS if column.table is D)
EARLIEST_FIRST = itemgetter(6, 0)  # by `COLUMNS`: the deadline, then the order of opening
PAGE = 25


class Line(NamedTuple):
    """One dossier of an inbox; `due_on` is None where the law sets no time."""

    id: int
    code: str
    unit_name: str
    level: str
    procedure_id: str
    state: str
    state_vi: str
    state_en: str
    due_on: date | None
    holder_role: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many dossiers of the desk lie in one state, with the state's labels."""

    state: str
    state_vi: str
    state_en: str
    number: int


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of a desk: its lines, the counts of every state and of what is late, and how many the choice holds."""

    rows: tuple[Line, ...]
    counts: tuple[Count, ...]
    overdue: int
    total: int
    page: int
    pages: int


class Lane(NamedTuple):
    """Dossiers held by one office of one unit, in all states (None) or in one."""

    unit_id: int
    holder: str
    state: str | None


class Choice(NamedTuple):
    """What is chosen of a desk: one state, what is late, or what bears these words; nothing chosen is everything."""

    state: str | None = None
    overdue: bool = False
    wanted: str = ""


EVERYTHING = Choice()
Shape = tuple[tuple[str, str | None], ...]  # the holder and the state of each lane


def inbox(connection: Connection, actor: Actor, today: date, page: int = 1, choice: Choice = EVERYTHING) -> Inbox:
    """What lies with the actor's present offices, earliest deadline first: page `page` (from 1) of 25 lines."""
    lanes = lanes_of(actor, today)
    if not lanes:
        return Inbox((), (), 0, 0, 1, 1)
    shape = tuple((lane.holder, lane.state) for lane in lanes)
    units = {f"unit_{number}": lane.unit_id for number, lane in enumerate(lanes)}
    values = {**units, "today": today, "chosen": choice.state}
    *numbers, overdue, lines = _run(connection, shape, choice, {**values, "skipped": (page - 1) * PAGE})
    counts = labelled(_sums(shape, numbers).items())
    in_state = sum(count.number for count in counts if choice.state in {None, count.state})
    total = overdue if choice.overdue else in_state
    pages = max(1, -(-total // PAGE))
    if page > pages:
        return inbox(connection, actor, today, pages, choice)
    rows = sorted(rows_of(lines), key=EARLIEST_FIRST)
    return Inbox(tuple(map(line_of, rows)), counts, overdue, total, page, pages)


def lanes_of(actor: Actor, today: date) -> tuple[Lane, ...]:
    """The lanes that the actor's offices of today stand for, each once."""
    current = [grant for grant in actor.grants if grant.holds_on(today)]
    own = {Lane(grant.unit_id, grant.role.value, None) for grant in current if grant.role in _held()}
    more = {
        Lane(grant.unit_id, holder, state)
        for grant in current
        for holder, state in _visits()[grant.role]
        if Lane(grant.unit_id, holder, None) not in own
    }
    return tuple(sorted(own | more, key=lambda lane: (lane.unit_id, lane.holder, lane.state or "")))


@cache
def _held() -> Mapping[str, tuple[str, ...]]:
    """The states that each office holds, whatever the version of the procedure; an office without any is not named."""
    held: dict[str, dict[str, None]] = {}
    for procedure in procedures().values():
        for state in procedure.states.values():
            if state.holder:
                held.setdefault(state.holder.value, {})[state.name] = None
    return {holder: tuple(names) for holder, names in held.items()}


@cache
def _visits() -> Mapping[Role, frozenset[tuple[str, str]]]:
    """For each office the (holder, state) pairs in which it has a part though another office of its tier holds them."""
    found: dict[Role, set[tuple[str, str]]] = {role: set() for role in Role}
    for procedure in procedures().values():
        for state in procedure.states.values():
            for role in desk_of(procedure, state.name):
                if state.holder and role is not state.holder:
                    found[role].add((state.holder.value, state.name))
    return {role: frozenset(pairs) for role, pairs in found.items()}


def desk_of(procedure: Procedure, name: str) -> tuple[Role, ...]:
    """The offices on whose desk a dossier lies in a state, its holder first; none where it has ended."""
    state = procedure.states[name]
    if state.kind is StateKind.FINAL or state.holder is None:
        return ()
    idle = [role for roles in state.work.values() for role in roles if role not in _held()]
    step = onward(procedure, name)
    found = (state.holder, *idle, *(step.by if step else ()))
    return tuple(dict.fromkeys(role for role in found if role.tier is state.holder.tier))


def _run(connection: Connection, shape: Shape, choice: Choice, values: Mapping[str, Any]) -> Sequence[Any]:
    """The numbers and lines of a choice; its statement is composed once for each shape, but for words each time."""
    if choice.wanted.strip():
        return connection.execute(_compose(shape, choice, dossiers_named(choice.wanted)), values).one()
    return ask(connection, _desk(shape, Choice(None if choice.state is None else "", choice.overdue)), values).one()


@cache
def _desk(shape: Shape, choice: Choice) -> Select[Any]:
    return _compose(shape, choice)


def _compose(shape: Shape, choice: Choice, *meant: ColumnElement[Any]) -> Select[Any]:
    """The number in each state, the number of what is late, and one page of lines, all in one round trip.

    Each state is counted by itself, as `_parts` names them: a database counts the entries of an index in two thirds of
    the time in which it sorts them into groups. The page is cut out before its units are named, each by its key: joined
    first, a long queue would have to be sorted, where an index has it in this order.
    """
    lanes = [_in_lane(number, holder, state) for number, (holder, state) in enumerate(shape)]
    mine = (or_(*lanes), *meant)
    of_chosen = (D.c.state == bindparam("chosen"),) if choice.state is not None else ()
    late = D.c.due_on < bindparam("today")
    numbers: list[Any] = [
        _number(lanes[number], D.c.state == state, *meant).label(f"lane_{number}_{state}")
        for number, state in _parts(shape)
    ]
    page = (
        select(*_OF_LINE, D.c.unit_id)
        .where(*mine, *of_chosen, *((late,) if choice.overdue else ()))
        .order_by(D.c.due_on, D.c.id)
        .limit(PAGE)
        .offset(bindparam("skipped"))
        .subquery()
    )
    named = select(U.c.full_name).where(U.c.id == page.c.unit_id).scalar_subquery()
    lines = row_list(*(page.c.get(column.name, named) for column in COLUMNS))
    overdue = _number(*mine, *of_chosen, late)
    return select(*numbers, overdue.label("overdue"), lines.scalar_subquery().label("lines"))


def _in_lane(number: int, holder: str, state: str | None) -> ColumnElement[bool]:
    desk = and_(D.c.holder_unit_id == bindparam(f"unit_{number}"), D.c.holder_role == holder)
    return desk if state is None else and_(desk, D.c.state == state)


def _number(*where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(D).where(*where).scalar_subquery()


def _parts(shape: Shape) -> Iterator[tuple[int, str]]:
    """Each lane by its place with each state that may lie in it; a dossier lies in one of these parts at most."""
    for number, (holder, state) in enumerate(shape):
        for name in _held()[holder] if state is None else (state,):
            yield number, name


def _sums(shape: Shape, numbers: Iterable[int]) -> Counter[str]:
    """How many dossiers lie in each state, in whichever lane; a state without any is not named."""
    sums = Counter[str]()
    for (_, state), number in zip(_parts(shape), numbers, strict=True):
        sums[state] += number
    return +sums


def dossiers_named(wanted: str) -> ColumnElement[Any]:
    """The condition that a dossier is meant by what was typed: by code, by its unit, or by the number of a paper."""
    units = select(U.c.id).where(has_words(wanted, U.c.search_key)).cte("meant")  # looked up once, however often asked
    ways = [D.c.code.icontains(wanted.strip(), autoescape=True), D.c.unit_id.in_(select(units.c.id))]
    number = read_number(wanted)
    if number and number.number.isdecimal():
        numbered = select(OF.c.dossier_id).join(PAPER, PAPER.c.id == OF.c.paper_id)
        ways.append(D.c.id.in_(numbered.where(PAPER.c.number == int(number.number))))
    return or_(*ways)


def labelled(counted: Iterable[Any]) -> tuple[Count, ...]:
    """One count for each state in the order of the procedures, whatever the version of the procedure."""
    numbers: dict[str, int] = dict(counted)
    ordered = sorted(numbers, key=_states().__getitem__)
    return tuple(Count(name, *_states()[name][1:], numbers[name]) for name in ordered)


@cache
def _states() -> Mapping[str, tuple[int, str, str]]:
    """The place of each state in the order of the procedures, with its labels."""
    states = {state.name: state for one in procedures().values() for state in one.states.values()}
    return {name: (place, state.label_vi, state.label_en) for place, (name, state) in enumerate(states.items())}


def state_names() -> Mapping[str, tuple[str, str]]:
    """The labels of every state that a dossier can lie in, in the order of the procedures."""
    starts = {one.start for one in procedures().values()}
    return {name: (vi, en) for name, (_, vi, en) in _states().items() if name not in starts}


def line_of(row: Sequence[Any]) -> Line:
    """A dossier's line in a list, from the values of `COLUMNS` in their order."""
    dossier_id, code, unit_name, level, procedure_id, state, due_on, holder_role = row
    label_vi, label_en = _labels()[procedure_id, state]
    return Line(dossier_id, code, unit_name, level, procedure_id, state, label_vi, label_en, _due(due_on), holder_role)


@lru_cache(maxsize=1024)
def _due(day: date | str) -> date | None:
    """The day by which something is due, or None; many lines of a desk share one."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return None if found == NO_DEADLINE else found


@cache
def _labels() -> Mapping[tuple[str, str], tuple[str, str]]:
    """The labels of each state of each procedure."""
    return {
        (procedure.id, state.name): (state.label_vi, state.label_en)
        for procedure in procedures().values()
        for state in procedure.states.values()
    }
