"""What lets a stranger trust a paper: the keys that the province has published, and the seal printed on each paper."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime


class PublicationKey(Base):
    """A public key of the province with the time in which its private half signed; what it signed holds ever after."""

    __tablename__ = "publication_key"
    __table_args__ = (
        CheckConstraint("length(key_id) = 8", name="key_id"),
        CheckConstraint("length(public_key) = 64", name="public_key"),
        CheckConstraint("ended_at IS NULL OR ended_at >= made_at", name="period"),
    )

    key_id: Mapped[str] = mapped_column(String(8), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PaperSeal(Base):
    """What is printed on a paper so that a stranger can check it, made once: an address and the text of its QR code."""

    __tablename__ = "paper_seal"

    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("publication_key.key_id"))
    code: Mapped[str] = mapped_column(String(20), index=True)
    address: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcTime)
