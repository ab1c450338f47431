"""The process is killed inside the act; what was confirmed stays, nothing happens twice, numbers keep no gap."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select

from casework import effects
from casework.door import Order, perform
from casework.storage import open_storage
from casework.unit_of_work import reading, unit_of_work
from jobs import handlers, worker
from models.base import table_of
from models.documents import Paper
from models.events import EffectRow, Notice
from tests import crash, world
from workflow.names import Effect

KILLS, DECIDERS = 10, 40  # script/soak runs 300 and 200


def test_a_process_killed_again_and_again_leaves_a_whole_book(database_url: str, tmp_path: Path) -> None:
    report = crash.kill_many(database_url, kills=KILLS, seed=1, told=tmp_path / "told")
    assert report.decided >= report.confirmed > 0


def test_many_deciders_at_once_take_numbers_without_a_gap(engine: Engine) -> None:
    crash.decide_at_once(engine, DECIDERS)


@pytest.fixture
def decided(engine: Engine) -> Engine:
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "recommended", 1)
        perform(connection, Order(1, "recognise", dossier.version, "k", crash.DECIDE), world.CHAIRMAN, world.NOW)
    return engine


def shown(engine: Engine) -> tuple[int, int, int]:
    with reading(engine) as connection:
        notices = connection.execute(select(func.count()).select_from(table_of(Notice))).scalar_one()
        done = select(func.count()).where(table_of(EffectRow).c.status == "done")
        rendered = select(func.count()).where(table_of(Paper).c.sha256.is_not(None))
        return notices, connection.execute(done).scalar_one(), connection.execute(rendered).scalar_one()


def stopped_at(moment: datetime) -> Callable[[Connection], datetime]:
    return lambda _: moment


def test_effects_are_done_once_and_show_once(decided: Engine, tmp_path: Path) -> None:
    tools = handlers.Tools(decided, open_storage(tmp_path / "files"))
    assert worker.drain(tools, stopped_at(world.NOW)) == 2
    assert shown(decided) == (2, 2, 1)
    assert worker.drain(tools, stopped_at(world.NOW)) == 0


def test_a_worker_that_dies_in_the_middle_is_followed_by_another(decided: Engine, tmp_path: Path) -> None:
    tools = handlers.Tools(decided, open_storage(tmp_path / "files"))
    with unit_of_work(decided) as connection:
        task = effects.take(connection, world.NOW)
    assert task is not None
    handlers.HANDLERS[task.kind](task.event_id, world.NOW, tools)  # done, and never reported as done
    assert worker.drain(tools, stopped_at(world.NOW)) == 1
    later = world.NOW + effects.LEASE + timedelta(seconds=1)
    assert worker.drain(tools, stopped_at(later)) == 1
    assert shown(decided) == (2, 2, 1)
    with unit_of_work(decided) as connection:
        assert not effects.finish(connection, task, later)


def test_an_effect_that_fails_is_tried_again_and_at_last_left_as_failed(
    decided: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_event: int, _now: object, _tools: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(worker, "HANDLERS", {**handlers.HANDLERS, Effect.RENDER_PAPERS: broken})
    tools = handlers.Tools(decided, open_storage(tmp_path / "files"))
    moment = world.NOW
    for _ in range(effects.MOST_ATTEMPTS):
        worker.drain(tools, stopped_at(moment))
        moment += timedelta(hours=1)
    table = table_of(EffectRow)
    with reading(decided) as connection:
        row = connection.execute(select(table).where(table.c.kind == "render_papers")).one()
    assert (row.status, row.attempts, row.last_error) == (
        "failed",
        effects.MOST_ATTEMPTS,
        "OSError: No space left on device",
    )
