"""What the pages of the administrator share: who may read them, who may write, and the sections between which one goes.

A section is a page of its own; whoever adds one names it in SECTIONS, and every page of it draws `admin/base.html`.
"""

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext as _l

from blueprints.access import Pages
from workflow.names import Role

pages = Pages("admin", __name__, url_prefix="/admin")
WRITERS = frozenset({Role.ADMINISTRATOR})
READERS = WRITERS | {Role.INSPECTOR}

SECTIONS: list[tuple[Any, str]] = [
    (_l("Người dùng"), "admin.users_page"),
]


@pages.app_context_processor
def sections() -> dict[str, Any]:
    """The sections as tabs, on the pages of the administrator alone; the one that is open is marked."""
    if request.blueprint != pages.name:
        return {}
    return {"admin_tabs": [(label, url_for(name), url_for(name) == request.path) for label, name in SECTIONS]}
