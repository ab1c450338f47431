"""Messages by e-mail: how they read, whom they reach, and each once, whatever server and worker do in the middle."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword
from sqlalchemy import Engine, insert, select, update

from casework import owed
from casework.door import Order, perform
from casework.unit_of_work import reading, unit_of_work
from jobs import delivery, messages, worker
from jobs.delivery import ToServer
from jobs.tools import Tools
from models.base import table_of
from models.notices import Message, Notice
from models.people import Person, RoleGrant
from settings import ROOT, MailServer, SettingsError, Tls, load
from tests import database, world
from tests.house import URL, stopped_at, tools
from workflow.names import Role

M, P, N = table_of(Message), table_of(Person), table_of(Notice)
REVIEWER = world.PERSON[Role.DISTRICT_REVIEWER]
ADDRESS = "thamtra@baolam.example"
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Answer = Callable[[], str]


def change_person(engine: Engine, **values: object) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(P).where(P.c.id == REVIEWER).values(values))


@pytest.fixture
def submitted(engine: Engine) -> Engine:
    """A dossier that was just submitted; the reviewer of the district has an address."""
    with unit_of_work(engine) as connection:
        world.found(connection)
        dossier = world.plant(connection, world.FIRST_COMMUNE, "commune_ready", 1)
        perform(connection, Order(1, "submit", dossier.version, "k"), world.PERSON[Role.COMMUNE_CHAIRMAN], world.NOW)
    change_person(engine, email=ADDRESS)
    return engine


def owed_messages(engine: Engine) -> list[tuple[str, int, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(M).order_by(M.c.id))
        return [(row.status, row.attempts, row.last_error) for row in rows]


def run_at(tools: Tools, after: timedelta = timedelta(0)) -> None:
    worker.drain(tools, stopped_at(world.NOW + after))


# --- how a message reads ---


def only_file(folder: Path) -> EmailMessage:
    (path,) = (folder / "mail").iterdir()
    return read(path.read_bytes())


def read(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def texts(message: EmailMessage) -> tuple[str, str]:
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


def test_a_message_is_kept_as_a_file_and_says_what_to_do(submitted: Engine, tmp_path: Path) -> None:
    run_at(tools(submitted, tmp_path))
    message = only_file(tmp_path)
    assert message["To"] == f"Người {REVIEWER} <{ADDRESS}>"
    assert message["Subject"] == "Xã Thử 1 đã trình hồ sơ đề nghị công nhận"
    assert message["List-Unsubscribe"] == f"<{URL}/notices/settings>"
    for text in texts(message):
        assert "Việc tiếp theo: Tiếp nhận hồ sơ đủ thành phần" in text
        assert f"{URL}/dossiers/1" in text
        assert f"{URL}/notices/settings" in text
    assert owed_messages(submitted) == [("done", 1, "")]


@ON_SQLITE
def test_a_message_is_in_the_persons_language_and_marked_in_practice(submitted: Engine, tmp_path: Path) -> None:
    change_person(submitted, language="en")
    run_at(replace(tools(submitted, tmp_path), practice=True))
    message = only_file(tmp_path)
    assert message["Subject"] == "[Practice] Xã Thử 1 has submitted its dossier"
    assert all("invented data" in text and "Kính gửi" not in text for text in texts(message))


@ON_SQLITE
def test_a_name_cannot_write_a_header_or_html(submitted: Engine, tmp_path: Path) -> None:
    change_person(submitted, name='Bế "B" <b>Thị</b>, Hạnh')
    run_at(tools(submitted, tmp_path))
    message = only_file(tmp_path)
    assert message["To"].addresses[0].addr_spec == ADDRESS
    assert "&lt;b&gt;" in texts(message)[1]


# --- whom it reaches ---


@ON_SQLITE
@pytest.mark.parametrize("values", [{"mailing": "none"}, {"email": None}, {"disabled_at": world.NOW}])
def test_who_wants_none_or_cannot_be_reached_gets_none(submitted: Engine, tmp_path: Path, values: Any) -> None:
    change_person(submitted, **values)
    run_at(tools(submitted, tmp_path))
    assert owed_messages(submitted) == []


def end_office(engine: Engine) -> None:
    office = table_of(RoleGrant)
    with unit_of_work(engine) as connection:
        ended = update(office).where(office.c.person_id == REVIEWER)
        connection.execute(ended.values(valid_to=world.TODAY - timedelta(days=1)))


def read_it(engine: Engine) -> None:
    with unit_of_work(engine) as connection:
        connection.execute(update(N).values(read_at=world.NOW))


CHANGES: dict[str, Callable[[Engine], None]] = {
    "the office has ended": end_office,
    "it was read": read_it,
    "none is wanted": lambda engine: change_person(engine, mailing="none"),
    "the account is closed": lambda engine: change_person(engine, disabled_at=world.NOW),
}


@ON_SQLITE
@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_before_it_was_sent_is_heeded(
    submitted: Engine, tmp_path: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(owed.QUEUES, "messages", owed.EFFECTS)
        run_at(tools(submitted, tmp_path))
    assert owed_messages(submitted) == [("queued", 0, "")]
    CHANGES[change](submitted)
    run_at(tools(submitted, tmp_path))
    assert owed_messages(submitted) == [("done", 1, "")]
    assert not (tmp_path / "mail").exists()


def test_the_news_of_a_day_come_in_one_message(submitted: Engine, tmp_path: Path) -> None:
    change_person(submitted, mailing="daily")
    run_at(tools(submitted, tmp_path))
    assert not (tmp_path / "mail").exists()
    with unit_of_work(submitted) as connection:
        first = connection.execute(select(N)).mappings().one()
        connection.execute(insert(N), {**first, "id": 50, "kind": "due_soon"})
    for hours in (24, 25, 48):
        run_at(tools(submitted, tmp_path), timedelta(hours=hours))
    message = only_file(tmp_path)
    assert message["Subject"] == "2 thông báo đến 7 giờ ngày 11/03/2025"
    assert "đã trình hồ sơ" in texts(message)[0]
    assert "sắp đến hạn" in texts(message)[0]
    assert {status for status, _, _ in owed_messages(submitted)} == {"done"}


# --- servers ---


class Server:
    """A mail server on this machine that answers as told and keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.recipient: Answer = lambda: "250 OK"
        self.content: Answer = lambda: "250 OK"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.recipient()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: object, envelope: Envelope) -> str:  # noqa: N802 - the same
        answer = self.content()
        if answer == "die":
            server.transport.abort()
            return "250 OK"
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.taken.append(read(envelope.content))
        return answer


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def at(server: Server) -> Iterator[MailServer]:
    port = database.free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    yield MailServer("127.0.0.1", port, Tls.NONE, "", "", "Đạt Chuẩn <datchuan@caobang.example>")
    controller.stop()


@pytest.fixture
def by_server(submitted: Engine, tmp_path: Path, at: MailServer) -> Tools:
    return replace(tools(submitted, tmp_path), delivery=ToServer(at), sender=at.sender)


def test_a_server_takes_the_message_once(submitted: Engine, by_server: Tools, server: Server) -> None:
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        run_at(by_server)

    workers = [threading.Thread(target=run) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    (message,) = server.taken
    assert message["From"].addresses[0].addr_spec == "datchuan@caobang.example"
    assert "Kính gửi" in texts(message)[0]
    assert owed_messages(submitted) == [("done", 1, "")]


@ON_SQLITE
@pytest.mark.parametrize("place", ["recipient", "content"])
def test_what_a_server_refuses_for_good_is_given_up_without_the_address(
    submitted: Engine, by_server: Tools, server: Server, place: str
) -> None:
    setattr(server, place, lambda: f"550 no such user {ADDRESS}")
    run_at(by_server)
    assert owed_messages(submitted) == [("failed", 1, "550 no such user <...>")]


@ON_SQLITE
@pytest.mark.parametrize("place", ["recipient", "content"])
def test_what_a_server_refuses_for_now_is_sent_later_and_once(
    submitted: Engine, by_server: Tools, server: Server, place: str
) -> None:
    setattr(server, place, lambda: "451 come back later")
    run_at(by_server)
    assert owed_messages(submitted) == [("queued", 1, "SMTPException: 451 come back later")]
    setattr(server, place, lambda: "250 OK")
    run_at(by_server)
    assert server.taken == []
    run_at(by_server, timedelta(minutes=1))
    assert len(server.taken) == 1


@ON_SQLITE
def test_a_server_that_dies_before_it_agrees_is_asked_again(
    submitted: Engine, by_server: Tools, server: Server
) -> None:
    server.content = lambda: "die"
    run_at(by_server)
    assert owed_messages(submitted)[0][:2] == ("queued", 1)
    server.content = lambda: "250 OK"
    run_at(by_server, timedelta(minutes=1))
    assert len(server.taken) == 1


@ON_SQLITE
def test_a_server_that_hangs_does_not_hold_the_worker(
    submitted: Engine, by_server: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        hanging = MailServer("127.0.0.1", silent.getsockname()[1], Tls.NONE, "", "", "a@b.example")
        run_at(replace(by_server, delivery=ToServer(hanging)))
    status, attempts, error = owed_messages(submitted)[0]
    assert (status, attempts, error.rpartition(": ")[2]) == ("queued", 1, "timed out")


@ON_SQLITE
def test_a_server_that_is_away_is_tried_for_a_while_and_then_given_up(submitted: Engine, by_server: Tools) -> None:
    away = replace(by_server, delivery=ToServer(MailServer("127.0.0.1", 1, Tls.NONE, "", "", "a@b.example")))
    for hours in range(owed.MOST_ATTEMPTS):
        run_at(away, timedelta(hours=hours))
    status, attempts, error = owed_messages(submitted)[0]
    assert (status, attempts, error) == ("failed", owed.MOST_ATTEMPTS, error)
    assert "Connection refused" in error


# --- workers that die ---


def take(engine: Engine) -> owed.Task:
    with unit_of_work(engine) as connection:
        task = owed.take(connection, owed.MESSAGES, world.NOW)
    assert task is not None
    return task


@pytest.fixture
def waiting(submitted: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A message that waits to be sent."""
    with monkeypatch.context() as patch:
        patch.setitem(owed.QUEUES, "messages", owed.EFFECTS)
        run_at(tools(submitted, tmp_path))
    return submitted


AFTER_LEASE = owed.MESSAGES.lease + timedelta(seconds=1)


def test_a_worker_that_died_before_handing_over_is_followed_by_another(
    waiting: Engine, by_server: Tools, server: Server
) -> None:
    take(waiting)
    run_at(by_server, AFTER_LEASE)
    assert len(server.taken) == 1


def test_a_message_that_may_have_arrived_is_not_sent_again_but_by_somebodys_wish(
    waiting: Engine, by_server: Tools, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owed, "finish", lambda *_: None)  # sent, and never reported as sent
    run_at(by_server)
    monkeypatch.undo()
    run_at(by_server, AFTER_LEASE)
    assert len(server.taken) == 1
    assert owed_messages(waiting) == [("failed", 2, messages.PERHAPS_SENT)]
    with unit_of_work(waiting) as connection:
        owed.try_again(connection, owed.MESSAGES, 1, world.NOW)
    run_at(by_server, AFTER_LEASE)
    assert len(server.taken) == 2
    assert server.taken[0]["Message-ID"] == server.taken[1]["Message-ID"]


@ON_SQLITE
def test_a_worker_that_was_too_slow_does_not_hand_over_beside_the_next(
    waiting: Engine, by_server: Tools, server: Server
) -> None:
    slow = take(waiting)
    run_at(by_server, AFTER_LEASE)
    assert isinstance(worker.attempt(slow, world.NOW, by_server), owed.GiveUp)
    assert len(server.taken) == 1


@pytest.mark.kill
def test_a_process_killed_while_the_server_takes_the_message_sends_it_once(
    engine: Engine, database_url: str, at: MailServer, server: Server, tmp_path: Path
) -> None:
    with unit_of_work(engine) as connection:
        world.found(connection)
        world.plant(connection, world.FIRST_COMMUNE, "district_received", 1)
        frame = {"person_id": REVIEWER, "event_id": 1, "at": world.NOW}
        connection.execute(insert(N), {"id": 1, "kind": "desk", **frame})
        row = {"person_id": REVIEWER, "notice_id": 1, "status": "queued", "run_at": world.NOW, "attempts": 0}
        connection.execute(insert(M), row)
    change_person(engine, email=ADDRESS)
    real = {"PRACTICE": "0", "SECRET_KEY": "x", "DATABASE_URL": database_url, "INSTANCE_PATH": str(tmp_path)}
    mail = {"SMTP_HOST": at.host, "SMTP_PORT": str(at.port), "SMTP_TLS": "none", "MAIL_FROM": at.sender}
    words = [sys.executable, "-m", "commands", "work", "--once"]
    process: list[subprocess.Popen[bytes]] = []

    def kill_and_agree() -> str:
        os.kill(process[0].pid, signal.SIGKILL)
        return "250 OK"

    server.content = kill_and_agree
    process.append(subprocess.Popen(words, cwd=ROOT, env={**os.environ, **real, **mail}))
    assert process[0].wait() == -signal.SIGKILL
    with unit_of_work(engine) as connection:
        connection.execute(update(M).values(lease_until=world.NOW))
    server.content = lambda: "250 OK"
    run_at(replace(tools(engine, tmp_path), delivery=ToServer(at), sender=at.sender), AFTER_LEASE)
    assert len(server.taken) == 1
    assert owed_messages(engine)[0][0] == "failed"


# --- an encrypted way, and somebody who signs in ---


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    key, public, both = (tmp_path / name for name in ("key.pem", "public.pem", "server.pem"))
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(public)]
    assert subprocess.run([*made, *subject], check=False, capture_output=True).returncode == 0
    both.write_text(key.read_text() + public.read_text())
    return both


@ON_SQLITE
@pytest.mark.parametrize(("password", "status"), [("right", "done"), ("wrong", "queued")])
def test_the_way_is_encrypted_and_signed_in(
    submitted: Engine,
    by_server: Tools,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
    status: str,
) -> None:
    if password == "wrong":  # this server never answers to the second way of signing in that is tried then
        monkeypatch.setattr(delivery, "SECONDS", 2)

    def known(_server: object, _session: object, _envelope: object, _way: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=given == LoginPassword(b"datchuan", b"right"))

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    handler, port = Server(), database.free_port()
    strict: Any = {"authenticator": known, "auth_required": True, "require_starttls": True, "tls_context": context}
    controller = Controller(handler, hostname="127.0.0.1", port=port, **strict)
    controller.start()
    at = MailServer("127.0.0.1", port, Tls.STARTTLS, "datchuan", password, "a@b.example", str(certificate))
    run_at(replace(by_server, delivery=ToServer(at)))
    controller.stop()
    assert owed_messages(submitted)[0][0] == status
    assert len(handler.taken) == (status == "done")


# --- settings ---

REAL = {"PRACTICE": "0", "SECRET_KEY": "x", "SMTP_HOST": "mail.example", "MAIL_FROM": "a@b.example"}
WRONG = {
    "PRACTICE=0 only": {"PRACTICE": "1"},
    "SMTP_TLS must be one of none, starttls, tls, not 'ssl'": {"SMTP_TLS": "ssl"},
    "MAIL_FROM must be the address": {"MAIL_FROM": "Đạt Chuẩn"},
    "belong together": {"SMTP_USER": "x"},
    "SMTP_PORT must be a number": {"SMTP_PORT": "smtp"},
    "SMTP_AUTHORITY must be a file": {"SMTP_AUTHORITY": "/nowhere.pem"},
    "PUBLIC_URL must be an address": {"PUBLIC_URL": "datchuan.example"},
}


@pytest.mark.parametrize("sentence", WRONG)
def test_a_wrong_setting_stops_the_start_with_a_sentence(sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load({"INSTANCE_PATH": str(tmp_path), **REAL, **WRONG[sentence]})


def test_the_port_follows_from_the_protection(tmp_path: Path) -> None:
    for tls, port in (("starttls", 587), ("tls", 465)):
        found = load({"INSTANCE_PATH": str(tmp_path), **REAL, "SMTP_TLS": tls}).mail_server
        assert found is not None
        assert found.port == port
    assert load({"INSTANCE_PATH": str(tmp_path)}).mail_server is None
