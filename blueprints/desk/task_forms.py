"""The forms of what is filled in between two actions, as far as they do not depend on the dossier."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, StringField, TextAreaField
from wtforms.validators import ValidationError

from blueprints.forms import (
    OPTIONAL,
    CountField,
    DayField,
    FilePresent,
    UploadField,
    at_most,
    counted,
    dated,
    one_of,
    some_of,
    typed,
)

YES_NO = {"yes": _l("Có"), "no": _l("Không")}
MET = {"yes": _l("Đạt"), "no": _l("Chưa đạt")}
MINUTES = _l("Biên bản (tệp PDF hoặc ảnh; đã nộp thì không cần nộp lại)")


def file_and_title() -> dict[str, Any]:
    """A file that must be chosen, and a title that may stay empty."""
    return {
        "file": UploadField(_l("Tệp"), [FilePresent()]),
        "title": StringField(_l("Tên tài liệu (không bắt buộc)"), [OPTIONAL, at_most(200)]),
    }


class CommunePostingForm(Form):
    """How the commune made its result public."""

    posted_on = DayField(_l("Ngày bắt đầu niêm yết"), [dated()])
    places = some_of(_l("Nơi niêm yết"), {"office": _l("Trụ sở UBND xã"), "culture_house": _l("Nhà văn hóa các xóm")})
    loudspeaker_times = CountField(_l("Số lần phát trên truyền thanh xã"), [counted()])


class HigherPostingForm(Form):
    """How a district or the province made its report public."""

    posted_on = DayField(_l("Ngày bắt đầu công khai"), [dated()])
    places = some_of(_l("Nơi công khai"), {"portal": _l("Cổng thông tin điện tử")})
    loudspeaker_times = CountField(_l("Số lần phát sóng"), [counted()])
    front_opinion = BooleanField(_l("Đã có ý kiến của Ủy ban Mặt trận Tổ quốc"))


class CommentForm(Form):
    """A comment as it was received."""

    received_on = DayField(_l("Ngày nhận góp ý"), [dated()])
    author = StringField(_l("Người hoặc tổ chức góp ý"), [typed(), at_most(160)])
    text = TextAreaField(_l("Nội dung góp ý"), [typed()])


class ExplainForm(Form):
    """The answer to a comment; which one is chosen among those of the dossier."""

    accepted = one_of(_l("Tiếp thu"), YES_NO)
    explanation = TextAreaField(_l("Nội dung giải trình, tiếp thu"), [typed()])


class SurveyForm(Form):
    """The counts of the satisfaction survey."""

    started_on = DayField(_l("Ngày bắt đầu lấy ý kiến"), [dated()])
    closed_on = DayField(_l("Ngày kết thúc lấy ý kiến"), [dated()])
    households_total = CountField(_l("Tổng số hộ của xã"), [counted()])
    ballots_issued = CountField(_l("Số phiếu phát ra"), [counted()])
    ballots_valid = CountField(_l("Số phiếu hợp lệ"), [counted()])
    satisfied = CountField(_l("Số phiếu hài lòng"), [counted()])
    questions = TextAreaField(
        _l("Kết quả từng nội dung (không bắt buộc)"),
        [OPTIONAL],
        description=_l("Mỗi dòng một nội dung: mã; số hài lòng; số trả lời. Ví dụ: 1; 96; 98"),
    )
    minutes = UploadField(MINUTES)

    def validate_questions(self, _field: TextAreaField) -> None:
        """Check that each line has a code and two whole numbers."""
        try:
            self.items()
        except ValueError as error:
            message = _("Mỗi dòng cần mã, số hài lòng và số trả lời, cách nhau bằng dấu chấm phẩy.")
            raise ValidationError(message) from error

    def items(self) -> tuple[tuple[str, int, int], ...]:
        """The questions as (code, satisfied, answered); ValueError when a line cannot be read."""
        lines = [line.split(";") for line in (self.questions.data or "").splitlines() if line.strip()]
        return tuple((code.strip(), int(yes), int(answered)) for code, yes, answered in lines)


class VoteForm(Form):
    """The vote of a steering committee in counts."""

    held_on = DayField(_l("Ngày họp"), [dated()])
    members = CountField(_l("Tổng số thành viên"), [counted()])
    present = CountField(_l("Số người dự họp"), [counted()])
    agreed = CountField(_l("Số người nhất trí"), [counted()])
    minutes = UploadField(MINUTES)


class DebtForm(Form):
    """The outstanding construction debt, and the paper that confirms it."""

    debt_amount = CountField(_l("Số nợ đọng xây dựng cơ bản (đồng); không nợ thì ghi 0"), [counted()])
    paper = UploadField(_l("Văn bản xác nhận (đã nộp thì không cần nộp lại)"))


class SecurityForm(Form):
    """Whether the commune is complex in security and order, and the police's paper."""

    is_complex = one_of(_l("Xã là địa bàn phức tạp về an ninh, trật tự"), YES_NO)
    paper = UploadField(_l("Văn bản xác nhận của Công an (đã nộp thì không cần nộp lại)"))


class FieldCheckForm(Form):
    """The day of the field check."""

    checked_on = DayField(_l("Ngày khảo sát thực tế"), [dated()])


class EvidenceForm(Form):
    """A file as evidence; the indicators that it proves are those of the dossier's set."""

    file = UploadField(_l("Tệp"), [FilePresent()])
    title = StringField(_l("Tên tài liệu (không bắt buộc)"), [OPTIONAL, at_most(200)])
    expires_on = DayField(_l("Có giá trị đến ngày (không bắt buộc)"), [OPTIONAL])


class AmendForm(Form):
    """The title and the last day of a file of evidence, and another file in its place."""

    title = StringField(_l("Tên tài liệu"), [typed(), at_most(200)])
    expires_on = DayField(_l("Có giá trị đến ngày (không bắt buộc)"), [OPTIONAL])
    file = UploadField(_l("Thay bằng tệp khác (không bắt buộc)"))


class ConclusionForm(Form):
    """A department's conclusion; the criterion is one of those that the department leads."""

    met = one_of(_l("Kết luận"), MET)
    text = TextAreaField(_l("Nội dung kết luận"), [typed()])
