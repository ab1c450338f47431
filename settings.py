"""What the machine and its keeper set: one frozen value, read from the environment; a wrong setting stops the start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from documents.signing.office import Level, Office

SCENARIOS = ("three-tier", "two-tier")
SIGNING_KEYS = "signing"  # the folder beside the data in which a practice province has its keys
SIGNATURE_LEVELS: Mapping[str, Level] = {
    "B-B": "B-B",
    "B-T": "B-T",
    "B-LT": "B-LT",
    "B-LTA": "B-LTA",
}
MOST_PROXIES = 5
ROOT = Path(__file__).parent


class SettingsError(ValueError):
    """A setting that cannot be used, with what to do about it."""


class Tls(StrEnum):
    """How the way to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where messages are handed in, as whom, and which authority signs the server's certificate if not a known one."""

    host: str
    port: int
    tls: Tls
    user: str
    password: str
    sender: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data lies, whether this is practice, and how the pages are served."""

    instance_path: Path
    database_url: str
    files_path: Path
    mail_path: Path
    practice: bool
    scenario: str
    secret_key: str
    host: str
    port: int
    secure_cookies: bool
    public_url: str = "http://127.0.0.1:8000"
    mail_server: MailServer | None = None
    log_requests: bool = False
    proxies: int = 0
    development: bool = False
    office: Office | None = None

    @property
    def viewings_path(self) -> Path:
        """Where the pages note who looked at what, until the worker takes it into the database."""
        return self.instance_path / "viewings"

    @property
    def keys_path(self) -> Path:
        """Where the private halves of the publication keys lie, readable by their owner alone."""
        return self.instance_path / "keys"


def load(environ: dict[str, str] | None = None) -> Settings:
    """The settings of this process; without any, a practice province in a folder beside the code."""
    env = dict(os.environ) if environ is None else environ
    scenario = env.get("SCENARIO", "three-tier")
    if scenario not in SCENARIOS:
        raise SettingsError(f"SCENARIO must be one of {', '.join(SCENARIOS)}, not '{scenario}'.")
    practice = _flag(env, "PRACTICE", unset=True)
    name = "instance" if scenario == "three-tier" else f"instance-{scenario}"
    instance = Path(env.get("INSTANCE_PATH") or ROOT / name).resolve()
    host, port = env.get("HOST", "127.0.0.1"), _port(env.get("PORT", "8000"), "PORT")
    return Settings(
        instance_path=instance,
        database_url=_database_url(env.get("DATABASE_URL", f"sqlite:///{instance / 'datchuan.db'}")),
        files_path=Path(env.get("FILES_PATH") or instance / "files"),
        mail_path=instance / "mail",
        practice=practice,
        scenario=scenario,
        secret_key=_secret_key(env.get("SECRET_KEY", ""), instance, practice=practice),
        host=host,
        port=port,
        secure_cookies=_flag(env, "SECURE_COOKIES", unset=not practice),
        public_url=_public_url(env.get("PUBLIC_URL", f"http://{host}:{port}")),
        mail_server=_mail_server(env, practice=practice),
        log_requests=_flag(env, "LOG_REQUESTS", unset=not practice),
        proxies=_proxies(env.get("PROXIES", "0")),
        development=_development(wished=_flag(env, "DEVELOPMENT", unset=False), practice=practice),
        office=_office(env, instance, practice=practice),
    )


def _flag(env: Mapping[str, str], name: str, *, unset: bool) -> bool:
    """Whether something is wished for; anything but 0 and 1 is refused, or "true" would mean no."""
    text = env.get(name, "1" if unset else "0")
    if text not in {"0", "1"}:
        raise SettingsError(f"{name} must be 0 or 1, not '{text}'.")
    return text == "1"


def _database_url(url: str) -> str:
    if url.startswith("postgres://"):
        return "postgresql+psycopg://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        return "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url


def _port(text: str, name: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"{name} must be a number from 1 to 65535, not '{text}'.")
    return int(text)


def _proxies(text: str) -> int:
    """How many servers stand between the network and this one, each of which adds whom it answers."""
    if not text.isdecimal() or int(text) > MOST_PROXIES:
        raise SettingsError(f"PROXIES must be a number from 0 to {MOST_PROXIES}, not '{text}'.")
    return int(text)


def _public_url(url: str) -> str:
    """The address under which people reach the pages, without a slash at its end."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise SettingsError(f"PUBLIC_URL must be an address such as https://datchuan.example, not '{url}'.")
    return url.rstrip("/")


def _mail_server(env: Mapping[str, str], *, practice: bool) -> MailServer | None:
    """The mail server, or None where messages are kept as files; half a setting is refused."""
    host = env.get("SMTP_HOST", "")
    if not host:
        return None
    if practice:
        raise SettingsError("SMTP_HOST is for PRACTICE=0 only: the messages of a practice province are kept as files.")
    tls, sender = env.get("SMTP_TLS", Tls.STARTTLS.value), env.get("MAIL_FROM", "")
    if tls not in set(Tls):
        raise SettingsError(f"SMTP_TLS must be one of {', '.join(Tls)}, not '{tls}'.")
    if "@" not in parseaddr(sender)[1]:
        raise SettingsError("MAIL_FROM must be the address that messages come from, such as datchuan@caobang.example.")
    user, password = env.get("SMTP_USER", ""), env.get("SMTP_PASSWORD", "")
    if bool(user) != bool(password):
        raise SettingsError("SMTP_USER and SMTP_PASSWORD belong together: set both, or neither.")
    authority = env.get("SMTP_AUTHORITY", "")
    if authority and not Path(authority).is_file():
        raise SettingsError(f"SMTP_AUTHORITY must be a file with a certificate; there is none at '{authority}'.")
    port = _port(env.get("SMTP_PORT", "465" if tls == Tls.TLS else "587"), "SMTP_PORT")
    return MailServer(host, port, Tls(tls), user, password, sender, authority)


def _office(env: Mapping[str, str], instance: Path, *, practice: bool) -> Office | None:
    """How papers are signed, or None where the server holds no keys; a practice province has them beside its data."""
    made = instance / SIGNING_KEYS
    folder = env.get("SIGNING_KEYS_PATH", str(made) if practice and made.is_dir() else "")
    if not folder:
        return None
    if not Path(folder).is_dir():
        raise SettingsError(f"SIGNING_KEYS_PATH must be the folder with the signing keys; there is none at '{folder}'.")
    stamper = env.get("TIMESTAMP_URL", "")
    level = env.get("SIGNATURE_LEVEL", "B-T" if stamper else "B-B")
    if level not in SIGNATURE_LEVELS:
        raise SettingsError(f"SIGNATURE_LEVEL must be one of {', '.join(SIGNATURE_LEVELS)}, not '{level}'.")
    if level != "B-B" and not stamper:
        raise SettingsError(f"SIGNATURE_LEVEL={level} needs TIMESTAMP_URL, the address of the time-stamp authority.")
    if stamper and urlsplit(stamper).scheme not in {"http", "https"}:
        raise SettingsError(f"TIMESTAMP_URL must be an address such as http://tsa.example, not '{stamper}'.")
    from documents.signing.office import Office  # what opens keys is loaded where there are some

    return Office(Path(folder), env.get("SIGNING_KEYS_PASSPHRASE", ""), SIGNATURE_LEVELS[level], stamper)


def _development(*, wished: bool, practice: bool) -> bool:
    if wished and not practice:
        raise SettingsError("DEVELOPMENT=1 is for practice: outside practice mode leave it out.")
    return wished


def _secret_key(given: str, instance: Path, *, practice: bool) -> str:
    """The given key; in practice one that is made once and kept beside the database."""
    if given:
        return given
    if not practice:
        raise SettingsError("SECRET_KEY must be set outside practice mode; make one with: openssl rand -hex 32")
    kept = instance / "secret-key"
    if not kept.exists() or not kept.stat().st_size:  # a full disk leaves a file with nothing in it
        instance.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(32))
    return kept.read_text()
