"""Building the practice province, and the web process: how soon it answers and how much memory it keeps."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests import database
from tests.bench.figures import Figure

HOME = Path(__file__).parents[2]
WARM, REQUESTS = 200, 1_000
ANSWER_SECONDS = 30


def measure() -> list[Figure]:
    """The practice province and one web process on it."""
    with tempfile.TemporaryDirectory(prefix="instance-bench-", dir=HOME) as folder:
        environment = {**os.environ, "INSTANCE_PATH": folder, "SCENARIO": "three-tier"}
        building = _build(environment)
        return [
            Figure("building the practice province", building, "s", None, None, 10),
            *_serve(environment),
        ]


def _build(environment: dict[str, str]) -> float:
    start = time.perf_counter()
    command = [sys.executable, "-m", "commands", "practice", "build"]
    subprocess.run(command, cwd=HOME, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def _serve(environment: dict[str, str]) -> list[Figure]:
    port = database.free_port()
    address, size = ["--bind", f"127.0.0.1:{port}"], ["--workers", "1", "--threads", "4"]
    words = [*address, *size, "--log-level", "error", "app:create_app()"]
    start = time.perf_counter()
    web = subprocess.Popen([sys.executable, "-m", "gunicorn", *words], cwd=HOME, env=environment)
    try:
        await_answer(port)
        answered = time.perf_counter() - start
        _ask(port, WARM)
        before = _memory_of_workers(web.pid)
        _ask(port, REQUESTS)
        after = _memory_of_workers(web.pid)
    finally:
        web.terminate()
        web.wait()
    return [
        Figure("web process, start to first answer", answered, "s", None, None, 1.5),
        Figure("web process, resident after 1,000 requests", after, "MB", None, None, 120),
        Figure("web process, resident beside before them", after, "MB", before, after / before, 1.05),
    ]


def await_answer(port: int) -> None:
    """Return when the address answers."""
    end = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < end:
        try:
            _ask(port, 1)
        except urllib.error.HTTPError:
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.01)
        else:
            return
    raise TimeoutError("the web process does not answer")


def _ask(port: int, times: int) -> None:
    for _ in range(times):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=10) as answer:
            answer.read()


def _memory_of_workers(pid: int) -> float:
    """Resident megabytes of the one worker under the master."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = int(Path(f"/proc/{children[0]}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
