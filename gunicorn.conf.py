"""How gunicorn runs the application, wherever it is started from this folder.

It is loaded once, before the processes that answer are made of it. What is loaded stays as long as they do: to look
through it for garbage, again and again, takes an eighth of the start and some of every request after it. Nothing is
looked for until all is loaded, and what was loaded is left out ever after.
"""

import gc

gc.disable()
preload_app = True


def when_ready(_server: object) -> None:
    """Leave what was loaded out of the search for garbage, in every process that is made of this one."""
    gc.freeze()


def post_worker_init(_worker: object) -> None:
    """Look for garbage from now on, among what the requests leave."""
    gc.enable()
