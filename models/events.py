"""What happened, append-only and chained by hash, and the effects that each event still owes to the outside."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcTime, among, word
from models.owed import Owed, owed_constraints
from workflow.names import Effect, EventType, Role


class DossierEvent(Base):
    """One step of a dossier with the actor's office at that time; never changed and never deleted."""

    __tablename__ = "dossier_event"
    __table_args__ = (
        UniqueConstraint("dossier_id", "seq"),
        UniqueConstraint("request_key"),
        CheckConstraint("seq >= 1", name="seq"),
        CheckConstraint("(seq = 1) = (previous_hash = '')", name="chained"),
        CheckConstraint("type NOT IN ('returned', 'refused', 'declined') OR length(reason) > 0", name="reason_given"),
        among("type", EventType),
        among("role", Role),
        Index("ix_dossier_event_person_id", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    seq: Mapped[int]
    type: Mapped[str] = mapped_column(word())
    action: Mapped[str] = mapped_column(word(60))
    from_state: Mapped[str] = mapped_column(word())
    to_state: Mapped[str] = mapped_column(word())
    procedure_id: Mapped[str] = mapped_column(String(80))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(word())
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    wording: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcTime)
    reason: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)
    request_key: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class EffectRow(Owed, Base):
    """Something that must follow an event; done at least once by an idempotent handler, and shown once."""

    __tablename__ = "effect"
    __table_args__ = (UniqueConstraint("event_id", "kind"), among("kind", Effect), *owed_constraints("effect"))

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("dossier_event.id"))
    kind: Mapped[str] = mapped_column(word())
