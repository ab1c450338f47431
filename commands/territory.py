"""The real territory: entered once from the data files into an empty database, which is real from then on."""

import click

from casework.clock import real_now
from casework.founding import found_province
from casework.unit_of_work import unit_of_work
from commands.context import SpeakingGroup, opened
from settings import ROOT, load

GROUP = SpeakingGroup("territory", help="Found the real province.")


@GROUP.command("found")
def found() -> None:
    """Enter units, mergers, holidays and titles of `data/`, and mark the database as real."""
    settings = load()
    with opened(settings) as engine, unit_of_work(engine) as connection:
        founded = found_province(connection, ROOT / "data", real_now(), practice=settings.practice)
    click.echo(
        f"{founded.units} đơn vị, {founded.holidays} ngày nghỉ, {founded.titles} lượt công nhận / "
        f"units, holidays, recognitions\n\n"
        "Tiếp theo, tạo người quản trị đầu tiên / Next, make the first administrator:\n"
        '  script/flask users add LOGIN "HỌ VÀ TÊN"\n'
        f"  script/flask users grant LOGIN administrator {founded.province_code}"
    )
