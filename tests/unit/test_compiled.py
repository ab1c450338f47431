"""Compiled templates: kept for the next process, and done without where nothing can be kept."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from blueprints.compiled import Kept

SOURCE = {"page": "Xã {{ name }}"}


def render(folder: Path) -> str:
    """What a process without any template in its memory makes of the page."""
    environment = Environment(loader=DictLoader(SOURCE), bytecode_cache=Kept(str(folder), "%s.cache"), autoescape=True)
    return environment.get_template("page").render(name="Nam Tuấn")


def test_what_was_compiled_is_not_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "kept"
    assert render(folder) == "Xã Nam Tuấn"
    monkeypatch.delattr(Environment, "compile")
    assert render(folder) == "Xã Nam Tuấn"


def test_a_folder_that_takes_nothing_is_done_without(tmp_path: Path) -> None:
    assert render(tmp_path / "missing" / "deeper") == "Xã Nam Tuấn"
