"""The practice province: building it, and moving its calendar forward."""

from datetime import date, datetime, timedelta

import click
from sqlalchemy import Connection, bindparam, select, update

import migrations
from casework import clock
from casework.unit_of_work import unit_of_work
from commands.context import SpeakingGroup, opened
from models.base import table_of
from models.documents import Installation
from models.events import EffectRow
from practice.scenario import scenario_of
from queries.days import day_of
from settings import load

T, X = table_of(Installation), table_of(EffectRow)
GROUP = SpeakingGroup("practice", help="The practice province.")


@GROUP.command("build")
def build() -> None:
    """Build the practice province of SCENARIO into an empty database; migrate it first if needed."""
    from practice.build import build as build_province

    settings = load()
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    if migrations.state(settings.database_url) in {"empty", "behind"}:
        migrations.upgrade(settings.database_url)
    summary = build_province(settings)
    for state, count in summary.states.items():
        click.echo(f"{count:3}  {state}")
    click.echo(
        f"{sum(summary.states.values())} hồ sơ, {summary.units} đơn vị, {summary.people} tài khoản / dossiers, units, "
        f"accounts; {summary.effects_due} việc còn lại cho worker / effects left to the worker"
    )


@GROUP.command("advance")
@click.option("--days", type=click.IntRange(1, 400), required=True, help="Days by which the calendar moves forward.")
def advance(days: int) -> None:
    """Move the practice calendar forward, so that postings and deadlines can run out."""
    with opened() as engine, unit_of_work(engine) as connection:
        scenario = connection.execute(select(T.c.scenario).where(T.c.practice)).scalar()
        if scenario is None:
            raise click.ClickException("Không phải tỉnh thực hành. / This is not a practice province.")
        now, passed = clock.now(connection), timedelta(days=days)
        moved = now + passed
        require_within(scenario, day_of(moved))
        keep_distance(connection, now, passed)
        connection.execute(update(T).values(practice_starts_at=moved, built_at=clock.real_now()))
        click.echo(f"{day_of(moved):%d/%m/%Y}")


def keep_distance(connection: Connection, now: datetime, passed: timedelta) -> None:
    """Move what waits for a later hour along, so that old papers do not all stand before the one somebody waits for."""
    later = connection.execute(
        select(X.c.id, X.c.run_at).where(X.c.status == "queued", X.c.run_at > now).order_by(X.c.id)
    )
    moved = [{"this": row.id, "later": row.run_at + passed} for row in later]
    if moved:
        connection.execute(update(X).where(X.c.id == bindparam("this")).values(run_at=bindparam("later")), moved)


def require_within(scenario: str, day: date) -> None:
    """Refuse a day on which the offices of a scenario no longer exist."""
    last = scenario_of(scenario).ends_on
    if last and day > last:
        raise click.ClickException(
            f"Từ sau ngày {last:%d/%m/%Y} không còn cấp huyện; hãy dựng tỉnh thực hành kia: SCENARIO=two-tier. / "
            f"There are no districts after {last:%d/%m/%Y}; build the other practice province: SCENARIO=two-tier."
        )
