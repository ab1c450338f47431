"""The records that documents are made of: who issues and signs, what it is about, articles, tables, counts.

All are frozen and hold strings, numbers, dates and tuples only. Names stand as inside a sentence ("Ủy ban nhân dân tỉnh
Cao Bằng", "xã Hòa An"); templates set capitals.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.document import Document

Authority = Literal["chairman", "committee"]
Power = Literal["own", "acting", "deputising", "by_order", "by_delegation"]
Medium = Literal["electronic", "paper"]
Verdict = Literal["met", "not_met", "not_applicable", "unknown", ""]


class BadFacts(ValueError):
    """Facts that do not make a document: something missing, unknown or of the wrong type, and where it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: full name without academic title (empty: not known yet), own post, and by which power.

    The head is the post of the body's head; `collective` is what "TM." speaks for where it is not the body's own name.
    """

    name: str
    post: str
    power: Power = "own"
    head: str = "Chủ tịch"
    collective: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(Document):
    """What every document by Decree 30/2020 has: boxes 2 to 4, 7, 9 and 14, and whether it is a draft or practice.

    The look-up code, the address of the check and the text of the QR code are put in when it is rendered. A draft has
    neither number nor day of signing; it was drawn up on a day all the same.
    """

    issuing_body: str
    superior_body: str | None = None
    authority: Authority = "committee"
    number: int | None = None
    symbol: str
    place: str
    drawn_on: date | None = None
    signed_on: date | None = None
    signer: Signer
    recipients: tuple[str, ...] = ()
    copy_kept_by: str = ""
    medium: Medium = "electronic"
    draft: bool
    practice: bool
    code: str | None = None
    verification_url: str | None = None
    seal: str | None = None

    def __post_init__(self) -> None:
        """Refuse a number below 1, and a document of no day at all."""
        if self.number is not None and self.number < 1:
            raise BadFacts(f"number: a number starts at 1, not {self.number}")
        if self.signed_on is None and self.drawn_on is None:
            raise BadFacts("drawn_on: a document was drawn up or signed on some day")

    @property
    def day(self) -> date:
        """The day of signing, or the day on which the draft was drawn up."""
        day = self.signed_on or self.drawn_on
        assert day is not None
        return day


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a dossier asks for: the unit, the units above it, the title, the dossier's code and the criteria's year.

    It may ask to take the title back instead.
    """

    unit: str
    place: str
    title: str
    dossier: str
    year: int
    revocation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedUnit:
    """One unit that a decision recognises: "xã Hòa An", where it lies, the title and the year it is recognised for."""

    name: str
    place: str
    level_title: str
    year: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A numbered clause (khoản) of an article, with its lettered points (điểm)."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article (Điều): an optional bold heading, a text, and numbered clauses."""

    text: str = ""
    heading: str = ""
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionName:
    """A decision by its number, symbol and day of signing, and who signed it."""

    number: int
    symbol: str
    signed_on: date
    authority: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedDocument:
    """The document that is copied: its kind and name, of whom and what about, and which file of it was copied.

    The pages are those of an extract, counted from 1. A document that is signed by hand has no file to be copied. What
    later documents have made of it stands in a sentence of its own, while it is not in force.
    """

    document: str
    number: int
    symbol: str
    signed_on: date
    issued_by: str
    subject: str
    sha256: str = ""
    pages: tuple[int, ...] = ()
    ended: str = ""


# --- criteria ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many criteria and indicators there are, and what they come to in one column."""

    criteria: int
    criteria_met: int
    indicators: int
    met: int
    not_met: int
    not_applicable: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One column's value of an indicator as it is read, and what it comes to."""

    value: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator: its code, name and required level, what each column says of it, and a note."""

    code: str
    name: str
    required: str
    findings: tuple[Finding, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionRows:
    """A criterion with its indicators, and what it comes to in the last column."""

    code: str
    name: str
    verdict: Verdict
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriteriaTable:
    """The criteria of a set with one to three columns of findings, by the columns' headings."""

    columns: tuple[str, ...]
    criteria: tuple[CriterionRows, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An indicator on which a column does not agree with the commune's, and why."""

    code: str
    name: str
    commune: Finding
    own: Finding
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A department's written conclusion on a criterion."""

    code: str
    name: str
    department: str
    met: bool
    text: str


# --- consultation, votes, parts ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """How a result was public: since when and until when, where, and how often it was read out or broadcast."""

    posted_on: date
    closed_on: date
    places: tuple[str, ...]
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """A comment, whether it was taken over (None: not answered), and the explanation."""

    received_on: date
    author: str
    text: str
    accepted: bool | None
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyItem:
    """One question of the satisfaction survey with its counts."""

    code: str
    name: str
    satisfied: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """The vote of a committee: its members, those present, those who agreed, and the share that is needed."""

    members: int
    present: int
    agreed: int
    needed_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """How many of the valid forms of the survey are satisfied."""

    satisfied: int
    valid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """A part of the dossier, whether it is complete, and what is missing in it."""

    name: str
    complete: bool
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendant:
    """A member of a council: name, post there, and whether the member was present."""

    name: str
    post: str
    present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a correction puts right: where it stands, as it was printed, as it must read."""

    where: str
    printed: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """One line of the outgoing register, its ten fields as they are read."""

    number: str
    signed_on: str
    subject: str
    signer: str
    recipients: str
    kept_by: str
    copies: str
    sent_on: str
    receipt: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexLine:
    """One document of a whole dossier: its place, what it is, by whom and when, where it stands, and its hash."""

    number: int
    name: str
    by: str
    made_on: str
    place: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStep:
    """One event of a dossier as it is read: its place, when, what, who in which office, and the reason given."""

    seq: int
    at: str
    what: str
    who: str
    reason: str = ""
