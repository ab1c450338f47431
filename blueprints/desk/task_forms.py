"""The forms of what is filled in between two actions, as far as they do not depend on the dossier."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, StringField, TextAreaField

from blueprints.forms import (
    LONGEST_TEXT,
    OPTIONAL,
    AtMostField,
    CountField,
    DayField,
    FilePresent,
    NotBefore,
    TogetherWith,
    UploadField,
    WholeOf,
    at_most,
    counted,
    dated,
    one_of,
    some_of,
    typed,
)

YES_NO = {"yes": _l("Có"), "no": _l("Không")}
MET = {"yes": _l("Đạt"), "no": _l("Chưa đạt")}
MINUTES = _l("Biên bản kiểm phiếu")


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
    text = TextAreaField(_l("Nội dung góp ý"), [typed(), at_most(LONGEST_TEXT)])


class ExplainForm(Form):
    """The answer to a comment; which one is chosen among those of the dossier."""

    accepted = one_of(_l("Tiếp thu"), YES_NO)
    explanation = TextAreaField(_l("Nội dung giải trình, tiếp thu"), [typed(), at_most(LONGEST_TEXT)])


class SurveyForm(Form):
    """The counts of the satisfaction survey as a whole."""

    started_on = DayField(_l("Ngày bắt đầu lấy ý kiến"), [dated()])
    closed_on = DayField(_l("Ngày kết thúc lấy ý kiến"), [dated(), NotBefore("started_on")])
    households_total = CountField(_l("Tổng số hộ của xã"), [counted()])
    ballots_issued = CountField(_l("Số phiếu phát ra"), [counted(), AtMostField("households_total")])
    ballots_valid = CountField(_l("Số phiếu hợp lệ"), [counted(), AtMostField("ballots_issued")])
    satisfied = CountField(_l("Số phiếu hài lòng"), [counted(), AtMostField("ballots_valid")])
    dissatisfied = CountField(_l("Số phiếu không hài lòng"), [counted(), AtMostField("ballots_valid")])
    no_opinion = CountField(
        _l("Số phiếu không có ý kiến"),
        [counted(), AtMostField("ballots_valid"), WholeOf("ballots_valid", "satisfied", "dissatisfied")],
        description=_l("Ba số cộng lại bằng số phiếu hợp lệ."),
    )
    minutes = UploadField(MINUTES)


def of_question(other: str, which: str) -> list[Any]:
    """The rules for one of the two counts of a question: both or none, and neither more than it can be."""
    return [TogetherWith(other), AtMostField(other if which == "satisfied" else "ballots_valid")]


class VoteForm(Form):
    """The vote of a steering committee in counts."""

    held_on = DayField(_l("Ngày họp"), [dated()])
    members = CountField(_l("Tổng số thành viên"), [counted()])
    present = CountField(_l("Số người dự họp"), [counted(), AtMostField("members")])
    agreed = CountField(_l("Số người nhất trí"), [counted(), AtMostField("present")])
    minutes = UploadField(MINUTES)


class DebtForm(Form):
    """The outstanding construction debt, and the paper that confirms it."""

    debt_amount = CountField(
        _l("Số nợ đọng xây dựng cơ bản (đồng)"),
        [counted()],
        description=_l("Không nợ thì ghi 0. Xã chỉ đủ điều kiện khi không còn nợ đọng."),
    )
    paper = UploadField(_l("Văn bản xác nhận"))


class SecurityForm(Form):
    """Whether the commune is complex in security and order, and the police's paper."""

    is_complex = one_of(
        _l("Xã là địa bàn phức tạp về an ninh, trật tự"),
        YES_NO,
        description=_l("Theo xác nhận của Công an. Xã chỉ đủ điều kiện khi không phải địa bàn phức tạp."),
    )
    paper = UploadField(_l("Văn bản xác nhận của Công an"))


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
    text = TextAreaField(_l("Nội dung kết luận"), [typed(), at_most(LONGEST_TEXT)])
