"""Files by the SHA-256 of their content, behind one interface: a folder by default, S3 in production."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO

from obstore import open_reader
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url

PIECE = 1 << 20


def open_storage(place: Path | str) -> ObjectStore:
    """The storage at a folder, or at an address such as s3://bucket/prefix."""
    if isinstance(place, str) and "://" in place:
        return from_url(place)
    return LocalStore(str(place), mkdir=True)


def name_of(content: bytes) -> str:
    """The name under which some bytes are kept."""
    return sha256(content).hexdigest()


def put(storage: ObjectStore, content: bytes) -> str:
    """Keep some bytes once and give their name, the SHA-256; a file of that name that was damaged is mended by them."""
    name = name_of(content)
    try:
        storage.put(_path(name), content, mode="create")
    except AlreadyExistsError:
        if name_of(bytes(storage.get(_path(name)).bytes())) != name:
            storage.put(_path(name), content)
    return name


def get(storage: ObjectStore, name: str) -> bytes:
    """The bytes of a name; FileNotFoundError when they are not there, ValueError when they are no longer the same."""
    content = bytes(storage.get(_path(name)).bytes())
    if sha256(content).hexdigest() != name:
        raise ValueError(f"the file {name} has been changed in the storage")
    return content


def is_kept(storage: ObjectStore, name: str, size: int) -> bool:
    """Whether a file of that name and size is there; one that was cut off is not."""
    try:
        return storage.head(_path(name))["size"] == size
    except FileNotFoundError:
        return False


def stream(storage: ObjectStore, name: str) -> Iterator[bytes]:
    """The bytes of a name in pieces, for whoever checks them; FileNotFoundError when they are not there."""
    yield from (bytes(piece) for piece in storage.get(_path(name)).stream(min_chunk_size=PIECE))


def put_made(storage: ObjectStore, path: str, source: Path) -> None:
    """Keep a file that was made and can be made again, at a path of its own."""
    storage.put(path, source)


def read_made(storage: ObjectStore, path: str) -> BinaryIO:
    """Such a file, to be read from any place in it; FileNotFoundError when it is not there."""
    return BufferedReader(_Made(open_reader(storage, path)), PIECE)


class _Made(RawIOBase):
    """A file of the storage as any other file: what is read of it are bytes of Python's own."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._reader.seek(offset, whence))

    def tell(self) -> int:
        return int(self._reader.tell())

    def readinto(self, buffer: Any) -> int:
        space = memoryview(buffer)
        piece = bytes(self._reader.read(len(space)))
        space[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._reader.close()
        super().close()


def remove_made(storage: ObjectStore, paths: Iterable[str]) -> None:
    """Remove such files; one that is gone already stays gone."""
    for path in paths:
        with suppress(FileNotFoundError):
            storage.delete(path)


def _path(name: str) -> str:
    return f"{name[:2]}/{name}"
