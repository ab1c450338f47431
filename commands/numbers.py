"""Number series: opening one for a year, where the paper register stands, and seeing how far each has come."""

import click
from sqlalchemy import select

from casework import clock
from casework.admin_record import COMMAND
from casework.issuing import Series, open_series
from casework.unit_of_work import reading, unit_of_work
from commands.context import SpeakingGroup, opened
from models.base import table_of
from models.documents import NumberSeries
from models.places import AdminUnit
from workflow.names import Tier

N, U = table_of(NumberSeries), table_of(AdminUnit)
GROUP = SpeakingGroup("numbers", help="Open and list the series of numbers.")


@GROUP.command("open")
@click.option("--symbol", default="QĐ-UBND", help="The symbol of the series, such as QĐ-UBND or BB-HĐTĐ.")
@click.option("--year", type=click.IntRange(2000, 2100), required=True)
@click.option("--paper-last", type=click.IntRange(min=0), default=0, help="The last number of the paper register.")
@click.option("--by-hand", is_flag=True, help="The clerk gives the numbers by hand, from the paper register.")
def open_(symbol: str, year: int, paper_last: int, *, by_hand: bool) -> None:
    """Open the province's series of a year; the first number is the one after the paper register's last."""
    with opened() as engine, unit_of_work(engine) as connection:
        province = connection.execute(select(U.c.id).where(U.c.tier == Tier.PROVINCE.value)).scalar_one()
        series = Series(province, symbol.upper(), year)
        open_series(connection, series, paper_last, COMMAND, clock.now(connection), by_hand=by_hand)
    click.echo(f"{series.symbol} {year}: {paper_last + 1}")


@GROUP.command("list")
def list_() -> None:
    """Print each series with its paper register's last number and the last number given."""
    with opened() as engine, reading(engine) as connection:
        rows = connection.execute(select(N).order_by(N.c.unit_id, N.c.symbol, N.c.year)).all()
    for row in rows:
        click.echo(
            f"{row.symbol:12} {row.year}  sổ giấy đến / paper to {row.paper_last}, đã cấp đến / given to {row.last}"
        )
