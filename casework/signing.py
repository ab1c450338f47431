"""Signing papers: asking for a signature, what the worker needs for it, and keeping what came of it, each once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from obstore.store import ObjectStore
from sqlalchemy import Connection, Row, select, update

from casework.errors import NotFound, Refused
from casework.storage import put
from casework.upsert import insert_once
from documents.signing.trust import Trust
from models.base import table_of
from models.documents import Paper
from models.keys import search_key
from models.people import Person
from models.places import AdminUnit
from models.signatures import PaperSignature
from queries.days import day_of
from queries.signatures import Line, last_file
from workflow.facts import Actor
from workflow.names import SigningPart, SigningTrouble, SigningWay
from workflow.policy import may_sign
from workflow.refusal import Refusal, refuse

P, S, W, U = table_of(Paper), table_of(PaperSignature), table_of(Person), table_of(AdminUnit)
EARLIER = S.alias("earlier")


@dataclass(frozen=True, slots=True)
class Made:
    """A signature as it was made: the file that holds it, whose certificate, and when."""

    sha256: str
    subject: str
    issuer: str
    serial: str
    signed_at: datetime
    stamped: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for signatures, in which batch, and when."""

    actor: Actor
    batch: str
    now: datetime


def ask(connection: Connection, papers: Iterable[int], part: SigningPart, asked: Asked) -> dict[int, Refusal]:
    """Owe a signature on each of these papers, and give the reasons of those on which it may not be put.

    A paper that is signed already stays as it is; one whose signing was given up is tried again.
    """
    refused: dict[int, Refusal] = {}
    for paper_id in sorted(papers):
        paper = held_paper(connection, paper_id)
        verdict = may_sign(part, paper.person_id, paper.unit_id, asked.actor, day_of(asked.now))
        if isinstance(verdict, Refusal):
            refused[paper_id] = verdict
        else:
            _owe(connection, paper_id, part, asked)
    return refused


def held_paper(connection: Connection, paper_id: int) -> Row[Any]:
    """A numbered paper, held so that its signatures come one after the other; NotFound for any other."""
    numbered = select(P).where(P.c.id == paper_id, P.c.number.is_not(None)).with_for_update()
    paper = connection.execute(numbered).first()
    if paper is None:
        raise NotFound(f"numbered paper {paper_id}")
    return paper


def _owe(connection: Connection, paper_id: int, part: SigningPart, asked: Asked) -> None:
    frame = {"way": SigningWay.SERVER.value, "person_id": asked.actor.person_id, "batch": asked.batch}
    due = {"asked_at": asked.now, "status": "queued", "run_at": asked.now, "attempts": 0}
    insert_once(connection, S, {"paper_id": paper_id, "part": part.value, **frame, **due})
    again = (S.c.paper_id == paper_id, S.c.part == part.value, S.c.status.in_(("failed", "queued")))
    connection.execute(update(S).where(*again).values({**frame, **due, "trouble": None}))


def to_sign(connection: Connection, signature_id: int) -> Row[Any]:
    """What the worker needs: both files before it, the signer's login, the unit's code, and what is there already."""
    before = select(EARLIER.c.file_sha256).where(EARLIER.c.paper_id == S.c.paper_id)
    signed = before.where(EARLIER.c.part == SigningPart.SIGNER.value).scalar_subquery()
    joined = S.join(P, P.c.id == S.c.paper_id).join(W, W.c.id == P.c.person_id).join(U, U.c.id == P.c.unit_id)
    named = select(S.c.part, S.c.file_sha256, P.c.sha256.label("issued"), signed.label("signed"), W.c.login, U.c.code)
    return cast("Row[Any]", connection.execute(named.select_from(joined).where(S.c.id == signature_id)).one())


def record(connection: Connection, signature_id: int, made: Made, now: datetime) -> None:
    """Record a signature once, which ends its trouble; one that was recorded meanwhile stays."""
    connection.execute(update(S).where(_open(signature_id)).values(done_values(made, now)))


def done_values(made: Made, now: datetime) -> dict[str, object]:
    """The columns of a signature that is there."""
    kept = {"subject": made.subject, "issuer": made.issuer, "serial": made.serial, "signed_at": made.signed_at}
    closed = {"status": "done", "done_at": now, "lease_until": None, "last_error": "", "trouble": None}
    return {**kept, **closed, "file_sha256": made.sha256, "stamped": made.stamped}


def record_trouble(connection: Connection, signature_id: int, trouble: SigningTrouble) -> None:
    """Keep why a signature could not be made, for whoever asked for it."""
    connection.execute(update(S).where(_open(signature_id)).values(trouble=trouble.value))


def _open(signature_id: int) -> Any:
    return (S.c.id == signature_id) & S.c.file_sha256.is_(None)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was signed outside, as it was examined: what stood before it, and the signatures that it adds."""

    content: bytes
    before: str
    parts: tuple[SigningPart, ...]
    seen: tuple[Any, ...]


def examined(line: Line, before: bytes, content: bytes, trust: Trust, moment: datetime) -> Brought:
    """Examine a file that was signed outside; refused with the reason when it is not this paper with its signatures."""
    from documents.signing.examining import (  # the library that reads signatures takes its time to load
        NotSigned,
        examine,
    )

    if not line.open_parts or line.last_file is None:
        raise Refused((refuse("signature.complete"),))
    try:
        seen = examine(content, before, trust, moment)
    except NotSigned as error:
        raise Refused((refuse(f"signature.{error.cause}"),)) from error
    if len(seen) > len(line.open_parts):
        raise Refused((refuse("signature.too_many", most=len(line.open_parts)),))
    return Brought(content, line.last_file, line.open_parts[: len(seen)], seen)


def require_name(line: Line, brought: Brought) -> None:
    """Refuse a signer's certificate in which another name stands than on the paper."""
    for part, seen in zip(brought.parts, brought.seen, strict=True):
        if part is SigningPart.SIGNER and search_key(line.signer_name) not in search_key(seen.subject):
            raise Refused((refuse("signature.other_name", subject=seen.subject, signer=line.signer_name),))


def bring(connection: Connection, storage: ObjectStore, paper_id: int, brought: Brought, asked: Asked) -> None:
    """Keep a file that was signed outside, and the signatures in it; refused when another came between."""
    paper = held_paper(connection, paper_id)
    verdict = may_sign(SigningPart.SEAL, paper.person_id, paper.unit_id, asked.actor, day_of(asked.now))
    if isinstance(verdict, Refusal):
        raise Refused((verdict,))
    if _last_file(connection, paper_id) != brought.before:
        raise Refused((refuse("signature.came_between"),))
    sha256 = put(storage, brought.content)
    for part, seen in zip(brought.parts, brought.seen, strict=True):
        made = Made(sha256, seen.subject, seen.issuer, seen.serial, seen.signed_at, stamped=seen.stamped)
        _keep_brought(connection, paper_id, part, made, asked)


def _last_file(connection: Connection, paper_id: int) -> str | None:
    found: str | None = connection.execute(select(last_file()).where(P.c.id == paper_id)).scalar_one()
    return found


def _keep_brought(connection: Connection, paper_id: int, part: SigningPart, made: Made, asked: Asked) -> None:
    """Write a signature that is there; one that the server still owed is no longer owed."""
    frame = {"way": SigningWay.OUTSIDE.value, "person_id": asked.actor.person_id, "batch": asked.batch}
    whole = {**frame, "asked_at": asked.now, **done_values(made, asked.now)}
    row = {"paper_id": paper_id, "part": part.value, **whole, "run_at": asked.now, "attempts": 0}
    insert_once(connection, S, row)
    connection.execute(
        update(S).where(S.c.paper_id == paper_id, S.c.part == part.value, S.c.file_sha256.is_(None)).values(whole)
    )
