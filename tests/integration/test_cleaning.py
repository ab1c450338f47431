"""What is swept once a day of what was typed and never sent: of dossiers that have ended, and after 90 days."""

from datetime import timedelta

from sqlalchemy import Engine, insert, select, update

from casework.cleaning import clean_up
from casework.unit_of_work import reading, unit_of_work
from models.base import table_of
from models.dossiers import Dossier
from models.drafts import Draft
from tests import world

F, D = table_of(Draft), table_of(Dossier)


def test_what_can_no_longer_be_sent_and_what_is_old_is_let_go(engine: Engine) -> None:
    kept = {"/dossiers/1/work/keep-vote": 89, "/dossiers/open": 1, "/admin/units/3": 1}
    kept |= {"/dossiers/3/actions/draft-correction": 1}  # of a dossier that has ended, but whose decision stands
    gone = {
        "/dossiers/2/work/keep-vote": 1,
        "/dossiers/2/criteria/17": 1,
        "/dossiers/1/criteria/3": 91,
        "/sessions/4": 91,
    }
    with unit_of_work(engine) as connection:
        world.found(connection, communes=3)
        world.plant(connection, world.FIRST_COMMUNE, "commune_vote", 1)
        world.plant(connection, world.FIRST_COMMUNE + 1, "commune_vote", 2)
        world.plant(connection, world.FIRST_COMMUNE + 2, "announced", 3)
        ended = {"is_open": False, "closed_at": world.NOW, "state": "withdrawn"}
        connection.execute(update(D).where(D.c.id == 2).values(ended))
        rows = [
            {"person_id": 100, "address": address, "fields": {"x": ["y"]}, "seen_version": 1}
            | {"saved_at": world.NOW - timedelta(days=days)}
            for address, days in (kept | gone).items()
        ]
        connection.execute(insert(F), rows)
    with unit_of_work(engine) as connection:
        clean_up(connection, world.NOW)
    with reading(engine) as connection:
        assert set(connection.execute(select(F.c.address)).scalars()) == set(kept)
