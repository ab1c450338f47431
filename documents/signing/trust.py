"""Whom the office trusts: root certificates, what stands between, and revocation lists, from the folder `roots/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509

CERTIFICATES, LISTS = frozenset({".pem", ".crt", ".cer"}), frozenset({".crl"})
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
PEM_LIST = b"-----BEGIN X509 CRL-----"


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots that are trusted, certificates between them and the signers, and lists of what was revoked; all in DER."""

    roots: tuple[bytes, ...] = ()
    between: tuple[bytes, ...] = ()
    revoked: tuple[bytes, ...] = ()

    def at(self, moment: datetime) -> Any:
        """What the library asks when it judges a certificate at a moment, by the lists that lie here."""
        return self._context(moment=moment, revocation_mode="soft-fail")

    def at_signing(self) -> Any:
        """The same for collecting proof while signing, also from the addresses that the certificates name."""
        return self._context(allow_fetching=True, revocation_mode="hard-fail")

    def _context(self, **options: Any) -> Any:
        from asn1crypto.x509 import Certificate
        from pyhanko_certvalidator import ValidationContext

        roots, between = ([Certificate.load(one) for one in some] for some in (self.roots, self.between))
        return ValidationContext(trust_roots=roots, other_certs=between, crls=list(self.revoked), **options)


def read_trust(folder: Path) -> Trust:
    """What lies in the folder; a file that is no certificate and no list is passed over."""
    if not folder.is_dir():
        return Trust()
    paths = sorted(folder.iterdir())
    certificates = [one for path in paths if path.suffix in CERTIFICATES for one in _certificates(path.read_bytes())]
    roots = tuple(_der(one) for one in certificates if one.issuer == one.subject)
    between = tuple(_der(one) for one in certificates if one.issuer != one.subject)
    return Trust(roots, between, tuple(_list(path.read_bytes()) for path in paths if path.suffix in LISTS))


def _certificates(content: bytes) -> Iterator[x509.Certificate]:
    from cryptography import x509

    for one in PEM.findall(content) or [content]:
        try:
            yield x509.load_pem_x509_certificate(one) if PEM.match(one) else x509.load_der_x509_certificate(one)
        except ValueError:
            continue


def _der(certificate: x509.Certificate) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _list(content: bytes) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    load = x509.load_pem_x509_crl if content.startswith(PEM_LIST) else x509.load_der_x509_crl
    return load(content).public_bytes(Encoding.DER)
