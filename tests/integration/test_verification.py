"""What the public check knows of a decision, on each database: its files, its title, and what revoked it."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from casework.door import Order, perform
from casework.unit_of_work import reading, unit_of_work
from jobs import worker
from models.base import table_of
from models.documents import Paper
from models.dossiers import Dossier
from queries.register import Standing
from queries.verification import Checked, checked
from tests import crash, world
from tests.house import stopped_at, tools
from workflow.names import DocumentKind, Field, Role

P, D = table_of(Paper), table_of(Dossier)
LATER = world.NOW + timedelta(hours=1)
STEPS = (
    ("announce", Role.DISTRICT_REVIEWER, {Field.ANNOUNCED_ON: world.TODAY, Field.ANNOUNCED_AT: "Nhà văn hóa"}),
    ("propose_revocation", Role.DEPARTMENT_OFFICER, {Field.REASON: "Chưa đạt 06/19 tiêu chí"}),
    ("revoke", Role.PROVINCIAL_CHAIRMAN, {Field.REASON: "Chưa đạt 06/19 tiêu chí", Field.SIGNED_ON: world.TODAY}),
)


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
    for action, role, inputs in STEPS:
        with unit_of_work(decided) as connection:
            version = connection.execute(select(D.c.version)).scalar_one()
            person = world.CHAIRMAN if role is Role.PROVINCIAL_CHAIRMAN else world.PERSON[role]
            perform(connection, Order(1, action, version, action, inputs), person, LATER)
    found, revocation = look(decided, "decision"), look(decided, "revocation_decision")
    assert found.standing is Standing.REVOKED
    assert found.titles[0].ended_by is not None
    assert found.titles[0].ended_by.decision == revocation.name
    assert [one.id for one in revocation.titles] == [one.id for one in found.titles]
    with reading(decided) as connection:
        assert checked(connection, "2" * 12, world.TODAY) is None
