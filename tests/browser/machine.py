"""The browser of this machine, found by its name, and how it is started: it reaches no name and no other machine.

The one without a screen is taken before others: it does the same with less than half the work.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from tests import database

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
SPARING = (  # what is seen stays the same, with a fifth less work
    "--disable-gpu",
    "--renderer-process-limit=1",  # none is started before anybody asks for a page
    "--default-tile-width=1280",  # a screen is drawn in one piece
    "--default-tile-height=1024",
)


class NoBrowser(Exception):
    """There is no browser on this machine, with what to do about it."""


def launch_options() -> dict[str, Any]:
    """What the browser is started with; NoBrowser when there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser(f"No browser on this machine: install one of {', '.join(NAMES)}, as script/setup --tests does.")
    in_memory = ["--disable-dev-shm-usage"] if database.fits_in_memory() else []  # what its processes share
    return {"executable_path": found, "args": [NOWHERE, *SPARING], "ignore_default_args": in_memory}


@dataclass
class Running:
    """The one browser of a test process: started when it is first asked for, and again after it has ended."""

    launch: Callable[[], Browser]
    browser: Browser | None = None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.browser is not None and self.browser.is_connected()

    def now(self) -> Browser:
        """The browser, running."""
        if self.browser is None or not self.alive:
            self.browser = self.launch()
        return self.browser

    def close(self) -> None:
        """End it."""
        if self.browser is not None:
            self.browser.close()
