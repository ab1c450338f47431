"""What the public check knows of a decision, on each database: its files, its title, and what revoked it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from casework.door import Order, perform
from casework.unit_of_work import reading, unit_of_work
from jobs import worker
from models.base import table_of
from models.documents import Paper
from models.places import Recognition
from queries.register import Standing
from queries.verification import Checked, checked
from tests import crash, world
from tests.house import stopped_at, tools
from tests.integration.revoking import LATER, NAMED, REASON, UNNAMED, appraise, assess, sit, take
from workflow.names import DocumentKind, Role

P, R = table_of(Paper), table_of(Recognition)


@pytest.fixture
def decided(engine: Engine) -> Engine:
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
        perform(connection, Order(1, "recognise", dossier.version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    return engine


def look(engine: Engine, kind: str) -> Checked:
    with reading(engine) as connection:
        code = connection.execute(select(P.c.code).where(P.c.kind == kind)).scalar_one()
        found = checked(connection, str(code), world.TODAY)
    assert found is not None
    return found


def test_a_decision_of_another_body_with_the_same_number_and_day_gave_none_of_its_titles(decided: Engine) -> None:
    """A district's chairman recognised hamlets by numbers of his own, with the same symbol."""
    with unit_of_work(decided) as connection:
        (given,) = connection.execute(select(R)).mappings().all()
        hamlet = {"subject": "hamlet", "authority": "Chủ tịch Ủy ban nhân dân huyện Hòa An", "dossier_id": None}
        connection.execute(insert(R), {**given, "id": given["id"] + 1, "unit_id": None, **hamlet})
    assert [one.id for one in look(decided, "decision").titles] == [given["id"]]


def test_a_decision_is_known_with_its_files_until_it_is_revoked(decided: Engine, tmp_path: Path) -> None:
    assert (look(decided, "decision").files, look(decided, "decision").standing) == ((), Standing.VALID)
    worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    assert [kind for kind, _ in look(decided, "decision").files] == [DocumentKind.DECISION, DocumentKind.CERTIFICATE]
    announced = {"announced_on": world.TODAY, "announced_at": "Nhà văn hóa"}
    take(decided, "announce", Role.DISTRICT_REVIEWER, world.NOW, **announced)
    take(decided, "propose_revocation", Role.DISTRICT_REVIEWER, world.NOW, reason=REASON)
    assess(decided, *UNNAMED, NAMED)
    appraise(decided, *UNNAMED, NAMED)
    sit(decided, "yes")
    take(decided, "conclude_revocation", Role.COUNCIL_SECRETARY)
    take(decided, "revoke", Role.PROVINCIAL_CHAIRMAN, reason=REASON, signed_on=LATER.date())
    found, revocation = look(decided, "decision"), look(decided, "revocation_decision")
    assert found.standing is Standing.REVOKED
    assert found.titles[0].ended_by is not None
    assert found.titles[0].ended_by.decision == revocation.name
    assert [one.id for one in revocation.titles] == [one.id for one in found.titles]
    with reading(decided) as connection:
        assert checked(connection, "2" * 12, world.TODAY) is None
