"""How gunicorn runs the application, wherever it is started from this folder.

What is loaded at the start stays as long as the process does. To look through it for garbage, again and again, takes an
eighth of the start and some of every request after it: nothing is looked for until all is loaded, and what was loaded
is left out ever after.
"""

import gc

gc.disable()


def post_worker_init(_worker: object) -> None:
    """Look for garbage from now on, among what the requests leave."""
    gc.freeze()
    gc.enable()
