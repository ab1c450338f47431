"""The whole dossier at one look before it is signed off: what each part comes to, and where it is read in full."""

from typing import NamedTuple

from flask_babel import gettext as _

from blueprints.desk.base import Board
from blueprints.desk.columns import assessments, judging_column
from blueprints.face import amount, place_names, share_of
from workflow.guards import COMMUNE_PARTS
from workflow.names import Stage


class Line(NamedTuple):
    """One line of the look: what it is about, what it comes to, and the section where it is read in full."""

    label: str
    text: str
    section: str


def look_at(board: Board) -> tuple[Line, ...]:
    """What the dossier comes to, line by line; a line for what is not there yet says so."""
    if board.from_book:
        return (*_criteria(board), *_heard(board))
    return (*_criteria(board), *_asking(board), *_conditions(board), _parts(board))


def _criteria(board: Board) -> tuple[Line, ...]:
    found = assessments(board)
    if not found:
        return ()
    tally = found[judging_column(board)].tally
    files = {one.item_id for one in board.details.proofs}
    proven = {one.indicator for one in board.details.proofs}
    indicators = _(
        "%(met)s đạt, %(not_met)s chưa đạt, %(absent)s không áp dụng",
        met=tally.met,
        not_met=tally.not_met,
        absent=tally.not_applicable,
    )
    return (
        Line(_("Tiêu chí đạt"), f"{tally.criteria_met}/{tally.criteria}", "criteria"),
        Line(_("Chỉ tiêu"), indicators, "criteria"),
        Line(
            _("Minh chứng"),
            _("%(files)s tệp cho %(count)s chỉ tiêu", files=len(files), count=len(proven)),
            "criteria",
        ),
    )


def _asking(board: Board) -> tuple[Line, ...]:
    details, nothing = board.details, _("Chưa có")
    posted, survey = details.postings.get(Stage.COMMUNE), details.survey
    vote = details.votes.get(Stage.COMMUNE)
    comments = [one for one in details.comments if one.stage == Stage.COMMUNE]
    unexplained = board.file.facts.open_comments.get(Stage.COMMUNE, 0)
    said = _("%(all)s góp ý, %(open)s chưa giải trình", all=len(comments), open=unexplained)
    where = f"{posted.posted_on:%d/%m/%Y}, {place_names(posted.places)}" if posted else nothing
    asked = _of(survey.ballots_issued, survey.households_total) if survey else nothing
    pleased = _of(survey.satisfied, survey.ballots_valid) if survey else nothing
    agreed = _of(vote.agreed, vote.present) if vote else nothing
    return (
        Line(_("Niêm yết, công khai"), where, "conditions"),
        Line(_("Góp ý"), said, "conditions"),
        Line(_("Hộ được lấy ý kiến"), asked, "conditions"),
        Line(_("Phiếu hài lòng"), pleased, "conditions"),
        Line(_("Ban Chỉ đạo xã nhất trí"), agreed, "conditions"),
    )


def _heard(board: Board) -> tuple[Line, ...]:
    """Where the review of a title of the book was made public, by the tier that did so."""
    return tuple(
        Line(_("Niêm yết, công khai"), f"{one.posted_on:%d/%m/%Y}, {place_names(one.places)}", "conditions")
        for one in board.details.postings.values()
    )


def _of(part: int, whole: int) -> str:
    return f"{amount(part)}/{amount(whole)} ({share_of(part, whole)})"


def _conditions(board: Board) -> tuple[Line, ...]:
    stated = board.details.stated
    debt = _("Chưa khai") if stated.debt_amount is None else f"{amount(stated.debt_amount)} {_('đồng')}"
    security = {None: _("Chưa xác nhận"), True: _("Là địa bàn phức tạp"), False: _("Không phải địa bàn phức tạp")}
    found = None if stated.security_complex is None else bool(stated.security_complex)
    return (
        Line(_("Nợ đọng xây dựng cơ bản"), debt, "conditions"),
        Line(_("An ninh, trật tự"), security[found], "conditions"),
    )


def _parts(board: Board) -> Line:
    filed = [part for part in COMMUNE_PARTS if part in board.file.facts.parts]
    return Line(_("Thành phần hồ sơ"), f"{len(filed)}/{len(COMMUNE_PARTS)}", "parts")
