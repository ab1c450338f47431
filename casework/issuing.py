"""Numbers: each is taken in the transaction of the act that needs it, without gap and never twice.

A series belongs to an authority, a symbol and a year; all copies of an authority share one, whatever their form. It
runs by itself, or the clerk gives its numbers by hand from the paper register; typed numbers are held to the same
uniqueness.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, union_all, update

from casework.admin_record import Keeper, keep
from casework.errors import NotFound, Refused
from casework.upsert import insert_once
from models.base import table_of
from models.documents import NumberSeries, Paper
from workflow.copies import COPIES
from workflow.copies import SERIES as COPY_SERIES
from workflow.names import AdminAct, DocumentKind
from workflow.refusal import refuse

N, P = table_of(NumberSeries), table_of(Paper)
ABBREVIATIONS: Mapping[DocumentKind, str] = {
    DocumentKind.RESULT_REPORT: "BC",
    DocumentKind.POSTING_RECORD: "BB",
    DocumentKind.OPINION_SUMMARY: "BC",
    DocumentKind.SURVEY_REPORT: "BC",
    DocumentKind.VOTE_MINUTES: "BB",
    DocumentKind.PROPOSAL: "TTr",
    DocumentKind.RECEIPT: "GTN",
    DocumentKind.RETURN_NOTICE: "TB",
    DocumentKind.CHANGE_LIST: "BC",
    DocumentKind.VERIFICATION_REPORT: "BC",
    DocumentKind.CONSULTATION_NOTICE: "TB",
    DocumentKind.APPRAISAL_REPORT: "BC",
    DocumentKind.COUNCIL_MINUTES: "BB",
    DocumentKind.DECISION: "QĐ",
    DocumentKind.CERTIFICATE: "BCN",
    DocumentKind.ANNOUNCEMENT_RECORD: "BB",
    DocumentKind.WITHDRAWAL_LETTER: "",
    DocumentKind.REFUSAL_NOTICE: "TB",
    DocumentKind.REFUSAL_DECISION: "QĐ",
    DocumentKind.REVOCATION_DECISION: "QĐ",
    DocumentKind.REPLACEMENT_DECISION: "QĐ",
    DocumentKind.CORRECTION_LETTER: "",
    DocumentKind.TRUE_COPY: "SY",
    DocumentKind.COPY_OF_COPY: "SL",
    DocumentKind.EXTRACT: "TrS",
}
"""The signs of kinds of documents (Decree 30/2020, Annex III); an official letter has none."""
CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when it is read from paper
CODE_LENGTH = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100
HIGHEST = 999_999
SYMBOL = re.compile(r"[^\W\d_]+(-[^\W\d_]+)*")

_SERIES = (
    N.c.unit_id == bindparam("authority"),
    N.c.symbol == bindparam("of_symbol"),
    N.c.year == bindparam("of_year"),
)
_TAKE = update(N).where(*_SERIES, N.c.by_hand.is_(False)).values(last=N.c.last + 1).returning(N.c.last)
_HOLD = select(N.c.last, N.c.by_hand).where(*_SERIES).with_for_update()
_RAISE = update(N).where(*_SERIES, N.c.last < bindparam("typed")).values(last=bindparam("typed"))


class _Numbered:
    """What is asked of the papers that have a number of a series: of one symbol, or the copies of all."""

    def __init__(self, of_series: ColumnElement[bool]) -> None:
        said = (P.c.number, P.c.symbol, P.c.signed_on)
        mine = (P.c.unit_id == bindparam("authority"), P.c.year == bindparam("of_year"), of_series)
        before = select(*said).where(*mine, P.c.number <= bindparam("given")).order_by(P.c.number.desc()).limit(1)
        after = select(*said).where(*mine, P.c.number > bindparam("given")).order_by(P.c.number).limit(1)
        self.any = select(P.c.id).where(*mine).limit(1)
        self.taken = select(P.c.kind, P.c.symbol, P.c.signed_on).where(*mine, P.c.number == bindparam("typed"))
        self.neighbours = union_all(select(before.subquery()), select(after.subquery()))


_OF_SYMBOL, _COPIES = _Numbered(P.c.symbol == bindparam("of_symbol")), _Numbered(P.c.kind.in_(COPIES))


@dataclass(frozen=True, slots=True)
class Series:
    """A series of numbers: the authority's unit, the symbol such as QĐ-UBND, and the year."""

    unit_id: int
    symbol: str
    year: int

    @property
    def numbered(self) -> _Numbered:
        """What is asked of the papers that have a number of it."""
        return _COPIES if self.symbol == COPY_SERIES else _OF_SYMBOL

    @property
    def bound(self) -> dict[str, object]:
        """The series as parameters of a statement."""
        return {"authority": self.unit_id, "of_symbol": self.symbol, "of_year": self.year}


@dataclass(frozen=True, slots=True)
class Issued:
    """A number as it was given, with the day of signing and the code by which the paper is looked up."""

    unit_id: int
    symbol: str
    signed_on: date
    number: int
    code: str

    @property
    def name(self) -> str:
        """The number as it is written on the document, such as 07/QĐ-UBND."""
        return f"{self.number:02d}/{self.symbol}"


def symbol_of(kind: DocumentKind, body: str) -> str:
    """The symbol of a kind of document of a body, such as QĐ-UBND."""
    return f"{ABBREVIATIONS[kind]}-{body}".removeprefix("-")


def provincial_symbol(kind: DocumentKind) -> str:
    """The symbol of a kind of document of the province's committee and its chairman, such as QĐ-UBND."""
    return symbol_of(kind, "UBND")


def give_number(connection: Connection, unit_id: int, symbol: str, signed_on: date, typed: int | None = None) -> Issued:
    """The next number of the series of the signing year, or the number typed in where the clerk gives them by hand."""
    return _give(connection, Series(unit_id, symbol, signed_on.year), symbol, signed_on, typed)


def give_copy_number(
    connection: Connection, unit_id: int, form: DocumentKind, signed_on: date, typed: int | None = None
) -> Issued:
    """The same for a copy, whose number is of the one series of all copies of an authority."""
    symbol = provincial_symbol(form)
    return _give(connection, Series(unit_id, COPY_SERIES, signed_on.year), symbol, signed_on, typed)


def _give(connection: Connection, series: Series, symbol: str, signed_on: date, typed: int | None) -> Issued:
    number = _take(connection, series) if typed is None else _keep_typed(connection, series, typed)
    _require_order(connection, series, number, signed_on)
    return Issued(series.unit_id, symbol, signed_on, number, new_code())


def _require_order(connection: Connection, series: Series, number: int, signed_on: date) -> None:
    """Refuse a day that does not fit the numbers beside it; they are looked up once the series is held."""
    for other in connection.execute(series.numbered.neighbours, {**series.bound, "given": number}):
        if (signed_on < other.signed_on) if other.number < number else (signed_on > other.signed_on):
            last = f"{other.number:02d}/{other.symbol}"
            raise Refused((refuse("number.out_of_order", last=last, signed=other.signed_on, on=signed_on),))


def _take(connection: Connection, series: Series) -> int:
    taken = connection.execute(_TAKE, series.bound).scalar_one_or_none()
    if taken is not None:
        return int(taken)
    by_hand = connection.execute(_HOLD, series.bound).first() is not None
    code = "number.type_it" if by_hand else "number.no_series"
    raise Refused((refuse(code, symbol=series.symbol, year=series.year),))


def _keep_typed(connection: Connection, series: Series, typed: int) -> int:
    """Hold the series, which is opened by its first typed number, so that two cannot type the same one at once."""
    _require_plausible(typed, 1)
    row = {"unit_id": series.unit_id, "symbol": series.symbol, "year": series.year, "paper_last": 0, "last": 0}
    insert_once(connection, N, {**row, "by_hand": True})
    if not connection.execute(_HOLD, series.bound).one().by_hand:
        raise Refused((refuse("number.automatic", symbol=series.symbol, year=series.year),))
    earlier = connection.execute(series.numbered.taken, {**series.bound, "typed": typed}).first()
    if earlier:
        name = f"{typed:02d}/{earlier.symbol}"
        raise Refused((refuse("number.taken", name=name, kind=earlier.kind, on=earlier.signed_on),))
    connection.execute(_RAISE, {**series.bound, "typed": typed})
    return typed


def _require_plausible(number: int, least: int) -> None:
    """Refuse a number that no register of a year comes to."""
    if not least <= number <= HIGHEST:
        raise Refused((refuse("number.not_plausible", number=number),))


def new_code() -> str:
    """A code that nobody guesses, short enough to be typed from a paper."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def open_series(
    connection: Connection, series: Series, paper_last: int, by: Keeper, now: datetime, *, by_hand: bool = False
) -> None:
    """Open the series of a year where the paper register stands; one that is open already is refused."""
    if not FIRST_YEAR <= series.year <= LAST_YEAR:
        raise Refused((refuse("number.far", first=FIRST_YEAR, last=LAST_YEAR),))
    if not SYMBOL.fullmatch(series.symbol):
        raise Refused((refuse("number.symbol_unfit"),))
    _require_plausible(paper_last, 0)
    if connection.execute(_HOLD, series.bound).first():
        raise Refused((refuse("number.series_open", symbol=series.symbol, year=series.year),))
    row = {"unit_id": series.unit_id, "symbol": series.symbol, "year": series.year, "by_hand": by_hand}
    connection.execute(insert(N), {**row, "paper_last": paper_last, "last": paper_last})
    told = {"symbol": series.symbol, "year": str(series.year), "paper_last": str(paper_last)}
    keep(connection, by, AdminAct.SERIES_OPENED, now, None, **told)


def correct_series(connection: Connection, series: Series, paper_last: int, by: Keeper, now: datetime) -> None:
    """Correct where the paper register stood when a series was opened; refused once a number of it was taken."""
    _require_plausible(paper_last, 0)
    held = connection.execute(_HOLD, series.bound).first()
    if held is None:
        raise NotFound(f"series {series.symbol} {series.year}")
    taken = connection.execute(series.numbered.any, series.bound).first()
    untouched = (*_SERIES, N.c.last == N.c.paper_last)
    start = {**series.bound, "start": paper_last}
    changed = update(N).where(*untouched).values(paper_last=bindparam("start"), last=bindparam("start"))
    if taken or connection.execute(changed, start).rowcount != 1:
        raise Refused((refuse("number.series_used", symbol=series.symbol, year=series.year),))
    told = {"symbol": series.symbol, "year": str(series.year), "before": str(held.last), "paper_last": str(paper_last)}
    keep(connection, by, AdminAct.SERIES_CORRECTED, now, None, **told)
