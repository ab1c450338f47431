"""Signing papers: asking for a signature, what the worker needs for it, and keeping what came of it, each once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, select, update

from casework.errors import NotFound
from casework.upsert import insert_once
from models.base import table_of
from models.documents import Paper
from models.people import Person
from models.places import AdminUnit
from models.signatures import PaperSignature
from queries.days import day_of
from workflow.facts import Actor
from workflow.names import SigningPart, SigningTrouble, SigningWay
from workflow.policy import may_sign
from workflow.refusal import Refusal

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
