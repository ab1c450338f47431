"""The papers of a dossier: what can be done with each beside downloading it."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import database, signed
from blueprints.desk.base import pages
from casework.papers import ask_again
from workflow.names import Role

WORKING = frozenset(Role) - {Role.INSPECTOR}  # whoever only reads asks for nothing


@pages.page("/papers/<int:paper_id>/rendering", access=WORKING, methods=("POST",))
def render_again(paper_id: int) -> ResponseReturnValue:
    """Have a paper that is waiting or in trouble rendered at once."""
    actor = signed.require_person().actor
    with database.act() as connection:
        dossier_id = ask_again(connection, actor, paper_id, g.now)
    flash(_("Văn bản đang được tạo; hãy tải lại trang sau ít phút."), "success")
    return redirect(url_for("desk.dossier_page", dossier_id=dossier_id, _anchor="papers"), 303)
