"""The keys that the server holds: found by name, opened once and kept, and what is wrong with one that cannot be used.

A `.p12` file is a PKCS#12 archive. A `.pkcs11` file holds one line, the address of a key on a token by RFC 7512:
`pkcs11:token=Van thu;object=seal?module-path=/usr/lib/softhsm/libsofthsm2.so`.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, unquote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

Cause = Literal[
    "key_missing", "key_unreadable", "key_locked", "key_not_yet", "key_expired", "key_purpose", "token", "image",
    "time_stamp", "time_stamp_refused", "time_stamp_wrong", "proof", "file", "storage",
]  # fmt: skip
Part = Literal["signer", "seal"]
FOLDERS: dict[Part, str] = {"signer": "signers", "seal": "seals"}
ARCHIVE, TOKEN = ".p12", ".pkcs11"
MODULE, OBJECT, LABEL = "module-path", "object", "token"


class SigningFault(Exception):
    """A paper that cannot be signed, or a key that cannot be used: the cause, and the details for the log."""

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail = cause, detail


@dataclass(frozen=True, slots=True)
class OnToken:
    """Where a key lies on a token: the module that speaks to it, the labels of token and key, and the PIN."""

    module: str
    token: str
    label: str
    pin: str


@dataclass(frozen=True)
class Key:
    """A key that is ready to sign: its certificate with the chain above it, its private part, and its image if any."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    private: RSAPrivateKey | EllipticCurvePrivateKey | OnToken
    image: bytes | None = None

    @property
    def holder(self) -> str:
        """Whose key it is, as the certificate names it."""
        return name_in(self.certificate.subject)

    @property
    def issuer(self) -> str:
        """Who issued its certificate."""
        return name_in(self.certificate.issuer)

    @property
    def serial(self) -> str:
        """The serial number of its certificate, in hexadecimal."""
        return f"{self.certificate.serial_number:X}"

    def require_valid(self, moment: datetime) -> None:
        """Refuse a key whose certificate is not valid at this moment or does not allow signing."""
        if moment < self.certificate.not_valid_before_utc:
            raise SigningFault("key_not_yet", f"valid from {self.certificate.not_valid_before_utc:%Y-%m-%d}")
        if moment > self.certificate.not_valid_after_utc:
            raise SigningFault("key_expired", f"valid until {self.certificate.not_valid_after_utc:%Y-%m-%d}")
        try:
            usage = self.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        except x509.ExtensionNotFound:
            return
        if not (usage.digital_signature or usage.content_commitment):
            raise SigningFault("key_purpose", "its certificate is not for signing")


def name_in(name: x509.Name) -> str:
    """The common name in a certificate, else the whole name."""
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string()


class KeyRing:
    """All keys of one folder; each is opened when first asked for, and again when its file has changed."""

    def __init__(self, folder: Path, passphrase: str = "") -> None:
        self.folder, self._passphrase = folder, passphrase
        self._kept: dict[Path, tuple[tuple[int, ...], Key | SigningFault]] = {}
        self._lock = threading.Lock()

    def names(self, part: Part) -> tuple[str, ...]:
        """The names of all keys of a part, in order."""
        folder = self.folder / FOLDERS[part]
        return tuple(sorted({path.stem for path in folder.glob("*") if path.suffix in {ARCHIVE, TOKEN}}))

    def key(self, part: Part, name: str, moment: datetime) -> Key:
        """The key of a signer or of a seal, valid at this moment; `SigningFault` says why there is none."""
        place = self._place(part, name)
        if place is None:
            raise SigningFault("key_missing", f"{FOLDERS[part]}/{name}")
        found = self._opened(place)
        if isinstance(found, SigningFault):
            raise SigningFault(found.cause, found.detail)
        found.require_valid(moment)
        return found

    def _place(self, part: Part, name: str) -> Path | None:
        """The file of a key; only a name that is really in the folder leads anywhere."""
        folder = self.folder / FOLDERS[part]
        return next((folder / f"{name}{end}" for end in (ARCHIVE, TOKEN) if name in self.names(part)
                     and (folder / f"{name}{end}").is_file()), None)  # fmt: skip

    def _opened(self, place: Path) -> Key | SigningFault:
        beside = (place, place.with_name(place.stem + ".pass"), place.with_name(place.stem + ".png"))
        state = tuple(one.stat().st_mtime_ns if one.is_file() else 0 for one in beside)
        with self._lock:
            kept = self._kept.get(place)
            if kept is None or kept[0] != state:
                kept = self._kept[place] = (state, self._open(*beside))
        return kept[1]

    def _open(self, place: Path, secret: Path, image: Path) -> Key | SigningFault:
        try:
            word = secret.read_text("utf-8").strip() if secret.is_file() else self._passphrase
            opened = OPENERS[place.suffix](place.read_bytes(), word)
            drawn = image.read_bytes() if image.is_file() else None
        except SigningFault as fault:
            return fault
        except OSError as refused:
            return SigningFault("key_unreadable", str(refused))
        return Key(*opened, drawn)


def open_archive(content: bytes, passphrase: str) -> tuple[x509.Certificate, tuple[x509.Certificate, ...], Any]:
    """The certificate, its chain and the private key of a PKCS#12 archive."""
    try:
        private, certificate, above = pkcs12.load_key_and_certificates(content, passphrase.encode())
    except ValueError as refused:
        locked = "password" in str(refused).lower()
        raise SigningFault("key_locked" if locked else "key_unreadable", str(refused)) from None
    if certificate is None or not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey):
        raise SigningFault("key_unreadable", "the archive holds no key with its certificate")
    return certificate, tuple(above), private


def open_token(content: bytes, pin: str) -> tuple[x509.Certificate, tuple[x509.Certificate, ...], Any]:
    """The certificate of a key on a token; the key itself never leaves it."""
    place = read_address(content.decode("utf-8", "replace"), pin)
    from documents.signing.tokens import certificate_of

    return certificate_of(place), (), place


def read_address(text: str, pin: str) -> OnToken:
    """A key's address as RFC 7512 writes it."""
    path, _, query = text.strip().partition("?")
    parts = dict(one.partition("=")[::2] for one in path.removeprefix("pkcs11:").split(";"))
    module = parse_qs(query).get(MODULE, [""])[0]
    if not (path.startswith("pkcs11:") and LABEL in parts and OBJECT in parts and module):
        raise SigningFault("key_unreadable", "the address needs token, object and module-path")
    return OnToken(module, unquote(parts[LABEL]), unquote(parts[OBJECT]), pin)


Opener = Callable[[bytes, str], tuple[x509.Certificate, tuple[x509.Certificate, ...], Any]]
OPENERS: dict[str, Opener] = {ARCHIVE: open_archive, TOKEN: open_token}
