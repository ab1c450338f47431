"""The indicators of one criterion: one's own column to fill in, the others beside it, files below each."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from blueprints import database
from blueprints.access import SIGNED_IN
from blueprints.desk.base import Board, open_board, pages
from blueprints.desk.columns import Row, rows_of
from blueprints.face import in_language
from blueprints.forms import fault
from casework.answering import Entry, answer_all
from casework.errors import NotFound, Refused
from workflow.criteria_set import Criterion, Indicator, InvalidValue
from workflow.criteria_values import parse_form
from workflow.names import Column

LOWER = {Column.REVIEW: (Column.COMMUNE,), Column.APPRAISAL: (Column.REVIEW, Column.COMMUNE)}


@pages.page("/dossiers/<int:dossier_id>/criteria/<code:criterion>", access=SIGNED_IN)
def criterion_page(dossier_id: int, criterion: str) -> ResponseReturnValue:
    """Show the indicators of one criterion, with fields in the column that is one's own now."""
    board = open_board(dossier_id)
    return _page(board, _criterion(board, criterion), {})


@pages.page("/dossiers/<int:dossier_id>/criteria/<code:criterion>", access=SIGNED_IN, methods=("POST",))
def criterion_act(dossier_id: int, criterion: str) -> ResponseReturnValue:
    """Take the values of one criterion, all or none; nothing typed is lost when one cannot be taken."""
    board = open_board(dossier_id)
    shown = _criterion(board, criterion)
    if board.column is None:
        abort(403)
    _remember(board, shown)
    entries, errors = _entries(board, shown)
    if errors:
        return _page(board, shown, errors), 422
    try:
        if entries:
            with database.act() as connection:
                answer_all(connection, board.id, tuple(entries), board.person.person_id, g.now)
    except Refused as error:
        first = error.refusals[0]
        code = str(first.parameters.get("indicator", shown.indicators[0].code))
        return _page(board, shown, {code: board.say(first)[0]}), 422
    flash(_("Đã lưu %(count)s chỉ tiêu của tiêu chí %(code)s.", count=len(entries), code=shown.code), "success")
    return redirect(_following(board, shown), 303)


def _criterion(board: Board, code: str) -> Criterion:
    rules = board.file.facts.rules
    found = [one for one in rules.criteria_set.criteria if one.code == code] if rules else []
    if not found:
        raise NotFound(f"criterion {code}")
    return found[0]


def _following(board: Board, shown: Criterion) -> str:
    """The next criterion, or after the last one the dossier's page; asked for by the button that was pressed."""
    rules = board.file.facts.rules
    codes = [one.code for one in rules.criteria_set.criteria] if rules else []
    place = codes.index(shown.code) + 1
    if "next" in request.form and place < len(codes):
        return url_for("desk.criterion_page", dossier_id=board.id, criterion=codes[place])
    return f"{board.url}#criterion-{shown.code}"


def _entries(board: Board, shown: Criterion) -> tuple[list[Entry], dict[str, str]]:
    """What was filled in and differs from what stands, and by indicator what cannot be taken."""
    entries: list[Entry] = []
    errors: dict[str, str] = {}
    for indicator in shown.indicators:
        if not board.owns(indicator):
            continue
        try:
            entry = _entry(board, indicator)
        except InvalidValue as error:
            errors[indicator.code] = fault(error)
        else:
            if entry and _differs(board, entry):
                entries.append(entry)
    return entries, errors


def _entry(board: Board, indicator: Indicator) -> Entry | None:
    assert board.column is not None
    code, sent = indicator.code, request.form
    seen = sent.get(f"{code}-version", "0")
    version = int(seen) if seen.isdecimal() else 0
    reason = sent.get(f"{code}-reason", "")
    way = sent.get(f"{code}-way", "own" if board.column is Column.COMMUNE else "")
    lower = _lower(board, code)
    if "accept" in sent and not way and lower:
        way = "accept"
    if way in {"accept", "refute"} and lower:
        refuted = way == "refute"
        return Entry(board.column, code, lower.value, bool(lower.not_applicable), refuted, reason, version)
    if way != "own":
        return None
    if sent.get(f"{code}-absent"):
        return Entry(board.column, code, None, not_applicable=True, reason=reason, seen_version=version)
    fields = {name.removeprefix(f"{code}:"): text for name, text in sent.items() if name.startswith(f"{code}:")}
    if board.column is Column.COMMUNE and not any(text.strip() for text in fields.values()) and not version:
        return None
    return Entry(board.column, code, parse_form(indicator, fields), reason=reason, seen_version=version)


def _lower(board: Board, code: str) -> Any:
    """The value of the column below one's own, which a reviewer accepts or refutes."""
    assert board.column is not None
    entered = board.details.entered
    return next((entered[key] for column in LOWER.get(board.column, ()) if (key := (column, code)) in entered), None)


def _differs(board: Board, entry: Entry) -> bool:
    standing = board.details.entered.get((entry.column, entry.indicator))
    if standing is None:
        return True
    now = (entry.value, entry.not_applicable, entry.refuted, entry.reason.strip())
    return now != (standing.value, standing.not_applicable, standing.refuted, standing.reason)


def _remember(board: Board, shown: Criterion) -> None:
    names = {one.code: f"{one.code} {in_language(one.name_vi, one.name_en)}" for one in shown.indicators}
    typed = [(name, text) for name, text in request.form.items() if text and name[:1].isdigit()]
    g.typed = [
        (names.get(name.split(":")[0].rsplit("-", 1)[0], name), text)
        for name, text in typed
        if not name.endswith(("-version", "-way"))
    ]
    g.current_url = url_for("desk.criterion_page", dossier_id=board.id, criterion=shown.code)


def _page(board: Board, shown: Criterion, errors: dict[str, str]) -> str:
    rows: list[Row] = rows_of(board, shown)
    return render_template(
        "desk/criterion.html",
        board=board,
        criterion=shown,
        name=in_language(shown.name_vi, shown.name_en),
        rows=rows,
        errors=errors,
        mine={row.indicator.code for row in rows if row.mine},
        typed=request.form if errors else {},
        reviews=board.column in LOWER,
    )
