"""Keys for signing in practice: an authority of its own that nobody trusts elsewhere, the chairmen's and the seal's."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID
from sqlalchemy import Connection, select

from models.base import table_of
from models.people import Person, RoleGrant
from workflow.names import Role

MARK = "(THỰC HÀNH)"
SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
AUTHORITY, SEAL = f"Cơ quan chứng thực {MARK}", f"UBND TỈNH CAO BẰNG {MARK}"


def signers_of(connection: Connection) -> Mapping[str, str]:
    """Who signs for the province: the name of each chairman by login."""
    person, grant = table_of(Person), table_of(RoleGrant)
    held = select(person.c.login, person.c.name).join(grant, grant.c.person_id == person.c.id)
    rows = connection.execute(held.where(grant.c.role == Role.PROVINCIAL_CHAIRMAN.value).order_by(person.c.login))
    return {row.login: row.name for row in rows}


def make_keys(folder: Path, signers: Mapping[str, str], unit_code: str) -> None:
    """Write the keys of a practice province into a folder; those that are there stay."""
    if folder.exists():
        return
    authority = ec.generate_private_key(ec.SECP256R1())
    root = _certificate(AUTHORITY, authority.public_key(), authority)
    (folder / "roots").mkdir(parents=True)
    (folder / "roots" / "practice.pem").write_bytes(root.public_bytes(Encoding.PEM))
    places = {f"signers/{login}.p12": f"{name} {MARK}" for login, name in signers.items()}
    for place, holder in {**places, f"seals/{unit_code}.p12": SEAL}.items():
        key = ec.generate_private_key(ec.SECP256R1())
        content = serialize_key_and_certificates(
            b"key", key, _certificate(holder, key.public_key(), authority), [root], NoEncryption()
        )
        (folder / place).parent.mkdir(exist_ok=True)
        (folder / place).write_bytes(content)
        (folder / place).chmod(0o600)


def _certificate(
    holder: str, key: ec.EllipticCurvePublicKey, authority: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """A certificate that the practice authority issues; its own when the holder is the authority."""
    is_root = holder == AUTHORITY
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    builder = x509.CertificateBuilder().subject_name(_named(holder)).issuer_name(_named(AUTHORITY)).public_key(key)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(SINCE).not_valid_after(UNTIL)
    return (
        builder.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(_usage(is_root=is_root), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority, SHA256())
    )


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
