"""Compiled templates kept beside their sources, as Python keeps its own: the first page of a process comes at once."""

from collections.abc import MutableMapping
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

FOLDER = Path(__file__).parents[1] / "templates" / "__pycache__"


def prepare(app: Flask) -> None:
    """Let the application keep what it compiles; another version of Jinja compiles for itself."""
    app.jinja_env.bytecode_cache = Kept(str(FOLDER), f"jinja-{version('jinja2')}-%s.cache")


class Templates(Environment):
    """The templates of the house, none of which has globals of its own."""

    def make_globals(self, own: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The one table of globals, not a chain of tables that each import of a component would be held against."""
        return super().make_globals(own) if own else self.globals


class Kept(FileSystemBytecodeCache):
    """Compiled templates in a folder; where nothing can be written, each process compiles for itself."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one compiled template, if the folder takes it."""
        with suppress(OSError):
            Path(self.directory).mkdir(exist_ok=True)
            super().dump_bytecode(bucket)
