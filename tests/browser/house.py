"""A practice province that really serves: the application under gunicorn and the worker beside it, each a process."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

import commands.practice
from casework import clock
from casework.unit_of_work import unit_of_work
from models.database import make_engine
from settings import ROOT, Settings
from tests import database
from tests.provinces import settings_in

ANSWER_SECONDS, TRY_SECONDS = 180, 30
STOP_SECONDS = 15
YEAR = timedelta(days=365)
WEB = ("gunicorn", "--worker-class=gthread", "--workers=1", "--threads=8", "--log-level=warning", "--no-control-socket")


@dataclass
class House:
    """One province with its two processes, at an address of this machine."""

    folder: Path
    scenario: str
    port: int = field(default_factory=database.free_port)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)  # the addresses of the dossiers that somebody has searched for

    @property
    def url(self) -> str:
        """The address of the pages."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        """The settings that its processes read from their environment."""
        return settings_in(self.folder, self.scenario, self.port)

    @property
    def log(self) -> str:
        """What its processes have said."""
        return (self.folder / "log").read_text("utf-8")

    def start(self, *, worker: bool = True) -> None:
        """Start web and worker, and wait for the first answer."""
        self._let_old_papers_wait()
        self.processes = [self._run(*WEB, f"--bind=127.0.0.1:{self.port}", "app:create_app()")]
        if worker:
            self.processes.append(self._run("commands", "work"))
        try:
            self._await_answer()
        except RuntimeError:
            self.stop()
            raise

    def stop(self) -> None:
        """End both, leave none behind."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(STOP_SECONDS)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        self.processes = []

    def pass_days(self, days: int) -> None:
        """Move the practice calendar forward, as `flask practice advance` does."""
        environment = {"INSTANCE_PATH": str(self.folder), "SCENARIO": self.scenario}
        done = CliRunner().invoke(commands.practice.GROUP, ["advance", "--days", str(days)], env=environment)
        assert done.exit_code == 0, done.output

    def _let_old_papers_wait(self) -> None:
        """Leave the papers of the province's past unprinted: one every half minute, each the work of several pages."""
        engine = make_engine(self.settings.database_url)
        with unit_of_work(engine) as connection:
            commands.practice.keep_distance(connection, clock.now(connection) - YEAR, YEAR)
        engine.dispose()

    def _run(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        """Start a Python module in a process group of its own."""
        own = {"INSTANCE_PATH": str(self.folder), "SCENARIO": self.scenario, "PORT": str(self.port), "DEVELOPMENT": "1"}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *words],
                cwd=ROOT,
                env=os.environ | own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )

    def _await_answer(self) -> None:
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end and self.processes[0].poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/sign-in", timeout=TRY_SECONDS):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.02)
        raise RuntimeError(f"the server did not answer\n{self.log}")
