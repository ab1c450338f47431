"""The papers that could not be rendered yet: why, and trying again."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import database, signed
from blueprints.admin.base import READERS, WRITERS, may_write, pages
from casework.papers import ask_again
from queries.late_papers import late_papers


@pages.page("/late-papers", access=READERS)
def late_papers_page() -> ResponseReturnValue:
    """Show every paper in trouble, those that are not tried again by themselves first."""
    lines = late_papers(database.reader(), signed.require_person().actor, g.today)
    return render_template("admin/late_papers.html", lines=lines, writes=may_write())


@pages.page("/late-papers/<int:paper_id>", access=WRITERS, methods=("POST",))
def try_late_paper(paper_id: int) -> ResponseReturnValue:
    """Have one of them tried again at once."""
    with database.act() as connection:
        ask_again(connection, signed.require_person().actor, paper_id, g.now)
    flash(_("Văn bản đang được tạo lại."), "success")
    return redirect(url_for("admin.late_papers_page"), 303)
