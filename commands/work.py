"""The worker: `flask work` does what events still owe until it is told to stop."""

import signal
import threading
from types import FrameType

import click

from casework.storage import open_storage
from commands.context import SpeakingCommand, opened
from jobs import worker
from jobs.handlers import Tools
from settings import load


@click.command("work", cls=SpeakingCommand)
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
def work(*, once: bool) -> None:
    """Do the effects of events: notices, decisions as PDF."""
    settings = load()
    with opened(settings) as engine:
        tools = Tools(engine, open_storage(settings.files_path))
        if once:
            click.echo(f"{worker.drain(tools)} việc đã làm / effects done")
            return
        stop = threading.Event()

        def end(_number: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, end)
        worker.work(tools, stop)
