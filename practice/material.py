"""What a practice province is made of: the files in `practice/data`, loaded once, and a lot that always falls alike."""

from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "data"


@cache
def material(name: str) -> Any:
    """The content of one of the data files by its name."""
    return yaml.load((FOLDER / f"{name}.yaml").read_text("utf-8"), yaml.CSafeLoader)


def lot(*seeds: object) -> Random:
    """A lot that falls the same way whenever it is drawn for the same things."""
    return Random("/".join(map(str, seeds)))  # noqa: S311 - believable figures, no secrets


def invent_name(*seeds: object) -> str:
    """A person's name as people in Cao Bằng have them; the same for the same seeds."""
    texts, drawn = material("texts"), lot("name", *seeds)
    given = drawn.choice(texts["men"] + texts["women"])
    return f"{drawn.choice(texts['surnames'])} {given}"
