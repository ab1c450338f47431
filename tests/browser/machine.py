"""The browser of this machine, found by its name, and how it is started: it reaches no name and no other machine."""

import shutil
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class NoBrowser(Exception):
    """There is no browser on this machine, with what to do about it."""


def launch_options() -> dict[str, Any]:
    """What the browser is started with; NoBrowser when there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise NoBrowser(f"No browser on this machine: install one of {', '.join(NAMES)}, as script/setup --tests does.")
    return {"executable_path": found, "args": [NOWHERE, "--disable-gpu"]}
