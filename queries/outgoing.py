"""The outgoing register of an authority and a year (Decree 30/2020, Annex IV), and what waits to be entered in it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select

from models.base import table_of
from models.documents import Dispatch, EditedPaper, OutgoingEntry, Paper, PaperDossier
from models.dossiers import Dossier
from models.keys import read_number
from models.places import AdminUnit
from queries.about import first_dossier, how_many
from queries.days import day_of_text
from queries.fused import row_list, rows_of
from queries.relations import correctable
from queries.rulebook import procedures
from queries.search import has_words
from workflow.events import GIVES_TITLE
from workflow.names import DocumentKind, EventType

P, OF, D, U = (table_of(one) for one in (Paper, PaperDossier, Dossier, AdminUnit))
ENTRY, S, E = table_of(OutgoingEntry), table_of(Dispatch), table_of(EditedPaper)
OTHER = P.alias("other")
PAGE = 25
MOST_WAITING = 25
MOST_LINES = 20_000
FIELDS = (
    *(P.c.id, P.c.number, P.c.symbol, P.c.signed_on, P.c.kind, ENTRY.c.subject, ENTRY.c.signer, ENTRY.c.recipients),
    *(func.coalesce(S.c.kept_by, ENTRY.c.kept_by), S.c.copies, S.c.sent_on, S.c.receipt, S.c.note),
)


class Line(NamedTuple):
    """One paper of the register: the ten fields, and whether its text was edited by hand."""

    id: int
    number: int
    symbol: str
    signed_on: date
    kind: str
    subject: str
    signer: str
    recipients: str
    kept_by: str
    copies: int | None
    sent_on: date | None
    receipt: str
    note: str
    edited: bool

    @property
    def name(self) -> str:
        """The number as it is written, such as 07/QĐ-UBND."""
        return f"{self.number:02d}/{self.symbol}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose register of which year, and what of it: words, symbol, kind and days; empty is everything."""

    unit_id: int
    year: int
    words: str = ""
    symbol: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether only a part of the register is wanted."""
        return bool(self.words.strip() or self.symbol or self.kind or self.since or self.until)


@dataclass(frozen=True, slots=True)
class Register:
    """One page of the register, how many lines there are in all, and what can be chosen from."""

    rows: tuple[Line, ...]
    total: int
    page: int
    pages: int
    symbols: tuple[str, ...]
    kinds: tuple[str, ...]
    years: tuple[int, ...]


def register(connection: Connection, wanted: Wanted) -> Register:
    """Page `wanted.page` (from 1) of 25 lines in the order of the numbers, in one statement."""
    page, own = max(1, wanted.page), and_(P.c.unit_id == wanted.unit_id, P.c.number.is_not(None))
    lines = _lines(wanted).limit(PAGE).offset((page - 1) * PAGE).subquery()
    of_year = and_(own, P.c.year == wanted.year)
    total, rows, used, years = connection.execute(
        select(
            select(func.count()).select_from(_FROM).where(_fitting(wanted)).scalar_subquery(),
            row_list(*lines.c).scalar_subquery(),
            row_list(*(select(P.c.symbol, P.c.kind).distinct().where(of_year).subquery().c)).scalar_subquery(),
            row_list(select(P.c.year).distinct().where(own).subquery().c.year).scalar_subquery(),
        )
    ).one()
    pages = max(1, -(-total // PAGE))
    if page > pages:
        return register(connection, replace(wanted, page=pages))
    found = sorted((_line(row) for row in rows_of(rows)), key=_in_order)
    symbols, kinds = ({pair[at] for pair in rows_of(used)} for at in (0, 1))
    known = tuple(sorted((year for (year,) in rows_of(years)), reverse=True))
    return Register(tuple(found), total, page, pages, tuple(sorted(symbols)), tuple(sorted(kinds)), known)


def register_lines(connection: Connection, wanted: Wanted) -> tuple[Line, ...]:
    """All lines that are wanted, in the order of the numbers, to be printed or exported."""
    return tuple(_line(row) for row in connection.execute(_lines(wanted).limit(MOST_LINES)))


def keeping_units(connection: Connection, units: Collection[int] | None) -> dict[int, str]:
    """The units whose register can be chosen: these, or (None) all that have one; the highest first."""
    has_one = U.c.id.in_(select(P.c.unit_id).where(P.c.number.is_not(None)))
    chosen = has_one if units is None else U.c.id.in_(sorted(units))
    found = select(U.c.id, U.c.full_name).where(chosen).order_by(U.c.parent_id.is_not(None), U.c.sort_key, U.c.id)
    return {row.id: row.full_name for row in connection.execute(found)}


_FROM = P.join(ENTRY, ENTRY.c.paper_id == P.c.id).outerjoin(S, S.c.paper_id == P.c.id)


def _lines(wanted: Wanted) -> Any:
    same = (OTHER.c.event_id == P.c.event_id) & (OTHER.c.kind == P.c.kind)
    edited = select(func.count()).select_from(E.join(OTHER, OTHER.c.id == E.c.paper_id)).where(same).correlate(P)
    named = [column.label(f"field_{place}") for place, column in enumerate(FIELDS)]
    listed = select(*named, edited.scalar_subquery().label("edited")).select_from(_FROM).where(_fitting(wanted))
    return listed.order_by(P.c.number, P.c.symbol, P.c.id)


def _line(row: Any) -> Line:
    copies, sent_on, receipt, note, edited = row[9:14]
    noted = (copies, _day(sent_on), receipt or "", note or "", bool(edited))
    return Line._make((*row[:3], _day(row[3]), *row[4:9], *noted))


def _in_order(line: Line) -> tuple[int, str, int]:
    return line.number, line.symbol, line.id


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _fitting(wanted: Wanted) -> ColumnElement[bool]:
    ways: list[ColumnElement[bool]] = [
        P.c.unit_id == wanted.unit_id,
        P.c.year == wanted.year,
        P.c.number.is_not(None),
    ]
    if wanted.words.strip():
        ways.append(_named(wanted.words))
    if wanted.symbol:
        ways.append(P.c.symbol == wanted.symbol)
    if wanted.kind:
        ways.append(P.c.kind == wanted.kind)
    if wanted.since:
        ways.append(P.c.signed_on >= wanted.since)
    if wanted.until:
        ways.append(P.c.signed_on <= wanted.until)
    return and_(*ways)


def _named(words: str) -> ColumnElement[bool]:
    """Found by words of the subject, the signer, the recipients and the units, or by the number."""
    found = has_words(words, ENTRY.c.search_key)
    number = read_number(words)
    if number and number.number.isdecimal():
        return or_(found, P.c.number == int(number.number))
    return found


# --- what waits ---


class Waiting(NamedTuple):
    """A paper that waits for its number, its dispatch or its announcement, with its dossier and since when.

    An announcement waits for each dossier by itself; of any other paper the first dossier of `units` is named.
    """

    paper_id: int
    kind: str
    number: int | None
    symbol: str
    since: date
    dossier_id: int
    code: str
    unit_name: str
    holder: str | None
    units: int

    @property
    def name(self) -> str:
        """The number as it is written, or its place in the symbol of a draft."""
        return f"{self.number:02d}/{self.symbol}" if self.number is not None else f"…/{self.symbol}"


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies on the clerk's desk, each list cut off after 25, with how many there are."""

    numbers: tuple[Waiting, ...]
    dispatches: tuple[Waiting, ...]
    announcements: tuple[Waiting, ...]
    counts: tuple[int, int, int]


def waiting(connection: Connection, units: Collection[int]) -> Desk:
    """The papers of these units that wait for a number (newest first), dispatch or announcement (oldest first)."""
    mine = P.c.unit_id.in_(sorted(units))
    numbered = select(OTHER.c.id).where(
        OTHER.c.event_id == P.c.event_id, OTHER.c.kind == P.c.kind, OTHER.c.number.is_not(None)
    )
    draft = and_(mine, P.c.number.is_(None), P.c.kind != DocumentKind.CERTIFICATE.value, ~numbered.exists())
    unsent = and_(mine, P.c.number.is_not(None), S.c.sent_on.is_(None))
    decision = and_(P.c.number.is_not(None), P.c.kind.in_(GIVES_TITLE), correctable())
    decided = and_(mine, decision, D.c.state.in_(_unannounced()))
    lists = [(draft, P.c.id.desc()), (unsent, P.c.signed_on), (decided, P.c.signed_on)]
    first, every = P.join(D, D.c.id == first_dossier()), P.join(OF, OF.c.paper_id == P.c.id)
    of_each = (first, first, every.join(D, D.c.id == OF.c.dossier_id))
    parts = [
        part for tables, (found, order) in zip(of_each, lists, strict=True) for part in _waiting(tables, found, order)
    ]
    found = connection.execute(select(*parts)).one()
    numbers, dispatches, announcements = (
        sorted((_waits(row) for row in rows_of(text)), key=lambda one: (one.since, one.paper_id)) for text in found[::2]
    )
    return Desk(tuple(numbers[::-1]), tuple(dispatches), tuple(announcements), tuple(found[1::2]))


def _waiting(tables: FromClause, condition: ColumnElement[bool], order: Any) -> tuple[Any, Any]:
    """One list as a text of rows, and how many there are."""
    joined = tables.join(U, U.c.id == D.c.unit_id).outerjoin(S, S.c.paper_id == P.c.id)
    said = (P.c.id.label("paper_id"), P.c.kind, P.c.number, P.c.symbol, P.c.signed_on, P.c.at)
    of_dossier = (D.c.id.label("dossier_id"), D.c.code, U.c.full_name, D.c.holder_role, how_many().label("units"))
    listed = select(*said, *of_dossier).select_from(joined).where(condition)
    rows = listed.order_by(order, P.c.id, D.c.id).limit(MOST_WAITING).subquery()
    count = select(func.count()).select_from(joined).where(condition)
    return row_list(*rows.c).scalar_subquery(), count.scalar_subquery()


def _waits(row: list[Any]) -> Waiting:
    return Waiting._make((*row[:4], _day(row[4]) or day_of_text(row[5]), *row[6:]))


@cache
def _unannounced() -> tuple[str, ...]:
    """The states in which a decision is signed but not announced yet."""
    found = {
        state
        for procedure in procedures().values()
        for state in procedure.states
        for action in procedure.actions_from(state)
        if any(branch.records is EventType.ANNOUNCED for branch in action.branches)
    }
    return tuple(sorted(found))
