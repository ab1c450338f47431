"""Who looked at a dossier: for those who watch over how the record is used."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints import database, looked
from blueprints.desk.base import open_board, pages
from queries.viewings import PAGE, lookers, looks
from workflow.names import Role

VIEWERS = frozenset({Role.INSPECTOR})
MOST_PAGES = 10_000


@pages.page("/dossiers/<int:dossier_id>/viewings", access=VIEWERS)
def viewings_page(dossier_id: int) -> ResponseReturnValue:
    """Show who looked at the dossier how often, and each look, the latest first."""
    board = open_board(dossier_id)
    looked.away()
    asked = request.args.get("page", "1")
    page = min(max(int(asked), 1), MOST_PAGES) if asked.isdecimal() and len(asked) < 7 else 1
    found, total = looks(database.reader(), dossier_id, page)
    last = max(1, -(-total // PAGE))
    ways = {way: _address(dossier_id, to, last) for way, to in (("previous", page - 1), ("following", page + 1))}
    people = lookers(database.reader(), dossier_id)
    shown = {"looks": found, "people": people, "total": total, "page": page, "last": last}
    return render_template("desk/viewings.html", board=board, **shown, **ways)


def _address(dossier_id: int, page: int, last: int) -> str:
    return url_for("desk.viewings_page", dossier_id=dossier_id, page=page) if 1 <= page <= last else ""
