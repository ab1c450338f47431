"""The press: rendering in a process of its own, limited in pages, time and memory, so that no paper ends the worker.

It is told one paper at a time as JSON (`documents.apart`). Run as a program, this module is that process.
"""

import atexit
import json
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

from documents.apart import Apart, serve, type_of_answer
from documents.context import from_json
from documents.pdf import MOST_PAGES, Rendered, TooManyPages, render

Cause = Literal["pages", "time", "memory", "template"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one paper may take: pages, seconds, and megabytes of memory of the process."""

    pages: int = MOST_PAGES
    seconds: float = 45.0
    megabytes: int = 1024


class PressFault(Exception):
    """A paper that could not be rendered: which limit it broke, or that its template failed, and the details."""

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail = cause, detail


class Press:
    """A process that renders; one paper at a time, whoever asks."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.apart = Apart("documents.press", self.limits.megabytes)

    def print(self, context: str, **marks: str | bool | None) -> Rendered:
        """The paper of a context given as its JSON, with the look-up code, address, seal and mark; or `PressFault`."""
        order = json.dumps({"context": context, "marks": marks, "pages": self.limits.pages}).encode()
        try:
            said, pdf = self.apart.ask(order, self.limits.seconds)
        except TimeoutError:
            raise PressFault("time", f"not done in {self.limits.seconds:g} seconds") from None
        except EOFError:
            raise PressFault("memory", f"the process ended, at most {self.limits.megabytes} MB") from None
        if "fault" not in said:
            return Rendered(pdf=pdf, sha256=said["sha256"], pages=said["pages"])
        if said["fault"] == "memory":
            self.close()  # what is left of a process that ran out of memory is not to be trusted
        raise PressFault(said["fault"], said["detail"])

    def close(self) -> None:
        """End the process."""
        self.apart.close()


@cache
def press() -> Press:
    """The press of this process, ended with it."""
    made = Press()
    atexit.register(made.close)
    return made


# --- the process ---


def _done(told: bytes) -> type_of_answer:
    """What the process answers to one order: what it made, or which fault it met."""
    order: dict[str, Any] = json.loads(told)
    try:
        marks = {name: text for name, text in order["marks"].items() if text}
        context = from_json(order["context"])
        made = render(replace(context, **marks) if marks else context, most_pages=order["pages"])
    except TooManyPages as error:
        return _fault("pages", str(error))
    except MemoryError as error:
        return _fault("memory", str(error))
    except Exception as error:  # noqa: BLE001 - whatever a template does wrong is told, and the next paper is rendered
        return _fault("template", f"{type(error).__name__}: {error}")
    return {"sha256": made.sha256, "pages": made.pages}, made.pdf


def _fault(cause: Cause, detail: str) -> type_of_answer:
    return {"fault": cause, "detail": detail[:2000]}, b""


if __name__ == "__main__":
    serve(_done, ("weasyprint",))
