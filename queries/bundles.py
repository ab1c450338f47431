"""The whole dossiers that somebody has asked for: how far each is, and where its file lies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models.base import table_of
from models.dossiers import Dossier
from models.record import Bundle
from queries.days import VIETNAM

B, D = table_of(Bundle), table_of(Dossier)
MEDIA_TYPES = {"zip": "application/zip", "pdf": "application/pdf", "xml": "application/xml"}


@dataclass(frozen=True, slots=True)
class Made:
    """A whole dossier that was asked for: how far it is, and its size and hash when it is there."""

    id: int
    kind: str
    code: str
    asked_at: datetime
    status: str
    steps_done: int
    steps: int
    size: int | None
    sha256: str | None
    done_at: datetime | None

    @property
    def local(self) -> datetime:
        """When it was asked for, by the clock of Vietnam."""
        return self.asked_at.astimezone(VIETNAM)

    @property
    def path(self) -> str:
        """Where its file lies in the storage."""
        return path_of(self.id, self.kind)

    @property
    def media_type(self) -> str:
        """What kind of file it is."""
        return MEDIA_TYPES[self.kind]

    @property
    def ready(self) -> bool:
        """Whether it can be taken."""
        return self.status == "done" and self.sha256 is not None


def path_of(bundle_id: int, kind: str) -> str:
    """The path of a bundle's file in the storage, apart from the files of dossiers."""
    return f"bundles/{bundle_id}.{kind}"


def bundles_of(connection: Connection, dossier_id: int, person_id: int) -> dict[str, Made]:
    """What a person has asked for of a dossier, by its kind."""
    shown = (B.c.id, B.c.kind, D.c.code, B.c.asked_at, B.c.status, B.c.steps_done, B.c.steps, B.c.size, B.c.sha256)
    wanted = select(*shown, B.c.done_at).join(D, D.c.id == B.c.dossier_id).order_by(B.c.kind)
    rows: Any = connection.execute(wanted.where(B.c.dossier_id == dossier_id, B.c.person_id == person_id))
    return {row.kind: Made(*row) for row in rows}
