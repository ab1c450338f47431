"""The facts of each kind of document: one frozen class for each kind and version, by the name of its template.

Here are decisions, letters and what has a layout of its own; `reports`, `minutes` and `copies` hold the others. A
released version is never changed; what a document needs beyond it is a new version with a class of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from documents import copies, minutes, reports
from documents.document import Document, document, entered
from documents.records import (
    Article,
    BadFacts,
    Correction,
    DecisionName,
    Frame,
    IndexLine,
    IndexStep,
    Matter,
    RecognisedUnit,
    RegisterLine,
)
from documents.reports import Addressed


def require(facts: object, *parts: str) -> None:
    """Refuse facts in which one of these lists is empty."""
    for part in parts:
        if not getattr(facts, part):
            raise BadFacts(f"{part}: at least one is needed")


# --- decisions (form 1.2) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Enactment(Frame):
    """A decision: its legal bases and articles, with or without their closing signs."""

    province_name: str
    legal_bases: tuple[str, ...]
    articles: tuple[Article, ...]

    def __post_init__(self) -> None:
        """Refuse a decision without a legal basis or an article."""
        Frame.__post_init__(self)
        require(self, "legal_bases", "articles")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfUnits(Enactment):
    """A decision about one unit or several."""

    units: tuple[RecognisedUnit, ...]

    def __post_init__(self) -> None:
        """Refuse a decision that concerns nobody."""
        Enactment.__post_init__(self)
        require(self, "units")


@document("decision")
class DecisionContext(OfUnits):
    """A decision that recognises one unit or several (quyết định công nhận)."""

    year_recognised: int
    level: str


@document("refusal_decision")
class RefusalDecision(Enactment):
    """A decision not to recognise a unit (quyết định không công nhận)."""

    matter: Matter


@document("revocation_decision")
class RevocationDecision(OfUnits):
    """A decision that revokes a recognition (quyết định thu hồi quyết định công nhận)."""

    revoked: DecisionName


@document("replacement_decision")
class ReplacementDecision(OfUnits):
    """A decision in place of one whose content was wrong (Decree 30/2020, Article 18.3: the same kind of document)."""

    replaced: DecisionName
    year_recognised: int
    level: str


# --- official letters (form 1.5) ---


@document("withdrawal_letter")
class WithdrawalLetter(Addressed):
    """The letter by which the sender withdraws a dossier (công văn rút hồ sơ)."""

    reason: str


@document("correction_letter")
class CorrectionLetter(Frame):
    """The letter that corrects the form of an issued document (công văn đính chính; Decree 30/2020, Article 18.3)."""

    addressees: tuple[str, ...]
    document: str
    corrected: DecisionName
    subject: str
    corrections: tuple[Correction, ...]


# --- papers with a layout of their own ---


@document("certificate")
class Certificate(Frame):
    """The certificate of recognition (bằng công nhận); its form is not confirmed (R-low)."""

    units: tuple[RecognisedUnit, ...]
    decision: DecisionName
    province_name: str
    framed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Document):
    """A list that the house prints for itself: no letterhead, no number, nobody signs."""

    printed_on: date
    practice: bool
    draft: bool = False


@document("register_page")
class RegisterPage(Listing):
    """The outgoing register of a body for a year (sổ đăng ký văn bản đi; Decree 30/2020, Annex IV)."""

    issuing_body: str
    superior_body: str | None = None
    year: int
    lines: tuple[RegisterLine, ...]


@document("dossier_index")
class DossierIndex(Listing):
    """The index of a whole dossier that is handed out as one file: its documents and its events in time order."""

    dossier: str
    unit: str
    title: str
    state: str
    procedure: str
    documents: tuple[IndexLine, ...]
    events: tuple[IndexStep, ...]


HOMES = (copies, minutes, reports)
"""Where the other kinds are said."""
KINDS: Mapping[str, type[Any]] = MappingProxyType(entered)
