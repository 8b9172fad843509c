"""Files in a folder: written aside, flushed to the disk, then moved into place in one step."""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from chassis.blobs import CHUNK, BlobNotFound, BlobRef, Stream, checked_key, chunks, span
from chassis.ids import new_id


class LocalStore:
    """A blob store in one folder, which several processes of one machine may share."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._incoming = self._folder / "incoming"

    def put(self, stream: Stream, *, limit: int | None = None) -> BlobRef:
        """Store a stream; raise ``BlobTooLarge`` past ``limit`` bytes. Repeating it is harmless."""
        self._incoming.mkdir(parents=True, exist_ok=True)
        aside = self._incoming / new_id().hex
        try:
            with aside.open("xb") as file:
                ref = _copy(stream, file, limit)
                file.flush()
                os.fsync(file.fileno())
            place = self._path(ref.key)
            place.parent.mkdir(parents=True, exist_ok=True)
            aside.replace(place)
            _sync_folder(place.parent)
        finally:
            aside.unlink(missing_ok=True)
        return ref

    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Return the chunks from byte ``start``; raise ``BlobNotFound`` or ``RangeOutside`` at once."""
        first, count = span(self.size(key), start, length)
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            raise BlobNotFound from None
        return _read(file, first, count)

    def size(self, key: str) -> int:
        """Return the bytes of a file. Raise ``BlobNotFound``."""
        try:
            return self._path(key).stat().st_size
        except FileNotFoundError:
            raise BlobNotFound from None

    def delete(self, key: str) -> None:
        """Forget a file; one that is not there is no error."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        # Two levels keep folders small: 65,536 of them for any number of files.
        checked_key(key)
        return self._folder / key[:2] / key[2:4] / key


def _copy(stream: Stream, file: BinaryIO, limit: int | None) -> BlobRef:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(stream, limit=limit):
        digest.update(chunk)
        file.write(chunk)
        size += len(chunk)
        # A disk does not yield as a socket does; under eventlet this lets other requests run.
        time.sleep(0)
    return BlobRef(digest.hexdigest(), size)


def _read(file: BinaryIO, first: int, count: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        while count > 0 and (chunk := file.read(min(CHUNK, count))):
            count -= len(chunk)
            yield chunk
            time.sleep(0)


def _sync_folder(folder: Path) -> None:
    # Without this a power cut may forget the name though the content is safe.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
