"""What happened, append-only and chained by hash, and the effects that each event still owes to the outside."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint

from models.base import Base, UtcTime, among, column, word
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

    id: int = column(primary_key=True)
    dossier_id: int = column(ForeignKey("dossier.id"))
    seq: int
    type: str = column(word())
    action: str = column(word(60))
    from_state: str = column(word())
    to_state: str = column(word())
    procedure_id: str = column(String(80))
    person_id: int = column(ForeignKey("person.id"))
    person_name: str = column(String(120))
    role: str = column(word())
    unit_id: int = column(ForeignKey("unit.id"))
    wording: str = column(String(10))
    at: datetime = column(UtcTime)
    reason: str = column(Text)
    payload: str = column(Text)
    request_key: str = column(String(64))
    previous_hash: str = column(String(64))
    hash: str = column(String(64))


class EffectRow(Owed, Base):
    """Something that must follow an event; done at least once by an idempotent handler, and shown once."""

    __tablename__ = "effect"
    __table_args__ = (UniqueConstraint("event_id", "kind"), among("kind", Effect), *owed_constraints("effect"))

    id: int = column(primary_key=True)
    event_id: int = column(ForeignKey("dossier_event.id"))
    kind: str = column(word())
