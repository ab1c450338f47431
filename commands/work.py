"""The worker: `flask work` does what is owed until it is told to stop."""

import signal
import threading
from types import FrameType

import click

from casework import clock
from commands.context import SpeakingCommand, opened
from jobs import worker
from jobs.tools import tools_of
from queries.wording import LANGUAGES, label
from settings import Settings, load


def say_troubles(settings: Settings) -> None:
    """Say which signing keys cannot be used, and why; the work goes on without them."""
    for name, fault in settings.office.troubles(clock.real_now()) if settings.office else ():
        said = " / ".join(label("signing_troubles", fault.cause, lang) for lang in LANGUAGES)
        click.echo(f"{name}: {said}", err=True)


@click.command("work", cls=SpeakingCommand)
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def work(*, once: bool) -> None:
    """Do what is owed: notices, papers, messages, daily work."""
    settings = load()
    say_troubles(settings)
    with opened(settings) as engine:
        tools = tools_of(settings, engine)
        if once:
            click.echo(f"{worker.drain(tools)} việc đã làm / done")
            return
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        worker.work(tools, stop)
