"""The pages of the administrator: people and their offices, and what the province is set up with."""

from blueprints.admin import criteria, holidays, numbers, people, procedures, units, upkeep
from blueprints.admin.base import pages

__all__ = ["criteria", "holidays", "numbers", "pages", "people", "procedures", "units", "upkeep"]
