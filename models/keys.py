"""The keys by which Vietnamese names and numbers are found and ordered, kept in columns beside what they stand for.

They hold plain small letters, digits, spaces and the stroke of a number, so that every database finds and sorts alike.
"""

import re
from collections.abc import Callable
from typing import NamedTuple
from unicodedata import combining, normalize

from sqlalchemy.engine.default import DefaultExecutionContext

_LETTERS = {"ă": "a1", "â": "a2", "đ": "d1", "ê": "e1", "ô": "o1", "ơ": "o2", "ư": "u1"}
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_KINDS = re.compile("(Tỉnh|Thành phố|Huyện|Thị xã|Thị trấn|Phường|Đặc khu|Xã|Xóm|Thôn|Bản) ")
_NUMBER = re.compile(r"(?:.*? )??(?P<number>[0-9]{1,6}[a-z]?)(?P<rest>(?: .*)?)")
_DATED = re.compile(
    r"(?:^| )(?:ngay [0-9]{1,2} (?:thang )?[0-9]{1,2} (?:nam )?|nam )?(?P<year>(?:19|20)[0-9]{2})(?= |$)"
)


class DecisionNumber(NamedTuple):
    """The number of a decision as somebody wrote it: number, symbol in plain letters, and the year if it was said."""

    number: str
    symbol: str
    year: int | None

    @property
    def key(self) -> str:
        """Number and symbol as they are kept: 46/qdubnd."""
        return f"{self.number}/{self.symbol}"


def search_key(text: str) -> str:
    """A text in small letters without marks, đ as d, its words parted by one space: "Xã Hòa An" becomes "xa hoa an"."""
    apart = normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(letter for letter in apart if not combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())


def sort_key(name: str) -> str:
    """A text that sorts names as a Vietnamese dictionary does: letters first (a ă â b ... d đ), then the tones.

    Only a-z and digits occur in it, so that every database sorts it alike.
    """
    letters, tones = "", ""
    for letter in normalize("NFC", name).lower():
        if letter.isspace():
            letters += "0"
            continue
        base, tone = _apart(letter)
        if base.isalnum():
            letters += _LETTERS.get(base, f"{base}0")
            tones += tone
    return f"{letters}0{tones}"


def _apart(letter: str) -> tuple[str, str]:
    """A letter without its tone, and the tone as a digit: level, falling, asking, tumbling, rising, heavy."""
    marks = normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in _TONES), "")
    return normalize("NFC", marks.replace(tone, "") if tone else marks), _TONES.get(tone, "0")


def bare(full_name: str) -> str:
    """The name of a unit without the word for its kind: "Xã Hòa An" becomes "Hòa An"."""
    return _KINDS.sub("", full_name, count=1) if _KINDS.match(full_name) else full_name


def read_number(text: str) -> DecisionNumber | None:
    """The number of a decision in any usual way of writing it; None where no number stands.

    46/QĐ-UBND, 046/qd-ubnd, "Quyết định số 46/QĐ-UBND ngày 14/01/2019", "QĐ 46 năm 2019" and 46/2019/QĐ-UBND.
    """
    found = _NUMBER.fullmatch(search_key(text))
    if found is None:
        return None
    rest = found["rest"].strip()
    dated = _DATED.search(rest)
    symbol = _DATED.sub(" ", rest) if dated else rest
    symbol = re.split(r"\b(?:ngay|nam|cua|ve)\b|[0-9]", symbol)[0]
    number = found["number"].lstrip("0") or "0"
    return DecisionNumber(number, symbol.replace(" ", ""), int(dated["year"]) if dated else None)


def decision_key(name: str) -> str:
    """The key of a decision's name such as 46/QĐ-UBND; the plain letters of one without a number."""
    found = read_number(name)
    return found.key if found else search_key(name)


def kept(make: Callable[[str], str], *columns: str) -> Callable[[DefaultExecutionContext], str]:
    """The default of a key's column: made of these columns of the row that is inserted."""

    def of_row(context: DefaultExecutionContext) -> str:
        row = context.get_current_parameters()
        return make(" ".join(row.get(column) or "" for column in columns))

    return of_row


def bare_sort_key(full_name: str) -> str:
    """The sorting key of a unit's name without the word for its kind."""
    return sort_key(bare(full_name))
