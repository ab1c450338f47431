"""What lets a stranger trust a paper: the keys that the province has published, and the seal printed on each paper."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text

from models.base import Base, UtcTime, column


class PublicationKey(Base):
    """A public key of the province with the time in which its private half signed; what it signed holds ever after."""

    __tablename__ = "publication_key"
    __table_args__ = (
        CheckConstraint("length(key_id) = 8", name="key_id"),
        CheckConstraint("length(public_key) = 64", name="public_key"),
        CheckConstraint("ended_at IS NULL OR ended_at >= made_at", name="period"),
    )

    key_id: str = column(String(8), primary_key=True)
    public_key: str = column(String(64))
    made_at: datetime = column(UtcTime)
    ended_at: datetime | None = column(UtcTime)


class PaperSeal(Base):
    """What is printed on a paper so that a stranger can check it, made once: an address and the text of its QR code."""

    __tablename__ = "paper_seal"

    paper_id: int = column(ForeignKey("paper.id"), primary_key=True)
    key_id: str = column(ForeignKey("publication_key.key_id"))
    code: str = column(String(20), index=True)
    address: str = column(String(300))
    text: str = column(Text)
    made_at: datetime = column(UtcTime)
