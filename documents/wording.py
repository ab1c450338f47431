"""How Vietnamese administrative papers put things: dates, numbers, lists, titles, and the lines above a signature.

The rules are those of Decree 30/2020, Annex I. Pure functions and tables; nothing here knows a template.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from documents.records import Article, Authority, Medium, RecognisedUnit, Signer, Verdict

LEVEL_TITLES = {
    "standard": "đạt chuẩn nông thôn mới",
    "advanced": "đạt chuẩn nông thôn mới nâng cao",
    "model": "đạt chuẩn nông thôn mới kiểu mẫu",
    "modern": "đạt chuẩn nông thôn mới hiện đại",
}
POWER_SIGNS = {"own": "", "acting": "Q. ", "deputising": "KT. ", "by_order": "TL. ", "by_delegation": "TUQ. "}
PERSONAL_POWERS = ("by_order", "by_delegation")
LONGEST_LINE = 26
BLANK = "\u00a0" * 6
VERDICTS: dict[Verdict, str] = {
    "met": "Đạt",
    "not_met": "Chưa đạt",
    "not_applicable": "Không áp dụng",
    "unknown": "Chưa xác định",
    "": "",
}

_POINT_LETTERS = "abcdđeghiklmnopqrstuvxy"
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", "nghìn", "triệu", "tỷ")
_TERRITORY = re.compile(r"\s+(?=(?:tỉnh|thành phố|huyện|thị xã|quận|xã|phường|thị trấn|đặc khu)\s)", re.IGNORECASE)

_COMPOUNDS = re.compile(
    r"Ban Chỉ đạo|Chỉ đạo|Hội đồng|Mặt trận|Môi trường|Nông nghiệp|Phát triển|Tổ quốc|Ủy ban|Việt Nam|nhân dân|"
    r"nông thôn mới|thẩm định|xây dựng|Điều phối|Văn phòng",
    re.IGNORECASE,
)


def dated(day: date) -> str:
    """A date as "ngày 05 tháng 01 năm 2026": a leading zero for days 1 to 9 and for months 1 and 2 only."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def signing_date(signed_on: date | None, drawn_on: date) -> str:
    """The day of signing; day and month are left blank while nobody has signed."""
    return dated(signed_on) if signed_on else f"ngày{BLANK}tháng{BLANK}năm {drawn_on.year}"


def numbered(number: int | None, symbol: str) -> str:
    """A number and symbol as "05/QĐ-UBND": a leading zero under 10, a slash between them; blank while there is none."""
    return f"{BLANK}/{symbol}" if number is None else f"{number:02}/{symbol}"


def enclosed_with(number: int | None, symbol: str, signed_on: date | None, drawn_on: date, medium: Medium) -> str:
    """The document an appendix belongs to; an electronic document leaves number and date blank (Decree 30, Annex I)."""
    if medium == "paper":
        return f"{numbered(number, symbol)} {signing_date(signed_on, drawn_on)}"
    return f"{numbered(None, symbol)} {signing_date(None, drawn_on)}"


def amount(number: int) -> str:
    """A whole number with dots between the thousands: 1.234.567."""
    return f"{number:,}".replace(",", ".")


def share(part: int, whole: int) -> str:
    """A share in percent as "97,43%", cut at two decimals so that it never looks better; empty of nothing."""
    if not whole:
        return ""
    hundredths = part * 10_000 // whole
    decimals = f"{hundredths % 100:02}".rstrip("0")
    return f"{hundredths // 100}{',' * bool(decimals)}{decimals}%"


def money(number: int) -> str:
    """An amount of money in figures and in words: "1.500.000 đồng (bằng chữ: một triệu năm trăm nghìn đồng)"."""
    return f"{amount(number)} đồng (bằng chữ: {in_words(number)} đồng)"


def in_words(number: int) -> str:
    """A whole number from 0 to 999,999,999,999 in Vietnamese words: 1005 is "một nghìn không trăm linh năm"."""
    if not 0 <= number < 10**12:
        raise ValueError(f"{number} cannot be put into words: only 0 to 999,999,999,999")
    if number == 0:
        return _DIGITS[0]
    groups = [number // 1000**power % 1000 for power in range(len(_SCALES))]
    top = max(power for power, group in enumerate(groups) if group)
    parts = [
        f"{_group_in_words(groups[power], full=power < top)} {_SCALES[power]}".strip()
        for power in range(top, -1, -1)
        if groups[power]
    ]
    return " ".join(parts)


def _group_in_words(group: int, *, full: bool) -> str:
    """Three digits in words; a full group also says its empty hundreds."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words += ["mười"]
    elif ones and words:
        words += ["linh"]
    if ones:
        words += [_ones_in_words(tens, ones)]
    return " ".join(words)


def _ones_in_words(tens: int, ones: int) -> str:
    """The last digit, which changes its name after tens: hai mươi mốt, hai mươi tư, mười lăm."""
    if ones == 5 and tens:
        return "lăm"
    return {1: "mốt", 4: "tư"}.get(ones, _DIGITS[ones]) if tens > 1 else _DIGITS[ones]


def point_letter(position: int) -> str:
    """The letter of a point, counted from 0, in the Vietnamese alphabet: a, b, c, d, đ, e, g and on to y."""
    if not 0 <= position < len(_POINT_LETTERS):
        raise ValueError(f"a clause has at most {len(_POINT_LETTERS)} points, not {position + 1}")
    return _POINT_LETTERS[position]


def sentence_start(text: str) -> str:
    """The text with its first letter in upper case and the others as they are."""
    return text[:1].upper() + text[1:]


def inside(name: str) -> str:
    """A name as it stands inside a sentence: "xã Hòa An", "tỉnh Cao Bằng"."""
    return name[:1].lower() + name[1:]


def spelled(code: str) -> str:
    """A look-up code in groups of four, as it is read from paper: "7k3q-9xm2-abcd"."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def closed(items: Iterable[str]) -> tuple[str, ...]:
    """The items of a list, each ending with ";" and the last with "."."""
    bare = [item.strip().rstrip(";., ") for item in items]
    return tuple(f"{item};" for item in bare[:-1]) + tuple(f"{item}." for item in bare[-1:])


class Line(NamedTuple):
    """One paragraph of the enacting part: an article, a clause or a point, with its number, bold heading and text."""

    kind: str
    label: str
    heading: str
    text: str


def article_lines(articles: Sequence[Article]) -> tuple[Line, ...]:
    """The articles as numbered paragraphs ("Điều 1.", "1.", "a)"), the last of which ends with "./."."""
    *lines, last = (line for number, article in enumerate(articles, 1) for line in _article_lines(number, article))
    return (*lines, last._replace(text=f"{last.text.rstrip(';./ ')}./."))


def _article_lines(number: int, article: Article) -> Iterator[Line]:
    yield Line("article", f"Điều {number}.", article.heading, article.text)
    for position, clause in enumerate(article.clauses, 1):
        yield Line("clause", f"{position}.", "", clause.text)
        for index, point in enumerate(clause.points):
            yield Line("point", f"{point_letter(index)})", "", point)


def recipient_lines(recipients: Sequence[str], copy_kept_by: str) -> tuple[str, ...]:
    """The lines under "Nơi nhận:", the last being the copy kept by the records office and the drafting unit."""
    kept = f"Lưu: VT, {copy_kept_by}" if copy_kept_by else "Lưu: VT"
    return tuple(f"- {line}" for line in closed([*recipients, kept]))


def verdict(result: Verdict) -> str:
    """What an indicator or a criterion comes to, in words."""
    return VERDICTS[result]


def addressee_lines(addressees: Sequence[str]) -> tuple[str, ...]:
    """Those whom a paper is for: one as it is, several each on a line of its own that begins with a dash."""
    return tuple(addressees) if len(addressees) == 1 else tuple(f"- {line}" for line in closed(addressees))


def in_place(unit: str, place: str) -> str:
    """A unit with the units above it: "xã Nam Tuấn, huyện Hòa An, tỉnh Cao Bằng"."""
    return f"{unit}, {place}" if place else unit


def split_body(name: str) -> tuple[str, ...]:
    """The name of a body on lines that fit its block, broken before its territory: "Ủy ban nhân dân", "tỉnh Cao Bằng".

    A long name is broken again into two lines of nearly the same length.
    """
    return tuple(line for part in _TERRITORY.split(name, maxsplit=1) for line in _halved(part))


def _halved(text: str) -> tuple[str, ...]:
    within = {at for word in _COMPOUNDS.finditer(text) for at in range(word.start(), word.end())}
    spaces = [at for at, sign in enumerate(text) if sign == " " and at not in within]
    if len(text) <= LONGEST_LINE or not spaces:
        return (text,)
    middle = min(spaces, key=lambda at: (abs(at - len(text) / 2), at))
    return text[:middle], text[middle + 1 :]


def authority_line(authority: Authority, issuing_body: str, head: str) -> str:
    """Who decides, under the title: the chairman in person or the committee (form 1.2, note 6)."""
    return (f"{head} {issuing_body}" if authority == "chairman" else issuing_body).upper()


def deciding_authority(authority: Authority, issuing_body: str, head: str) -> str:
    """The same authority inside a sentence: "Chủ tịch Ủy ban nhân dân tỉnh Cao Bằng"."""
    return f"{head} {issuing_body}" if authority == "chairman" else issuing_body


def signature_lines(authority: Authority, issuing_body: str, signer: Signer) -> tuple[str, ...]:
    """The lines above the signature; "TM." stands only where the committee decides and its head or a deputy signs."""
    collective = authority == "committee" and signer.power not in PERSONAL_POWERS
    lines = [f"TM. {signer.collective or _TERRITORY.split(issuing_body)[0]}"] if collective else []
    if signer.power == "own":
        lines += [signer.post]
    else:
        lines += [f"{POWER_SIGNS[signer.power]}{signer.head}"]
        lines += [] if signer.power == "acting" else [signer.post]
    return tuple(line.upper() for line in lines)


def units_in_short(units: Sequence[RecognisedUnit], province_name: str) -> str:
    """The units as a summary names them: one by name and place, several by count ("05 xã trên địa bàn tỉnh ...")."""
    if len(units) == 1:
        return f"{units[0].name}, {units[0].place}"
    kinds = {unit.name.split()[0] for unit in units}
    return f"{len(units):02} {kinds.pop() if len(kinds) == 1 else 'đơn vị'} trên địa bàn {province_name}"
