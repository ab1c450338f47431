"""Practice provinces for tests: each scenario is built once in a run, and whoever needs one takes a copy.

The processes of a run share the built ones through a folder, and whoever comes second waits for the first. Building and
the worker are commands of their own, out of the reach of whoever measures this process.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from settings import ROOT, Settings, load

COMMANDS = (("practice", "build"), ("work", "--once"))


def settings_in(folder: Path, scenario: str, port: int = 8000) -> Settings:
    """The settings of a practice province in a folder."""
    return load({"INSTANCE_PATH": str(folder), "SCENARIO": scenario, "PORT": str(port)})


def province(shared: Path, scenario: str) -> Path:
    """The folder of this run's province of a scenario, built by whoever asks first, with nothing left to the worker."""
    folder, whole = shared / scenario, shared / f"{scenario}.whole"
    with locked(shared / f"{scenario}.lock"):
        if not whole.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            environment = os.environ | {"INSTANCE_PATH": str(folder), "SCENARIO": scenario}
            for words in COMMANDS:
                command = [sys.executable, "-m", "commands", *words]
                done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
                assert done.returncode == 0, done.stderr
            whole.touch()
    return folder


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Be the only one of the run's processes that holds this file."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
