"""What is done with a paper after its act: a text edited by hand, a number once it is signed on paper, its dispatch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from obstore.store import ObjectStore
from sqlalchemy import Connection, Row, and_, insert, literal, select

from casework import outgoing
from casework.errors import NotFound, Refused
from casework.file_check import expected_type
from casework.filing import Upload, store
from casework.issuing import Issued, give_number
from casework.papers import owe_rendering
from casework.upsert import upsert
from documents.context import from_json, to_json
from documents.html import template_of
from models.base import table_of
from models.documents import Dispatch, EditedPaper, Paper, PaperDossier
from models.people import Person
from queries.about import within_reach
from queries.days import day_of
from queries.people import read_actor
from workflow.facts import Actor
from workflow.names import DocumentKind, Role
from workflow.policy import keeps_papers_of
from workflow.refusal import refuse

P, OF = table_of(Paper), table_of(PaperDossier)
E, S, W = table_of(EditedPaper), table_of(Dispatch), table_of(Person)
READERS_ONLY = frozenset({Role.INSPECTOR, Role.ADMINISTRATOR, Role.COUNCIL_MEMBER, Role.HAMLET_HEAD})
FINAL_KINDS = ("docx", "pdf")
MOST_COPIES = 10_000
WITHOUT_NUMBER = frozenset({DocumentKind.CERTIFICATE})
"""What bears no number of a series: a certificate is entered by hand in the book of certificates."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What the clerk notes of a paper that goes out: copies, the day, who received it, and anything else."""

    copies: int | None
    sent_on: date | None
    kept_by: str = ""
    receipt: str = ""
    note: str = ""


def writes_papers_of(actor: Actor, unit_id: int, today: date) -> bool:
    """Whether a person holds an office today in the unit whose paper it is, other than one that only reads."""
    held = (grant for grant in actor.grants if grant.unit_id == unit_id and grant.holds_on(today))
    return any(grant.role not in READERS_ONLY for grant in held)


def may_be_edited(kind: str, version: int) -> bool:
    """Whether a kind of paper has a Word version at all."""
    return template_of(kind, version).word


def word_version(context: str) -> bytes:
    """The Word version of a draft from its frozen context."""
    from documents.word import to_docx  # loaded for the first who asks for one

    return to_docx(from_json(context))


def keep_edited(
    connection: Connection, storage: ObjectStore, paper_id: int, upload: Upload, person_id: int, now: datetime
) -> None:
    """Keep a text that was edited by hand as the paper's final one, with who did it; the frozen context stays."""
    paper = _own(connection, paper_id, read_actor(connection, person_id), now)
    _require_unnumbered(connection, paper)
    if not may_be_edited(paper.kind, paper.template_version):
        raise Refused((refuse("paper.not_edited", kind=paper.kind),))
    if expected_type(upload.name) not in {expected_type(f"x.{kind}") for kind in FINAL_KINDS}:
        raise Refused((refuse("file.kind", name=upload.name, kinds=", ".join(FINAL_KINDS)),))
    sha256 = store(connection, storage, upload, now)
    row = {"paper_id": paper_id, "file_sha256": sha256, "person_id": person_id, "at": now}
    connection.execute(insert(E), row)


def number_paper(
    connection: Connection, paper_id: int, signed_on: date, typed: int | None, person_id: int, now: datetime
) -> int:
    """Give a draft that was signed on paper its number, as another edition of it, whose id is given.

    The draft itself stays as it was.
    """
    paper = _own(connection, paper_id, read_actor(connection, person_id), now)
    _require_unnumbered(connection, paper)
    if paper.kind in WITHOUT_NUMBER:
        raise Refused((refuse("paper.takes_no_number", kind=paper.kind),))
    if signed_on > day_of(now):
        raise Refused((refuse("date.future", field="signed_on", on=signed_on),))
    facts = from_json(paper.context)
    if facts.drawn_on and signed_on < facts.drawn_on:
        raise Refused((refuse("paper.signed_before_draft", on=signed_on, drawn=facts.drawn_on),))
    issued = give_number(connection, paper.unit_id, paper.symbol, signed_on, typed)
    context = numbered_by_hand(paper.context, issued.number, signed_on)
    edition = _next_edition(paper, context, issued, person_id, now)
    numbered_id: int = connection.execute(insert(P).returning(P.c.id), edition).scalar_one()
    same = select(literal(numbered_id), OF.c.dossier_id, OF.c.event_id).where(OF.c.paper_id == paper_id)
    connection.execute(insert(OF).from_select(("paper_id", "dossier_id", "event_id"), same))
    outgoing.enter(connection, issued, context)
    owe_rendering(connection, paper.event_id, now)
    return numbered_id


def numbered_by_hand(context: str, number: int, signed_on: date) -> str:
    """The context of a draft once it was signed on paper and has its number: all else is as it was drawn up."""
    return to_json(replace(from_json(context), number=number, signed_on=signed_on, draft=False, medium="paper"))


def note_dispatch(
    connection: Connection,
    paper_id: int,
    sending: Sending,
    seen: datetime | None,
    person_id: int,
    now: datetime,
) -> None:
    """Note how a numbered paper went out; it went out neither before it was signed nor in the future.

    What somebody else noted since the form was opened (`seen`) is not written over.
    """
    actor = read_actor(connection, person_id)
    paper = _own(connection, paper_id, actor, now)
    if not keeps_papers_of(paper.unit_id, actor, day_of(now)):
        raise Refused((refuse("dispatch.not_clerk"),))
    noted = connection.execute(
        select(S.c.at, W.c.name).join(W, W.c.id == S.c.person_id).where(S.c.paper_id == paper_id)
    )
    stands = noted.first()
    if stands and stands.at != seen:
        raise Refused((refuse("dispatch.changed", person=stands.name),))
    if paper.number is None:
        raise Refused((refuse("paper.unnumbered"),))
    if sending.copies is not None and not 1 <= sending.copies <= MOST_COPIES:
        raise Refused((refuse("dispatch.copies", most=MOST_COPIES),))
    if sending.sent_on and sending.sent_on > day_of(now):
        raise Refused((refuse("date.future", field="sent_on", on=sending.sent_on),))
    if sending.sent_on and sending.sent_on < paper.signed_on:
        raise Refused((refuse("dispatch.before_signing", on=sending.sent_on, signed=paper.signed_on),))
    upsert(connection, S, {"paper_id": paper_id, **asdict(sending), "person_id": person_id, "at": now})


def _own(connection: Connection, paper_id: int, actor: Actor, now: datetime) -> Row[Any]:
    """A paper of the person's own unit, held until the act is written; NotFound outside the person's reach."""
    today = day_of(now)
    seen = select(P).where(P.c.id == paper_id, within_reach(actor, today).is_not(None))
    paper = connection.execute(seen.with_for_update(key_share=True)).first()
    if paper is None:
        raise NotFound(f"paper {paper_id}")
    if not writes_papers_of(actor, paper.unit_id, today):
        raise Refused((refuse("paper.other_unit"),))
    return paper


def _require_unnumbered(connection: Connection, paper: Row[Any]) -> None:
    same = and_(P.c.event_id == paper.event_id, P.c.kind == paper.kind, P.c.number.is_not(None))
    numbered = connection.execute(select(P.c.number, P.c.symbol).where(same)).first()
    if numbered:
        raise Refused((refuse("paper.numbered_already", name=f"{numbered.number:02d}/{numbered.symbol}"),))


def _next_edition(paper: Row[Any], context: str, issued: Issued, person_id: int, now: datetime) -> Mapping[str, Any]:
    kept = ("event_id", "kind", "unit_id", "symbol", "template_version")
    return {
        **{name: getattr(paper, name) for name in kept},
        "edition": paper.edition + 1,
        "year": issued.signed_on.year,
        "number": issued.number,
        "signed_on": issued.signed_on,
        "code": issued.code,
        "context": context,
        "person_id": person_id,
        "at": now,
    }
