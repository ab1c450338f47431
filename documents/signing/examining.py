"""Examining a signed file: that it is the issued file with signatures added and nothing else, and whose they are."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from asn1crypto.parser import parse
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, SuspiciousModification
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator.errors import PathError, PathValidationError

from documents.signing.keys import name_in
from documents.signing.trust import Trust

Fault = Literal[
    "not_pdf", "other_file", "unsigned", "changed", "covers_text", "broken", "untrusted", "expired", "revoked"
]
SIGNING_KEYS = (RSAPublicKey, EllipticCurvePublicKey)
HEXADECIMAL = re.compile(rb"<([0-9a-f]+|[0-9A-F]+)>")
LARGEST_SHARE = 0.15
"""The part of a page that the picture of a signature may take; a larger one could hide what was decided."""

NO_PARAMETERS = (b"", b"\x05\x00")
HARMLESS_IN_FORM = ("/SigFlags", "/DA")
EXPIRED = frozenset(
    {
        AdESFailure.NOT_YET_VALID,
        AdESIndeterminate.EXPIRED,
        AdESIndeterminate.NOT_YET_VALID,
        AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
        AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
    }
)
REVOKED = frozenset({AdESFailure.REVOKED, AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE})


class NotSigned(Exception):
    """A file that is not taken as the signed paper: the cause, and the details for the log."""

    def __init__(self, cause: Fault, detail: str = "") -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail = cause, detail


@dataclass(frozen=True, slots=True)
class Seen:
    """One signature as it was found valid: whose, from which issuer, its serial number, and when it was made.

    The time is stamped by an authority, or else the one that the signer's own machine claims.
    """

    subject: str
    issuer: str
    serial: str
    signed_at: datetime
    stamped: bool


def examine(content: bytes, before: bytes, trust: Trust, moment: datetime) -> tuple[Seen, ...]:
    """The valid signatures that a file adds to the one before, in their order; `NotSigned` says why it is not taken."""
    if not content.startswith(b"%PDF-"):
        raise NotSigned("not_pdf")
    if not content.startswith(before):
        raise NotSigned("other_file")
    if len(content) == len(before):
        raise NotSigned("unsigned")
    try:
        return _examine(content, before, trust, moment)
    except (PathError, PathValidationError) as error:
        raise NotSigned("untrusted", str(error)) from None
    except NotSigned:
        raise
    except (PdfError, SigningError, SignatureValidationError) as error:
        raise NotSigned("broken", str(error)) from None
    except Exception as error:  # noqa: BLE001 - a file made to mislead may break the reader in any way; it is not taken
        raise NotSigned("broken", f"{type(error).__name__}: {error}") from None


def _examine(content: bytes, before: bytes, trust: Trust, moment: datetime) -> tuple[Seen, ...]:
    reader, issued = PdfFileReader(io.BytesIO(content)), PdfFileReader(io.BytesIO(before))
    known = len(issued.embedded_signatures)
    stamps = [one for one in reader.embedded_signatures[known:] if one.sig_object_type == "/DocTimeStamp"]
    added = [one for one in reader.embedded_signatures[known:] if one not in stamps]
    if not added:
        raise NotSigned("unsigned")
    if stamps:
        _require_covered(stamps[-1], content)
    for one in (*stamps, *added):
        _require_whole(one, content)
        _require_framed(one)
        _require_true(one, trust)
    for stamp in stamps:
        _require_proven(stamp, trust, moment)
    for one in added:
        _require_small(one)
    seen = tuple(_seen(one, _status(one, trust, moment)) for one in added)
    _require_same(reader, issued)  # the dear ones last: what does not fit its signature never comes so far
    _require_last(reader, added[-1])
    return seen


def _base(reader: PdfFileReader, issued: PdfFileReader) -> HistoricalResolver:
    """The issued file as the beginning of the signed one.

    The library compares one form with the other: a paper without any is taken as one with an empty form, which differs
    from the new one in nothing but its fields and in what says that there are signatures.
    """
    base = reader.get_historical_resolver(issued.xrefs.total_revisions - 1)
    if "/AcroForm" not in base.root:
        empty = {NameObject("/Fields"): ArrayObject()}
        form = DictionaryObject(empty)  # type: ignore[no-untyped-call]  # it says not what it takes
        new = reader.root["/AcroForm"]
        form.update({NameObject(name): new[name] for name in HARMLESS_IN_FORM if name in new})
        base.root["/AcroForm"] = form
    return base


def _status(one: EmbeddedPdfSignature, trust: Trust, moment: datetime) -> PdfSignatureStatus:
    """What the library says of one signature; all that came after it is reviewed with the file."""
    status = validate_pdf_signature(one, trust.at(moment), skip_diff=True)
    if not (status.intact and status.valid):
        raise NotSigned("broken", status.summary())
    if status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        raise NotSigned("changed", status.summary())
    if status.trust_problem_indic in REVOKED or _is_revoked(one, trust):
        raise NotSigned("revoked", status.summary())
    if status.trust_problem_indic in EXPIRED:
        raise NotSigned("expired", status.summary())
    if not status.trusted:
        raise NotSigned("untrusted", status.summary())
    return status


def _is_revoked(one: EmbeddedPdfSignature, trust: Trust) -> bool:
    """Whether a list that lies here names the signer's certificate, or one between it and the root.

    The library reads lists only of certificates that say themselves where theirs is published.
    """
    given = [one.signer_cert.dump(), *(choice.chosen.dump() for choice in one.signed_data["certificates"])]
    certificates = [x509.load_der_x509_certificate(each) for each in given]
    issuers = [*certificates, *(x509.load_der_x509_certificate(each) for each in (*trust.roots, *trust.between))]
    lists = [x509.load_der_x509_crl(each) for each in trust.revoked]
    true = [each for each in lists if any(_published(each, by) for by in issuers)]
    return any(
        one_list.get_revoked_certificate_by_serial_number(each.serial_number) is not None
        for one_list in true
        for each in certificates
        if one_list.issuer == each.issuer
    )


def _published(revoked: x509.CertificateRevocationList, by: x509.Certificate) -> bool:
    """Whether a list is this authority's own."""
    key = by.public_key()
    return revoked.issuer == by.subject and isinstance(key, SIGNING_KEYS) and revoked.is_signature_valid(key)


def _require_same(reader: PdfFileReader, issued: PdfFileReader) -> None:
    """Refuse a file that does more to the issued one than sign it."""
    reviewed = DEFAULT_DIFF_POLICY.review_file(reader, _base(reader, issued))
    if isinstance(reviewed, SuspiciousModification) or reviewed.modification_level > ModificationLevel.FORM_FILLING:
        raise NotSigned("changed", str(reviewed))


def _require_last(reader: PdfFileReader, last: EmbeddedPdfSignature) -> None:
    """Refuse a file in which anything but proof for the long term follows the last signature."""
    revision = last.signed_revision
    if revision + 1 < reader.xrefs.total_revisions:
        after = DEFAULT_DIFF_POLICY.review_file(reader, revision)
        if isinstance(after, SuspiciousModification) or after.modification_level > ModificationLevel.LTA_UPDATES:
            raise NotSigned("changed", "something follows the last signature")


def _require_covered(stamp: EmbeddedPdfSignature, content: bytes) -> None:
    """Refuse bytes behind the last time stamp over the file: nothing would tell when they came, or from whom."""
    *_, start, length = (int(number) for number in stamp.byte_range)
    if start + length != len(content):
        raise NotSigned("changed", "something follows the time stamp over the file")


def _require_whole(one: EmbeddedPdfSignature, content: bytes) -> None:
    """Refuse bytes that nobody has signed: beside the signature itself its room holds zeros, in one way of writing."""
    start, length, end, _ = (int(number) for number in one.byte_range)
    _, _, _, *parts = parse(one.pkcs7_content)
    filled, within = sum(map(len, parts)), parts[1]
    parse(within[sum(map(len, parse(within)[3:])) :], strict=True)  # two elements, and nothing behind the second
    if start != 0 or not HEXADECIMAL.fullmatch(content[length:end]) or any(one.pkcs7_content[filled:]):
        raise NotSigned("broken", "the room of the signature holds more than the signature")


def _require_proven(stamp: EmbeddedPdfSignature, trust: Trust, moment: datetime) -> None:
    """Refuse a time stamp over the file that does not fit it, or that nobody who is trusted has made."""
    proven = validate_pdf_timestamp(stamp, trust.at(moment))
    if not (proven.intact and proven.valid):
        raise NotSigned("broken", "a time stamp over the file does not fit it")
    if not proven.trusted:
        raise NotSigned("untrusted", "a time stamp over the file is by nobody who is trusted")


def _require_framed(one: EmbeddedPdfSignature) -> None:
    """Refuse a signature whose frame, which it does not cover itself, is not as the standard has it (RFC 5652, 5)."""
    data, signer, own = one.signed_data, one.signer_info, one.signer_cert
    by_name = signer["sid"].name == "issuer_and_serial_number"
    holds_data = data["encap_content_info"]["content_type"].native == "data"
    digests = [*data["digest_algorithms"], signer["digest_algorithm"]]
    framed = (
        data["version"].native == ("v1" if holds_data and by_name else "v3"),
        signer["version"].native == ("v1" if by_name else "v3"),
        not by_name or signer["sid"].chosen["issuer"].dump() == own.issuer.dump(),
        len({each["algorithm"].native for each in digests}) == 1,
        all(each["parameters"].dump() in NO_PARAMETERS for each in digests),
    )
    if not all(framed):
        raise NotSigned("broken", "the frame of the signature is not as the standard has it")


def _require_true(one: EmbeddedPdfSignature, trust: Trust) -> None:
    """Refuse certificates beside the signer's own that none of the others, and nobody who is trusted, has issued."""
    own = one.signer_cert.dump()
    given = [choice.chosen.dump() for choice in one.signed_data["certificates"]]
    known = [x509.load_der_x509_certificate(each) for each in (*given, *trust.roots, *trust.between)]
    beside = [x509.load_der_x509_certificate(each) for each in given if each != own]
    if len(beside) != len(given) - 1 or not all(any(_issued(each, by) for by in known) for each in beside):
        raise NotSigned("untrusted", "a certificate in the signature is not true")


def _issued(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _require_small(one: EmbeddedPdfSignature) -> None:
    """Refuse a signature whose picture could hide the text."""
    for widget, page in _widgets(one):
        left, bottom, right, top = (float(edge) for edge in widget)
        edges = [float(edge) for edge in page]
        area = (edges[2] - edges[0]) * (edges[3] - edges[1])
        if abs((right - left) * (top - bottom)) > LARGEST_SHARE * area:
            raise NotSigned("covers_text")


def _widgets(one: EmbeddedPdfSignature) -> Iterator[tuple[Any, Any]]:
    """The rectangles of a signature's pictures, each with that of its page."""
    field = one.sig_field
    for widget in field.get("/Kids", [field]):
        drawn = widget.get_object()
        page = drawn.get("/P")
        box = page.get_object().get("/MediaBox") if page is not None else None
        if "/Rect" in drawn:
            yield drawn["/Rect"], box or (0, 0, 595, 842)


def _seen(one: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Seen:
    certificate = x509.load_der_x509_certificate(one.signer_cert.dump())
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.valid and stamp.trusted
    moment = stamp.timestamp if stamp is not None and stamped else status.signer_reported_dt
    if moment is None:
        raise NotSigned("broken", "it does not say when it was made")
    return Seen(
        subject=name_in(certificate.subject)[:200],
        issuer=name_in(certificate.issuer)[:200],
        serial=f"{certificate.serial_number:X}",
        signed_at=moment.astimezone(UTC),
        stamped=stamped,
    )
