"""The pages of the administrator: people and their offices, and what the province is set up with."""

from blueprints.admin import people
from blueprints.admin.base import pages

__all__ = ["pages", "people"]
