"""Handing out files: papers as PDF, and the files of a dossier, as a download or to be looked at."""

from io import BytesIO

from flask import Response, current_app, g, request, send_file
from flask.typing import ResponseReturnValue

from blueprints import database, looked, signed
from blueprints.access import SIGNED_IN
from blueprints.desk.base import pages
from casework.errors import NotFound
from casework.storage import get
from queries.dossiers import Download, file_of_dossier, rendered_pdf
from workflow.names import Seen

SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png"})  # what a browser shows without running anything of it


@pages.page("/papers/<int:paper_id>.pdf", access=SIGNED_IN)
def paper_pdf(paper_id: int) -> ResponseReturnValue:
    """Hand out a paper; not found while it is not rendered."""
    actor = signed.require_person().actor
    return hand_out(rendered_pdf(database.reader(), actor, g.today, paper_id))


@pages.page("/dossiers/<int:dossier_id>/files/<digest:digest>", access=SIGNED_IN)
def dossier_file(dossier_id: int, digest: str) -> ResponseReturnValue:
    """Hand out a file of a dossier within reach; to be looked at where that is asked and a browser can show it."""
    found = file_of_dossier(database.reader(), signed.require_person().actor, g.today, dossier_id, digest)
    return hand_out(found, Seen.FILE, view="view" in request.args)


def hand_out(download: Download | None, seen: Seen = Seen.PAPER, *, view: bool = False) -> Response:
    """A stored file as a download, or to be looked at where a browser can show it; NotFound when there is none."""
    if download is None:
        raise NotFound("file")
    looked.at_each(download.dossiers, seen, download.digest)
    content = get(current_app.extensions["storage"], download.digest)
    return send_file(
        BytesIO(content),
        mimetype=download.media_type,
        as_attachment=not (view and download.media_type in SHOWN),
        download_name=download.name,
        etag=download.digest,
    )
