"""Acts of the world's people, each in a transaction of its own, and what is said when one is refused."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select

from casework.door import Order, Receipt, perform
from casework.errors import Refused
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.council import AgendaItem, CouncilMember
from models.events import DossierEvent
from models.people import RoleGrant
from queries.days import day_of
from queries.facts import CaseFile, read_case
from tests import world
from workflow.names import Field, Role

EVENT = table_of(DossierEvent)


def case(engine: Engine, dossier: int = 1, now: datetime = world.NOW) -> CaseFile:
    with unit_of_work(engine) as connection:
        file = read_case(connection, dossier, world.CHAIRMAN, day_of(now))
    assert file
    return file


def act(engine: Engine, action: str, role: Role, now: datetime = world.NOW, **inputs: Any) -> Receipt:
    version = case(engine).row.version
    typed = {Field(name): value for name, value in inputs.items()}
    with unit_of_work(engine) as connection:
        return perform(connection, Order(1, action, version, f"{action}-{version}", typed), world.PERSON[role], now)


def work(engine: Engine, how: Callable[..., Any], *details: Any, **named: Any) -> Any:
    with unit_of_work(engine) as connection:
        return how(connection, *details, **named)


def refusals(how: Callable[..., Any], *details: Any, **named: Any) -> list[str]:
    with pytest.raises(Refused) as refused:
        how(*details, **named)
    return [refusal.code for refusal in refused.value.refusals]


def plant_three(engine: Engine) -> None:
    """Three dossiers of three communes before the council, on no agenda."""
    with unit_of_work(engine) as connection:
        world.found(connection, communes=3)
        for number in range(3):
            world.plant(connection, world.FIRST_COMMUNE + number, "council", number + 1)
        connection.execute(delete(table_of(AgendaItem)))


def add_grant(connection: Connection, person: int, role: Role, unit: int, since: date = date(2020, 1, 1)) -> None:
    row = {"person_id": person, "role": role.value, "unit_id": unit, "valid_from": since, "wording": "KT."}
    connection.execute(insert(table_of(RoleGrant)), row)


def add_member(engine: Engine, person: int) -> None:
    """Make somebody a member of the council."""
    row = {"council_id": 1, "person_id": person, "post": "Ủy viên", "chairs": False, "valid_from": date(2020, 1, 1)}
    work(engine, add_grant, person, Role.COUNCIL_MEMBER, world.PROVINCE)
    work(engine, lambda c: c.execute(insert(table_of(CouncilMember)), row))


def add_event(engine: Engine, dossier: int, **changes: Any) -> None:
    """Record one more event of a dossier by hand, as its last one was but for what is changed."""
    last = select(EVENT).where(EVENT.c.dossier_id == dossier).order_by(EVENT.c.seq.desc()).limit(1)
    row = dict(work(engine, lambda c: c.execute(last).mappings().one()))
    del row["id"]
    again = {"seq": row["seq"] + 1, "request_key": f"once-more-{dossier}-{row['seq']}", **changes}
    work(engine, lambda c: c.execute(insert(EVENT).values(row | again)))
