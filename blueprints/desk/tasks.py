"""What can be filled in between two actions: for each task its form, what stands there now, and who takes it.

A task is data: the page in `filling` shows any of them. Answers of indicators have a page of their own (`answering`).
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField

from blueprints.desk import evidence_tasks as evidence
from blueprints.desk import task_forms as forms
from blueprints.desk.base import Board
from blueprints.desk.task import Act, Task, fixed
from blueprints.face import in_language, word
from blueprints.forms import OPTIONAL, one_of
from casework import checking, consulting
from casework.checking import PartCheck, owner_of
from casework.consulting import PostingEntry, SurveyEntry, VoteEntry
from workflow.guards import COMMUNE_PARTS
from workflow.names import Stage, Work

# Posting, comments, survey, votes


def _posting_form(board: Board, _item: str) -> type[Form]:
    return forms.CommunePostingForm if board.stage is Stage.COMMUNE else forms.HigherPostingForm


def _standing_posting(board: Board, _item: str) -> Mapping[str, Any]:
    standing = board.details.postings.get(board.stage)
    return standing._asdict() if standing else {}


def _keep_posting(act: Act) -> None:
    form = act.form
    front = form.front_opinion.data if "front_opinion" in form else False
    places = tuple(form.places.data or ())
    entry = PostingEntry(form.posted_on.data, places, form.loudspeaker_times.data, front_opinion=front)
    consulting.keep_posting(act.connection, act.board.id, entry, *act.by)


def _log_comment(act: Act) -> None:
    form = act.form
    words = (form.author.data, form.text.data, form.received_on.data)
    consulting.log_comment(act.connection, act.board.id, *words, *act.by)


def _explain_form(board: Board, _item: str) -> type[Form]:
    """Answer a comment of this tier: those without an explanation stand first."""
    mine = [one for one in board.details.comments if one.stage == board.stage]
    listed = sorted(mine, key=lambda one: (one.accepted is not None, one.id))
    comment = one_of(_l("Góp ý"), {str(one.id): f"{one.author}: {one.text}" for one in listed})
    return type("ExplainForm", (forms.ExplainForm,), {"comment": comment})


def _explain_comment(act: Act) -> None:
    form = act.form
    accepted = form.accepted.data == "yes"
    said = (int(form.comment.data), form.explanation.data)
    consulting.explain_comment(act.connection, act.board.id, *said, *act.by, accepted=accepted)


def _standing_survey(board: Board, _item: str) -> Mapping[str, Any]:
    survey = board.details.survey
    if survey is None:
        return {}
    return survey._asdict() | {"questions": "\n".join("; ".join(map(str, item)) for item in survey.items)}


def _keep_survey(act: Act) -> None:
    form, before = act.form, act.board.details.survey
    entry = SurveyEntry(
        started_on=form.started_on.data,
        closed_on=form.closed_on.data,
        households_total=form.households_total.data,
        ballots_issued=form.ballots_issued.data,
        ballots_valid=form.ballots_valid.data,
        satisfied=form.satisfied.data,
        items=form.items(),
        minutes_sha256=act.store(form.minutes, before.minutes if before else None),
    )
    consulting.keep_survey(act.connection, act.board.id, entry, *act.by)


def _standing_vote(board: Board, _item: str) -> Mapping[str, Any]:
    vote = board.details.votes.get(board.stage)
    return vote._asdict() if vote else {}


def _keep_vote(act: Act) -> None:
    form, before = act.form, act.board.details.votes.get(act.board.stage)
    minutes = act.store(form.minutes, before.minutes if before else None)
    entry = VoteEntry(form.held_on.data, form.members.data, form.present.data, form.agreed.data, minutes)
    consulting.keep_vote(act.connection, act.board.id, entry, *act.by)


# Debt, security, field check


def _state_debt(act: Act) -> None:
    paper = act.store(act.form.paper, act.board.details.stated.debt_paper)
    checking.state_debt(act.connection, act.board.id, act.form.debt_amount.data, paper, *act.by)


def _standing_security(board: Board, _item: str) -> Mapping[str, Any]:
    found = board.details.stated.security_complex
    return {} if found is None else {"is_complex": "yes" if found else "no"}


def _confirm_security(act: Act) -> None:
    paper = act.store(act.form.paper, act.board.details.stated.security_paper)
    is_complex = act.form.is_complex.data == "yes"
    checking.confirm_security(act.connection, act.board.id, paper, *act.by, is_complex=is_complex)


def _check_field(act: Act) -> None:
    checking.check_field(act.connection, act.board.id, act.form.checked_on.data, *act.by)


# The completeness check


def _checklist_form(_board: Board, _item: str) -> type[Form]:
    fields: dict[str, Any] = {}
    for part in COMMUNE_PARTS:
        name = f"{part.value} {word('parts', part.value)}"
        answers = {"yes": _("Đầy đủ"), "no": _("Chưa đầy đủ")}
        fields[f"complete_{part.value}"] = one_of(name, answers, optional=True)
        fields[f"note_{part.value}"] = StringField(_("Còn thiếu gì ở %(part)s", part=part.value), [OPTIONAL])
    return type("ChecklistForm", (Form,), fields)


def _standing_checklist(board: Board, _item: str) -> Mapping[str, Any]:
    mine = [one for (stage, _part), one in board.details.checks.items() if stage == board.stage]
    answers = {f"complete_{one.part}": "yes" if one.complete else "no" for one in mine}
    return answers | {f"note_{one.part}": one.note for one in mine}


def _check_parts(act: Act) -> None:
    form = act.form
    ticked = [part for part in COMMUNE_PARTS if form[f"complete_{part.value}"].data]
    checks = tuple(
        PartCheck(
            part, complete=form[f"complete_{part.value}"].data == "yes", note=form[f"note_{part.value}"].data or ""
        )
        for part in ticked
    )
    checking.check_parts(act.connection, act.board.id, checks, *act.by)


# Conclusions


def _conclusion_form(board: Board, _item: str) -> type[Form]:
    """Conclude on one of the criteria that the person's own department leads."""
    rules, grant = board.file.facts.rules, board.works[Work.CONCLUDE_CRITERION]
    criteria = rules.criteria_set.criteria if rules else ()
    led = [one for one in criteria if rules and owner_of(rules.criteria_set, one.code) == grant.department]
    choices = {one.code: f"{one.code} {in_language(one.name_vi, one.name_en)}" for one in led}
    criterion = one_of(_l("Tiêu chí"), choices)
    return type("ConclusionForm", (forms.ConclusionForm,), {"criterion": criterion})


def _standing_conclusion(board: Board, item: str) -> Mapping[str, Any]:
    standing = board.details.conclusions.get(item)
    if standing is None:
        return {"criterion": item}
    return {"criterion": item, "met": "yes" if standing.met else "no", "text": standing.text}


def _conclude(act: Act) -> None:
    form = act.form
    said = (form.criterion.data, form.text.data)
    checking.conclude_criterion(act.connection, act.board.id, *said, *act.by, met=form.met.data == "yes")


def _has_comments(board: Board) -> bool:
    return any(one.stage == board.stage for one in board.details.comments)


TASKS: Mapping[str, Task] = {
    "attach_part": Task(Work.ATTACH_PART, _l("Nộp thành phần hồ sơ"), evidence.part_form, evidence.attach_part),
    "keep_posting": Task(
        Work.KEEP_POSTING, _l("Ghi nhận việc niêm yết, công khai"), _posting_form, _keep_posting, _standing_posting
    ),
    "log_comment": Task(Work.LOG_COMMENT, _l("Ghi nhận góp ý"), fixed(forms.CommentForm), _log_comment),
    "explain_comment": Task(
        Work.EXPLAIN_COMMENT, _l("Giải trình, tiếp thu góp ý"), _explain_form, _explain_comment, fits=_has_comments
    ),
    "keep_survey": Task(
        Work.KEEP_SURVEY,
        _l("Ghi kết quả lấy ý kiến hài lòng"),
        fixed(forms.SurveyForm),
        _keep_survey,
        _standing_survey,
    ),
    "keep_vote": Task(
        Work.KEEP_VOTE, _l("Ghi kết quả bỏ phiếu của Ban Chỉ đạo"), fixed(forms.VoteForm), _keep_vote, _standing_vote
    ),
    "state_debt": Task(
        Work.STATE_DEBT,
        _l("Khai nợ đọng xây dựng cơ bản"),
        fixed(forms.DebtForm),
        _state_debt,
        lambda board, _item: board.details.stated._asdict(),
    ),
    "confirm_security": Task(
        Work.CONFIRM_SECURITY,
        _l("Xác nhận an ninh, trật tự"),
        fixed(forms.SecurityForm),
        _confirm_security,
        _standing_security,
    ),
    "keep_checklist": Task(
        Work.KEEP_CHECKLIST, _l("Kiểm tra thành phần hồ sơ"), _checklist_form, _check_parts, _standing_checklist
    ),
    "check_field": Task(
        Work.CHECK_FIELD,
        _l("Ghi nhận khảo sát thực tế"),
        fixed(forms.FieldCheckForm),
        _check_field,
        lambda board, _item: {"checked_on": board.file.row.field_checked_on},
    ),
    "attach_evidence": Task(
        Work.ATTACH_EVIDENCE,
        _l("Nộp minh chứng"),
        evidence.evidence_form,
        evidence.attach_evidence,
        evidence.standing_evidence,
        of_item=True,
    ),
    "amend_evidence": Task(
        Work.ATTACH_EVIDENCE,
        _l("Sửa, thay tệp minh chứng"),
        evidence.amend_form,
        evidence.amend_evidence,
        evidence.standing_proof,
        of_item=True,
        place=evidence.place_of_proof,
    ),
    "conclude_criterion": Task(
        Work.CONCLUDE_CRITERION,
        _l("Kết luận tiêu chí"),
        _conclusion_form,
        _conclude,
        _standing_conclusion,
        of_item=True,
    ),
}
