"""What the house does by itself: what waits, what was given up and can be tried again, where messages go."""

from datetime import date
from typing import Any, NamedTuple

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import database
from blueprints.admin.base import READERS, WRITERS, may_write, pages
from blueprints.face import word
from casework import owed
from queries.days import VIETNAM
from queries.upkeep import Daily, GivenUp, upkeep

STATES = {"done": "good", "failed": "bad", "running": "active", "queued": "neutral"}


class Line(NamedTuple):
    """Something that was given up, as the page shows it."""

    row: GivenUp
    said: str
    about: str
    at: Any


@pages.page("/upkeep", access=READERS)
def upkeep_page() -> ResponseReturnValue:
    """Show what waits and what was given up, the daily work, and where messages go."""
    found = upkeep(database.reader())
    return render_template(
        "admin/upkeep.html",
        waiting=found.waiting,
        given_up=[_line(row) for row in found.given_up],
        daily=[_day(one) for one in found.daily],
        server=current_app.extensions["settings"].mail_server,
        writes=may_write(),
    )


@pages.page("/upkeep/<kebab:queue>/<int:row_id>/again", access=WRITERS, methods=("POST",))
def try_again(queue: str, row_id: int) -> ResponseReturnValue:
    """Let something that was given up be tried again."""
    if queue not in owed.QUEUES:
        abort(404)
    with database.act() as connection:
        owed.try_again(connection, owed.QUEUES[queue], row_id, g.now)
    flash(_("Hệ thống sẽ thử lại ngay."), "success")
    return redirect(url_for("admin.upkeep_page"), 303)


def _line(row: GivenUp) -> Line:
    groups = {"effects": "effects", "daily": "daily_works", "bundles": "bundles"}
    said = word(groups[row.queue], row.what) if row.queue in groups else _("Gửi thư điện tử")
    about = " · ".join(filter(None, (row.dossier, row.person)))
    return Line(row, said, about, _local(row.run_at))


def _day(one: Daily) -> tuple[str, date, Any, tuple[str, str]]:
    return word("daily_works", one.name), one.day, _local(one.done_at), _state(one.status)


def _local(moment: Any) -> Any:
    return moment.astimezone(VIETNAM) if moment else None


def _state(status: str) -> tuple[str, str]:
    words = {"done": _("Đã xong"), "failed": _("Không xong"), "running": _("Đang làm"), "queued": _("Chờ đến giờ")}
    return words[status], STATES[status]
