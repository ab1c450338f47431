"""The number series as an administrator sees them: where each began, how far it has come, what can still be changed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from models.base import table_of
from models.documents import NumberSeries, Paper
from models.places import AdminUnit
from queries.lineage import in_force
from workflow.copies import COPIES, SERIES
from workflow.names import Tier

N, P, U = table_of(NumberSeries), table_of(Paper), table_of(AdminUnit)


@dataclass(frozen=True, slots=True)
class SeriesLine:
    """One series: whose, symbol and year, where the paper register stood, how far it has come, how many were used."""

    unit_id: int
    unit_name: str
    symbol: str
    year: int
    paper_last: int
    last: int
    by_hand: bool
    used: int

    @property
    def untouched(self) -> bool:
        """Whether no number of it was taken, so that its start can still be corrected."""
        return self.used == 0 and self.last == self.paper_last


def all_series(connection: Connection) -> tuple[SeriesLine, ...]:
    """Every series, the latest year first, then by authority and symbol."""
    in_common = (N.c.symbol == SERIES) & P.c.kind.in_(COPIES)
    own = P.c.symbol == N.c.symbol
    used = (
        select(func.count())
        .select_from(P)
        .where(P.c.unit_id == N.c.unit_id, P.c.year == N.c.year, P.c.number.is_not(None), in_common | own)
        .scalar_subquery()
    )
    columns = (N.c.unit_id, U.c.full_name, N.c.symbol, N.c.year, N.c.paper_last, N.c.last, N.c.by_hand, used)
    ordered = select(*columns).join(U, U.c.id == N.c.unit_id).order_by(N.c.year.desc(), U.c.sort_key, N.c.symbol)
    return tuple(SeriesLine(*row) for row in connection.execute(ordered))


def numbered_by_hand(connection: Connection, unit_id: int, symbol: str, since: int) -> bool:
    """Whether an authority has a series under this symbol, since a year, whose numbers the clerk gives by hand."""
    by_hand = select(N.c.year).where(N.c.unit_id == unit_id, N.c.symbol == symbol, N.c.year >= since, N.c.by_hand)
    return connection.execute(by_hand.limit(1)).first() is not None


def authorities(connection: Connection, today: date) -> dict[int, str]:
    """The units that can have series of their own: the provinces of today, by their ids."""
    provinces = select(U.c.id, U.c.full_name).where(U.c.tier == Tier.PROVINCE.value, in_force(today))
    return {row.id: row.full_name for row in connection.execute(provinces.order_by(U.c.sort_key))}
