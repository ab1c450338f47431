"""The pages of the administrator: people and their offices, and what the province is set up with."""

from blueprints.admin import (
    criteria,
    guarding,
    holidays,
    late_papers,
    numbers,
    offices,
    people,
    procedures,
    units,
    upkeep,
    viewings,
)
from blueprints.admin.base import pages

__all__ = [
    "criteria",
    "guarding",
    "holidays",
    "late_papers",
    "numbers",
    "offices",
    "pages",
    "people",
    "procedures",
    "units",
    "upkeep",
    "viewings",
]
