"""A short paper that is signed and sealed at B-B, and how every changed bit in it is found."""

import random
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from documents.context import from_plain
from documents.html import samples_of
from documents.pdf import render
from documents.signing.examining import NotSigned, examine
from documents.signing.keys import Key, KeyRing
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


@cache
def signed_paper() -> Signed:
    """The paper, made once in a process."""
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        office.trust(lists=True)
        office.add("signers", "tinh.chutich", "Hoàng Xuân Thành", 1)
        office.add("seals", "04", "UBND TỈNH CAO BẰNG", 2)
        ring, trust = KeyRing(office.folder), read_trust(office.folder / "roots")
        signer, seal = ring.key("signer", "tinh.chutich", NOW), ring.key("seal", "04", NOW)
    sample = next(iter(samples_of("withdrawal_letter", 1).values()))
    issued = render(replace(from_plain(sample), draft=False)).pdf
    content = sign(sign(issued, "signer", signer, Manner()), "seal", seal, Manner())
    return Signed(issued, content, signer, seal, trust)


def missed_flips(count: int, seed: int) -> list[tuple[int, int]]:
    """Change one bit in the paper so many times, each time only that one, and give the places that were not found."""
    chance, paper, missed = random.Random(seed), signed_paper(), []
    for _ in range(count):
        place, bit = chance.randrange(len(paper.content)), chance.randrange(8)
        changed = bytearray(paper.content)
        changed[place] ^= 1 << bit
        if _is_taken(bytes(changed), paper):
            missed.append((place, bit))
    return missed


def _is_taken(content: bytes, paper: Signed) -> bool:
    try:
        examine(content, paper.issued, paper.trust, NOW)
    except NotSigned:
        return False
    return True
