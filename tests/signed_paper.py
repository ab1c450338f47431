"""A short paper that is signed and sealed at B-B or B-LTA, which bytes what covers, and how a changed bit is found."""

import io
import random
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from pyhanko.pdf_utils.reader import PdfFileReader

from documents.context import from_plain
from documents.html import samples_of
from documents.pdf import render
from documents.signing.examining import NotSigned, examine
from documents.signing.keys import Key, KeyRing
from documents.signing.office import Level
from documents.signing.trust import Trust, read_trust
from documents.signing.writing import Manner, sign
from tests.signing_office import Office

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Signed:
    """A paper as it was issued, the same signed and sealed, by which keys, and whom the office trusts."""

    issued: bytes
    content: bytes
    signer: Key
    seal: Key
    trust: Trust
    moment: datetime


@cache
def signed_paper(level: Level = "B-B") -> Signed:
    """The paper at a level, made once in a process."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        office.trust(lists=True)
        office.add("signers", "tinh.chutich", "Hoàng Xuân Thành", 1)
        office.add("seals", "04", "UBND TỈNH CAO BẰNG", 2)
        ring, trust = KeyRing(office.folder), read_trust(office.folder / "roots")
        signer, seal = ring.key("signer", "tinh.chutich", NOW), ring.key("seal", "04", NOW)
    sample = next(iter(samples_of("withdrawal_letter", 1).values()))
    issued = render(replace(from_plain(sample), draft=False)).pdf
    manner = Manner() if level == "B-B" else Manner(level, office.stamper(), trust)
    content = sign(sign(issued, "signer", signer, manner), "seal", seal, manner)
    return Signed(issued, content, signer, seal, trust, NOW if level == "B-B" else datetime.now(UTC))


def covered(content: bytes) -> list[tuple[str, int, int]]:
    """What covers which bytes: each signature and time stamp over the file by its kind, its first byte and its last.

    The hole in each, its own room, is the one part that it does not cover: the next one does, and the last one's holds
    a signature that a changed bit breaks.
    """
    found = PdfFileReader(io.BytesIO(content)).embedded_signatures
    ranges = [(one.sig_object_type, [int(number) for number in one.byte_range]) for one in found]
    return [(str(kind), start, after + length) for kind, (start, _, after, length) in ranges]


def last_room(content: bytes) -> range:
    """Where the last signature itself stands, which no other one covers."""
    last = PdfFileReader(io.BytesIO(content)).embedded_signatures[-1]
    start = int(last.byte_range[1]) + 1
    return range(start, start + 2 * len(last.pkcs7_content.rstrip(b"\0")))


def missed_flips(count: int, seed: int, level: Level = "B-B", *, in_last: bool = False) -> list[tuple[int, int]]:
    """Change one bit in the paper so many times, each time only that one, and give the places that were not found.

    Anywhere in the file, or only where the last signature itself stands.
    """
    chance, paper, missed = random.Random(seed), signed_paper(level), []
    places = last_room(paper.content) if in_last else range(len(paper.content))
    for _ in range(count):
        place, bit = chance.choice(places), chance.randrange(4 if in_last else 8)
        changed = bytearray(paper.content)
        changed[place] ^= 1 << bit
        if _is_taken(bytes(changed), paper):
            missed.append((place, bit))
    return missed


def _is_taken(content: bytes, paper: Signed) -> bool:
    try:
        examine(content, paper.issued, paper.trust, paper.moment)
    except NotSigned:
        return False
    return True
