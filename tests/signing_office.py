"""An office with keys, for tests: an authority, keys of people and seals, a time-stamp authority, and their folder."""

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image, ImageDraw

PASSPHRASE = "mật khẩu khóa"
YEARS = timedelta(days=3650)
BORN = datetime(2020, 1, 1, tzinfo=UTC)
USAGE = {
    **dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "encipher_only"), False),
    "decipher_only": False,
}


@cache
def private_key(number: int) -> rsa.RSAPrivateKey:
    """One of a few keys, made once for all tests of a process."""
    assert number >= 0
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])


@dataclass
class Authority:
    """A certificate authority that issues, and revokes."""

    name: str = "Cơ quan chứng thực thử"
    number: int = 0
    revoked: list[int] = field(default_factory=list)

    @property
    def key(self) -> rsa.RSAPrivateKey:
        return private_key(self.number)

    @property
    def certificate(self) -> x509.Certificate:
        return self._certificate(self.name, self.key, authority=True)

    def issue(self, name: str, key: rsa.RSAPrivateKey, **options: Any) -> x509.Certificate:
        """A certificate of somebody."""
        return self._certificate(name, key, **options)

    def _certificate(
        self,
        name: str,
        key: rsa.RSAPrivateKey,
        *,
        authority: bool = False,
        until: datetime = BORN + YEARS,
        stamps: bool = False,
        signs: bool = True,
    ) -> x509.Certificate:
        usage = x509.KeyUsage(
            digital_signature=signs, content_commitment=signs, key_cert_sign=authority, crl_sign=authority, **USAGE
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(named(self.name))
            .public_key(key.public_key())
            .serial_number(1 + sum(name.encode()))
            .not_valid_before(BORN)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if stamps:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        return builder.sign(self.key, SHA256())

    def revocation_list(self) -> bytes:
        """The list of what was revoked, in DER."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(named(self.name))
        builder = builder.last_update(BORN).next_update(BORN + YEARS)
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
        ).add_extension(x509.CRLNumber(1), critical=False)
        for serial in self.revoked:
            one = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(BORN + timedelta(days=30))
            builder = builder.add_revoked_certificate(one.build())
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.DER)


@dataclass
class Office:
    """A folder of keys: a signer's and a seal's, trusted by their authority."""

    folder: Path
    authority: Authority = field(default_factory=Authority)

    def trust(self, authority: Authority | None = None, *, lists: bool = False) -> None:
        """Trust an authority, with its list of what was revoked."""
        one = authority or self.authority
        roots = self._within("roots")
        (roots / f"{one.number}.pem").write_bytes(one.certificate.public_bytes(Encoding.PEM))
        if lists:
            (roots / f"{one.number}.crl").write_bytes(one.revocation_list())

    def add(
        self, part: str, name: str, holder: str, number: int, passphrase: str | None = PASSPHRASE, **options: Any
    ) -> Path:
        """Put a key into the folder, with its passphrase beside it."""
        place = self._within(part) / f"{name}.p12"
        place.write_bytes(self.archive(holder, number, passphrase, **options))
        if passphrase:
            place.with_suffix(".pass").write_text(passphrase + "\n", "utf-8")
        return place

    def archive(self, holder: str, number: int, passphrase: str | None = PASSPHRASE, **options: Any) -> bytes:
        """A PKCS#12 archive with somebody's key."""
        key = private_key(number)
        certificate = self.authority.issue(holder, key, **options)
        locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
        return serialize_key_and_certificates(b"key", key, certificate, [self.authority.certificate], locked)

    def stamper(self) -> Any:
        """A time-stamp authority on this machine."""
        from asn1crypto import keys
        from asn1crypto import x509 as asn1
        from pyhanko.sign.timestamps import DummyTimeStamper
        from pyhanko_certvalidator.registry import SimpleCertificateStore

        key = private_key(9)
        certificate = self.authority.issue("Cấp dấu thời gian thử", key, stamps=True)
        plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        known = [
            asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in (certificate, self.authority.certificate)
        ]
        store = SimpleCertificateStore.from_certs(known)
        return DummyTimeStamper(known[0], keys.PrivateKeyInfo.load(plain), certs_to_embed=store)

    def draw(self, part: str, name: str) -> None:
        """Put an image beside a key: a blue stroke for a signer, a red ring of 36 mm for a seal."""
        (self._within(part) / f"{name}.png").write_bytes(stroke() if part == "signers" else ring())

    def _within(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def stroke() -> bytes:
    """The picture of a signature in blue."""
    image = Image.new("RGBA", (540, 240), (0, 0, 0, 0))
    line = [(30, 170), (120, 60), (150, 190), (240, 90), (280, 180), (400, 110), (510, 150)]
    ImageDraw.Draw(image).line(line, fill=(20, 60, 190, 255), width=12, joint="curve")
    return _png(image)


def ring() -> bytes:
    """The picture of a seal in red, 36 mm wide."""
    image = Image.new("RGBA", (425, 425), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse((6, 6, 419, 419), outline=(200, 20, 30, 235), width=12)
    pen.ellipse((90, 90, 335, 335), outline=(200, 20, 30, 235), width=6)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(300, 300))
    return out.getvalue()
