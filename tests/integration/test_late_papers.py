"""A paper that cannot be made holds nothing up: the decision stands, the reason is kept, and it is tried again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from casework.door import Order, perform
from casework.errors import NotFound
from casework.papers import ask_again
from casework.unit_of_work import reading, unit_of_work
from documents.pdf import Rendered
from documents.press import Cause, PressFault, press
from jobs import handlers, worker
from models.base import table_of
from models.documents import Paper
from models.dossiers import Dossier
from queries.late_papers import Late, late_papers
from queries.people import read_actor
from tests import crash, world
from tests.house import stopped_at, tools
from workflow.names import Role, Trouble

P = table_of(Paper)
KEEPER = world.PERSON[Role.ADMINISTRATOR]


@pytest.fixture
def decided(engine: Engine) -> Engine:
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
        perform(connection, Order(1, "recognise", dossier.version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    return engine


class Jammed:
    """A press that prints everything but certificates."""

    def __init__(self, cause: Cause) -> None:
        self.cause = cause

    def print(self, context: str, **marks: str | None) -> Rendered:
        if '"kind":"certificate"' in context:
            raise PressFault(self.cause, "jammed")
        return press().print(context, **marks)


def papers(engine: Engine) -> dict[str, tuple[bool, str | None]]:
    with reading(engine) as connection:
        rows = connection.execute(select(P.c.kind, P.c.sha256, P.c.trouble)).all()
    return {row.kind: (row.sha256 is not None, row.trouble) for row in rows}


def late(engine: Engine) -> tuple[Late, ...]:
    with reading(engine) as connection:
        return late_papers(connection, read_actor(connection, KEEPER), world.TODAY)


@pytest.mark.parametrize("cause", [one.value for one in Trouble if one not in {Trouble.STORAGE, Trouble.KEY}])
def test_a_paper_that_fails_keeps_its_reason_and_holds_up_no_other(
    decided: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: Cause
) -> None:
    with monkeypatch.context() as jam:
        jam.setattr(handlers, "press", lambda: Jammed(cause))
        worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    assert papers(decided) == {"decision": (True, None), "certificate": (False, cause)}
    with reading(decided) as connection:
        assert connection.execute(select(table_of(Dossier).c.state)).scalar_one() == "recognised"
    (one,) = late(decided)
    assert (one.kind, one.trouble, one.attempts, one.given_up) == ("certificate", cause, 1, False)
    assert one.error == f"PressFault: {cause}: jammed"
    worker.drain(tools(decided, tmp_path), stopped_at(world.NOW + timedelta(minutes=1)))
    assert papers(decided) == {"decision": (True, None), "certificate": (True, None)}
    assert late(decided) == ()


def test_a_storage_that_takes_nothing_is_named(
    decided: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> str:
        raise OSError("No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(handlers, "put", full)
        worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    assert papers(decided) == {"decision": (False, "storage"), "certificate": (False, "storage")}
    assert [one.trouble for one in late(decided)] == ["storage", "storage"]


def test_a_paper_without_a_key_to_seal_it_waits_for_the_key(decided: Engine, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    ready = tools(decided, tmp_path)
    keys.rename(tmp_path / "away")
    worker.drain(ready, stopped_at(world.NOW))
    assert papers(decided) == {"decision": (False, "key"), "certificate": (False, "key")}
    (tmp_path / "away").rename(keys)
    worker.drain(ready, stopped_at(world.NOW + timedelta(minutes=1)))
    assert papers(decided) == {"decision": (True, None), "certificate": (True, None)}


def test_what_was_given_up_is_made_when_somebody_asks(
    decided: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as jam:
        jam.setattr(handlers, "press", lambda: Jammed("time"))
        for hours in range(8):
            worker.drain(tools(decided, tmp_path), stopped_at(world.NOW + timedelta(hours=hours)))
    assert [(one.given_up, one.attempts) for one in late(decided)] == [(True, 8)]
    later = world.NOW + timedelta(days=1)
    worker.drain(tools(decided, tmp_path), stopped_at(later))
    assert papers(decided)["certificate"] == (False, "time")
    with unit_of_work(decided) as connection:
        keeper = read_actor(connection, KEEPER)
        certificate = connection.execute(select(P.c.id).where(P.c.kind == "certificate")).scalar_one()
        assert ask_again(connection, keeper, certificate, later) == 1
    worker.drain(tools(decided, tmp_path), stopped_at(later))
    assert papers(decided)["certificate"] == (True, None)


def test_a_paper_out_of_reach_cannot_be_asked_for(decided: Engine) -> None:
    with unit_of_work(decided) as connection:
        connection.execute(text("UPDATE dossier SET district_id = NULL"))
        for person, paper_id in ((world.PERSON[Role.DISTRICT_REVIEWER], 1), (KEEPER, 999)):
            with pytest.raises(NotFound):
                ask_again(connection, read_actor(connection, person), paper_id, world.NOW)


def test_asking_for_what_is_there_already_does_nothing_again(decided: Engine, tmp_path: Path) -> None:
    worker.drain(tools(decided, tmp_path), stopped_at(world.NOW))
    with unit_of_work(decided) as connection:
        ask_again(connection, read_actor(connection, KEEPER), 1, world.NOW)
    assert worker.drain(tools(decided, tmp_path), stopped_at(world.NOW)) == 0
