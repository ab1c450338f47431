"""How far the work on some dossiers is: a few counts in one statement, each asked only in the states that need it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, bindparam, case, func, null, select
from sqlalchemy.sql.elements import ColumnElement

from models.base import table_of
from models.council import Attendance, Ballot, CouncilSession
from models.dossiers import Answer, CheckedPart, Conclusion, Dossier
from models.places import CriteriaAdoption
from queries.fresh import is_fresh
from queries.fused import row_list, rows_of
from queries.rulebook import procedures
from queries.voting import brought_by, last_session, voters
from queries.written_out import ask
from workflow.names import Column, Role, Work
from workflow.procedure import State

A, K, C = table_of(Answer), table_of(CheckedPart), table_of(Conclusion)
D, ADOPTION = table_of(Dossier), table_of(CriteriaAdoption)
S, B, HERE = table_of(CouncilSession), table_of(Ballot), table_of(Attendance)
JUDGING = frozenset({Work.ASSESS_COMMUNE, Work.ASSESS_REVIEW})
CHECKING = frozenset({Work.KEEP_CHECKLIST})
CONCLUDING = frozenset({Work.CONCLUDE_CRITERION, Work.CHECK_FIELD})
SITTING = frozenset({Work.KEEP_COUNCIL, Work.CAST_BALLOT})
COUNTED = JUDGING | CHECKING | CONCLUDING | SITTING
INCOMPLETE = 1000  # one sum tells both counts; a dossier has twelve parts


class Sitting(NamedTuple):
    """The session that counts for a dossier: its day, how far it is, who votes on the dossier, and one's own part."""

    held_on: date
    opened: bool
    closed: bool
    members: int
    voters: int
    present: bool
    voted: bool
    brought: bool


class Left(NamedTuple):
    """What was counted of a dossier: its criteria set, indicators judged, parts ticked, criteria concluded on."""

    set_key: str | None = None
    judged: int = 0
    ticked: int = 0
    incomplete: int = 0
    concluded: tuple[str, ...] = ()
    sitting: Sitting | None = None


@cache
def states_with(*works: Work) -> tuple[str, ...]:
    """The states in which one of these works is done, whatever the procedure."""
    states = (state for one in procedures().values() for state in one.states.values())
    return tuple(sorted({state.name for state in states if any(work in state.work for work in works)}))


def _of_state(said: Callable[[State], str | None]) -> ColumnElement[str]:
    """What is said of the state that a dossier lies in; states of one name differ by procedure."""
    states = ((procedure.id, state) for procedure in procedures().values() for state in procedure.states.values())
    known = {f"{procedure_id}/{state.name}": found for procedure_id, state in states if (found := said(state))}
    return case(known, value=D.c.procedure_id + "/" + D.c.state, else_="")


def _column_filled(state: State) -> str | None:
    """The column that is filled in a state."""
    filled = {Work.ASSESS_COMMUNE: Column.COMMUNE, Work.ASSESS_REVIEW: Column.REVIEW}
    return next((column.value for work, column in filled.items() if work in state.work), None)


@cache
def counted_for(roles: frozenset[Role]) -> frozenset[Work]:
    """The works of some offices of which a line says how far they are."""
    states = (state for one in procedures().values() for state in one.states.values())
    return frozenset(work for state in states for work in COUNTED if roles & set(state.work.get(work, ())))


def read_left(
    connection: Connection, dossiers: Sequence[int], works: frozenset[Work], person_id: int
) -> dict[int, Left]:
    """How far these works are on each of some dossiers, for one person, in one statement; nothing for no dossier."""
    if not dossiers:
        return {}
    rows = ask(connection, _statement(works), {"dossiers": list(dossiers), "person_id": person_id})
    return {dossier_id: _left_of(*counted) for dossier_id, *counted in rows}


@cache
def _statement(works: frozenset[Work]) -> Select[Any]:
    """The statement for some works, composed once; what none of them asks for is not looked up."""
    counts = ((name, make() if wanted & works else null()) for name, (make, wanted) in _COUNTS.items())
    adopted = D.outerjoin(ADOPTION, ADOPTION.c.id == D.c.adoption_id)
    chosen = D.c.id.in_(bindparam("dossiers", expanding=True))
    columns = (D.c.id, ADOPTION.c.set_key, *(one.label(name) for name, one in counts))
    return select(*columns).select_from(adopted).where(chosen)


def _left_of(set_key: str | None, judged: Any, ticks: Any, concluded: Any, sitting: Any) -> Left:
    incomplete, complete = divmod(int(ticks or 0), INCOMPLETE)
    held = [_sitting_of(*one) for one in rows_of(sitting)]
    codes = tuple(code for (code,) in rows_of(concluded))
    return Left(set_key, judged or 0, complete + incomplete, incomplete, codes, held[0] if held else None)


def _sitting_of(day: str, opened: int, closed: int, members: int, voting: int, *mine: int) -> Sitting:
    return Sitting(date.fromisoformat(day), bool(opened), bool(closed), members, voting, *map(bool, mine))


def _in_states(works: Collection[Work], counted: Any) -> Any:
    return case((D.c.state.in_(states_with(*sorted(works))), counted), else_=null())


def _judged() -> Any:
    """How many indicators are judged in the column of the state, leaving out what the commune changed since."""
    later = A.alias("later")
    changed = and_(
        later.c.dossier_id == A.c.dossier_id,
        later.c.column_name == Column.COMMUNE.value,
        later.c.indicator == A.c.indicator,
        later.c.at > A.c.at,
    )
    fresh = ~select(later.c.version).where(changed).exists()
    column = A.c.column_name == _of_state(_column_filled)
    counted = select(func.count()).select_from(A).where(A.c.dossier_id == D.c.id, column, fresh)
    return _in_states(JUDGING, counted.scalar_subquery())


def _ticks() -> Any:
    """The parts that the checking office has ticked, an incomplete one counted as `INCOMPLETE`."""
    mine = (
        K.c.dossier_id == D.c.id,
        K.c.stage == _of_state(_stage_checking),
        is_fresh(K.c.at),
    )
    ticked = select(func.sum(case((K.c.complete, 1), else_=INCOMPLETE))).where(*mine)
    return _in_states(CHECKING, ticked.scalar_subquery())


def _stage_checking(state: State) -> str | None:
    """The tier that checks the parts in a state."""
    return state.tier.value if Work.KEEP_CHECKLIST in state.work and state.tier else None


def _concluded() -> Any:
    listed = row_list(C.c.criterion).where(C.c.dossier_id == D.c.id, is_fresh(C.c.at))
    return _in_states(CONCLUDING, listed.scalar_subquery())


def _sitting() -> Any:
    mine: ColumnElement[Any] = bindparam("person_id")
    here = select(func.count()).select_from(HERE).where(HERE.c.session_id == S.c.id, HERE.c.person_id == mine)
    cast = select(func.count()).select_from(B)
    cast = cast.where(B.c.session_id == S.c.id, B.c.dossier_id == D.c.id, B.c.person_id == mine).correlate(S, D)
    opened, closed = (case((at.is_not(None), 1), else_=0) for at in (S.c.opened_at, S.c.closed_at))
    brought = case((brought_by(mine, D.c.id), 1), else_=0)
    own = (here.scalar_subquery(), cast.scalar_subquery(), brought)
    listed = row_list(S.c.held_on, opened, closed, S.c.members, voters(S.c.id, D.c.id), *own)
    return _in_states(SITTING, listed.where(S.c.id == last_session(D.c.id)).scalar_subquery())


_COUNTS: Mapping[str, tuple[Callable[[], Any], frozenset[Work]]] = {
    "judged": (_judged, JUDGING),
    "ticks": (_ticks, CHECKING),
    "concluded": (_concluded, CONCLUDING),
    "sitting": (_sitting, SITTING),
}
