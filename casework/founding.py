"""Founding a real province: territory, calendar and titles entered into an empty database, real from then on."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, insert, select

from casework.admin_record import COMMAND, keep
from casework.errors import Refused
from casework.territory import found_territory
from models.base import table_of
from models.documents import Installation
from models.dossiers import Dossier
from models.people import Person
from models.places import AdminUnit, Holiday, Recognition
from workflow.names import AdminAct, Tier
from workflow.refusal import refuse

INSTALLATION, U = table_of(Installation), table_of(AdminUnit)
USED_BY_WORK = (INSTALLATION, U, *(table_of(one) for one in (Holiday, Recognition, Person, Dossier)))
REAL = "real"


@dataclass(frozen=True, slots=True)
class Founded:
    """What was entered, and the official code of the province, to which its first administrator belongs."""

    units: int
    holidays: int
    titles: int
    province_code: str


def found_province(connection: Connection, folder: Path, now: datetime, *, practice: bool) -> Founded:
    """Enter what the data files of a folder hold; refused in practice mode, and where anything is there already."""
    if practice:
        raise Refused((refuse("founding.practice"),))
    used = [table.name for table in USED_BY_WORK if connection.execute(select(table).limit(1)).first()]
    if used:
        raise Refused((refuse("founding.not_empty", names=tuple(used)),))
    found_territory(connection, folder)
    connection.execute(insert(INSTALLATION), {"id": 1, "practice": False, "scenario": REAL, "built_at": now})
    units, holidays, titles = (
        int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in (U, table_of(Holiday), table_of(Recognition))
    )
    code = connection.execute(select(U.c.code).where(U.c.tier == Tier.PROVINCE.value)).scalars().first() or ""
    keep(connection, COMMAND, AdminAct.PROVINCE_FOUNDED, now, code=code, units=str(units))
    return Founded(units, holidays, titles, code)
