"""What people have typed in a form and not sent yet, so that a cut line or a lost device loses nothing."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Json, UtcTime


class Draft(Base):
    """The fields of one form as one person typed them last, with the dossier's version that was seen (0 for none)."""

    __tablename__ = "draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(200), primary_key=True)
    fields: Mapped[dict[str, list[str]]] = mapped_column(Json)
    seen_version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(UtcTime)
