"""Signing a paper: an incremental update of its file by PAdES, from B-B to B-LTA, with the image of the key if any."""

import asyncio
import io
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from asn1crypto import x509
from asn1crypto.tsp import SigningCertificateV2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.attributes import (
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
)
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.general import SigningError, as_signing_certificate_v2
from pyhanko.sign.pkcs11 import PKCS11Signer
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.errors import PathError, PathValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.signing.keys import Key, OnToken, Part, SigningFault
from documents.signing.office import Level
from documents.signing.placing import Box, Drawn, find_spot, read_image, seal_box, signature_box
from documents.signing.tokens import session_on
from documents.signing.trust import Trust

FIELD_NAMES: dict[Part, str] = {"signer": "ChuKySo", "seal": "ConDauSo"}
ROOM_BESIDE = 2048
PROOF_FIRST = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
"""What proves the time stamp over the file is written before it, so that the stamp covers every byte."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How papers are signed here: the level, the authority that stamps the time, and whom the office trusts."""

    level: Level = "B-B"
    stamper: TimeStamper | None = None
    trust: Trust = field(default_factory=Trust)


def sign(pdf: bytes, part: Part, key: Key, manner: Manner, signature: bytes | None = None) -> bytes:
    """The file with one more signature; all bytes before it stay as they are.

    A seal is placed by the image of the signature that it covers. `SigningFault` says why it could not be signed.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    style = _style(writer, pdf, part, key, signature)
    try:
        if isinstance(key.private, OnToken):
            with session_on(key.private) as session:
                label = key.private.label
                return _run(
                    _write(writer, part, PKCS11Signer(session, cert_label=label, key_label=label), manner, style)
                )
        return _run(_write(writer, part, _signer_of(key), manner, style))
    except (PathError, PathValidationError) as refused:
        raise SigningFault("proof", str(refused)) from None
    except (SigningError, PdfError) as refused:
        raise SigningFault("file", str(refused)) from None


def _run(signing: Coroutine[Any, Any, bytes]) -> bytes:
    return asyncio.run(signing)


async def _write(
    writer: IncrementalPdfFileWriter, part: Part, signer: signers.Signer, manner: Manner, style: StaticStampStyle | None
) -> bytes:
    lasting = manner.level in {"B-LT", "B-LTA"}
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD_NAMES[part],
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=lasting,
        use_pades_lta=manner.level == "B-LTA" and part == "seal",
        validation_context=manner.trust.at_signing() if lasting else None,
        dss_settings=DSSContentSettings(next_ts_settings=PROOF_FIRST),
    )
    stamper = None if manner.level == "B-B" else manner.stamper
    made = signers.PdfSigner(metadata, signer=signer, timestamper=stamper, stamp_style=style)
    reserved = None if stamper else _room_for(signer)
    out: Any = await made.async_sign_pdf(writer, bytes_reserved=reserved)
    return bytes(out.getbuffer())


def _room_for(signer: signers.Signer) -> int:
    """How many hexadecimal digits a signature without a time stamp takes at most; else it is signed twice."""
    assert signer.signing_cert is not None
    certificates = (signer.signing_cert, *signer.cert_registry)
    return 2 * (sum(len(one.dump()) for one in certificates) + ROOM_BESIDE)


def _style(
    writer: IncrementalPdfFileWriter, pdf: bytes, part: Part, key: Key, signature: bytes | None
) -> StaticStampStyle | None:
    """The image of the key as an appearance, in a field at its place; without either nothing is drawn."""
    spot = find_spot(pdf) if key.image else None
    if key.image is None or spot is None:
        return None
    drawn = read_image(key.image)
    over = read_image(signature) if signature else None
    box = signature_box(spot, drawn) if part == "signer" else seal_box(spot, drawn, over)
    append_signature_field(writer, SigFieldSpec(FIELD_NAMES[part], on_page=spot.page, box=_whole(box)))
    return _image_style(drawn)


def _image_style(drawn: Drawn) -> StaticStampStyle:
    return StaticStampStyle(border_width=0, background=PdfImage(drawn.image), background_opacity=1.0)


def _whole(box: Box) -> tuple[int, int, int, int]:
    left, bottom, right, top = (round(edge) for edge in box)
    return left, bottom, right, top


@lru_cache(maxsize=16)
def _signer_of(key: Key) -> signers.Signer:
    return LoadedSigner(key)


class ByCertificate(SignedAttributeProviderSpec, SigningCertificateV2Provider):
    """By which certificate it is signed: all that PAdES asks for beside the content's digest, encoded once for a key.

    The library encodes it anew each time it is looked at, which takes longer than all the rest of a signature.
    """

    def __init__(self, certificate: x509.Certificate) -> None:
        super().__init__(certificate)
        self._value = SigningCertificateV2.load(as_signing_certificate_v2(certificate).dump())

    def signed_attr_providers(self, data_digest: bytes, digest_algorithm: str) -> Iterable[CMSAttributeProvider]:  # noqa: ARG002 - the library's own signature
        """Itself alone."""
        return (self,)

    async def build_attr_value(self, dry_run: bool = False) -> SigningCertificateV2:  # noqa: ARG002, FBT001, FBT002 - the library's own signature
        """As it was encoded."""
        return self._value


class LoadedSigner(signers.Signer):
    """A key that stays loaded: reading it anew for each signature would take four times as long as signing."""

    def __init__(self, key: Key) -> None:
        certificates = [x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in (key.certificate, *key.chain)]
        store = SimpleCertificateStore.from_certs(certificates[1:])  # type: ignore[no-untyped-call]  # it says not what it takes
        super().__init__(signing_cert=certificates[0], cert_registry=store, embed_roots=False)
        self.signed_attr_prov_spec = ByCertificate(certificates[0])
        self._private = key.private

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002 - the library's own signature
        """Sign; a dry run only says how long a signature is."""
        method = getattr(hashes, digest_algorithm.upper())()
        if isinstance(self._private, EllipticCurvePrivateKey):
            return self._private.sign(data, ECDSA(method))
        assert isinstance(self._private, RSAPrivateKey)
        return bytes(self._private.key_size // 8) if dry_run else self._private.sign(data, PKCS1v15(), method)
