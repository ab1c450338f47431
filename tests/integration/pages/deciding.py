"""What tests of the chairman's pages share: three dossiers that one session of the council recommended."""

from sqlalchemy import Engine, select, update

from casework import passwords
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.people import Person
from tests import world
from workflow.names import Role

D, WHO = table_of(Dossier), table_of(Person)
PASSWORD = "chín con voi trắng 2025"


def recommend_three(engine: Engine) -> None:
    """Plant them, each of another commune, and let the chairman have the password by which acts are confirmed."""
    with unit_of_work(engine) as connection:
        for number in (1, 2, 3):
            unit = world.FIRST_COMMUNE if number == 1 else world.add_commune(connection, number)
            world.plant(connection, unit, "recommended", number)
        chairman = WHO.c.id == world.PERSON[Role.PROVINCIAL_CHAIRMAN]
        connection.execute(update(WHO).where(chairman).values(password_hash=passwords.keep(PASSWORD)))


def states(engine: Engine) -> list[str]:
    """The states of all dossiers, in the order of their ids."""
    with reading(engine) as connection:
        return list(connection.execute(select(D.c.state).order_by(D.c.id)).scalars())
