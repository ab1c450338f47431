"""What gunicorn is told: to load the application once, and to leave that out of every search for garbage."""

import gc
import runpy
from pathlib import Path

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
