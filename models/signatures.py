"""The signatures on papers: the signer's and the body's, each owed once, with its signed file and whose certificate."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint

from models.base import Base, UtcTime, among, column, word
from models.owed import Owed, owed_constraints
from workflow.names import SigningPart, SigningWay


class PaperSignature(Owed, Base):
    """One signature on a numbered paper, asked for by whoever answers for it; its file is recorded once.

    The file holds the issued bytes and every signature up to this one; the unsigned bytes stay as they are.
    """

    __tablename__ = "paper_signature"
    __table_args__ = (
        UniqueConstraint("paper_id", "part"),
        among("part", SigningPart),
        among("way", SigningWay),
        CheckConstraint("(file_sha256 IS NULL) = (status <> 'done')", name="signed_when_done"),
        CheckConstraint(
            "(file_sha256 IS NULL) = (signed_at IS NULL) AND (file_sha256 IS NULL) = (subject IS NULL) "
            "AND (file_sha256 IS NULL) = (issuer IS NULL) AND (file_sha256 IS NULL) = (serial IS NULL)",
            name="signed_whole",
        ),
        *owed_constraints("paper_signature"),
    )

    id: int = column(primary_key=True)
    paper_id: int = column(ForeignKey("paper.id"))
    part: str = column(word(10))
    way: str = column(word(10))
    person_id: int = column(ForeignKey("person.id"))
    batch: str = column(String(64), index=True)
    asked_at: datetime = column(UtcTime)
    trouble: str | None = column(word())
    file_sha256: str | None = column(String(64))
    signed_at: datetime | None = column(UtcTime)
    stamped: bool | None
    subject: str | None = column(String(200))
    issuer: str | None = column(String(200))
    serial: str | None = column(String(64))
