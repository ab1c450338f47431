"""The tables as revision 001 makes them. A released revision is never edited: the next change is the next revision."""

from migrations.schema_001 import council, documents, dossiers, events, evidence, people, places
from migrations.schema_001.base import METADATA

__all__ = ["METADATA", "council", "documents", "dossiers", "events", "evidence", "people", "places"]
