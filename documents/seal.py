"""The seal of a paper: the text of its QR code, which leads to the public check and can be checked without a network.

    HTTPS://DATCHUAN.EXAMPLE/V/7K3Q9XM2ABCD/QW3RTY5U/QD.218.QD-UBND.20250310.XA-NAM-TUAN-HUYEN-HOA-AN.NTM.2024/<signature>

It holds the look-up code, the key that signed, what the paper says (kind, number, symbol, day, unit, title, year) and
the signature over these in base 32; a copy says of which paper it is in place of unit, title and year. Capitals, digits
and the signs - . / : alone, because a QR code holds them closest.
"""

import re
from base64 import b32decode, b32encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, normalize

from documents.records import Matter, RecognisedUnit
from documents.wording import LEVEL_TITLES

KIND_SIGNS: Mapping[str, str] = {
    "decision": "QD",
    "certificate": "BCN",
    "refusal_decision": "KCN",
    "revocation_decision": "TH",
    "replacement_decision": "TT",
    "true_copy": "SY",
    "copy_of_copy": "SL",
    "extract": "TRS",
}
COPY_KINDS = ("true_copy", "copy_of_copy", "extract")
LEVEL_SIGNS = {LEVEL_TITLES[level]: sign for level, sign in zip(LEVEL_TITLES, ("NTM", "NC", "KM", "HD"), strict=True)}
PURPOSE = "dat-chuan-paper-1\n"
MOST_UNIT_LETTERS = 60
SIGNATURE_LETTERS = 103
READ = re.compile(
    r"(?:.*/)?V/(?P<code>[0-9A-Z]{1,20})/(?P<key>[A-Z2-7]{8})/(?P<facts>[0-9A-Z.-]{1,200})/(?P<signature>[A-Z2-7]{103})",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Seal:
    """What a QR code says: the look-up code, the key, the facts of the paper, and the signature over all of them."""

    code: str
    key_id: str
    facts: str
    signature: bytes

    @property
    def message(self) -> bytes:
        """The bytes that are signed."""
        return message_of(self.code, self.key_id, self.facts)

    def text(self, base: str) -> str:
        """The text of the QR code under the address of the public pages."""
        signed = b32encode(self.signature).decode().rstrip("=")
        return f"{base}/v/{self.code}/{self.key_id}/{self.facts}/{signed}".upper()


def message_of(code: str, key_id: str, facts: str) -> bytes:
    """The bytes that a key signs for a paper; the address is no part of them, so that it may move."""
    return f"{PURPOSE}{code.upper()}/{key_id}/{facts}".encode()


def facts_of(context: Any) -> str | None:
    """What the seal says of a paper; None of a draft, or of a kind that bears no seal."""
    sign = KIND_SIGNS.get(context.kind)
    named = context.decision if context.kind == "certificate" else context
    if sign is None or named.number is None or named.signed_on is None:
        return None
    return f"{sign}.{named.number}.{plain(named.symbol)}.{named.signed_on:%Y%m%d}.{_of(context)}"


def _of(context: Any) -> str:
    """Of which paper a copy is, by number, kind and day; of any other paper the unit, the title and its year."""
    if context.kind in COPY_KINDS:
        copied = context.copied
        return f"{plain(f'{copied.number:02}-{copied.symbol}')}.{plain(copied.document)}.{copied.signed_on:%Y%m%d}"
    unit, title, year = _about(context)
    return f"{unit}.{LEVEL_SIGNS[title]}.{year}"


def read(text: str) -> Seal | None:
    """The seal in the text of a QR code, or in the path of its address; None where there is none."""
    found = READ.fullmatch(text.strip().upper())
    if found is None:
        return None
    signature = b32decode(found["signature"] + "=" * (-SIGNATURE_LETTERS % 8))
    return Seal(found["code"].lower(), found["key"], found["facts"], signature)


def plain(text: str) -> str:
    """A text in capitals without marks, its words joined by hyphens: "xã Nam Tuấn" is XA-NAM-TUAN."""
    apart = normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(letter for letter in apart if not combining(letter)).upper()
    return "-".join(re.findall("[0-9A-Z]+", letters))


def _about(context: Any) -> tuple[str, str, int]:
    """Whom a paper is about, the title, and its year; several units are counted."""
    if context.kind == "refusal_decision":
        matter: Matter = context.matter
        return _placed(matter.unit, matter.place), matter.title, matter.year
    units: tuple[RecognisedUnit, ...] = context.units
    first = units[0]
    if len(units) > 1:
        return f"{len(units):02}-{plain(first.name.split()[0])}", first.level_title, first.year
    return _placed(first.name, first.place), first.level_title, first.year


def _placed(unit: str, place: str) -> str:
    """A unit with the next one above it, since communes of two districts may share a name."""
    return plain(f"{unit} {place.split(',', maxsplit=1)[0]}")[:MOST_UNIT_LETTERS].strip("-")
