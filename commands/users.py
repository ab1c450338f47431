"""Accounts and offices from the command line: list, add, grant, end an office, disable, new password."""

from datetime import date, datetime

import click
from sqlalchemy import select

from casework import clock, people
from casework.unit_of_work import reading, unit_of_work
from commands.context import SpeakingGroup, opened
from models.base import table_of
from models.people import Person, RoleGrant
from models.places import AdminUnit
from queries.days import day_of
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
@click.password_option()
def add(login: str, name: str, email: str | None, password: str) -> None:
    """Add somebody who can sign in."""
    new = people.NewPerson(login, name, people.protect(password), email)
    with opened() as engine, unit_of_work(engine) as connection:
        people.add_person(connection, new, clock.now(connection))
    click.echo(login)


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
        click.echo(f"#{people.grant_office(connection, person, new)}")


@GROUP.command("end-grant")
@click.argument("grant_id", type=int)
@click.argument("last_day", type=DAY)
def end_grant(grant_id: int, last_day: datetime) -> None:
    """End the office GRANT_ID with LAST_DAY."""
    with opened() as engine, unit_of_work(engine) as connection:
        people.end_grant(connection, grant_id, last_day.date())


@GROUP.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Close an account and end its sessions; what it did stays."""
    with opened() as engine, unit_of_work(engine) as connection:
        people.disable(connection, login, clock.now(connection))


@GROUP.command("reset-password")
@click.argument("login")
@click.password_option()
def reset_password(login: str, password: str) -> None:
    """Give an account a new password and end its sessions."""
    with opened() as engine, unit_of_work(engine) as connection:
        people.reset_password(connection, login, people.protect(password), clock.now(connection))
