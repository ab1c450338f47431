"""Filing parts of the dossier and evidence: the forms, and the calls that take them."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from wtforms import Form

from blueprints.desk import task_forms as forms
from blueprints.desk.base import Board
from blueprints.desk.task import Act
from blueprints.face import in_language, word
from blueprints.forms import from_list, some_of
from casework import filing
from casework.errors import NotFound
from queries.dossier_rows import Proof
from workflow.names import Part


def part_form(_board: Board, item: str) -> type[Form]:
    """Which part it is, the file and its title."""
    choices = {part.value: f"{part.value} {word('parts', part.value)}" for part in Part}
    part = from_list(_l("Thành phần hồ sơ"), choices, default=item or None)
    return type("PartForm", (Form,), {"part": part, **forms.file_and_title()})


def attach_part(act: Act) -> None:
    """File a part."""
    upload = act.form.file.upload(act.form.title.data or "")
    part = Part(act.form.part.data)
    filing.attach_parts(act.connection, act.storage, act.board.id, {part: upload}, *act.by)


def evidence_form(board: Board, _item: str) -> type[Form]:
    """A file and the indicators that it proves, several at once."""
    rules = board.file.facts.rules
    found = [rule.indicator for rule in rules.by_code.values()] if rules else []
    choices = {one.code: f"{one.code} {in_language(one.name_vi, one.name_en)}" for one in found}
    indicators = some_of(_l("Chứng minh cho chỉ tiêu"), choices)
    return type("EvidenceForm", (forms.EvidenceForm,), {"indicators": indicators})


def standing_evidence(board: Board, item: str) -> Mapping[str, Any]:
    """The indicator from which the form was opened."""
    rules = board.file.facts.rules
    return {"indicators": [item]} if rules and item in rules.by_code else {}


def attach_evidence(act: Act) -> None:
    """File evidence for each chosen indicator."""
    form = act.form
    upload = form.file.upload(form.title.data or "", form.expires_on.data)
    indicators = tuple(form.indicators.data)
    filing.attach_evidence(act.connection, act.storage, act.board.id, [(upload, indicators)], *act.by)


def _proofs(board: Board, item: str) -> list[Proof]:
    """Where a file of the library stands beside the indicators of this dossier; NotFound when it stands nowhere."""
    found = [one for one in board.details.proofs if str(one.item_id) == item]
    if not found:
        raise NotFound(f"evidence {item}")
    return found


def amend_form(board: Board, item: str) -> type[Form]:
    """The title, the last day and another file for a piece of evidence."""
    return forms.AmendForm if _proofs(board, item) else Form


def standing_proof(board: Board, item: str) -> Mapping[str, Any]:
    """What is said of a piece of evidence now."""
    proof = _proofs(board, item)[0]
    return {"title": proof.title, "expires_on": proof.expires_on}


def place_of_proof(board: Board, item: str) -> str:
    """The indicator beside which a piece of evidence stands."""
    code = _proofs(board, item)[0].indicator
    criterion = board.criterion_of(code)
    anchor = f"indicator-{code}"
    return url_for("desk.criterion_page", dossier_id=board.id, criterion=criterion, _anchor=anchor)


def amend_evidence(act: Act) -> None:
    """Put what was said, and the other file if there is one, in its place."""
    form, proof = act.form, _proofs(act.board, act.item)[0]
    amended = form.file.upload(form.title.data, form.expires_on.data) or filing.Described(
        proof.file_name, form.title.data, form.expires_on.data
    )
    filing.amend_evidence(act.connection, act.storage, act.board.id, proof.item_id, amended, *act.by)
