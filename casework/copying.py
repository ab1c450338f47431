"""Copies of issued papers: true copies, copies of these, and extracts (Decree 30/2020, Articles 25 to 27).

A copy is a paper of the body that copies, with a number of its one series of copies, and says of one paper that it is a
copy of it. It is no step of a dossier: it belongs to the dossiers and the events of the paper that it copies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select

from casework import outgoing
from casework.bodies import POSTS, POWERS
from casework.errors import NotFound, Refused
from casework.issuing import Issued, give_copy_number
from casework.papers import owe_rendering
from documents.context import Context, from_json, to_json
from documents.copies import CopyOfCopy, Extract, TrueCopy
from documents.html import template_of
from documents.outgoing import about_of
from documents.records import CopiedDocument, Signer
from documents.wording import dated, deciding_authority, inside
from models.base import table_of
from models.documents import CopyMade, Installation, Paper, PaperDossier, PaperRelation
from models.dossiers import Dossier
from models.places import AdminUnit
from queries.copies import Head, Original, heads_of, original
from queries.days import day_of
from queries.people import read_actor
from queries.relations import Said
from queries.rulebook import procedures
from queries.scope import visible_to
from workflow.copies import COPIES, against_form, against_pages, forms_of
from workflow.facts import Actor
from workflow.names import DocumentKind, Relation, Tier
from workflow.policy import PAPER_KEEPERS
from workflow.refusal import Refusal, refuse

P, OF, B, M = (table_of(one) for one in (Paper, PaperDossier, PaperRelation, CopyMade))
D, U, HERE = table_of(Dossier), table_of(AdminUnit), table_of(Installation)
CLASSES: Mapping[DocumentKind, type[Any]] = {
    DocumentKind.TRUE_COPY: TrueCopy,
    DocumentKind.COPY_OF_COPY: CopyOfCopy,
    DocumentKind.EXTRACT: Extract,
}
MOST_NAMED = 3
ENDED = {Relation.REPLACES: "thay thế", Relation.REVOKES: "thu hồi"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A copy as the clerk asks for it: its form, who signs it and when, whom it is for, and of an extract the pages.

    The number is typed where the clerk gives them by hand. `seen` is the last copy that the page knew of (0: none);
    `ended_known` says that the clerk knows that the paper is no longer in force.
    """

    form: DocumentKind
    signer_id: int
    signed_on: date
    recipients: tuple[str, ...]
    pages: tuple[int, ...] = ()
    number: int | None = None
    seen: int = 0
    ended_known: bool = False


def copying_unit(actor: Actor, issuing_unit: int, today: date) -> int | None:
    """The unit in whose name a person makes a copy: the paper's own, or the one whose papers the person keeps."""
    kept = [one.unit_id for one in actor.grants if one.role in PAPER_KEEPERS and one.holds_on(today)]
    return issuing_unit if issuing_unit in kept else next(iter(kept), None)


def may_be_copied(paper: Original) -> tuple[DocumentKind, ...]:
    """The forms in which an issued paper may be copied; an extract needs a paper of several pages."""
    if not paper.issued:
        return ()
    one_page = paper.known_pages == 1
    return tuple(form for form in forms_of(paper.kind) if not (one_page and form is DocumentKind.EXTRACT))


def signers_of(connection: Connection, unit_id: int, paper: Original, day: date) -> tuple[Head, ...]:
    """Who may sign a copy for a unit on a day, those first whom the paper's procedure names first."""
    powers = procedures()[paper.procedure_id].copies_signed
    heads = (one for one in heads_of(connection, unit_id, day) if POWERS[one.wording] in powers)
    return tuple(sorted(heads, key=lambda one: powers.index(POWERS[one.wording])))


def make_copy(connection: Connection, paper_id: int, wanted: Wanted, person_id: int, now: datetime) -> int:
    """Make a copy of an issued paper and give its id; refused with every reason at once, NotFound outside one's reach.

    It has its number in the same transaction, stands in the outgoing register, and is rendered after the commit.
    """
    today, actor = day_of(now), read_actor(connection, person_id)
    paper = original(connection, actor, today, paper_id, lock=True)
    if paper is None:
        raise NotFound(f"paper {paper_id}")
    unit_id = copying_unit(actor, paper.unit_id, today)
    if unit_id is None:
        raise Refused((refuse("copy.not_clerk"),))
    if paper.copied_last and paper.copied_last[0] != wanted.seen:
        _, name, maker = paper.copied_last
        raise Refused((refuse("copy.made_meanwhile", name=name, person=maker),))
    heads = signers_of(connection, unit_id, paper, wanted.signed_on)
    signer = next((one for one in heads if one.person_id == wanted.signer_id), None)
    against = [reason for reason in (*_against(paper, wanted, today), _signs(signer)) if reason]
    if against or signer is None:
        raise Refused(tuple(against))
    issued = give_copy_number(connection, unit_id, wanted.form, wanted.signed_on, wanted.number)
    context = to_json(_drawn(connection, paper, wanted, signer, issued))
    owe_rendering(connection, paper.event_id, now)  # holds the event's effect, so that editions come one by one
    copy_id = _keep(connection, paper, wanted, issued, context, now)
    connection.execute(insert(M), {"paper_id": copy_id, "person_id": person_id})
    _belongs(connection, copy_id, paper, actor, today)
    outgoing.enter(connection, issued, context)
    return copy_id


def _against(paper: Original, wanted: Wanted, today: date) -> tuple[Refusal | None, ...]:
    """Every reason against a copy of this paper as it is wanted."""
    if not paper.issued:
        return (refuse("copy.not_issued"),)
    wrong_form = against_form(paper.kind, wanted.form)
    assert paper.signed_on is not None
    early, late = wanted.signed_on < paper.signed_on, wanted.signed_on > today
    return (
        wrong_form,
        None if wrong_form else against_pages(wanted.form, wanted.pages, paper.known_pages),
        refuse("copy.before_original", on=wanted.signed_on, signed=paper.signed_on) if early else None,
        refuse("date.future", field="signed_on", on=wanted.signed_on) if late else None,
        refuse("copy.ended", field="ended_known") if paper.ended_by and not wanted.ended_known else None,
    )


def _signs(signer: Head | None) -> Refusal | None:
    return None if signer else refuse("copy.signer", field="signer")


def _drawn(connection: Connection, paper: Original, wanted: Wanted, signer: Head, issued: Issued) -> Context:
    """What the copy says, frozen with its number."""
    unit = connection.execute(select(U.c.full_name, U.c.tier).where(U.c.id == issued.unit_id)).one()
    practice = connection.execute(select(HERE.c.practice)).scalar()
    drawn: Context = CLASSES[wanted.form](
        issuing_body=f"Ủy ban nhân dân {inside(unit.full_name)}",
        authority="chairman",
        number=issued.number,
        symbol=issued.symbol,
        place=unit.full_name.split(" ", 1)[-1],
        signed_on=issued.signed_on,
        signer=Signer(name=signer.name, post=POSTS[signer.wording], power=POWERS[signer.wording]),
        recipients=wanted.recipients,
        copy_kept_by="KT" if unit.tier == Tier.PROVINCE else "",
        medium="electronic" if paper.has_file else "paper",
        draft=False,
        practice=bool(practice),
        copied=_copied(paper, wanted),
    )
    return drawn


def _copied(paper: Original, wanted: Wanted) -> CopiedDocument:
    facts, template = from_json(paper.context), template_of(paper.kind, paper.version)
    assert paper.number is not None
    assert paper.signed_on is not None
    return CopiedDocument(
        document=template.name if paper.kind in COPIES else template.heading,
        number=paper.number,
        symbol=paper.symbol,
        signed_on=paper.signed_on,
        issued_by=deciding_authority(facts.authority, facts.issuing_body, facts.signer.head),
        subject=about_of(facts),
        sha256=(paper.file or "") if paper.has_file else "",
        pages=tuple(sorted(set(wanted.pages))),
        ended=_ended(paper),
    )


def _ended(paper: Original) -> str:
    """What later papers have made of the copied one; of many only for how many units it has ended."""
    if len(paper.ended_by) > MOST_NAMED:
        return f"Văn bản không còn hiệu lực đối với {paper.ended_units:02} trong {paper.units:02} đơn vị."
    return " ".join(_ended_by(one, several=paper.units > 1) for one in reversed(paper.ended_by))


def _ended_by(said: Said, *, several: bool) -> str:
    """What a later paper has made of the copied one, in a sentence."""
    assert said.signed_on is not None
    of_whom = f" đối với {inside(said.unit)}" if several and said.unit else ""
    return f"Văn bản đã bị {ENDED[said.relation]}{of_whom} theo Quyết định số {said.name} {dated(said.signed_on)}."


def _keep(connection: Connection, paper: Original, wanted: Wanted, issued: Issued, context: str, now: datetime) -> int:
    edition = select(func.max(P.c.edition)).where(P.c.event_id == paper.event_id, P.c.kind == wanted.form)
    row = {
        "event_id": paper.event_id,
        "kind": wanted.form.value,
        "edition": (connection.execute(edition).scalar() or 0) + 1,
        "unit_id": issued.unit_id,
        "symbol": issued.symbol,
        "year": issued.signed_on.year,
        "number": issued.number,
        "signed_on": issued.signed_on,
        "code": issued.code,
        "context": context,
        "template_version": 1,
        "person_id": wanted.signer_id,
        "at": now,
    }
    kept: int = connection.execute(insert(P).returning(P.c.id), row).scalar_one()
    return kept


def _belongs(connection: Connection, copy_id: int, paper: Original, actor: Actor, today: date) -> None:
    """Bind a copy to its paper, and to those dossiers of it that the copying body reaches."""
    bond = {"paper_id": copy_id, "other_id": paper.id, "relation": Relation.COPIES.value}
    connection.execute(insert(B), bond)
    about = OF.join(D, D.c.id == OF.c.dossier_id)
    same = select(literal(copy_id), OF.c.dossier_id, OF.c.event_id).select_from(about)
    same = same.where(OF.c.paper_id == paper.id, visible_to(actor, today))
    connection.execute(insert(OF).from_select(("paper_id", "dossier_id", "event_id"), same))
