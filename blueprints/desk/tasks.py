"""What can be filled in between two actions: for each task its form, what stands there now, and who takes it.

A task is data: the page in `filling` shows any of them. Answers of indicators have a page of their own (`answering`).
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Form

from blueprints.desk import checklist
from blueprints.desk import consulting_tasks as consulted
from blueprints.desk import evidence_tasks as evidence
from blueprints.desk import task_forms as forms
from blueprints.desk.base import Board
from blueprints.desk.task import Act, Task, fixed
from blueprints.face import in_language
from blueprints.forms import one_of
from casework import checking
from workflow.names import Work

# The field check


def _check_field(act: Act) -> None:
    checking.check_field(act.connection, act.board.id, act.form.checked_on.data, *act.by)


# Conclusions


def _conclusion_form(board: Board, _item: str) -> type[Form]:
    """Conclude on one of the criteria that a department of the person's own leads."""
    rules = board.file.facts.rules
    criteria = rules.criteria_set.criteria if rules else ()
    led = [one for one in criteria if rules and rules.criteria_set.leader_of(one.code) in board.departments]
    choices = {one.code: f"{one.code} {in_language(one.name_vi, one.name_en)}" for one in led}
    criterion = one_of(_l("Tiêu chí"), choices)
    return type("ConclusionForm", (forms.ConclusionForm,), {"criterion": criterion})


def _standing_conclusion(board: Board, item: str) -> Mapping[str, Any]:
    """The conclusion that stands; without one the form begins with what was concluded before the dossier came again."""
    details = board.details
    standing = details.conclusions.get(item) or details.concluded_before.get(item)
    if standing is None:
        return {"criterion": item}
    return {"criterion": item, "met": "yes" if standing.met else "no", "text": standing.text}


def _conclude(act: Act) -> None:
    form = act.form
    said = checking.Concluded(form.criterion.data, form.text.data, form.met.data == "yes")
    checking.conclude(act.connection, act.board.id, (said,), *act.by)


TASKS: Mapping[str, Task] = {
    "attach_part": Task(Work.ATTACH_PART, _l("Nộp thành phần hồ sơ"), evidence.part_form, evidence.attach_part),
    "keep_posting": Task(
        Work.KEEP_POSTING,
        _l("Ghi nhận việc niêm yết, công khai"),
        consulted.posting_form,
        consulted.keep_posting,
        consulted.standing_posting,
        signed=lambda board: consulted.signature(board.details.postings.get(board.stage)),
        reckon=consulted.reckon_posting,
    ),
    "log_comment": Task(Work.LOG_COMMENT, _l("Ghi nhận góp ý"), fixed(forms.CommentForm), consulted.log_comment),
    "explain_comment": Task(
        Work.EXPLAIN_COMMENT,
        _l("Giải trình, tiếp thu góp ý"),
        consulted.explain_form,
        consulted.explain_comment,
        fits=consulted.has_comments,
    ),
    "keep_survey": Task(
        Work.KEEP_SURVEY,
        _l("Ghi kết quả lấy ý kiến hài lòng"),
        consulted.survey_form,
        consulted.keep_survey,
        consulted.standing_survey,
        signed=lambda board: consulted.signature(board.details.survey),
        reckon=consulted.reckon_survey,
        shows=consulted.questions,
        template="desk/survey.html",
    ),
    "keep_vote": Task(
        Work.KEEP_VOTE,
        _l("Ghi kết quả bỏ phiếu của Ban Chỉ đạo"),
        fixed(forms.VoteForm),
        consulted.keep_vote,
        consulted.standing_vote,
        signed=lambda board: consulted.signature(board.details.votes.get(board.stage)),
        reckon=consulted.reckon_vote,
    ),
    "state_debt": Task(
        Work.STATE_DEBT,
        _l("Khai nợ đọng xây dựng cơ bản"),
        fixed(forms.DebtForm),
        consulted.state_debt,
        consulted.standing_debt,
        signed=lambda board: consulted.signature(board.details.stated),
    ),
    "confirm_security": Task(
        Work.CONFIRM_SECURITY,
        _l("Xác nhận an ninh, trật tự"),
        fixed(forms.SecurityForm),
        consulted.confirm_security,
        consulted.standing_security,
        signed=lambda board: consulted.signature(board.details.stated),
    ),
    "keep_checklist": Task(
        Work.KEEP_CHECKLIST,
        _l("Kiểm tra thành phần hồ sơ"),
        checklist.checklist_form,
        checklist.check_parts,
        checklist.standing_checklist,
        shows=checklist.parts_to_check,
        template="desk/checklist.html",
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
