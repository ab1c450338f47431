"""The flask commands, one module for each noun, and the group that finds them.

Each is imported only when it is asked for, and none needs the pages: `python -m commands` is their program, which
starts in half the time that it takes to load the application first.
"""

import gc
from importlib import import_module
from pkgutil import iter_modules

import click

from settings import Settings, SettingsError, load

CANNOT_START = 3


class Commands(click.Group):
    """The modules of this folder as commands; once one is loaded, garbage is looked for among what it leaves."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Every command by its name."""
        return sorted(found.name.replace("_", "-") for found in iter_modules(__path__) if found.name != "__main__")

    def get_command(self, _ctx: click.Context, name: str) -> click.Command | None:
        """The command of a module: its GROUP, its COMMAND, or the function of its name."""
        if name not in self.list_commands(_ctx):
            return None
        module = import_module(f"commands.{name.replace('-', '_')}")
        gc.freeze()
        gc.enable()
        for wanted in ("GROUP", "COMMAND", name.replace("-", "_")):
            if isinstance(found := getattr(module, wanted, None), click.Command):
                return found
        return None


def settings_or_end() -> Settings:
    """The settings of the environment; with a wrong one the process ends with the sentence that says what to do.

    The exit status is the one at which gunicorn gives up instead of starting a worker again and again.
    """
    try:
        return load()
    except SettingsError as wrong:
        click.echo(str(wrong), err=True)
    except OSError as refused:
        from commands.context import about_files

        click.echo("\n".join(about_files(refused)), err=True)
    raise SystemExit(CANNOT_START)
