"""What the machine and its keeper set: one frozen value, read from the environment; a wrong setting stops the start."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

SCENARIOS = ("three-tier", "two-tier")
ROOT = Path(__file__).parent


class SettingsError(ValueError):
    """A setting that cannot be used, with what to do about it."""


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
    development: bool = False


def load(environ: dict[str, str] | None = None) -> Settings:
    """The settings of this process; without any, a practice province in a folder beside the code."""
    env = dict(os.environ) if environ is None else environ
    scenario = env.get("SCENARIO", "three-tier")
    if scenario not in SCENARIOS:
        raise SettingsError(f"SCENARIO must be one of {', '.join(SCENARIOS)}, not '{scenario}'.")
    practice = env.get("PRACTICE", "1") == "1"
    name = "instance" if scenario == "three-tier" else f"instance-{scenario}"
    instance = Path(env.get("INSTANCE_PATH", str(ROOT / name))).resolve()
    return Settings(
        instance_path=instance,
        database_url=_database_url(env.get("DATABASE_URL", f"sqlite:///{instance / 'datchuan.db'}")),
        files_path=Path(env.get("FILES_PATH", str(instance / "files"))),
        mail_path=instance / "mail",
        practice=practice,
        scenario=scenario,
        secret_key=_secret_key(env.get("SECRET_KEY", ""), instance, practice=practice),
        host=env.get("HOST", "127.0.0.1"),
        port=_port(env.get("PORT", "8000")),
        secure_cookies=env.get("SECURE_COOKIES", "0" if practice else "1") == "1",
        development=_development(wished=env.get("DEVELOPMENT", "0") == "1", practice=practice),
    )


def _database_url(url: str) -> str:
    if url.startswith("postgres://"):
        return "postgresql+psycopg://" + url.removeprefix("postgres://")
    if url.startswith("postgresql://"):
        return "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise SettingsError("DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingsError(f"PORT must be a number from 1 to 65535, not '{text}'.")
    return int(text)


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
    if not kept.exists():
        instance.mkdir(parents=True, exist_ok=True)
        kept.write_text(secrets.token_hex(32))
        kept.chmod(0o600)
    return kept.read_text()
