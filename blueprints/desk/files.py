"""Handing out files: papers as PDF, and the files of a dossier; always as a download of the stored type."""

from io import BytesIO

from flask import Response, current_app, g, send_file
from flask.typing import ResponseReturnValue

from blueprints import database, signed
from blueprints.access import SIGNED_IN
from blueprints.desk.base import pages
from casework.errors import NotFound
from casework.storage import get
from queries.dossiers import Download, file_of_dossier, rendered_pdf


@pages.page("/papers/<int:paper_id>.pdf", access=SIGNED_IN)
def paper_pdf(paper_id: int) -> ResponseReturnValue:
    """Hand out a paper; not found while it is not rendered."""
    actor = signed.require_person().actor
    return hand_out(rendered_pdf(database.reader(), actor, g.today, paper_id))


@pages.page("/dossiers/<int:dossier_id>/files/<digest:digest>", access=SIGNED_IN)
def dossier_file(dossier_id: int, digest: str) -> ResponseReturnValue:
    """Hand out a file of a dossier within reach."""
    actor = signed.require_person().actor
    return hand_out(file_of_dossier(database.reader(), actor, g.today, dossier_id, digest))


def hand_out(download: Download | None) -> Response:
    """A stored file as a download; NotFound when there is none."""
    if download is None:
        raise NotFound("file")
    content = get(current_app.extensions["storage"], download.digest)
    return send_file(
        BytesIO(content),
        mimetype=download.media_type,
        as_attachment=True,
        download_name=download.name,
        etag=download.digest,
    )
