"""The whole dossier as one file: asking for it, seeing how far it is, and taking it, also in parts after a break."""

from flask import Response, abort, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import wrap_file

from blueprints import database, looked
from blueprints.access import SIGNED_IN
from blueprints.desk.base import open_board, pages
from casework.bundling import ask
from casework.errors import NotFound
from casework.storage import read_made
from queries.bundles import Made, bundles_of
from workflow.names import Bundled, Seen


@pages.page("/dossiers/<int:dossier_id>/whole", access=SIGNED_IN)
def whole_page(dossier_id: int) -> ResponseReturnValue:
    """Show what can be taken, how far it is, and what is ready; the page looks again by itself while that waits."""
    board = open_board(dossier_id)
    looked.away()
    made = bundles_of(database.reader(), dossier_id, board.person.person_id)
    waits = any(one.status in {"queued", "running"} for one in made.values())
    return render_template("desk/whole.html", board=board, made=made, kinds=list(Bundled), waits=waits)


@pages.page("/dossiers/<int:dossier_id>/whole/<kebab:kind>", access=SIGNED_IN, methods=("POST",))
def ask_for_whole(dossier_id: int, kind: str) -> ResponseReturnValue:
    """Have the whole dossier made as one file."""
    board = open_board(dossier_id)
    if kind not in set(Bundled):
        abort(404)
    with database.act() as connection:
        ask(connection, board.person.actor, dossier_id, Bundled(kind), g.now)
    return redirect(url_for("desk.whole_page", dossier_id=dossier_id), 303)


@pages.page("/dossiers/<int:dossier_id>/whole/<kebab:kind>/file", access=SIGNED_IN)
def whole_file(dossier_id: int, kind: str) -> ResponseReturnValue:
    """Hand out what was made, or the part of it that is asked for; not found while it is not ready."""
    board = open_board(dossier_id)
    made = bundles_of(database.reader(), dossier_id, board.person.person_id).get(kind)
    if made is None or not made.ready:
        raise NotFound(f"bundle of {dossier_id}")
    looked.at(dossier_id, Seen.WHOLE, kind)
    return _in_parts(made)


def _in_parts(made: Made) -> Response:
    """The file, read as it is sent; by its hash a browser knows that a part still belongs to what it has."""
    try:
        content = read_made(current_app.extensions["storage"], made.path)
    except FileNotFoundError as gone:
        raise NotFound(made.path) from gone
    response = Response(wrap_file(request.environ, content), mimetype=made.media_type, direct_passthrough=True)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.code}.{made.kind}"'
    response.headers["Content-Length"] = str(made.size)
    response.set_etag(made.sha256 or "")
    response.make_conditional(request, accept_ranges=True, complete_length=made.size)
    return response
