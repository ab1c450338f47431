"""The signatures on papers: what can be signed, whose turn it is, how a batch goes, which file is the signed one."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from models.base import table_of
from models.documents import Paper
from models.signatures import PaperSignature
from workflow.names import SigningPart

P, S = table_of(Paper), table_of(PaperSignature)
FIRST = S.alias("first")


def can_be_signed() -> ColumnElement[bool]:
    """The condition that what a signature is put on is there: the rendered paper, or for the seal the signer's file."""
    rendered = select(P.c.id).where(P.c.id == S.c.paper_id, P.c.sha256.is_not(None)).exists()
    signed = select(FIRST.c.id).where(FIRST.c.paper_id == S.c.paper_id, _is(FIRST, SigningPart.SIGNER)).exists()
    return or_(and_(S.c.part == SigningPart.SIGNER.value, rendered), and_(S.c.part == SigningPart.SEAL.value, signed))


def _is(table: Any, part: SigningPart) -> ColumnElement[bool]:
    return and_(table.c.part == part.value, table.c.file_sha256.is_not(None))
