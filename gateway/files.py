"""GET /v1/files/{token}: streams one stored file to whoever holds a link that has not expired."""

import re
from functools import cached_property
from typing import Final
from urllib.parse import quote

from chassis import blobs
from chassis.blobs import BlobStore
from chassis.settings import Settings
from gateway.answers import Answer
from gateway.refusals import RangeNotSatisfiable
from gateway.request import Request

_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Files:
    """The link itself is the permission: a service signed it for one file and one hour or so."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @cached_property
    def _store(self) -> BlobStore:
        return blobs.open_store(self._settings)

    def download(self, request: Request) -> Answer:
        """Return the file or the part that ``Range`` asks for; it is read as fast as the caller takes it."""
        granted = blobs.verify_download(request.ids[0], secret=self._settings.secret_key)
        size = self._store.size(granted.key)
        etag = f'"{granted.key}"'
        headers = [
            ("Content-Type", granted.media_type),
            ("Content-Disposition", f"attachment; filename*=UTF-8''{quote(granted.filename, safe='')}"),
            ("Accept-Ranges", "bytes"),
            ("ETag", etag),
            ("Cache-Control", "private, max-age=0, must-revalidate"),
        ]
        if request.header("IF_NONE_MATCH") == etag:
            return Answer(304, b"", headers)
        asked = _range(request.header("RANGE"), size)
        if asked is None or request.header("IF_RANGE") not in {None, etag}:
            headers.append(("Content-Length", str(size)))
            return Answer(200, self._store.open(granted.key), headers)
        start, length = asked
        headers.append(("Content-Length", str(length)))
        headers.append(("Content-Range", f"bytes {start}-{start + length - 1}/{size}"))
        return Answer(206, self._store.open(granted.key, start, length), headers)


def _range(header: str | None, size: int) -> tuple[int, int] | None:
    """Return start and length of a single range; None for what we answer with the whole file."""
    match = _RANGE.fullmatch((header or "").strip())
    if match is None or match[1] == match[2] == "":
        return None
    if not match[1]:
        length = min(int(match[2]), size)
        start = size - length
    else:
        start = int(match[1])
        length = min(int(match[2] or size), size - 1) - start + 1
    if length <= 0 or start >= size:
        raise RangeNotSatisfiable(size=size)
    return start, length
