"""What comes between two actions, row by row as it goes into a hash.

Some of it is overwritten in place. What is done with a draft by hand, its edited texts and its numbered edition, is
only added to, and so is what a session of the council leaves when it ends: its row, who was present, the ballots.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Column, Select, Table, bindparam, true

from models.base import Json, UtcTime, table_of
from models.council import AgendaItem, Attendance, Ballot, CouncilSession
from models.documents import EditedPaper, Paper, PaperDossier
from models.dossiers import CheckedPart, Comment, Conclusion, Condition, Posting, Survey, Vote
from models.evidence import EvidenceUse
from queries.anchors import moment_of
from queries.days import moment_of_text
from queries.fused import JsonText, row_list, rows_of
from workflow.copies import COPIES
from workflow.names import Work
from workflow.procedure import State

BY_HAND = tuple(table_of(one) for one in (EditedPaper, Paper))
SITTINGS = tuple(table_of(one) for one in (CouncilSession, Attendance, Ballot))
FILLED_BY: Mapping[Work, tuple[Table, ...]] = {
    Work.ATTACH_EVIDENCE: (table_of(EvidenceUse),),
    Work.KEEP_POSTING: (table_of(Posting),),
    Work.LOG_COMMENT: (table_of(Comment),),
    Work.KEEP_SURVEY: (table_of(Survey),),
    Work.KEEP_VOTE: (table_of(Vote),),
    Work.STATE_DEBT: (table_of(Condition),),
    Work.CONFIRM_SECURITY: (table_of(Condition),),
    Work.KEEP_CHECKLIST: (table_of(CheckedPart),),
    Work.CONCLUDE_CRITERION: (table_of(Conclusion),),
    Work.KEEP_COUNCIL: SITTINGS,
}
TABLES = (*dict.fromkeys(table for tables in FILLED_BY.values() for table in tables), *BY_HAND)
P, OF = table_of(Paper), table_of(PaperDossier)
S, ITEM, B = table_of(CouncilSession), table_of(AgendaItem), table_of(Ballot)
AS_ONE = (table_of(EvidenceUse),)  # of these are so many that each dossier has one hash over all of them
# A copy answers for itself; of a paper, what is written when it is numbered, and not how it was rendered later.
_NUMBERED = ("id", "event_id", "kind", "edition", "unit_id", "symbol", "number", "signed_on", "code", "context")
_HASHED = {P.name: (*_NUMBERED, "person_id", "at")}
type_of_row = dict[str, Any]


def tables_of(state: State) -> tuple[Table, ...]:
    """The tables whose rows are filled in while a dossier lies in a state."""
    return tuple(dict.fromkeys(table for work in FILLED_BY if work in state.work for table in FILLED_BY[work]))


def _columns(table: Table) -> list[Column[Any]]:
    ended = [S.c.closed_at] if table in SITTINGS and table is not S else []
    return [*(table.c[name] for name in _HASHED.get(table.name, table.c.keys())), *ended]


def listed(table: Table) -> Select[tuple[str]]:
    """Every row that a dossier has in one of these tables, whole and in every round, as one JSON text."""
    rows = row_list(*(JsonText(each) if isinstance(each.type, Json) else each for each in _columns(table)))
    if table in SITTINGS:
        return _of_sittings(table, rows)
    if table not in BY_HAND:
        return rows.where(table.c.dossier_id == bindparam("dossier_id"))
    paper_id = P.c.id if table is P else table.c.paper_id
    rows = rows.select_from(OF.join(table, paper_id == OF.c.paper_id)).where(OF.c.dossier_id == bindparam("dossier_id"))
    return rows.where(P.c.edition > 1, P.c.kind.not_in([kind.value for kind in COPIES])) if table is P else rows


def _of_sittings(table: Table, rows: Select[tuple[str]]) -> Select[tuple[str]]:
    """The rows of the sessions that are over and had a dossier on their agenda; of the ballots, those on it."""
    sat = ITEM.join(S, S.c.id == ITEM.c.session_id)
    if table is not S:
        ours = (table.c.session_id == S.c.id) & ((B.c.dossier_id == ITEM.c.dossier_id) if table is B else true())
        sat = sat.join(table, ours)
    return rows.select_from(sat).where(ITEM.c.dossier_id == bindparam("dossier_id"), S.c.closed_at.is_not(None))


def rows_filled_in(table: Table, text: str | None) -> Iterator[tuple[str, type_of_row]]:
    """The rows in such a text, each by its own key within the dossier, with its values as they are hashed."""
    if table in AS_ONE:
        yield "", {"rows": [row for _, row in sorted(_rows(table, text), key=itemgetter(0))]}
    else:
        yield from _rows(table, text)


def _rows(table: Table, text: str | None) -> Iterator[tuple[str, type_of_row]]:
    names, keys, spoken = _NAMES[table.name], _KEYS[table.name], _SPOKEN[table.name]
    for row in rows_of(text):
        values = dict(zip(names, row, strict=True))
        for name, speak in spoken:
            if values[name] is not None:
                values[name] = speak(values[name])
        for name in _LATER.get(table.name, ()):
            if values[name] is None:
                del values[name]
        yield "/".join(str(values[name]) for name in keys), values


def _moment(text: str) -> str:
    return moment_of(moment_of_text(text))


def _spoken_of(table: Table) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    """The columns that the databases put into a list in ways of their own: moments, and yes and no."""
    for column in _columns(table):
        if isinstance(column.type, UtcTime):
            yield column.name, _moment
        elif isinstance(column.type, Boolean):
            yield column.name, bool


# Columns that came after the first seals: a row that says nothing in them is hashed as it was then.
_LATER = {"survey": ("no_opinion",)}
_NAMES = {table.name: tuple(each.name for each in _columns(table)) for table in TABLES}
_SPOKEN = {table.name: tuple(_spoken_of(table)) for table in TABLES}
_KEYS = {
    table.name: tuple(each.name for each in table.primary_key.columns if each.name != "dossier_id") for table in TABLES
}
