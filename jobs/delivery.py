"""The way of a message out of the house: to a mail server by SMTP, or as a file beside the database."""

import os
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol

from casework.owed import GiveUp
from settings import MailServer, Settings, Tls

SECONDS = 20
AGREED, PERMANENT = 400, 500
ADDRESS = re.compile(r"<?[^\s<>@]+@[^\s<>]+>?")


class Delivery(Protocol):
    """A way out; `handing` is called just before the text is given away, and from then on it may have arrived."""

    def deliver(self, message: EmailMessage, handing: Callable[[], None]) -> None:
        """Give one message away, or raise why it did not work; GiveUp when it never will."""


@dataclass(frozen=True, slots=True)
class ToFolder:
    """Messages kept as .eml files, each named by its id, so that one written twice is there once."""

    folder: Path

    def deliver(self, message: EmailMessage, handing: Callable[[], None]) -> None:
        """Write the message whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        key = str(message["Message-ID"]).strip("<>").partition("@")[0]
        handing()
        half = self.folder / f".{key}.{os.getpid()}"
        half.write_bytes(message.as_bytes(policy=SMTP))
        half.replace(self.folder / f"{key}.eml")


@dataclass(frozen=True, slots=True)
class ToServer:
    """Messages given to a mail server, one connection for each."""

    server: MailServer

    def deliver(self, message: EmailMessage, handing: Callable[[], None]) -> None:
        """Agree on sender and recipient first, then hand over the text; what is refused for good is given up."""
        with self.connected() as smtp:
            _require(smtp.mail(parseaddr(self.server.sender)[1]))
            _require(smtp.rcpt(message["To"].addresses[0].addr_spec), final=True)
            handing()
            try:
                _require(smtp.data(message.as_bytes(policy=SMTP)), final=True)
            except smtplib.SMTPDataError as refused:
                _require((refused.smtp_code, _bytes(refused.smtp_error)), final=True)

    @contextmanager
    def connected(self) -> Iterator[smtplib.SMTP]:
        """A session with the server: encrypted and signed in as the settings say, ended politely if it still can be."""
        smtp = self._dial()
        try:
            if self.server.tls is Tls.STARTTLS:
                smtp.starttls(context=_trust(self.server))
            smtp.ehlo_or_helo_if_needed()
            if self.server.user:
                smtp.login(self.server.user, self.server.password)
            yield smtp
            smtp.quit()
        finally:
            smtp.close()

    def _dial(self) -> smtplib.SMTP:
        host, port = self.server.host, self.server.port
        if self.server.tls is Tls.TLS:
            return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=_trust(self.server))
        return smtplib.SMTP(host, port, timeout=SECONDS)


def _trust(server: MailServer) -> ssl.SSLContext:
    """Whose certificate is believed: that of the authorities of this machine, or of the one that the settings name."""
    return ssl.create_default_context(cafile=server.authority or None)


def _require(answer: tuple[int, bytes], *, final: bool = False) -> None:
    """Raise what is no agreement, without the address that the answer may repeat; final: nobody need ask again."""
    code, words = answer
    if code < AGREED:
        return
    said = f"{code} {ADDRESS.sub('<...>', words.decode('utf-8', 'replace'))}"
    if final and code >= PERMANENT:
        raise GiveUp(said)
    raise smtplib.SMTPException(said)


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def delivery_of(settings: Settings) -> Delivery:
    """The way out that the settings name; without a mail server, the folder of messages."""
    return ToServer(settings.mail_server) if settings.mail_server else ToFolder(settings.mail_path)
