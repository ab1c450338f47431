"""Two pages over HTTP, signed in, from two gunicorn processes, against bare pages that show the same rows.

The inbox is that of a desk with 2,000 of 200,000 dossiers; the dossier has 57 indicators in three columns, with files,
reasons and comments. What is compared is the time for one request; a page that is half as quick has a ratio of 2.
"""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, update

from app import create_app
from casework.signing_in import id_of
from casework.unit_of_work import unit_of_work
from models.base import table_of
from models.database import make_engine
from models.documents import Installation
from models.people import SignInSession
from settings import load
from tests import database, world
from tests.bench.figures import Figure, against
from tests.bench.inboxes import fill_with, found
from tests.bench.serving import HOME, await_answer
from tests.routes.filling import fill
from workflow.names import Role

DOSSIERS = 200_000
PAGES = {"inbox": "/", "dossier": f"/dossiers/{DOSSIERS + 1}?show=all"}
SECRET, SESSION = "only for figures", "a secret of a session"
ROUNDS, SECONDS, WARM_SECONDS = 5, 3, 2
HALF_AS_QUICK = 2
APPLICATIONS = {"ours": "app:create_app()", "bare": "tests.bench.bare:create_app()"}


def measure(url: str) -> Iterator[Figure]:
    """Both pages, ours and the bare one in turn."""
    _fill(url)
    with tempfile.TemporaryDirectory(prefix="instance-bench-", dir=HOME) as folder, ExitStack() as running:
        environment = {**os.environ, "DATABASE_URL": url, "INSTANCE_PATH": folder, "SECRET_KEY": SECRET}
        ports = {name: running.enter_context(_served(words, environment)) for name, words in APPLICATIONS.items()}
        cookie = _cookie(environment)
        for name, path in PAGES.items():
            times: dict[str, list[float]] = {which: [] for which in ports}
            for number in range(-1, ROUNDS):
                for which, port in ports.items():
                    rate = _rate(port, path, cookie, SECONDS if number >= 0 else WARM_SECONDS)
                    if number >= 0:
                        times[which].append(1 / rate)
            yield against(f"{name} page over HTTP, time for a request", times["ours"], times["bare"], HALF_AS_QUICK)


def _fill(url: str) -> None:
    found(url)
    fill_with(url, 0, DOSSIERS)
    engine = make_engine(url)
    with unit_of_work(engine) as connection:
        unit = world.add_commune(connection, 1)
        world.plant(connection, unit, "province_appraising", DOSSIERS + 1)
        fill(connection, DOSSIERS + 1, random.Random(57))
        now = datetime.now(UTC)
        moments = {"practice_starts_at": world.NOW, "built_at": now}  # the dossier lies there for days, not for years
        connection.execute(update(table_of(Installation)).values(moments))
        times = {"created_at": now, "last_seen_at": now, "expires_at": now + timedelta(hours=12)}
        reviewer = {"person_id": world.PERSON[Role.DISTRICT_REVIEWER], "address": "", "browser": ""}
        connection.execute(insert(table_of(SignInSession)), {"id": id_of(SESSION), **reviewer, **times})
    engine.dispose()


@contextmanager
def _served(application: str, environment: dict[str, str]) -> Iterator[int]:
    """Two processes of four threads each, as in production; gives the port."""
    port = database.free_port()
    size = ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "error"]
    words = ["--bind", f"127.0.0.1:{port}", *size, application]
    web = subprocess.Popen([sys.executable, "-m", "gunicorn", *words], cwd=HOME, env=environment)
    try:
        await_answer(port)
        yield port
    finally:
        web.terminate()
        web.wait()


def _cookie(environment: dict[str, str]) -> str:
    """The cookie of somebody signed in, signed as the application signs its own."""
    app = create_app(load(environment))
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # the cookie's own
    app.extensions["engine"].dispose()
    return f"datchuan={serializer.dumps({'_user_id': SESSION, '_fresh': True, 'csrf_token': 'token'})}"


def _rate(port: int, path: str, cookie: str, seconds: float) -> float:
    command = [sys.executable, "-m", "tests.bench.load", str(port), path, cookie, str(seconds)]
    return float(subprocess.run(command, cwd=HOME, check=True, capture_output=True, text=True).stdout)
