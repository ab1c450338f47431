"""What text may stand in the database: one spelling of each letter, no signs that nobody can type."""

import re
from unicodedata import normalize

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def plain(text: str) -> str:
    """A text in composed letters (NFC) with plain line ends; signs of control and halves of letters are left out.

    Some keyboards and phones send "ế" as three signs: without one spelling it would be neither found nor equal.
    PostgreSQL cannot hold a zero byte, and neither database half a letter.
    """
    return normalize("NFC", _UNFIT.sub("", text.replace("\r\n", "\n")))
