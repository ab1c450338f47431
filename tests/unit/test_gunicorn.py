"""What gunicorn is told about garbage: to leave what a worker has loaded out of the search for it."""

import gc
import runpy
from pathlib import Path

FILE = Path(__file__).parents[2] / "gunicorn.conf.py"


def test_what_a_worker_has_loaded_is_not_looked_through_for_garbage_again() -> None:
    before = gc.get_freeze_count()
    try:
        settings = runpy.run_path(str(FILE))
        assert not gc.isenabled()
        settings["post_worker_init"](None)
        assert gc.isenabled()
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
        gc.enable()
