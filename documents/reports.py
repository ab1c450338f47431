"""The facts of proposals, reports and notices (form 1.4 of Decree 30/2020)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from documents.records import (
    Conclusion,
    CriteriaTable,
    Difference,
    Frame,
    Matter,
    Opinion,
    PartLine,
    Publication,
    Satisfaction,
    SurveyItem,
    Tally,
    Votes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDossier(Frame):
    """A paper about what one dossier asks for."""

    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed(OfDossier):
    """A paper of a dossier that is sent to somebody by name ("Kính gửi")."""

    addressees: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(Addressed):
    """A proposal to verify, appraise and recognise (tờ trình)."""

    kind: Literal["proposal"] = "proposal"
    version: Literal[1] = 1
    legal_bases: tuple[str, ...]
    asks: str
    tally: Tally
    satisfaction: Satisfaction | None
    votes: Votes | None
    debt: int | None
    complex_security: bool | None
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultReport(OfDossier):
    """The commune's report on its result, with the table of criteria (báo cáo kết quả)."""

    kind: Literal["result_report"] = "result_report"
    version: Literal[1] = 1
    criteria_set: str
    adoption: str
    tally: Tally
    table: CriteriaTable
    debt: int | None
    complex_security: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSummary(OfDossier):
    """The summary of opinions with the explanation of each (báo cáo tổng hợp ý kiến)."""

    kind: Literal["opinion_summary"] = "opinion_summary"
    version: Literal[1] = 1
    publication: Publication
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyReport(OfDossier):
    """The Fatherland Front's report on the satisfaction survey (báo cáo lấy ý kiến hài lòng)."""

    kind: Literal["survey_report"] = "survey_report"
    version: Literal[1] = 1
    started_on: date
    closed_on: date
    households: int
    issued: int
    valid: int
    satisfied: int
    needed_percent: int
    items: tuple[SurveyItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSurveyReport(OfDossier):
    """The same report, with the forms that are not satisfied and those that say no opinion where these were counted."""

    kind: Literal["survey_report"] = "survey_report"
    version: Literal[2] = 2
    started_on: date
    closed_on: date
    households: int
    issued: int
    valid: int
    satisfied: int
    dissatisfied: int | None
    no_opinion: int | None
    needed_percent: int
    items: tuple[SurveyItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtReport(OfDossier):
    """The report on outstanding construction debt, in VND (báo cáo tình hình nợ đọng xây dựng cơ bản)."""

    kind: Literal["debt_report"] = "debt_report"
    version: Literal[1] = 1
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(OfDossier):
    """The receipt for a dossier that is complete, with its parts and the day of the result (giấy tiếp nhận hồ sơ)."""

    kind: Literal["receipt"] = "receipt"
    version: Literal[1] = 1
    sender: str
    parts: tuple[PartLine, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnNotice(Addressed):
    """The notice that returns a dossier and names everything that is missing, once (thông báo trả lại hồ sơ)."""

    kind: Literal["return_notice"] = "return_notice"
    version: Literal[1] = 1
    reason: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeList(Addressed):
    """The commune's report on what it has supplemented (báo cáo bổ sung, hoàn thiện hồ sơ)."""

    kind: Literal["change_list"] = "change_list"
    version: Literal[1] = 1
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationReport(OfDossier):
    """The report on the verification, with the reviewer's column beside the commune's (báo cáo thẩm tra)."""

    kind: Literal["verification_report"] = "verification_report"
    version: Literal[1] = 1
    tally: Tally
    table: CriteriaTable
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationNotice(OfDossier):
    """The notice on the result of a consultation at an upper tier (thông báo kết quả lấy ý kiến)."""

    kind: Literal["consultation_notice"] = "consultation_notice"
    version: Literal[1] = 1
    publication: Publication
    front_opinion: bool
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalReport(Addressed):
    """The report on the appraisal, with each department's conclusion (báo cáo thẩm định)."""

    kind: Literal["appraisal_report"] = "appraisal_report"
    version: Literal[1] = 1
    checked_on: date | None
    tally: Tally
    table: CriteriaTable
    differences: tuple[Difference, ...]
    conclusions: tuple[Conclusion, ...]
    satisfaction: Satisfaction | None
    debt: int | None
    complex_security: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalNotice(Addressed):
    """The notice that a unit is not recognised, with the reasons (thông báo không công nhận)."""

    kind: Literal["refusal_notice"] = "refusal_notice"
    version: Literal[1] = 1
    held_on: date | None
    reason: str
