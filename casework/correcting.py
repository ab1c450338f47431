"""What is done about issued papers: a correction is held against the paper itself before anybody signs it."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any

from sqlalchemy import Connection, select

from casework.drawing_frame import About
from casework.errors import Refused
from documents.context import BadFacts, from_json
from documents.html import to_read
from models.base import table_of
from models.documents import EditedPaper, Paper
from queries.about import papers_of
from queries.dossier import Details
from queries.facts import CaseFile
from queries.relations import correctable, held_by, title_of
from workflow.names import DocumentKind, EventType, Field
from workflow.refusal import Refusal, refuse

P, E = table_of(Paper), table_of(EditedPaper)
THE_BOOKS = 0
"""In the place of a paper: the decision that the book names, of which there is no paper here."""
_WITHIN_A_LINE, _TAG = re.compile(r"</?(?:span|b|i)\b[^>]*>"), re.compile("<[^>]+>")


def require(connection: Connection, files: Sequence[CaseFile], event: EventType, inputs: Mapping[Field, Any]) -> None:
    """Refuse a draft that does not fit its paper, and a replacement that is not about all of its decision's units."""
    if event is EventType.CORRECTION_DRAFTED:
        check(connection, files[0], inputs)
    if event is EventType.REPLACED:
        _require_whole(connection, files)


def _require_whole(connection: Connection, files: Sequence[CaseFile]) -> None:
    """A decision is replaced for all units for which it is in force; one that has ended keeps the decision it had."""
    held = [one for one in held_by(connection, title_of(files[0].row.id)) if one.stands(files[0].facts.today)]
    if not held and len(files) == 1 and _of_book(files[0]):
        return
    if {one.dossier_id for one in held} != {file.row.id for file in files}:
        raise Refused((refuse("replaced.several", units=", ".join(one.unit_name for one in held)),))


def _of_book(file: CaseFile) -> bool:
    """Whether the title was given before there were dossiers here, by a decision that is no paper of this house."""
    return file.facts.title is not None and file.facts.only_in_book


def leaves_some(connection: Connection, file: CaseFile) -> bool:
    """Whether the decision in force stays that of units which have ended since, when it is replaced."""
    return not all(one.stands(file.facts.today) for one in held_by(connection, title_of(file.row.id)))


def check(connection: Connection, file: CaseFile, inputs: Mapping[Field, Any]) -> None:
    """Refuse a draft whose paper is not in force, or whose words do not stand in it, with every reason at once."""
    paper_id, text = int(inputs[Field.PAPER]), None
    if paper_id != THE_BOOKS or not _of_book(file):
        paper = _paper(connection, file.row.id, paper_id)
        edited = connection.execute(select(E.c.id).where(E.c.paper_id == paper.id).limit(1)).first()
        text = None if edited else _words(to_read(from_json(paper.context)))
    refusals = [one for one in _against(text, inputs[Field.CORRECTIONS]) if one]
    if refusals:
        raise Refused(tuple(refusals))


def _against(text: str | None, corrections: Any) -> list[Refusal | None]:
    """The reason against each correction; the words of one edited by hand, or only in the book, are not known."""
    return [_wrong(text, place, printed, right) for place, (_, printed, right) in enumerate(corrections, 1)]


def _wrong(text: str | None, place: int, printed: str, right: str) -> Refusal | None:
    if printed.strip() == right.strip():
        return refuse("correction.same", words=printed, place=place)
    if text is not None and " ".join(printed.split()) not in text:
        return refuse("correction.not_there", words=printed, place=place)
    return None


def drafted(connection: Connection, file: CaseFile, details: Details) -> About:
    """The paper that the last draft corrects, with the corrections; refused when it is no longer in force."""
    draft = next(one for one in reversed(details.steps) if one.type == EventType.CORRECTION_DRAFTED)
    corrections = tuple((where, printed, right) for where, printed, right in draft.payload[Field.CORRECTIONS])
    paper_id = int(draft.payload[Field.PAPER])
    if paper_id == THE_BOOKS and _of_book(file):
        return About(THE_BOOKS, DocumentKind.DECISION, None, corrections)
    paper = _paper(connection, file.row.id, paper_id)
    return About(paper.id, DocumentKind(paper.kind), from_json(paper.context), corrections)


def _paper(connection: Connection, dossier_id: int, paper_id: int) -> Any:
    named = select(P.c.id, P.c.kind, P.c.context).select_from(papers_of(dossier_id))
    row = connection.execute(named.where(P.c.id == paper_id, correctable())).first()
    try:
        known = row is not None and bool(from_json(row.context))
    except (BadFacts, ValueError):
        known = False
    if not known:
        raise Refused((refuse("correction.paper", field="paper"),))
    return row


def _words(html: str) -> str:
    """The words of a paper as they are read."""
    return " ".join(unescape(_TAG.sub(" ", _WITHIN_A_LINE.sub("", html))).split())
