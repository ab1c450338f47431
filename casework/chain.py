"""The chain of a dossier's events: each carries the hash of the one before, so that no change goes unseen."""

from collections.abc import Collection, Mapping
from hashlib import sha256

from documents.verify_record import CHAINED, digest
from models.base import canonical
from queries.anchors import exact
from workflow.criteria import Answer

FIXED = ("code", "subject", "level", "unit_id", "adoption_id", "criteria_group", "criteria_year")
"""What the first event of a dossier says of it for life."""


def hash_of(event: Mapping[str, object]) -> str:
    """The SHA-256 over an event's fields in their fixed order, times as UTC to the microsecond."""
    return digest([exact(event[name]) for name in CHAINED])


def seal_of(answers: Mapping[str, Answer], refuted: Collection[str]) -> str:
    """The SHA-256 over a column: each indicator's value, whether it does not apply, and whether it was found unmet."""
    column = {code: [*answer, code in refuted] for code, answer in answers.items()}
    return sha256(canonical(column).encode()).hexdigest()
