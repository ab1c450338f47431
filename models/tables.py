"""Every table under one roof, so that whoever needs the whole schema imports one module."""

from models import (
    accounts,
    council,
    documents,
    dossiers,
    drafts,
    events,
    evidence,
    notices,
    people,
    places,
    record,
    signatures,
    trust,
)
from models.base import Base

MODULES = (
    accounts,
    council,
    documents,
    dossiers,
    drafts,
    events,
    evidence,
    notices,
    people,
    places,
    record,
    signatures,
    trust,
)
METADATA = Base.metadata
