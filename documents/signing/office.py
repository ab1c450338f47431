"""How papers are signed in this office: its keys, the level of its signatures, its time-stamp authority, its trust.

What opens keys is loaded with the first key, for every process knows its office.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from documents.signing.trust import Trust, read_trust

if TYPE_CHECKING:
    from documents.signing.keys import Key, KeyRing, Part, SigningFault

Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]


@dataclass(frozen=True)
class Office:
    """The folder of keys, the word that opens those without one of their own, the level, and who stamps the time."""

    folder: Path
    passphrase: str = ""
    level: Level = "B-B"
    timestamp_url: str = ""

    @cached_property
    def ring(self) -> KeyRing:
        """The keys, each opened once."""
        from documents.signing.keys import KeyRing

        return KeyRing(self.folder, self.passphrase)

    def key(self, part: Part, name: str, moment: datetime) -> Key:
        """A key that is valid at this moment; `SigningFault` says why there is none."""
        return self.ring.key(part, name, moment)

    def troubles(self, moment: datetime) -> Iterator[tuple[str, SigningFault]]:
        """The keys in the folder that cannot be used at this moment, each with the reason."""
        from documents.signing.keys import FOLDERS, SigningFault

        for part in FOLDERS:
            for name in self.ring.names(part):
                try:
                    self.key(part, name, moment)
                except SigningFault as fault:
                    yield f"{FOLDERS[part]}/{name}", fault

    def trust(self) -> Trust:
        """Whom the office trusts now."""
        return read_trust(self.folder / "roots")

    def sign(self, pdf: bytes, part: Part, key: Key, under: bytes | None = None) -> bytes:
        """The file with this key's signature added; `under` is the image that a seal covers in part."""
        from documents.signing.stamping import stamper_at
        from documents.signing.writing import Manner, sign

        return sign(pdf, part, key, Manner(self.level, stamper_at(self.timestamp_url), self.trust()), under)
