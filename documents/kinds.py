"""The facts of each kind of document: one frozen class for each kind and version, by the name of its template.

A released version is never changed; what a document needs beyond it is a new version with a class of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from documents.records import (
    Article,
    Attendant,
    BadFacts,
    Conclusion,
    Correction,
    CriteriaTable,
    DecisionName,
    Difference,
    Frame,
    Matter,
    Opinion,
    PartLine,
    Publication,
    RecognisedUnit,
    RegisterLine,
    Satisfaction,
    Signer,
    SurveyItem,
    Tally,
    Votes,
)


def require(facts: object, *parts: str) -> None:
    """Refuse facts in which one of these lists is empty."""
    for part in parts:
        if not getattr(facts, part):
            raise BadFacts(f"{part}: at least one is needed")


# --- decisions (form 1.2) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Enactment(Frame):
    """A decision: its legal bases and articles. They may come with or without their closing signs."""

    province_name: str
    legal_bases: tuple[str, ...]
    articles: tuple[Article, ...]

    def __post_init__(self) -> None:
        """Refuse a decision without a legal basis or an article."""
        Frame.__post_init__(self)
        require(self, "legal_bases", "articles")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionContext(Enactment):
    """A decision that recognises one unit or several (quyết định công nhận)."""

    kind: Literal["decision"] = "decision"
    version: Literal[1] = 1
    year_recognised: int
    level: str
    units: tuple[RecognisedUnit, ...]

    def __post_init__(self) -> None:
        """Refuse a decision that recognises nobody."""
        Enactment.__post_init__(self)
        require(self, "units")


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalDecision(Enactment):
    """A decision not to recognise a unit (quyết định không công nhận)."""

    kind: Literal["refusal_decision"] = "refusal_decision"
    version: Literal[1] = 1
    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationDecision(Enactment):
    """A decision that revokes a recognition (quyết định thu hồi quyết định công nhận)."""

    kind: Literal["revocation_decision"] = "revocation_decision"
    version: Literal[1] = 1
    revoked: DecisionName
    units: tuple[RecognisedUnit, ...]

    def __post_init__(self) -> None:
        """Refuse a revocation that concerns nobody."""
        Enactment.__post_init__(self)
        require(self, "units")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementDecision(Enactment):
    """A decision in place of one whose content was wrong (Decree 30/2020, Article 18.3: the same kind of document)."""

    kind: Literal["replacement_decision"] = "replacement_decision"
    version: Literal[1] = 1
    replaced: DecisionName
    year_recognised: int
    level: str
    units: tuple[RecognisedUnit, ...]

    def __post_init__(self) -> None:
        """Refuse a replacement that recognises nobody."""
        Enactment.__post_init__(self)
        require(self, "units")


# --- proposals, reports and notices (form 1.4) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(Frame):
    """A proposal to verify, appraise and recognise (tờ trình)."""

    kind: Literal["proposal"] = "proposal"
    version: Literal[1] = 1
    matter: Matter
    addressees: tuple[str, ...]
    legal_bases: tuple[str, ...]
    asks: str
    tally: Tally
    satisfaction: Satisfaction | None
    votes: Votes | None
    debt: int | None
    complex_security: bool | None
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReport(Frame):
    """The commune's report on its result, with the table of criteria (báo cáo kết quả)."""

    kind: Literal["result_report"] = "result_report"
    version: Literal[1] = 1
    matter: Matter
    criteria_set: str
    adoption: str
    tally: Tally
    table: CriteriaTable
    debt: int | None
    complex_security: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSummary(Frame):
    """The summary of opinions with the explanation of each (báo cáo tổng hợp ý kiến)."""

    kind: Literal["opinion_summary"] = "opinion_summary"
    version: Literal[1] = 1
    matter: Matter
    publication: Publication
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyReport(Frame):
    """The Fatherland Front's report on the satisfaction survey (báo cáo lấy ý kiến hài lòng)."""

    kind: Literal["survey_report"] = "survey_report"
    version: Literal[1] = 1
    matter: Matter
    started_on: date
    closed_on: date
    households: int
    issued: int
    valid: int
    satisfied: int
    needed_percent: int
    items: tuple[SurveyItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtReport(Frame):
    """The report on outstanding construction debt, in VND (báo cáo tình hình nợ đọng xây dựng cơ bản)."""

    kind: Literal["debt_report"] = "debt_report"
    version: Literal[1] = 1
    matter: Matter
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(Frame):
    """The receipt for a dossier that is complete, with its parts and the day of the result (giấy tiếp nhận hồ sơ)."""

    kind: Literal["receipt"] = "receipt"
    version: Literal[1] = 1
    matter: Matter
    sender: str
    parts: tuple[PartLine, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNotice(Frame):
    """The notice that returns a dossier and names everything that is missing, once (thông báo trả lại hồ sơ)."""

    kind: Literal["return_notice"] = "return_notice"
    version: Literal[1] = 1
    matter: Matter
    addressees: tuple[str, ...]
    reason: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeList(Frame):
    """The commune's report on what it has supplemented (báo cáo bổ sung, hoàn thiện hồ sơ)."""

    kind: Literal["change_list"] = "change_list"
    version: Literal[1] = 1
    matter: Matter
    addressees: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReport(Frame):
    """The report on the verification, with the reviewer's column beside the commune's (báo cáo thẩm tra)."""

    kind: Literal["verification_report"] = "verification_report"
    version: Literal[1] = 1
    matter: Matter
    tally: Tally
    table: CriteriaTable
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationNotice(Frame):
    """The notice on the result of a consultation at an upper tier (thông báo kết quả lấy ý kiến)."""

    kind: Literal["consultation_notice"] = "consultation_notice"
    version: Literal[1] = 1
    matter: Matter
    publication: Publication
    front_opinion: bool
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalReport(Frame):
    """The report on the appraisal, with each department's conclusion (báo cáo thẩm định)."""

    kind: Literal["appraisal_report"] = "appraisal_report"
    version: Literal[1] = 1
    matter: Matter
    addressees: tuple[str, ...]
    checked_on: date | None
    tally: Tally
    table: CriteriaTable
    differences: tuple[Difference, ...]
    conclusions: tuple[Conclusion, ...]
    satisfaction: Satisfaction | None
    debt: int | None
    complex_security: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalNotice(Frame):
    """The notice that a unit is not recognised, with the reasons (thông báo không công nhận)."""

    kind: Literal["refusal_notice"] = "refusal_notice"
    version: Literal[1] = 1
    matter: Matter
    addressees: tuple[str, ...]
    held_on: date | None
    reason: str


# --- minutes (form 1.9) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes(Frame):
    """Minutes: the secretary signs at the left, the chair (the frame's signer) at the right."""

    secretary: Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRecord(Minutes):
    """The record of a posting in the commune (biên bản niêm yết công khai)."""

    kind: Literal["posting_record"] = "posting_record"
    version: Literal[1] = 1
    matter: Matter
    publication: Publication
    opinions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteMinutes(Minutes):
    """The minutes of a Steering Committee's meeting and vote (biên bản họp, bỏ phiếu)."""

    kind: Literal["vote_minutes"] = "vote_minutes"
    version: Literal[1] = 1
    matter: Matter
    committee: str
    held_on: date
    votes: Votes


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilMinutes(Minutes):
    """The minutes of the council on one dossier: attendance, ballots and conclusion (biên bản họp Hội đồng)."""

    kind: Literal["council_minutes"] = "council_minutes"
    version: Literal[1] = 1
    matter: Matter
    council: str
    held_on: date
    held_at: str
    members: int
    attendants: tuple[Attendant, ...]
    in_favour: int
    against: int
    blank: int
    needed_percent: int
    tally: Tally
    recommended: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnouncementRecord(Minutes):
    """The record of the ceremony at which a decision was announced (biên bản công bố)."""

    kind: Literal["announcement_record"] = "announcement_record"
    version: Literal[1] = 1
    matter: Matter
    decision: DecisionName
    announced_on: date
    announced_at: str


# --- official letters (form 1.5) ---


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalLetter(Frame):
    """The letter by which the sender withdraws a dossier (công văn rút hồ sơ)."""

    kind: Literal["withdrawal_letter"] = "withdrawal_letter"
    version: Literal[1] = 1
    matter: Matter
    addressees: tuple[str, ...]
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
    Certificate,
    RegisterPage,
)
KINDS: Mapping[str, type[Any]] = {_name(one): one for one in _CLASSES}
