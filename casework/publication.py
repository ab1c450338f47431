"""The publication key: the Ed25519 pair by which the province vouches for what it publishes.

The public half is a row, shown to everybody; the private half is a file that its owner alone can read. A key may be
followed by another one: from then on that one signs, and what the earlier one signed holds ever after.

What signs and verifies is loaded with the first signature.
"""

from __future__ import annotations

import os
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, update

from casework.admin_record import Keeper, keep
from casework.errors import CaseworkError
from models.base import table_of
from models.trust import PublicationKey
from queries.publication import PublishedKey, signing_key
from workflow.names import AdminAct

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

K = table_of(PublicationKey)
KEY_ID_LENGTH = 8


class KeyFault(CaseworkError):
    """Something about the publication key stands against it, in Vietnamese and in English, with what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi}\n{en}")


def create(connection: Connection, folder: Path, by: Keeper, now: datetime, *, succeed: bool = False) -> PublishedKey:
    """Make a pair that signs from now on; where one signs already, only to succeed it.

    The private half is on the disk before the row is written, so that no published key lacks it.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    before = signing_key(connection)
    if before and not succeed:
        raise KeyFault(
            f"Đã có khóa công bố {before.key_id}. Để thay khóa, hãy chạy: script/flask keys create --succeed",
            f"There is the publication key {before.key_id} already. To replace it: script/flask keys create --succeed",
        )
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    made = PublishedKey(key_id_of(public), public.hex(), now, None)
    _write(folder / f"{made.key_id}.pem", private)
    connection.execute(update(K).where(K.c.ended_at.is_(None)).values(ended_at=now))
    row = {"key_id": made.key_id, "public_key": made.public_key, "made_at": now}
    connection.execute(insert(K), row)
    keep(connection, by, AdminAct.KEY_CREATED, now, None, key=made.key_id, before=before.key_id if before else "")
    return made


def key_id_of(public: bytes) -> str:
    """The name of a public key: the first eight letters of its SHA-256 in base 32."""
    return b32encode(sha256(public).digest()).decode()[:KEY_ID_LENGTH]


def sign(connection: Connection, folder: Path, content: bytes) -> tuple[str, bytes]:
    """The id of the key that signs now, and its signature of 64 bytes; `KeyFault` says why there is none."""
    current = signing_key(connection)
    if current is None:
        raise KeyFault(
            "Tỉnh chưa có khóa công bố. Hãy tạo một lần: script/flask keys create",
            "The province has no publication key yet. Make one, once: script/flask keys create",
        )
    return current.key_id, _private(folder, current).sign(content)


def verify(public_key: str, content: bytes, signature: bytes) -> bool:
    """Whether a signature over some bytes was made by the private half of a public key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(signature, content)
    except InvalidSignature:
        return False
    return True


def has_private_half(folder: Path, key: PublishedKey) -> bool:
    """Whether the private half of a key is here and can be read."""
    try:
        _private(folder, key)
    except KeyFault:
        return False
    return True


def _private(folder: Path, key: PublishedKey) -> Ed25519PrivateKey:
    """The private half of a key; one that belongs to another public key is as good as missing."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = folder / f"{key.key_id}.pem"
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise _missing(path) from error
    if not isinstance(private, Ed25519PrivateKey) or private.public_key().public_bytes_raw().hex() != key.public_key:
        raise _missing(path)
    return private


def _missing(path: Path) -> KeyFault:
    return KeyFault(
        f"Không đọc được khóa riêng {path}. Hãy khôi phục tệp này từ bản lưu; nếu đã mất, hãy thay khóa: "
        "script/flask keys create --succeed",
        f"The private key {path} cannot be read. Bring the file back from its copy; if it is lost, succeed the key: "
        "script/flask keys create --succeed",
    )


def _write(path: Path, private: Ed25519PrivateKey) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
