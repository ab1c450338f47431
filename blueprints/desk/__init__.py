"""The desk of everyone who works on dossiers: the inbox, a dossier, its actions and what is filled in between them."""

from blueprints.desk import (
    acting,
    answering,
    appraisals,
    dossier,
    drafts,
    files,
    filling,
    lists,
    opening,
    overview,
    paper_page,
    papers,
    proving,
    signing,
    signing_together,
    viewings,
    whole,
)
from blueprints.desk.base import pages

__all__ = [
    "acting",
    "answering",
    "appraisals",
    "dossier",
    "drafts",
    "files",
    "filling",
    "lists",
    "opening",
    "overview",
    "pages",
    "paper_page",
    "papers",
    "proving",
    "signing",
    "signing_together",
    "viewings",
    "whole",
]
