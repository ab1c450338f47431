"""Signing papers: those that wait for one's signature, how a batch goes, and files that were signed outside."""

from blueprints.signing import batches, outside
from blueprints.signing.base import pages

__all__ = ["batches", "outside", "pages"]
