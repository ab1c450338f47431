"""Accounts and offices from the command line: list, add, grant and end offices, close, unlock, one-time links."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import click
from sqlalchemy import select

from casework import clock, password_links, people
from casework.admin_record import COMMAND
from casework.unit_of_work import reading, unit_of_work
from commands.context import SpeakingGroup, opened
from models.base import table_of
from models.people import Person, RoleGrant
from models.places import AdminUnit
from queries.days import day_of
from settings import load
from workflow.names import Role

P, G, U = table_of(Person), table_of(RoleGrant), table_of(AdminUnit)
GROUP = SpeakingGroup("users", help="Accounts and the offices they hold.")
DAY = click.DateTime(["%Y-%m-%d"])


@GROUP.command("list")
def list_() -> None:
    """Print every account with its offices."""
    offices = (
        select(P.c.login, P.c.name, P.c.disabled_at, G.c.id, G.c.role, U.c.full_name, G.c.valid_from, G.c.valid_to)
        .outerjoin(G, G.c.person_id == P.c.id)
        .outerjoin(U, U.c.id == G.c.unit_id)
        .order_by(P.c.login, G.c.id)
    )
    with opened() as engine, reading(engine) as connection:
        rows = connection.execute(offices).all()
    for row in rows:
        closed = "  [đã khóa / disabled]" if row.disabled_at else ""
        office = f"#{row.id} {row.role} · {row.full_name} · {row.valid_from} – {row.valid_to or ''}" if row.id else "—"
        click.echo(f"{row.login:24} {row.name:28} {office}{closed}")


@GROUP.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--email")
def add(login: str, name: str, email: str | None) -> None:
    """Add somebody, and print the one-time link by which they choose their password."""
    with opened() as engine, unit_of_work(engine) as connection:
        now = clock.now(connection)
        person = people.add_person(connection, people.NewPerson(login, name, email), COMMAND, now)
        secret = password_links.make_link(connection, person, COMMAND, now)
    click.echo(address_of(secret))


@GROUP.command("grant")
@click.argument("login")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("unit_code")
@click.option("--from", "first", type=DAY, help="First day; today without it.")
@click.option("--to", "last", type=DAY, help="Last day; open without it.")
@click.option("--department", help="Code of the department, for its reviewer.")
@click.option("--wording", default="", help="KT., Q., TL. or TUQ. for a substitute.")
def grant(
    login: str,
    role: str,
    unit_code: str,
    first: datetime | None,
    last: datetime | None,
    department: str | None,
    wording: str,
) -> None:
    """Give somebody an office at the unit that bears the code on the first day."""
    with opened() as engine, unit_of_work(engine) as connection:
        begins = first.date() if first else day_of(clock.now(connection))
        unit_id = connection.execute(
            select(U.c.id).where(
                U.c.code == unit_code, U.c.valid_from <= begins, (U.c.valid_to.is_(None)) | (U.c.valid_to >= begins)
            )
        ).scalar()
        if unit_id is None:
            raise click.ClickException(f"Không có đơn vị {unit_code} vào {begins}. / No unit {unit_code} on {begins}.")
        person = people.person_of(connection, login)
        ends: date | None = last.date() if last else None
        new = people.NewGrant(Role(role), unit_id, begins, ends, department, wording)
        click.echo(f"#{people.grant_office(connection, person, new, COMMAND, clock.now(connection))}")


@GROUP.command("end-grant")
@click.argument("grant_id", type=int)
@click.argument("last_day", type=DAY)
def end_grant(grant_id: int, last_day: datetime) -> None:
    """End the office GRANT_ID with LAST_DAY."""
    with opened() as engine, unit_of_work(engine) as connection:
        people.end_grant(connection, grant_id, last_day.date(), COMMAND, clock.now(connection))


@GROUP.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Close an account and end its sessions; what it did stays."""
    _act(people.disable, login)


@GROUP.command("enable")
@click.argument("login")
def enable(login: str) -> None:
    """Open a closed account again."""
    _act(people.enable, login)


@GROUP.command("unlock")
@click.argument("login")
def unlock(login: str) -> None:
    """Let somebody try again at once who failed to sign in too often."""
    _act(people.unlock, login)


@GROUP.command("remove-second-factor")
@click.argument("login")
def remove_second_factor(login: str) -> None:
    """Take the second factor of somebody who has lost the telephone, and end the sessions."""
    _act(people.take_factor_away, login)


@GROUP.command("reset-link")
@click.argument("login")
def reset_link(login: str) -> None:
    """Print a one-time link, good for 24 hours, by which somebody chooses a new password."""
    click.echo(address_of(_act(password_links.make_link, login)))


def address_of(secret: str) -> str:
    """The address of a one-time link."""
    return f"{load().public_url}/password-link/{secret}"


def _act(act: Callable[..., Any], login: str) -> Any:
    """Do something to the account with a login."""
    with opened() as engine, unit_of_work(engine) as connection:
        return act(connection, people.person_of(connection, login), COMMAND, clock.now(connection))
