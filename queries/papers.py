"""What lies around an act: for its papers the names of units, heads and chair, for its seal what was filled in.

Both are asked for in one statement: an act that needs the one most often needs the other.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, case, or_, select

from models.base import table_of
from models.council import Council, CouncilMember, CouncilSession
from models.documents import Installation
from models.people import Person, RoleGrant
from models.places import AdminUnit
from queries.facts import CaseFile
from queries.filled_in import BY_HAND, listed, tables_of
from queries.fused import row_list, rows_of
from queries.voting import last_session
from queries.written_out import ask
from workflow.names import Role

U, P, G = table_of(AdminUnit), table_of(Person), table_of(RoleGrant)
C, M, S, HERE = table_of(Council), table_of(CouncilMember), table_of(CouncilSession), table_of(Installation)
HEADS = (Role.COMMUNE_CHAIRMAN, Role.COMMUNE_FRONT, Role.DISTRICT_CHAIRMAN, Role.PROVINCIAL_CHAIRMAN)


@dataclass(frozen=True, slots=True)
class Around:
    """The units around a dossier by their ids, the people who head them, the council that sat on it with its chair (the
    newest one before any did), and practice.

    What was filled in is every row of each table of the dossier's state and of what is done by hand, as
    `queries.filled_in.rows_filled_in` reads it.
    """

    units: Mapping[int, str]
    heads: Mapping[tuple[Role, int], tuple[str, str]]
    council: str
    chair: str
    practice: bool
    filled_in: Mapping[str, str | None]

    def head(self, role: Role, unit_id: int | None) -> tuple[str, str]:
        """The name of who holds an office in a unit and the wording of the signature; empty when nobody does."""
        return self.heads.get((role, unit_id or 0), ("", ""))


def _ids() -> tuple[Any, ...]:
    return (bindparam("unit_id"), bindparam("district_id"), bindparam("province_id"))


def _units() -> Any:
    return row_list(U.c.id, U.c.full_name).where(or_(*(U.c.id == each for each in _ids())))


def _in_office(table: Any) -> Any:
    still = or_(table.c.valid_to.is_(None), table.c.valid_to >= bindparam("today"))
    return (table.c.valid_from <= bindparam("today")) & still


def _heads() -> Any:
    here = or_(*(G.c.unit_id == each for each in _ids())) & or_(*(G.c.role == role.value for role in HEADS))
    joined = G.join(P, P.c.id == G.c.person_id)
    listed = row_list(G.c.role, G.c.unit_id, P.c.name, G.c.wording, G.c.id).select_from(joined)
    return listed.where(here, _in_office(G), P.c.disabled_at.is_(None))


def _council() -> Any:
    joined = C.outerjoin(M, (M.c.council_id == C.c.id) & _in_office(M) & M.c.chairs).outerjoin(
        P, P.c.id == M.c.person_id
    )
    sat = select(S.c.council_id).where(S.c.id == last_session(bindparam("dossier_id"))).scalar_subquery()
    this_one = case((C.c.id == sat, 1), else_=0)
    listed = row_list(this_one, C.c.id, C.c.name, P.c.name).select_from(joined)
    return listed.where(C.c.unit_id == bindparam("province_id"))


def _practice() -> Any:
    return row_list(HERE.c.practice)


_LISTS: Mapping[str, Callable[[], Any]] = {"units": _units, "heads": _heads, "council": _council, "practice": _practice}


@cache
def _around(tables: tuple[Table, ...]) -> Select[Any]:
    """The lists in one statement, with the rows of these tables."""
    return select(
        *(make().scalar_subquery().label(name) for name, make in _LISTS.items()),
        *(listed(table).scalar_subquery().label(table.name) for table in tables),
    )


def read_names(connection: Connection, unit_ids: Collection[int]) -> dict[int, str]:
    """The full names of these units."""
    return {
        row.id: row.full_name for row in connection.execute(select(U.c.id, U.c.full_name).where(U.c.id.in_(unit_ids)))
    }


def read_around(connection: Connection, file: CaseFile, today: date) -> Around:
    """What an act on a dossier needs besides the facts of its rules; of several heads the one with the own power."""
    row = file.row
    ids = {"unit_id": row.unit_id, "district_id": row.district_id, "province_id": row.province_id, "today": today}
    tables = (*tables_of(file.procedure.states[file.facts.state]), *BY_HAND)
    texts = ask(connection, _around(tables), ids | {"dossier_id": row.id}).one()
    units, heads, council, practice = (rows_of(text) for text in texts[: len(_LISTS)])
    filled_in = {table.name: text for table, text in zip(tables, texts[len(_LISTS) :], strict=True)}
    found: dict[tuple[Role, int], tuple[str, str]] = {}
    for role, unit, name, wording, _ in sorted(heads, key=lambda one: (one[3] != "", one[4])):
        found.setdefault((Role(role), unit), (name, wording))
    *_, name, chair = max(council, key=lambda one: (*one[:2], one[3] or ""), default=(0, 0, "", None))
    in_practice = bool(practice and practice[0][0])
    return Around(dict(units), found, name, chair or "", practice=in_practice, filled_in=filled_in)
