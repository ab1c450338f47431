"""Numbers and issued documents: a number is taken in the transaction of the decision, without gap and never twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, insert, select, update

from casework.errors import Refused
from models.base import table_of
from models.documents import IssuedDocument, NumberSeries
from workflow.names import DocumentKind
from workflow.refusal import refuse

N, ISSUED = table_of(NumberSeries), table_of(IssuedDocument)
SYMBOLS: Mapping[DocumentKind, str] = {DocumentKind.DECISION: "QĐ-UBND"}

_TAKE = (
    update(N)
    .where(N.c.unit_id == bindparam("authority"), N.c.kind == bindparam("of_kind"), N.c.year == bindparam("of_year"))
    .values(last=N.c.last + 1)
    .returning(N.c.last)
)
_LAST_SIGNED = (
    select(ISSUED.c.number, ISSUED.c.symbol, ISSUED.c.signed_on)
    .where(ISSUED.c.unit_id == bindparam("authority"), ISSUED.c.kind == bindparam("of_kind"))
    .where(ISSUED.c.year == bindparam("of_year"))
    .order_by(ISSUED.c.number.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A number as it was given: the authority's unit, the kind of document, the day of signing and the symbol."""

    unit_id: int
    kind: DocumentKind
    signed_on: date
    number: int
    symbol: str

    @property
    def year(self) -> int:
        """The year of the series."""
        return self.signed_on.year

    @property
    def name(self) -> str:
        """The number as it is written on the document, such as 07/QĐ-UBND."""
        return f"{self.number:02d}/{self.symbol}"


def take_number(connection: Connection, unit_id: int, kind: DocumentKind, signed_on: date) -> Issued:
    """The next number of the series of the signing year; refused while none is open, or for a day before its last.

    The last document is looked up once the series is held, so that numbers and days of signing run in one order.
    """
    series = {"authority": unit_id, "of_kind": kind.value, "of_year": signed_on.year}
    taken = connection.execute(_TAKE, series).scalar_one_or_none()
    if taken is None:
        raise Refused((refuse("number.no_series", kind=kind, year=signed_on.year),))
    before = connection.execute(_LAST_SIGNED, series).first()
    if before and signed_on < before.signed_on:
        last = Issued(unit_id, kind, before.signed_on, before.number, before.symbol)
        raise Refused((refuse("number.out_of_order", last=last.name, signed=before.signed_on, on=signed_on),))
    return Issued(unit_id, kind, signed_on, taken, SYMBOLS[kind])


def freeze(connection: Connection, issued: Issued, *, event_id: int, dossier_id: int, context: str) -> None:
    """Keep the numbered document with the frozen context from which it is rendered, now and ever after."""
    connection.execute(
        insert(ISSUED),
        {
            "event_id": event_id,
            "dossier_id": dossier_id,
            "unit_id": issued.unit_id,
            "kind": issued.kind.value,
            "year": issued.year,
            "number": issued.number,
            "symbol": issued.symbol,
            "signed_on": issued.signed_on,
            "context": context,
            "template_version": 1,
        },
    )


def open_series(connection: Connection, unit_id: int, kind: DocumentKind, year: int, paper_last: int) -> None:
    """Open the series of a year where the paper register stands; one that is open already is refused."""
    if connection.execute(
        select(N.c.last).where(N.c.unit_id == unit_id, N.c.kind == kind.value, N.c.year == year)
    ).first():
        raise Refused((refuse("number.series_open", kind=kind, year=year),))
    row = {"unit_id": unit_id, "kind": kind.value, "year": year, "paper_last": paper_last, "last": paper_last}
    connection.execute(insert(N), row)
