"""What the pages of the administrator share: who may read them, who may write, and the sections between which one goes.

A section is a page of its own; whoever adds one names it in SECTIONS, and every page of it draws `admin/base.html`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g, request, url_for
from flask_babel import lazy_gettext as _l
from wtforms import Form

from blueprints import signed
from blueprints.access import Pages
from blueprints.face import lang
from casework.admin_record import Keeper
from queries.wording import sentence
from workflow.names import Role
from workflow.refusal import Refusal

pages = Pages("admin", __name__, url_prefix="/admin")
WRITERS = frozenset({Role.ADMINISTRATOR})
READERS = WRITERS | {Role.INSPECTOR}

SECTIONS: list[tuple[Any, str]] = [
    (_l("Người dùng"), "admin.users_page"),
    (_l("Đơn vị hành chính"), "admin.units_page"),
    (_l("Ngày nghỉ"), "admin.holidays_page"),
    (_l("Sổ số văn bản"), "admin.numbers_page"),
    (_l("Văn bản chậm"), "admin.late_papers_page"),
    (_l("Thủ tục"), "admin.procedures_page"),
    (_l("Bộ tiêu chí"), "admin.criteria_page"),
    (_l("Việc tự động"), "admin.upkeep_page"),
    (_l("Xác thực hai lớp"), "admin.duty_page"),
    (_l("Lượt xem"), "admin.viewings_page"),
]


def may_write() -> bool:
    """Whether the person who looks may also change what these pages show; an inspector reads alone."""
    return bool(WRITERS & signed.require_person().roles_on(g.today))


def keeper() -> Keeper:
    """Whoever acts on these pages, as the record of administrative acts names them."""
    person = signed.require_person()
    return Keeper(person.name, person.person_id)


def beside(form: Form, refusals: Iterable[Refusal], places: Mapping[str, str]) -> None:
    """Put each refusal beside the field that it is about, by its code; `places` names the field of each code."""
    for refusal in refusals:
        field = form[places[refusal.code]]
        field.errors = [*field.errors, sentence(refusal, lang())]


@pages.app_context_processor
def sections() -> dict[str, Any]:
    """The sections as tabs, on the pages of the administrator alone; the one that is open is marked."""
    if request.blueprint != pages.name:
        return {}
    return {"admin_tabs": [(label, url_for(name), _is_open(url_for(name))) for label, name in SECTIONS]}


def _is_open(section: str) -> bool:
    return request.path == section or request.path.startswith(f"{section}/")
