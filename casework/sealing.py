"""Sealing a paper: what is printed on it so that a stranger can check it, made once and the same ever after."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from casework import publication
from documents.context import from_json
from documents.seal import Seal, facts_of, message_of
from models.base import table_of
from models.documents import Paper, PaperDossier
from models.trust import PaperSeal
from queries.publication import signing_key
from workflow.copies import COPIES

P, OF, S = table_of(Paper), table_of(PaperDossier), table_of(PaperSeal)


@dataclass(frozen=True, slots=True)
class Checkable:
    """What is printed on a paper: its look-up code, the address of its check, and the text of its QR code."""

    code: str
    address: str
    text: str


def seal(connection: Connection, paper: Row[Any], base: str, folder: Path, now: datetime) -> Checkable | None:
    """What a numbered paper bears, made now if it has none yet; None of a paper that bears no number.

    A certificate bears the code of its decision. `KeyFault` says why nothing can be signed.
    """
    kept = connection.execute(select(S.c.code, S.c.address, S.c.text).where(S.c.paper_id == paper.id)).first()
    if kept:
        return Checkable(*kept)
    facts, code = facts_of(from_json(paper.context)), paper.code or _code_of_decision(connection, paper.event_id)
    if facts is None or code is None:
        return None
    current = signing_key(connection)
    key_id, signature = publication.sign(connection, folder, message_of(code, current.key_id if current else "", facts))
    made = Checkable(code, f"{base}/v/{code}", Seal(code, key_id, facts, signature).text(base))
    row = {"paper_id": paper.id, "key_id": key_id, "made_at": now}
    connection.execute(insert(S), {**row, "code": made.code, "address": made.address, "text": made.text})
    return made


def _code_of_decision(connection: Connection, event_id: int) -> str | None:
    """The look-up code of the numbered paper of the same act, which it may share with acts on other dossiers."""
    of_act = P.join(OF, OF.c.paper_id == P.c.id)
    coded = (
        select(P.c.code)
        .select_from(of_act)
        .where(OF.c.event_id == event_id, P.c.code.is_not(None), P.c.kind.not_in(COPIES))
    )
    return connection.execute(coded.order_by(P.c.id.desc()).limit(1)).scalar()
