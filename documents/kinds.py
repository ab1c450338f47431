"""The facts of each kind of document: one frozen class for each kind and version, by the name of its template.

Here are decisions, letters and what has a layout of its own; `reports`, `minutes` and `copies` hold the others. A
released version is never changed; what a document needs beyond it is a new version with a class of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from documents.copies import CopyOfCopy, Extract, TrueCopy
from documents.minutes import AnnouncementRecord, CouncilMinutes, PostingRecord, VoteMinutes
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
from documents.reports import (
    Addressed,
    AppraisalReport,
    ChangeList,
    ConsultationNotice,
    CountedSurveyReport,
    DebtReport,
    OpinionSummary,
    Proposal,
    Receipt,
    RefusalNotice,
    ResultReport,
    ReturnNotice,
    SurveyReport,
    VerificationReport,
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext(OfUnits):
    """A decision that recognises one unit or several (quyết định công nhận)."""

    kind: Literal["decision"] = "decision"
    version: Literal[1] = 1
    year_recognised: int
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalDecision(Enactment):
    """A decision not to recognise a unit (quyết định không công nhận)."""

    kind: Literal["refusal_decision"] = "refusal_decision"
    version: Literal[1] = 1
    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationDecision(OfUnits):
    """A decision that revokes a recognition (quyết định thu hồi quyết định công nhận)."""

    kind: Literal["revocation_decision"] = "revocation_decision"
    version: Literal[1] = 1
    revoked: DecisionName


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementDecision(OfUnits):
    """A decision in place of one whose content was wrong (Decree 30/2020, Article 18.3: the same kind of document)."""

    kind: Literal["replacement_decision"] = "replacement_decision"
    version: Literal[1] = 1
    replaced: DecisionName
    year_recognised: int
    level: str


# --- official letters (form 1.5) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalLetter(Addressed):
    """The letter by which the sender withdraws a dossier (công văn rút hồ sơ)."""

    kind: Literal["withdrawal_letter"] = "withdrawal_letter"
    version: Literal[1] = 1
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLetter(Frame):
    """The letter that corrects the form of an issued document (công văn đính chính; Decree 30/2020, Article 18.3)."""

    kind: Literal["correction_letter"] = "correction_letter"
    version: Literal[1] = 1
    addressees: tuple[str, ...]
    document: str
    corrected: DecisionName
    subject: str
    corrections: tuple[Correction, ...]


# --- papers with a layout of their own ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(Frame):
    """The certificate of recognition (bằng công nhận); its form is not confirmed (R-low)."""

    kind: Literal["certificate"] = "certificate"
    version: Literal[1] = 1
    units: tuple[RecognisedUnit, ...]
    decision: DecisionName
    province_name: str
    framed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """The outgoing register of a body for a year (sổ đăng ký văn bản đi; Decree 30/2020, Annex IV)."""

    kind: Literal["register_page"] = "register_page"
    version: Literal[1] = 1
    issuing_body: str
    superior_body: str | None = None
    year: int
    printed_on: date
    lines: tuple[RegisterLine, ...]
    practice: bool
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierIndex:
    """The index of a whole dossier that is handed out as one file: its documents and its events in time order."""

    kind: Literal["dossier_index"] = "dossier_index"
    version: Literal[1] = 1
    dossier: str
    unit: str
    title: str
    state: str
    procedure: str
    printed_on: date
    documents: tuple[IndexLine, ...]
    events: tuple[IndexStep, ...]
    practice: bool
    draft: bool = False


def _name(facts: type[Any]) -> str:
    given = {field.name: field.default for field in fields(facts)}
    return f"{given['kind']}/v{given['version']}"


_CLASSES: tuple[type[Any], ...] = (
    DecisionContext,
    RefusalDecision,
    RevocationDecision,
    ReplacementDecision,
    Proposal,
    ResultReport,
    OpinionSummary,
    SurveyReport,
    CountedSurveyReport,
    DebtReport,
    Receipt,
    ReturnNotice,
    ChangeList,
    VerificationReport,
    ConsultationNotice,
    AppraisalReport,
    RefusalNotice,
    PostingRecord,
    VoteMinutes,
    CouncilMinutes,
    AnnouncementRecord,
    WithdrawalLetter,
    CorrectionLetter,
    TrueCopy,
    CopyOfCopy,
    Extract,
    Certificate,
    RegisterPage,
    DossierIndex,
)
KINDS: Mapping[str, type[Any]] = {_name(one): one for one in _CLASSES}
