"""What the public check knows of a decision, on each database: its files, its title, and what revoked it."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from casework.door import Order, perform
from casework.unit_of_work import reading, unit_of_work
from jobs import worker
from models.base import table_of
from models.documents import Paper
from queries.register import Standing
from queries.verification import Checked, checked
from tests import crash, world
from tests.house import stopped_at, tools
from tests.integration.revoking import LATER, NAMED, REASON, UNNAMED, appraise, assess, sit, take
from workflow.names import DocumentKind, Role

P = table_of(Paper)


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
