"""The published anchors: what each day vouches for, as a file that anybody can keep and check without us."""

from datetime import date
from functools import cache
from pathlib import Path

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from blueprints import database
from blueprints.access import SHARED
from blueprints.register.base import pages
from casework.errors import NotFound
from documents import verify_record
from queries.anchors import PAGE, anchors, published_on

HIGHEST = 1_000_000


@pages.page("/anchors", access=SHARED)
def anchors_page() -> ResponseReturnValue:
    """Show the anchors of the last days, or those before one of them."""
    before = request.args.get("before", "")
    number = min(int(before), HIGHEST) if before.isdecimal() else None
    found = anchors(database.reader(), number)
    following = found[-1].number if len(found) == PAGE and found[-1].number > 1 else None
    return render_template("register/anchors.html", found=found, following=following, before=number)


@pages.page("/anchors/<day:day>.json", access=SHARED)
def anchor_file(day: date) -> ResponseReturnValue:
    """Hand out the anchor of a day."""
    content = published_on(database.reader(), day)
    if content is None:
        raise NotFound(f"anchor of {day}")
    return _file(content, f"{day.isoformat()}.json", "application/json")


@pages.page("/anchors/verify-record.py", access=SHARED)
def verifier_file() -> ResponseReturnValue:
    """Hand out the stand-alone check."""
    return _file(_verifier(), "verify_record.py", "text/x-python")


@cache
def _verifier() -> bytes:
    return Path(verify_record.__file__).read_bytes()


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
