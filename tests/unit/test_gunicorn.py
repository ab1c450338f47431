"""What gunicorn is told: to load the application once, and to leave that out of every search for garbage."""

import gc
import runpy
import threading
from pathlib import Path

from app import create_app
from settings import load

FILE = Path(__file__).parents[2] / "gunicorn.conf.py"


def test_what_is_loaded_once_is_not_looked_through_for_garbage_again() -> None:
    before = gc.get_freeze_count()
    try:
        settings = runpy.run_path(str(FILE))
        assert settings["preload_app"]
        assert not gc.isenabled()
        settings["when_ready"](None)
        assert gc.get_freeze_count() > before
        settings["post_worker_init"](None)
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.enable()


def test_what_is_loaded_holds_nothing_that_its_processes_must_not_share(tmp_path: Path) -> None:
    before = threading.active_count()
    engine = create_app(load({"INSTANCE_PATH": str(tmp_path)})).extensions["engine"]
    assert (engine.pool.checkedin(), engine.pool.checkedout()) == (0, 0), "a connection belongs to one process"
    assert threading.active_count() == before, "a thread does not come along"
