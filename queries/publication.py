"""The keys that the province has published: the one that signs now and those before it, which hold what they signed."""

import json
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from models.base import table_of
from models.trust import PublicationKey
from queries.days import day_of

K = table_of(PublicationKey)
PEM_HEAD = bytes.fromhex("302a300506032b6570032100")  # what stands before the 32 bytes of an Ed25519 key (RFC 8410)


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """A public key (32 bytes in hexadecimal) with the time in which it signed; None: it signs still."""

    key_id: str
    public_key: str
    made_at: datetime
    ended_at: datetime | None

    @property
    def since(self) -> date:
        """The day from which it signs."""
        return day_of(self.made_at)

    @property
    def until(self) -> date | None:
        """The day on which another key took its place."""
        return day_of(self.ended_at) if self.ended_at else None

    @property
    def pem(self) -> str:
        """The key as other programs read it."""
        body = b64encode(PEM_HEAD + bytes.fromhex(self.public_key)).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"

    @property
    def fingerprint(self) -> str:
        """The key in groups of four, as it is compared by eye."""
        return " ".join(self.public_key[at : at + 4] for at in range(0, len(self.public_key), 4))


def published_keys(connection: Connection) -> tuple[PublishedKey, ...]:
    """Every key, the latest first."""
    wanted = select(K.c.key_id, K.c.public_key, K.c.made_at, K.c.ended_at)
    rows = connection.execute(wanted.order_by(K.c.made_at.desc(), K.c.key_id))
    return tuple(PublishedKey(*row) for row in rows)


def published_key(connection: Connection, key_id: str) -> PublishedKey | None:
    """The key of an id."""
    return next((one for one in published_keys(connection) if one.key_id == key_id), None)


def signing_key(connection: Connection) -> PublishedKey | None:
    """The key that signs now."""
    return next((one for one in published_keys(connection) if one.ended_at is None), None)


def key_file(keys: Iterable[PublishedKey]) -> str:
    """The published keys as the JSON text that verifiers read."""
    listed = [
        {
            "id": one.key_id,
            "public_key": one.public_key,
            "pem": one.pem,
            "from": one.made_at.isoformat(),
            "until": one.ended_at.isoformat() if one.ended_at else None,
        }
        for one in keys
    ]
    return json.dumps({"algorithm": "Ed25519", "keys": listed}, indent=1) + "\n"
