"""What a person has to do next with a dossier of a list, in a few words and with how far the work is."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _

from blueprints.face import lang
from queries.council import quorate
from queries.inbox import Line
from queries.left import Left, counted_for
from queries.rulebook import criteria_sets, procedures
from queries.wording import action_label
from workflow.criteria_set import CriteriaSet
from workflow.decide import onward
from workflow.facts import Grant
from workflow.guards import COMMUNE_PARTS
from workflow.names import Role, Work
from workflow.procedure import Procedure


class Offices(NamedTuple):
    """The offices held today, and the departments for which one appraises."""

    roles: frozenset[Role]
    departments: frozenset[str]

    @property
    def works(self) -> frozenset[Work]:
        """The works of these offices of which a list says how far they are."""
        return counted_for(self.roles)


def offices_of(grants: Collection[Grant], today: date) -> Offices:
    """The offices that count today."""
    current = [grant for grant in grants if grant.holds_on(today)]
    departments = (grant.department for grant in current if grant.role is Role.DEPARTMENT_REVIEWER)
    return Offices(frozenset(grant.role for grant in current), frozenset(one for one in departments if one))


def next_of(line: Line, left: Left, offices: Offices) -> str:
    """What is to be done next: one's own share of the work, else the step that leads on."""
    procedure = procedures()[line.procedure_id]
    work = procedure.states[line.state].work
    for kind, say in _SAID.items():
        if offices.roles.intersection(work.get(kind, ())) and (said := say(left, procedure, offices)):
            return said
    step = onward(procedure, line.state)
    return action_label(step, lang()) if step else ""


def _set_of(left: Left) -> CriteriaSet | None:
    return criteria_sets()[left.set_key] if left.set_key else None


def _assessed(left: Left, _procedure: Procedure, _offices: Offices) -> str:
    found = _set_of(left)
    return _("Tự đánh giá %(done)s/%(all)s chỉ tiêu", done=left.judged, all=len(found.indicators)) if found else ""


def _verified(left: Left, _procedure: Procedure, _offices: Offices) -> str:
    found = _set_of(left)
    if found is None or left.judged >= len(found.indicators):
        return ""
    return _("Thẩm tra %(done)s/%(all)s chỉ tiêu", done=left.judged, all=len(found.indicators))


def _checked(left: Left, _procedure: Procedure, _offices: Offices) -> str:
    if left.incomplete:
        return _("Còn thiếu %(count)s thành phần", count=left.incomplete)
    if left.ticked < len(COMMUNE_PARTS):
        return _("Kiểm tra %(done)s/%(all)s thành phần", done=left.ticked, all=len(COMMUNE_PARTS))
    return _("Đủ thành phần, chờ tiếp nhận")


def _concluded(left: Left, _procedure: Procedure, offices: Offices) -> str:
    found = _set_of(left)
    if found is None:
        return ""
    mine = {one.code for one in found.criteria if found.leader_of(one.code) in offices.departments}
    if not mine:
        return _("Không có tiêu chí do đơn vị phụ trách")
    done = len(mine.intersection(left.concluded))
    if done == len(mine):
        return _("Đã kết luận đủ %(all)s tiêu chí", all=len(mine))
    return _("Kết luận %(done)s/%(all)s tiêu chí", done=done, all=len(mine))


def _led(left: Left, _procedure: Procedure, _offices: Offices) -> str:
    found = _set_of(left)
    if found is None:
        return ""
    return _("Có kết luận %(done)s/%(all)s tiêu chí", done=len(left.concluded), all=len(found.criteria))


def _held(left: Left, procedure: Procedure, _offices: Offices) -> str:
    sitting = left.sitting
    if sitting is None:
        return _("Chưa có phiên họp, hãy triệu tập")
    if sitting.closed and not quorate(procedure.id, sitting.members, sitting.voters):
        return _("Phiên họp thiếu thành viên, hãy triệu tập phiên khác")
    if sitting.closed:
        return _("Đã họp, ghi nhận kết luận")
    return _("Đang họp") if sitting.opened else _("Họp ngày %(day)s", day=sitting.held_on.strftime("%d/%m/%Y"))


def _voted(left: Left, procedure: Procedure, _offices: Offices) -> str:
    sitting = left.sitting
    if sitting is None:
        return _("Chưa có phiên họp")
    if sitting.brought:
        return _("Không bỏ phiếu: quý vị đã trình hồ sơ này")
    if sitting.closed and not quorate(procedure.id, sitting.members, sitting.voters):
        return _("Phiên họp thiếu thành viên, chờ phiên khác")
    if sitting.opened and not sitting.closed and not sitting.voted:
        return _("Chờ bỏ phiếu") if sitting.present else _("Thư ký chưa ghi nhận quý vị có mặt")
    done = _("Đã bỏ phiếu") if sitting.voted else _("Phiên họp đã kết thúc")
    return done if sitting.opened else _("Họp ngày %(day)s", day=sitting.held_on.strftime("%d/%m/%Y"))


_SAID = {
    Work.ASSESS_COMMUNE: _assessed,
    Work.ASSESS_REVIEW: _verified,
    Work.KEEP_CHECKLIST: _checked,
    Work.CONCLUDE_CRITERION: _concluded,
    Work.CHECK_FIELD: _led,
    Work.KEEP_COUNCIL: _held,
    Work.CAST_BALLOT: _voted,
}
