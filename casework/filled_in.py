"""Sealing what is overwritten in place: postings, survey, votes, statements, checks, conclusions.

Their rows are filled in between two actions, and only in states that have such work. The event that leaves such a state
carries a hash of every row of those tables, so that a later change, loss or addition of one is found.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from documents.verify_record import digest
from models.base import table_of
from models.dossiers import CheckedPart, Conclusion, Condition, Posting, Survey, Vote
from queries.anchors import moment_of
from workflow.names import Work
from workflow.procedure import State

FILLED_BY: Mapping[Work, Table] = {
    Work.KEEP_POSTING: table_of(Posting),
    Work.KEEP_SURVEY: table_of(Survey),
    Work.KEEP_VOTE: table_of(Vote),
    Work.STATE_DEBT: table_of(Condition),
    Work.CONFIRM_SECURITY: table_of(Condition),
    Work.KEEP_CHECKLIST: table_of(CheckedPart),
    Work.CONCLUDE_CRITERION: table_of(Conclusion),
}
TABLES = tuple(dict.fromkeys(FILLED_BY.values()))
_ROWS = {table: select(table).where(table.c.dossier_id == bindparam("dossier_id")) for table in TABLES}
type_of_seals = dict[str, dict[str, str]]


def tables_of(state: State) -> tuple[Table, ...]:
    """The tables whose rows are filled in while a dossier lies in a state."""
    return tuple(dict.fromkeys(FILLED_BY[work] for work in FILLED_BY if work in state.work))


def seals_of(connection: Connection, dossier_id: int, tables: tuple[Table, ...]) -> type_of_seals:
    """A hash of every row that a dossier has in these tables, by table and the row's own key."""
    return {table.name: {key: seal for key, seal, _ in _sealed(connection, dossier_id, table)} for table in tables}


def _sealed(connection: Connection, dossier_id: int, table: Table) -> Iterator[tuple[str, str, datetime]]:
    """Every row of a table as its key, its hash and when it was filled in."""
    for row in connection.execute(_ROWS[table], {"dossier_id": dossier_id}):
        values: dict[str, Any] = dict(zip(table.c.keys(), row, strict=True))
        key = "/".join(str(values[one.name]) for one in table.primary_key.columns if one.name != "dossier_id")
        yield key, digest({name: _plain(value) for name, value in values.items()}), values["at"]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return moment_of(value)
    return value.isoformat() if isinstance(value, date) else value


def broken(
    connection: Connection, dossier_id: int, state: State, events: Iterable[type_of_seals], since: datetime
) -> Iterator[str]:
    """The tables that are not as they were sealed last, but for what was filled in since, in a state for that."""
    known: type_of_seals = {}
    for sealed in events:
        known |= sealed
    for table in (one for one in TABLES if one.name in known):
        rows = list(_sealed(connection, dossier_id, table))
        moments = {key: at for key, _, at in rows}
        changed = [key for key, seal, _ in rows if known[table.name].get(key) != seal]
        lawful = table in tables_of(state) and all(moments[key] >= since for key in changed)
        if known[table.name].keys() - moments.keys() or (changed and not lawful):
            yield table.name
