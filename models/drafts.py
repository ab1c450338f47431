"""What people have typed in a form and not sent yet, so that a cut line or a lost device loses nothing."""

from datetime import datetime

from sqlalchemy import ForeignKey, String

from models.base import Base, Json, UtcTime, column


class Draft(Base):
    """The fields of one form as one person typed them last, with the dossier's version that was seen (0 for none)."""

    __tablename__ = "draft"

    person_id: int = column(ForeignKey("person.id"), primary_key=True)
    address: str = column(String(200), primary_key=True)
    fields: dict[str, list[str]] = column(Json)
    seen_version: int
    saved_at: datetime = column(UtcTime)
