"""A decision on several units replaced as a whole: from its own page, by one decision on all its units in force."""

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import confirming, database
from blueprints.desk.base import pages
from blueprints.desk.signing_together import Kind, fresh, page_of, several_of, take_together
from blueprints.face import SIGNERS
from casework.errors import NotFound
from queries.relations import held_by
from workflow.together import replaces


def _signed(name: str, count: int) -> str:
    return _("Đã ký Quyết định số %(name)s thay thế cho %(count)s đơn vị.", name=name, count=count)


REPLACING = Kind(replaces, "desk/replacing_together.html", _signed, whole=True)


@pages.page("/papers/<int:paper_id>/replacement", access=SIGNERS)
def replacement_page(paper_id: int) -> ResponseReturnValue:
    """Show the draft of a decision in the place of this one; of one on a single unit, that unit's own form."""
    held = [one for one in held_by(database.reader(), paper_id) if one.stands(g.today)]
    if not held:
        raise NotFound(f"paper {paper_id} to replace")
    several = several_of([one.dossier_id for one in held], replaces)
    if len(held) == 1:
        return redirect(url_for("desk.action_page", dossier_id=held[0].dossier_id, action=several.action.name), 303)
    return page_of(REPLACING, several, fresh(several), confirming.fields())


@pages.page("/papers/<int:paper_id>/replacement", access=SIGNERS, methods=("POST",))
def replacement_act(paper_id: int) -> ResponseReturnValue:
    """Replace the decision for all its units, or say what stands against it, and of which of them."""
    return take_together(REPLACING, url_for("desk.paper_page", paper_id=paper_id))
