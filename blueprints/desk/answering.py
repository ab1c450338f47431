"""The indicators of one criterion: one's own column to fill in, the others beside it, files below each."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict

from blueprints import database
from blueprints.access import SIGNED_IN
from blueprints.desk.base import Board, open_board, pages
from blueprints.desk.columns import Row, criterion_of, neighbours, progress_of, rows_of
from blueprints.desk.drafts import Kept, drafted, keeping_here, kept_here, let_go, read_said
from blueprints.desk.entries import (
    LOWER,
    Fault,
    Reading,
    belongs,
    first_control,
    in_writing_of,
    read_entries,
    standing_texts,
    texts_of,
)
from blueprints.desk.proving import file_what_was_sent
from blueprints.desk.taking_over import Other, others_of, outdated, take, without
from blueprints.face import answer_in, in_language, lang
from blueprints.forms import WRITTEN_IN
from casework.answering import Entry, answer_all
from casework.drafting import drop_draft, keep_draft
from casework.errors import Refused, StaleAnswers
from workflow.criteria_set import Criterion
from workflow.names import Work


@pages.page("/dossiers/<int:dossier_id>/criteria/<code:criterion>", access=SIGNED_IN)
def criterion_page(dossier_id: int, criterion: str) -> ResponseReturnValue:
    """Show the indicators of one criterion, with fields in the column that is one's own now."""
    board = open_board(dossier_id)
    shown, kept = criterion_of(board, criterion), kept_here(board.file.row.version)
    typed = in_writing_of(lang(), kept.fields or MultiDict())
    others = others_of(board, shown, outdated(board, shown, typed), typed)
    return _page(board, shown, kept, without(typed, others), others=others)


@pages.page("/dossiers/<int:dossier_id>/criteria/<code:criterion>", access=SIGNED_IN, methods=("POST",))
@drafted
def criterion_act(dossier_id: int, criterion: str) -> ResponseReturnValue:
    """Take the files and the values of one criterion; nothing typed is lost when one of them cannot be taken."""
    board = open_board(dossier_id)
    shown = criterion_of(board, criterion)
    if board.column is None and Work.ATTACH_EVIDENCE not in board.works:
        abort(403)
    kept = keeping_here(board.file.row.version)
    answer_in(request.form.get(WRITTEN_IN))
    if {"take", "leave"} & request.form.keys():
        return _taken_over(board, shown, kept)
    files = file_what_was_sent(board, shown)
    reading = read_entries(board, shown, request.form) if board.column else Reading((), {})
    faults = reading.faults | files
    if faults:
        return _page(open_board(dossier_id), shown, kept, request.form, faults), 422
    try:
        with database.act() as connection:
            if reading.entries:
                answer_all(connection, board.id, reading.entries, board.person.person_id, g.now)
            let_go(connection)
    except StaleAnswers as stale:
        board = open_board(dossier_id)
        others = others_of(board, shown, stale.indicators, request.form)
        return _page(board, shown, kept, without(request.form, others), others=others), 409
    except Refused as error:
        return _page(open_board(dossier_id), shown, kept, request.form, _refused(board, shown, error)), 422
    if count := _answered(board, shown, reading.entries):
        flash(_("Đã lưu %(count)s chỉ tiêu của tiêu chí %(code)s.", count=count, code=shown.code), "success")
    return redirect(_following(board, shown), 303)


@pages.page("/dossiers/<int:dossier_id>/criteria/<code:criterion>/values", access=SIGNED_IN, methods=("POST",))
def keep_values(dossier_id: int, criterion: str) -> ResponseReturnValue:
    """Record what a script sends while it is typed: each whole value at once, the rest as what is not sent yet."""
    board = open_board(dossier_id)
    shown = criterion_of(board, criterion)
    said = read_said()
    if board.column is None or said.fields is None:
        abort(403)
    typed = MultiDict([(name, text) for name, texts in said.fields.items() for text in texts])
    answer_in(typed.get(WRITTEN_IN))
    reading = read_entries(board, shown, typed)
    with database.act() as connection:
        changed = _record(connection, board, reading.entries)
        rest = _fields_of(said.fields, {*reading.faults, *changed})
        _keep_rest(connection, board, shown, rest, said.seen_version)
    return _answer(open_board(dossier_id), shown, reading.faults, others=changed, typed=typed)


def _answered(board: Board, shown: Criterion, entries: tuple[Entry, ...]) -> int:
    """How many indicators of a criterion have a value in one's own column, those just recorded among them."""
    before = {one.code for one in shown.indicators if (board.column or "", one.code) in board.details.entered}
    return len(before | {entry.indicator for entry in entries})


def _taken_over(board: Board, shown: Criterion, kept: Kept) -> str:
    """The form again, with what was typed before in the fields of the chosen indicators; nothing is recorded."""
    typed, left = take(request.form)
    codes = [one.code for one in shown.indicators if any(belongs(name, one.code) for name in left)]
    return _page(board, shown, kept, typed, others=others_of(board, shown, codes, left))


def _record(connection: Connection, board: Board, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """Record what nobody else has changed meanwhile, and give the indicators that somebody has."""
    by = (board.person.person_id, g.now)
    if not entries:
        return ()
    try:
        answer_all(connection, board.id, entries, *by)
    except StaleAnswers as stale:
        current = tuple(one for one in entries if one.indicator not in stale.indicators)
        if current:
            answer_all(connection, board.id, current, *by)
        return stale.indicators
    return ()


def _fields_of(fields: Mapping[str, list[str]], codes: Collection[str]) -> dict[str, list[str]]:
    kept = {name: texts for name, texts in fields.items() if any(belongs(name, code) for code in codes)}
    return kept | {WRITTEN_IN: [lang()]} if kept else {}


def _keep_rest(
    connection: Connection, board: Board, shown: Criterion, rest: dict[str, list[str]], seen_version: int
) -> None:
    address = url_for("desk.criterion_page", dossier_id=board.id, criterion=shown.code)
    if rest:
        keep_draft(connection, board.person.person_id, address, rest, seen_version, g.now)
    else:
        drop_draft(connection, board.person.person_id, address)


def _answer(
    board: Board, shown: Criterion, faults: dict[str, Fault], others: Collection[str], typed: Mapping[str, str]
) -> dict[str, Any]:
    """What a script shows beside each value: what it comes to, what is wrong with it, what somebody else recorded."""
    differing = others_of(board, shown, others, typed)
    rows = rows_of(board, shown)
    mine = [row for row in rows if board.owns(row.indicator)]
    return {
        "at": g.local_now.strftime("%H:%M"),
        "progress": render_template("desk/criterion/progress.html", progress=progress_of(rows)),
        "indicators": {row.indicator.code: _told(board, row, faults, differing) for row in mine},
    }


def _told(board: Board, row: Row, faults: dict[str, Fault], others: dict[str, Other]) -> dict[str, Any]:
    code = row.indicator.code
    wrong, other = faults.get(code), others.get(code)
    return {
        "fields": {} if wrong or other else standing_texts(board, row.indicator),
        "version": None if other else str(row.standing.version if row.standing else 0),
        "outcome": render_template("desk/criterion/outcome.html", row=row, unfinished=wrong and wrong.unfinished),
        "fault": None if wrong is None or wrong.unfinished else {"id": wrong.id, "sentence": wrong.sentence},
        "other": render_template("desk/criterion/other.html", row=row, other=other) if other else "",
    }


def _following(board: Board, shown: Criterion) -> str:
    """Where the button that was pressed leads: the same place, the next criterion, or the list of criteria."""
    stays = request.form.get("upload") or request.form.get("remove", "").split(":")[0]
    if stays:
        return url_for("desk.criterion_page", dossier_id=board.id, criterion=shown.code, _anchor=f"indicator-{stays}")
    after = neighbours(board, shown)[1]
    if "next" in request.form and after:
        return url_for("desk.criterion_page", dossier_id=board.id, criterion=after.code)
    return url_for("desk.criteria_page", dossier_id=board.id, _anchor=f"criterion-{shown.code}")


def _refused(board: Board, shown: Criterion, error: Refused) -> dict[str, Fault]:
    first = error.refusals[0]
    code = str(first.parameters.get("indicator", shown.indicators[0].code))
    found = next((one for one in shown.indicators if one.code == code), shown.indicators[0])
    return {found.code: Fault(first_control(found), board.say(first)[0])}


def _page(
    board: Board,
    shown: Criterion,
    kept: Kept,
    typed: Mapping[str, str] | None,
    faults: dict[str, Fault] | None = None,
    others: dict[str, Other] | None = None,
) -> str:
    rows = rows_of(board, shown)
    before, after = neighbours(board, shown)
    return render_template(
        "desk/criterion.html",
        board=board,
        criterion=shown,
        name=in_language(shown.name_vi, shown.name_en),
        rows=rows,
        texts=texts_of(board, shown, typed),
        faults=faults or {},
        others=others or {},
        mine={row.indicator.code for row in rows if board.owns(row.indicator)},
        attaches=Work.ATTACH_EVIDENCE in board.works,
        reviews=board.column in LOWER,
        kept=kept,
        progress=progress_of(rows),
        before=before,
        after=after,
    )
