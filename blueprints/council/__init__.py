"""The council's sessions as things of their own: called, opened, voted in, closed, and concluded dossier by dossier."""

from blueprints.council import concluding, preparing, sessions, sitting, voting
from blueprints.council.base import pages

__all__ = ["concluding", "pages", "preparing", "sessions", "sitting", "voting"]
