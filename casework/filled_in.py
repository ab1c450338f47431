"""Sealing what comes between two actions: what is overwritten in place, and what is done with drafts by hand.

Evidence beside indicators, postings, comments, survey, votes, statements, checks, conclusions and what the council's
sessions leave are filled in only in states that have such work. The event that leaves such a state carries a hash of
every row of those tables, so that a later change, loss or addition of one is found. A session that is not over is not
sealed: it goes on for others when a dossier is taken from it. Edited texts and numbered editions of drafts come in any
state, and the next event that has any carries theirs.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, Table, select

from documents.verify_record import digest
from models.base import table_of
from models.dossiers import Comment
from queries.anchors import moment_of
from queries.filled_in import AS_ONE, BY_HAND, SITTINGS, TABLES, listed, rows_filled_in, tables_of, type_of_row
from workflow.procedure import State

ONLY_ADDED_TO = (*BY_HAND, *SITTINGS)
# An explanation bears no moment, and of many rows in one hash none is known by itself: held once the state is left.
_UNDATED = (table_of(Comment), *AS_ONE)
_HANDS = frozenset(table.name for table in BY_HAND)
_EVERY_ROW = select(*(listed(table).scalar_subquery().label(table.name) for table in TABLES))
type_of_seals = dict[str, dict[str, str]]


def seals_of(state: State, lists: Mapping[str, str | None]) -> type_of_seals:
    """A hash of every row that was filled in in a state or done by hand, by table and the row's own key.

    The lists are of all rows of a dossier.
    """
    ours = tables_of(state)
    found = {
        table.name: {key: digest(row) for key, row in rows_filled_in(table, lists[table.name])}
        for table in (*ours, *BY_HAND)
    }
    return {name: rows for name, rows in found.items() if rows or name not in _HANDS}


def broken(
    connection: Connection,
    dossier_id: int,
    filling: Collection[Table],
    events: Iterable[type_of_seals],
    since: datetime,
) -> Iterator[str]:
    """The tables that are not as they were sealed last, but for what was filled in since in those being filled in."""
    known: type_of_seals = {}
    for sealed in events:
        known |= sealed
    lists = connection.execute(_EVERY_ROW, {"dossier_id": dossier_id}).mappings().one() if known else {}
    for table in (one for one in TABLES if one.name in known):
        rows = dict(rows_filled_in(table, lists[table.name]))
        changed = {key: row for key, row in rows.items() if known[table.name].get(key) != digest(row)}
        lawful = table in filling or table in BY_HAND
        if table in ONLY_ADDED_TO:
            lawful = lawful and not changed.keys() & known[table.name].keys()
        if table not in _UNDATED:
            lawful = lawful and all(_done_at(row) >= moment_of(since) for row in changed.values())
        if known[table.name].keys() - rows.keys() or (changed and not lawful):
            yield table.name


def _done_at(row: type_of_row) -> str:
    """When a row came to be as it is: what a session leaves, when it ended."""
    return str(row.get("closed_at") or row["at"])
