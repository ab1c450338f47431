"""The press: rendering in a process of its own, limited in pages, time and memory, so that no paper ends the worker.

The process is started at the first paper, stays warm, and is started anew after it was ended. It is told one paper at a
time through its pipe: a length of four bytes, then JSON. Run as a program, this module is that process.
"""

import atexit
import json
import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, Any, Literal

from documents.context import from_json
from documents.pdf import MOST_PAGES, Rendered, TooManyPages, render

Cause = Literal["pages", "time", "memory", "template"]

HOME = Path(__file__).resolve().parent.parent
LENGTH = struct.Struct(">I")
MEGABYTE = 1024 * 1024


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
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def print(self, context: str, **marks: str | bool | None) -> Rendered:
        """The paper of a context given as its JSON, with the look-up code, address, seal and mark; or `PressFault`."""
        order = json.dumps({"context": context, "marks": marks, "pages": self.limits.pages}).encode()
        with self._lock:
            try:
                return self._answer(self._send(order))
            except TimeoutError:
                self._end()
                raise PressFault("time", f"not done in {self.limits.seconds:g} seconds") from None
            except (EOFError, BrokenPipeError):
                self._end()
                raise PressFault("memory", f"the process ended, at most {self.limits.megabytes} MB") from None

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _send(self, order: bytes) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = _start(self.limits)
        assert self._process.stdin is not None
        self._process.stdin.write(LENGTH.pack(len(order)) + order)
        self._process.stdin.flush()
        return self._process

    def _answer(self, process: subprocess.Popen[bytes]) -> Rendered:
        assert process.stdout is not None
        end = time.monotonic() + self.limits.seconds
        said = json.loads(_read_frame(process.stdout, end))
        if "fault" in said:
            if said["fault"] == "memory":
                self._end()  # what is left of a process that ran out of memory is not to be trusted
            raise PressFault(said["fault"], said["detail"])
        return Rendered(pdf=_read_frame(process.stdout, end), sha256=said["sha256"], pages=said["pages"])

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


@cache
def press() -> Press:
    """The press of this process, ended with it."""
    made = Press()
    atexit.register(made.close)
    return made


def _start(limits: Limits) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, so that Ctrl-C reaches it through its pipe alone."""
    command = [sys.executable, "-m", "documents.press", str(limits.megabytes)]
    return subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def _read_frame(pipe: IO[bytes], end: float) -> bytes:
    (length,) = LENGTH.unpack(_read(pipe, LENGTH.size, end))
    return _read(pipe, length, end)


def _read(pipe: IO[bytes], length: int, end: float) -> bytes:
    """Exactly so many bytes before this moment; TimeoutError when they do not come, EOFError when nothing more can."""
    pieces: list[bytes] = []
    missing = length
    while missing:
        ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(pipe.fileno(), missing)
        if not piece:
            raise EOFError
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


# --- the process ---


def main() -> None:
    """Render what is told until the pipe is closed."""
    limit = int(sys.argv[1]) * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    import weasyprint  # noqa: F401 - loaded before the first paper: without room for it the process ends at once

    told, said = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not stand among the answers
    while head := told.read(LENGTH.size):
        order = json.loads(told.read(*LENGTH.unpack(head)))
        for frame in _done(order):
            said.write(LENGTH.pack(len(frame)) + frame)
        said.flush()


def _done(order: dict[str, Any]) -> tuple[bytes, ...]:
    """What the process answers to one order: what it made, or which fault it met."""
    try:
        marks = {name: text for name, text in order["marks"].items() if text}
        context = from_json(order["context"])
        made = render(replace(context, **marks) if marks else context, most_pages=order["pages"])
    except TooManyPages as error:
        return (_fault("pages", str(error)),)
    except MemoryError as error:
        return (_fault("memory", str(error)),)
    except Exception as error:  # noqa: BLE001 - whatever a template does wrong is told, and the next paper is rendered
        return (_fault("template", f"{type(error).__name__}: {error}"),)
    return json.dumps({"sha256": made.sha256, "pages": made.pages}).encode(), made.pdf


def _fault(cause: Cause, detail: str) -> bytes:
    return json.dumps({"fault": cause, "detail": detail[:2000]}).encode()


if __name__ == "__main__":
    main()
