"""Announcing a decision: what the one who records it is told, so that only day and place are left to be typed."""

from typing import NamedTuple

from flask import g, url_for
from flask_babel import gettext as _

from blueprints import database
from blueprints.desk.base import Board
from casework.drawing import sketch
from casework.errors import Refused
from workflow.names import DocumentKind, EventType, Field
from workflow.procedure import Action


class Told(NamedTuple):
    """One line of what is known: what it is, and where it is read, if anywhere."""

    label: str
    text: str
    url: str = ""


def is_announcement(action: Action) -> bool:
    """Whether an action records that a decision was announced."""
    return any(branch.records is EventType.ANNOUNCED for branch in action.branches)


def known_of(board: Board, action: Action) -> tuple[Told, ...]:
    """Which decision is announced, of whom, and by whom; nothing for any other action."""
    if not is_announcement(action):
        return ()
    found = [one for one in board.details.papers if one.kind == DocumentKind.DECISION and one.number and one.signed_on]
    decision = [
        Told(
            _("Quyết định"),
            _("Số %(name)s ngày %(day)s", name=f"{one.number:02d}/{one.symbol}", day=f"{one.signed_on:%d/%m/%Y}"),
            url_for("desk.paper_pdf", paper_id=one.id) if one.digest else "",
        )
        for one in found[-1:]
    ]
    return (
        *decision,
        Told(_("Đơn vị được công nhận"), board.file.row.unit_name),
        Told(_("Cơ quan công bố"), _announcer(board, action)),
    )


def _announcer(board: Board, action: Action) -> str:
    """The body in whose name the record of the announcement is drawn up."""
    filled = {Field.ANNOUNCED_ON: g.today, Field.ANNOUNCED_AT: board.file.row.unit_name}
    try:
        body: str = sketch(database.reader(), board.file, action.name, filled).issuing_body
    except Refused:
        return board.place.holder
    return body
