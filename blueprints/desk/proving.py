"""Evidence beside the indicators: filed right there, several files at once, and taken off again."""

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from blueprints import database
from blueprints.access import SIGNED_IN
from blueprints.desk.base import Board, open_board, pages
from blueprints.desk.columns import criterion_of, progress_of, rows_of
from blueprints.desk.entries import Fault
from blueprints.face import in_language
from blueprints.forms import read_day, upload_of
from blueprints.incoming import page_in
from casework import filing
from casework.errors import NotFound, Refused
from queries.evidence import library
from workflow.criteria_set import Criterion
from workflow.names import Work


def file_what_was_sent(board: Board, shown: Criterion) -> dict[str, Fault]:
    """File what was chosen for each indicator and take off what is to go; by indicator, what could not be taken."""
    if Work.ATTACH_EVIDENCE not in board.works:
        return {}
    _take_off(board, request.form.get("remove", ""))
    faults: dict[str, Fault] = {}
    filed = 0
    for indicator in shown.indicators:
        chosen = [one for one in request.files.getlist(f"files-{indicator.code}") if one.filename]
        try:
            filed += _file_all(board, indicator.code, chosen)
        except (Refused, ValueError) as error:
            faults[indicator.code] = _fault(board, indicator.code, error)
    if filed:
        flash(ngettext("Đã nộp %(num)s tệp minh chứng.", "Đã nộp %(num)s tệp minh chứng.", filed), "success")
    return faults


def _file_all(board: Board, code: str, chosen: list[FileStorage]) -> int:
    """File each of the chosen files, all or none of one indicator, and give how many there were."""
    if chosen:
        expires_on = read_day(request.form.get(f"expires-{code}", ""))
        proofs = [(upload_of(one, expires_on=expires_on), (code,)) for one in chosen]
        by, storage = (board.person.person_id, g.now), current_app.extensions["storage"]
        with database.act() as connection:
            filing.attach_evidence(connection, storage, board.id, proofs, *by)
    return len(chosen)


def _fault(board: Board, code: str, error: Exception) -> Fault:
    if isinstance(error, Refused):
        return Fault(f"files-{code}", board.say(error.refusals[0])[0])
    return Fault(f"expires-{code}", str(error))


def _take_off(board: Board, pressed: str) -> None:
    """Take off the item whose button was pressed; the button names the indicator and the item."""
    code, _colon, item = pressed.partition(":")
    if not pressed:
        return
    if not item.isdecimal() or len(item) > 9:
        raise NotFound(pressed)
    with database.act() as connection:
        filing.remove_evidence(connection, board.id, code, int(item), board.person.person_id, g.now)
    flash(_("Đã gỡ minh chứng khỏi chỉ tiêu %(code)s.", code=code), "success")


@pages.page("/dossiers/<int:dossier_id>/criteria/<code:criterion>/files", access=SIGNED_IN, methods=("POST",))
def file_evidence(dossier_id: int, criterion: str) -> ResponseReturnValue:
    """File one file beside an indicator for a script, and give the list of its files as it stands then."""
    board = _board_to_prove(dossier_id)
    shown, code = criterion_of(board, criterion), request.form.get("indicator", "")
    if code not in {one.code for one in shown.indicators}:
        raise NotFound(code)
    try:
        chosen = [one for one in request.files.getlist("file") if one.filename]
        if not chosen:
            return {"message": _("Hãy chọn một tệp.")}, 422
        _file_all(board, code, chosen)
    except (Refused, ValueError) as error:
        return {"message": _fault(board, code, error).sentence}, 422
    rows = rows_of(open_board(dossier_id), shown)
    row = next(one for one in rows if one.indicator.code == code)
    return {
        "files": render_template("desk/criterion/files.html", board=board, row=row, attaches=True),
        "progress": render_template("desk/criterion/progress.html", progress=progress_of(rows)),
    }


@pages.page("/dossiers/<int:dossier_id>/evidence", access=SIGNED_IN)
def library_page(dossier_id: int) -> ResponseReturnValue:
    """Show the files that the unit has filed for any dossier, to be put beside an indicator of this one too."""
    return _library(_board_to_prove(dossier_id))


@pages.page("/dossiers/<int:dossier_id>/evidence", access=SIGNED_IN, methods=("POST",))
def reuse(dossier_id: int) -> ResponseReturnValue:
    """Put the chosen files beside the indicator."""
    board = _board_to_prove(dossier_id)
    code = _indicator(board)
    chosen = [int(one) for one in request.form.getlist("items") if one.isdecimal() and len(one) < 10]
    if not chosen or not code:
        return _library(board, _("Hãy chọn ít nhất một tệp.")), 422
    with database.act() as connection:
        for item_id in chosen:
            filing.reuse_evidence(connection, board.id, (code,), item_id, board.person.person_id, g.now)
    flash(_("Đã dùng %(count)s tệp cho chỉ tiêu %(code)s.", count=len(chosen), code=code), "success")
    criterion = board.criterion_of(code)
    anchor = f"indicator-{code}"
    return redirect(url_for("desk.criterion_page", dossier_id=board.id, criterion=criterion, _anchor=anchor), 303)


def _board_to_prove(dossier_id: int) -> Board:
    """The dossier before a person who files evidence in it now."""
    board = open_board(dossier_id)
    if Work.ATTACH_EVIDENCE not in board.works:
        raise NotFound("evidence")
    return board


def _indicator(board: Board) -> str:
    """The indicator for which files are looked for; NotFound for one that the set does not have."""
    code = request.args.get("indicator", "")
    rules = board.file.facts.rules
    if rules is None or code not in rules.by_code:
        raise NotFound(f"indicator {code}")
    return code


def _library(board: Board, fault: str = "") -> str:
    code, wanted = _indicator(board), request.args.get("q", "")[:100]
    page = page_in(request.args)
    found = library(database.reader(), board.file.row.unit_id, board.id, wanted, page)

    def at(number: int) -> str:
        return url_for("desk.library_page", dossier_id=board.id, indicator=code, q=wanted or None, page=number)

    rules = board.file.facts.rules
    assert rules is not None
    indicator = rules.by_code[code].indicator
    return render_template(
        "desk/library.html",
        board=board,
        code=code,
        name=in_language(indicator.name_vi, indicator.name_en),
        criterion=indicator.criterion,
        found=found,
        wanted=wanted,
        fault=fault,
        previous=at(found.page - 1) if found.page > 1 else "",
        following=at(found.page + 1) if found.page < found.pages else "",
    )
