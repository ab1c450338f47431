"""The page of one dossier: where it lies and by when, what can be done, and what it holds; on screen and on paper."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import uuid4

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from blueprints.access import SIGNED_IN
from blueprints.desk.acting import DANGEROUS, is_last_look
from blueprints.desk.base import Board, open_board, pages, section_of
from blueprints.desk.grounds import grounds_of
from blueprints.desk.inheriting import SETTLERS, is_left_behind
from blueprints.desk.missing import Missing, missing_of
from blueprints.desk.summary import ALL, SUMMARY, Overview
from blueprints.desk.tasks import TASKS
from blueprints.desk.viewings import VIEWERS
from blueprints.face import in_language, lang
from queries.rulebook import procedures
from queries.wording import action_label, state_label
from workflow.decide import Offer, Offering, offered
from workflow.diagram import draw
from workflow.guards import COMMUNE_PARTS
from workflow.names import Work


class Link(NamedTuple):
    """A task that this person can do now, and where."""

    label: str
    url: str


@pages.page("/dossiers/<int:dossier_id>", access=SIGNED_IN)
def dossier_page(dossier_id: int) -> ResponseReturnValue:
    """Show the dossier; of its indicators those that are asked for, or a summary by criterion."""
    board = open_board(dossier_id)
    return render_template(
        "desk/dossier.html",
        offers=_offers(board, missing := missing_of(board)),
        missing=missing,
        grounds=grounds_of(board),
        sees_viewings=bool(VIEWERS & board.person.roles_on(g.today)),
        left_behind=is_left_behind(board),
        settles=bool(SETTLERS & board.person.roles_on(g.today)),
        picture=_picture(board.file.procedure.id, board.state.name, lang()),
        **_shown(board, request.args.get("show", SUMMARY)),
    )


@pages.page("/dossiers/<int:dossier_id>/print", access=SIGNED_IN)
def print_page(dossier_id: int) -> ResponseReturnValue:
    """Show the whole dossier as it is printed: every indicator, nothing to press."""
    return render_template("desk/print.html", **_shown(open_board(dossier_id), ALL))


def _shown(board: Board, asked: str) -> dict[str, Any]:
    """What the page of a dossier shows, on the screen and on paper."""
    procedure, links = board.file.procedure, links_of(board)
    return {
        "board": board,
        "details": board.details,
        "place": board.place,
        "overview": Overview(board, asked),
        "needed": () if board.from_book else COMMUNE_PARTS,
        "work_links": links,
        "filled": _filled(board, links),
        "procedure_title": in_language(procedure.title_vi, procedure.title_en),
    }


def _filled(board: Board, links: Mapping[str, Any]) -> frozenset[str]:
    """The sections that say something of this dossier: one that reviews a title of the book has no recognition's."""
    details = board.details
    there = {
        "conditions": not board.from_book or details.postings or details.comments or details.votes,
        "parts": not board.from_book or details.files,
        "council": details.session,
        "papers": details.papers,
    }
    return frozenset(name for name, found in there.items() if found or links.get(name))


@lru_cache(maxsize=128)
def _picture(procedure_id: str, state: str, language: str) -> Markup:
    """The picture of a procedure with a state marked, drawn once."""
    return Markup(draw(procedures()[procedure_id], state, language))  # noqa: S704 - our own drawing, escaped there


def links_of(board: Board) -> dict[str, list[Link]]:
    """The tasks that this person can do now, by the section of the page that they belong to."""
    found: dict[str, list[Link]] = {}
    for name, task in TASKS.items():
        if task.work in board.works and not task.of_item and task.fits(board):
            url = url_for("desk.task_page", dossier_id=board.id, task=name)
            found.setdefault(section_of(task.work), []).append(Link(str(task.title), url))
    if at_council := _council_link(board):
        found["council"] = [at_council]
    return found


def _council_link(board: Board) -> Link | None:
    """The way to the council's session, for those who call it and who vote in it."""
    session = board.details.session
    sits = session is not None and not session.closed
    if Work.KEEP_COUNCIL in board.works:
        words = _("Đến phiên họp") if sits else _("Triệu tập phiên họp")
        return Link(words, board.work_url(Work.KEEP_COUNCIL))
    if Work.CAST_BALLOT in board.works and sits:
        return Link(_("Bỏ phiếu"), board.work_url(Work.CAST_BALLOT))
    return None


def _offers(board: Board, missing: Missing | None) -> list[dict[str, Any]]:
    """Every offer of the state; what leaves the dossier where it is stands there only when there is cause for it."""
    offers = offered(board.file.procedure, board.file.facts, board.file.actor)
    shown = (one for one in offers if one.status is Offering.READY or not one.action.stays)
    return [_offer(board, offer, missing) for offer in shown]


def _offer(board: Board, offer: Offer, missing: Missing | None) -> dict[str, Any]:
    """An offer as the action bar shows it; only the order's key is new with every page."""
    action, ready = offer.action, offer.status is Offering.READY
    reasons = [board.say(one) for one in offer.refusals] if offer.status is Offering.BLOCKED else []
    if reasons and missing and missing.action is action:  # these stand in a list of their own below
        count = ngettext("Còn %(num)s nội dung cần làm", "Còn %(num)s nội dung cần làm", missing.count)
        reasons = [(count, f"{board.url}#missing")]
    return {
        "name": action.name,
        "label": action_label(action, lang()),
        "status": offer.status.value,
        "url": url_for("desk.action_page", dossier_id=board.id, action=action.name),
        "asks": bool(action.asks) or is_last_look(action),
        "hidden": {"seen_version": board.file.row.version, "request_key": uuid4().hex} if ready else {},
        "tone": "danger" if action.name in DANGEROUS else "primary" if _leads_on(offer) else "secondary",
        "hint": _hint(board, offer) if ready else "",
        "reasons": reasons,
    }


def _hint(board: Board, offer: Offer) -> str:
    """The state that an action leads to; nothing where it depends."""
    ways = {branch.to for branch in offer.action.branches}
    if len(ways) != 1 or offer.action.stays:
        return ""
    return _("Hồ sơ chuyển sang: %(state)s", state=state_label(board.file.procedure.states[ways.pop()], lang()))


def _leads_on(offer: Offer) -> bool:
    return not (offer.action.stays or offer.action.name.startswith(("return", "rework")))
