"""Sealing what comes between two actions: what is overwritten in place, and what is done with drafts by hand.

Postings, survey, votes, statements, checks and conclusions are filled in only in states that have such work. The event
that leaves such a state carries a hash of every row of those tables, so that a later change, loss or addition of one is
found. Edited texts and numbered editions of drafts come in any state, and the next event that has any carries theirs.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import Connection, Table, select

from documents.verify_record import digest
from models.base import table_of
from models.dossiers import CheckedPart, Conclusion, Condition, Posting, Survey, Vote
from queries.anchors import moment_of
from queries.filled_in import BY_HAND, TABLES, listed, rows_filled_in
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
_HANDS = frozenset(table.name for table in BY_HAND)
_EVERY_ROW = select(*(listed(table).scalar_subquery().label(table.name) for table in TABLES))
type_of_seals = dict[str, dict[str, str]]


def tables_of(state: State) -> tuple[Table, ...]:
    """The tables whose rows are filled in while a dossier lies in a state."""
    return tuple(dict.fromkeys(FILLED_BY[work] for work in FILLED_BY if work in state.work))


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
    connection: Connection, dossier_id: int, state: State, events: Iterable[type_of_seals], since: datetime
) -> Iterator[str]:
    """The tables that are not as they were sealed last, but for what was filled in since, in a state for that."""
    known: type_of_seals = {}
    for sealed in events:
        known |= sealed
    lists = connection.execute(_EVERY_ROW, {"dossier_id": dossier_id}).mappings().one() if known else {}
    for table in (one for one in TABLES if one.name in known):
        rows = dict(rows_filled_in(table, lists[table.name]))
        changed = [row for key, row in rows.items() if known[table.name].get(key) != digest(row)]
        fresh = all(row["at"] >= moment_of(since) for row in changed)
        added = table in BY_HAND and not any(key in known[table.name] for key, row in rows.items() if row in changed)
        lawful = fresh and (added or table in tables_of(state))
        if known[table.name].keys() - rows.keys() or (changed and not lawful):
            yield table.name
