"""What the departments still have to conclude on: by criterion over all dossiers under appraisal, and the dossiers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Connection, case, func, select

from models.base import table_of
from models.dossiers import Conclusion, Dossier
from models.places import AdminUnit, CriteriaAdoption
from queries.fresh import is_fresh
from queries.fused import row_list, rows_of
from queries.inbox import COLUMNS, PAGE, Line, dossiers_named, line_of
from queries.left import states_with
from queries.rulebook import criteria_sets
from queries.scope import visible_to
from workflow.facts import Actor
from workflow.names import Work

Led: TypeAlias = Mapping[str, tuple[str, ...]]  # by the key of a set the criteria of it that are led
D, U, C, A = (table_of(one) for one in (Dossier, AdminUnit, Conclusion, CriteriaAdoption))


@dataclass(frozen=True, slots=True)
class ToConclude:
    """One dossier with the criteria that are still open in it, in the order of its set."""

    line: Line
    set_key: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Appraisals:
    """One page of dossiers with open criteria, earliest deadline first; in how many dossiers each criterion is open.

    `all` counts the dossiers with any open criterion, `total` those with the chosen one; `sets` are those in use.
    """

    rows: tuple[ToConclude, ...]
    open_in: Mapping[str, int]
    sets: tuple[str, ...]
    all: int
    total: int
    page: int
    pages: int


class Asked(NamedTuple):
    """What is asked for: the criteria led, one of them alone (or any), words, and a page."""

    led: Led
    criterion: str = ""
    wanted: str = ""
    page: int = 1

    @property
    def shown(self) -> Led:
        """The criteria led of which the dossiers are listed."""
        return {key: tuple(code for code in codes if self.criterion in {"", code}) for key, codes in self.led.items()}


@cache
def criteria_of(departments: frozenset[str]) -> Led:
    """The criteria of each set that these departments lead; all of them for no department."""
    return {
        key: tuple(one.code for one in found.criteria if not departments or found.leader_of(one.code) in departments)
        for key, found in criteria_sets().items()
    }


def appraisals(connection: Connection, actor: Actor, today: date, asked: Asked) -> Appraisals:
    """What is open of the criteria that are led, in the dossiers within reach, in one statement."""
    sets, concluded, every, total, lines = connection.execute(_statement(actor, today, asked)).one()
    pages = max(1, -(-total // PAGE))
    if asked.page > pages:
        return appraisals(connection, actor, today, asked._replace(page=pages))
    rows = sorted(rows_of(lines), key=lambda row: (row[6], row[0]))
    opened = tuple(_opened(row, asked.led) for row in rows)
    open_in, used = _open_in(sets, concluded, asked.led), tuple(sorted(key for key, _number in rows_of(sets)))
    return Appraisals(opened, open_in, used, every, total, asked.page, pages)


def _opened(row: list[Any], led: Led) -> ToConclude:
    *columns, set_key, concluded = row
    done = {code for (code,) in rows_of(concluded)}
    return ToConclude(line_of(columns), set_key, tuple(code for code in led.get(set_key, ()) if code not in done))


def _open_in(sets: str, concluded: str, led: Led) -> dict[str, int]:
    """In how many dossiers each criterion is open: those whose set has it, without those in which it is concluded."""
    found: Counter[str] = Counter()
    for set_key, number in rows_of(sets):
        found.update(dict.fromkeys(led.get(set_key, ()), number))
    for set_key, code, number in rows_of(concluded):
        if code in led.get(set_key, ()):
            found[code] -= number
    return {code: number for code, number in found.items() if number}


def _statement(actor: Actor, today: date, asked: Asked) -> Any:
    """The dossiers by set, the conclusions by criterion, the numbers of dossiers with something open, and one page."""
    named = (dossiers_named(asked.wanted),) if asked.wanted.strip() else ()
    mine = (D.c.state.in_(states_with(Work.CONCLUDE_CRITERION)), visible_to(actor, today), *named)
    adopted = D.join(A, A.c.id == D.c.adoption_id)
    by_set = select(A.c.set_key, func.count().label("number")).select_from(adopted).where(*mine).group_by(A.c.set_key)
    said = select(A.c.set_key, C.c.criterion, func.count().label("number")).group_by(A.c.set_key, C.c.criterion)
    by_criterion = said.select_from(adopted.join(C, C.c.dossier_id == D.c.id)).where(*mine, is_fresh(C.c.at))
    number = select(func.count()).select_from(adopted).where(*mine)
    concluded = row_list(C.c.criterion).where(C.c.dossier_id == D.c.id, is_fresh(C.c.at)).correlate(D).scalar_subquery()
    lines = select(*COLUMNS, A.c.set_key, concluded.label("concluded"))
    lines = lines.select_from(adopted.join(U, U.c.id == D.c.unit_id)).where(*mine, _is_open(asked.shown))
    shown = lines.order_by(D.c.due_on, D.c.id).limit(PAGE).offset((asked.page - 1) * PAGE)
    return select(
        *(row_list(*one.subquery().c).scalar_subquery() for one in (by_set, by_criterion)),
        number.where(_is_open(asked.led)).scalar_subquery(),
        number.where(_is_open(asked.shown)).scalar_subquery(),
        row_list(*shown.subquery().c).scalar_subquery(),
    )


def _is_open(led: Led) -> ColumnElement[bool]:
    """A dossier of which fewer of the criteria led are concluded on than its set has."""
    ours = case(*((A.c.set_key == key, C.c.criterion.in_(codes)) for key, codes in led.items()), else_=False)
    done = select(func.count()).select_from(C).where(C.c.dossier_id == D.c.id, is_fresh(C.c.at), ours).correlate(D, A)
    needed = case({key: len(codes) for key, codes in led.items()}, value=A.c.set_key, else_=0)
    return done.scalar_subquery() < needed
