"""The facts of proposals, reports and notices (form 1.4 of Decree 30/2020)."""

from dataclasses import dataclass
from datetime import date

from documents.document import document
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


@document("proposal")
class Proposal(Addressed):
    """A proposal to verify, appraise and recognise (tờ trình)."""

    legal_bases: tuple[str, ...]
    asks: str
    tally: Tally
    satisfaction: Satisfaction | None
    votes: Votes | None
    debt: int | None
    complex_security: bool | None
    parts: tuple[str, ...]


@document("result_report")
class ResultReport(OfDossier):
    """The commune's report on its result, with the table of criteria (báo cáo kết quả)."""

    criteria_set: str
    adoption: str
    tally: Tally
    table: CriteriaTable
    debt: int | None
    complex_security: bool | None


@document("opinion_summary")
class OpinionSummary(OfDossier):
    """The summary of opinions with the explanation of each (báo cáo tổng hợp ý kiến)."""

    publication: Publication
    opinions: tuple[Opinion, ...]


@document("survey_report")
class SurveyReport(OfDossier):
    """The Fatherland Front's report on the satisfaction survey (báo cáo lấy ý kiến hài lòng)."""

    started_on: date
    closed_on: date
    households: int
    issued: int
    valid: int
    satisfied: int
    needed_percent: int
    items: tuple[SurveyItem, ...]


@document("survey_report", version=2)
class CountedSurveyReport(OfDossier):
    """The same report, with the forms that are not satisfied and those that say no opinion where these were counted."""

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


@document("debt_report")
class DebtReport(OfDossier):
    """The report on outstanding construction debt, in VND (báo cáo tình hình nợ đọng xây dựng cơ bản)."""

    amount: int


@document("receipt")
class Receipt(OfDossier):
    """The receipt for a dossier that is complete, with its parts and the day of the result (giấy tiếp nhận hồ sơ)."""

    sender: str
    parts: tuple[PartLine, ...]
    due_on: date | None


@document("return_notice")
class ReturnNotice(Addressed):
    """The notice that returns a dossier and names everything that is missing, once (thông báo trả lại hồ sơ)."""

    reason: str
    missing: tuple[str, ...]


@document("change_list")
class ChangeList(Addressed):
    """The commune's report on what it has supplemented (báo cáo bổ sung, hoàn thiện hồ sơ)."""

    changes: tuple[str, ...]


@document("verification_report")
class VerificationReport(OfDossier):
    """The report on the verification, with the reviewer's column beside the commune's (báo cáo thẩm tra)."""

    tally: Tally
    table: CriteriaTable
    differences: tuple[Difference, ...]


@document("consultation_notice")
class ConsultationNotice(OfDossier):
    """The notice on the result of a consultation at an upper tier (thông báo kết quả lấy ý kiến)."""

    publication: Publication
    front_opinion: bool
    opinions: tuple[Opinion, ...]


@document("appraisal_report")
class AppraisalReport(Addressed):
    """The report on the appraisal, with each department's conclusion (báo cáo thẩm định)."""

    checked_on: date | None
    tally: Tally
    table: CriteriaTable
    differences: tuple[Difference, ...]
    conclusions: tuple[Conclusion, ...]
    satisfaction: Satisfaction | None
    debt: int | None
    complex_security: bool | None


@document("refusal_notice")
class RefusalNotice(Addressed):
    """The notice that a unit is not recognised, with the reasons (thông báo không công nhận)."""

    held_on: date | None
    reason: str
