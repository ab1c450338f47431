"""Work in a process of its own, limited in time and memory, so that nothing it reads or makes ends whoever asks.

The process is started at the first order, stays warm, and is started anew after it was ended. Through its pipe it is
told one order at a time as a frame (a length of four bytes, then so many bytes) and answers in two: JSON, and its work.
"""

import gc
import json
import os
import resource
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import IO, Any

HOME = Path(__file__).resolve().parent.parent
LENGTH = struct.Struct(">I")
MEGABYTE = 1024 * 1024
SEARCH_SELDOM = (10_000, 10, 10)  # a paper leaves little garbage, and looking for it takes a tenth of its time

type_of_answer = tuple[dict[str, Any], bytes]


class Apart:
    """A process that runs a module and does one order at a time, whoever asks."""

    def __init__(self, module: str, megabytes: int) -> None:
        self.module, self.megabytes = module, megabytes
        self.process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(self, order: bytes, seconds: float) -> type_of_answer:
        """What the process answers; TimeoutError when it takes longer, EOFError when it ended, and it is gone then."""
        with self._lock:
            try:
                return self._answer(self.send(order), time.monotonic() + seconds)
            except TimeoutError:
                self._end()
                raise
            except (EOFError, BrokenPipeError) as error:
                self._end()
                raise EOFError from error

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def send(self, order: bytes) -> subprocess.Popen[bytes]:
        """Give an order to the process that runs, or to a new one."""
        if self.process is None or self.process.poll() is not None:
            self._end()
            self.process = _start(self.module, self.megabytes)
        assert self.process.stdin is not None
        self.process.stdin.write(LENGTH.pack(len(order)) + order)
        self.process.stdin.flush()
        return self.process

    def _answer(self, process: subprocess.Popen[bytes], end: float) -> type_of_answer:
        assert process.stdout is not None
        said = json.loads(_read_frame(process.stdout, end))
        return said, _read_frame(process.stdout, end)

    def _end(self) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


def _start(module: str, megabytes: int) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, so that Ctrl-C reaches it through its pipe alone."""
    command = [sys.executable, "-m", module, str(megabytes)]
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


def serve(answer: Callable[[bytes], type_of_answer], needed: Iterable[str]) -> None:
    """In the process: answer what is told until the pipe is closed.

    What is needed is loaded before the first order: without room for it the process ends at once.
    """
    limit = int(sys.argv[1]) * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    gc.disable()
    for module in needed:
        import_module(module)
    gc.freeze()
    gc.set_threshold(*SEARCH_SELDOM)
    gc.enable()
    told, said = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints must not stand among the answers
    while head := told.read(LENGTH.size):
        words, made = answer(told.read(*LENGTH.unpack(head)))
        for frame in (json.dumps(words).encode(), made):
            said.write(LENGTH.pack(len(frame)) + frame)
        said.flush()
