"""Where files live: streamed in and out, named by their content, never inside a message or a row."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from chassis.clock import utc_now
from chassis.errors import Forbidden, Invalid, NotFound, TooLarge
from chassis.settings import Settings

CHUNK: Final = 256 * 1024
_KEY: Final = re.compile(r"[0-9a-f]{64}")


class BlobNotFound(NotFound):
    """This file does not exist any more."""

    slug = "file-not-found"
    es = "Este fichero ya no existe."


class BlobTooLarge(TooLarge):
    """The file is larger than {limit} bytes."""

    slug = "file-too-large"
    es = "El fichero ocupa más de {limit} bytes."


class RangeOutside(Invalid):
    """The part asked for lies outside the file, which has {size} bytes."""

    slug = "range-outside-file"
    es = "La parte pedida queda fuera del fichero, que tiene {size} bytes."


class DownloadRefused(Forbidden):
    """This download link is not valid."""

    slug = "download-link-invalid"
    es = "Este enlace de descarga no es válido."


class DownloadExpired(Forbidden):
    """This download link has expired; ask for a new one."""

    slug = "download-link-expired"
    es = "Este enlace de descarga ha caducado; pida uno nuevo."


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A stored file: ``key`` is the SHA-256 of its content in hexadecimal, ``size`` counts bytes."""

    key: str
    size: int


class Readable(Protocol):
    """An open binary file or a request's body."""

    def read(self, size: int, /) -> bytes: ...


Stream = Readable | Iterable[bytes]


class BlobStore(Protocol):
    """A place for files. Equal contents share one key, so delete only what no record refers to."""

    def put(self, stream: Stream, *, limit: int | None = None) -> BlobRef:
        """Store a stream; raise ``BlobTooLarge`` past ``limit`` bytes. Repeating it is harmless."""
        ...

    def open(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Return the chunks from byte ``start``; raise ``BlobNotFound`` or ``RangeOutside`` at once."""
        ...

    def size(self, key: str) -> int:
        """Return the bytes of a file. Raise ``BlobNotFound``."""
        ...

    def delete(self, key: str) -> None:
        """Forget a file; one that is not there is no error."""
        ...


def open_store(settings: Settings) -> BlobStore:
    """Return the store that TRATO_BLOBS names. Raise ``SettingsMissing`` when it is not set."""
    url = urlsplit(settings.blobs_url())
    if url.scheme == "file":
        from chassis.blobs_local import LocalStore

        return LocalStore(unquote(url.path))
    # boto3 costs 30 MB, so only installations that use it pay.
    from chassis.blobs_s3 import S3Store

    options = {name: values[-1] for name, values in parse_qs(url.query).items()}
    return S3Store(
        url.netloc,
        prefix=url.path.strip("/"),
        endpoint=options.get("endpoint"),
        region=options.get("region"),
        key=settings.s3_key,
        secret=settings.s3_secret,
    )


def checked_key(key: str) -> str:
    """Return ``key`` if it can be the name of a file here. Raise ``BlobNotFound`` otherwise."""
    if not _KEY.fullmatch(key):
        raise BlobNotFound
    return key


def chunks(stream: Stream, *, limit: int | None = None) -> Iterator[bytes]:
    """Return a stream's chunks, not empty; raise ``BlobTooLarge`` as soon as it passes ``limit``."""
    total = 0
    for chunk in _parts(stream):
        total += len(chunk)
        if limit is not None and total > limit:
            raise BlobTooLarge(limit=limit)
        if chunk:
            yield chunk


def span(size: int, start: int, length: int | None) -> tuple[int, int]:
    """Return first byte and number of bytes to send. Raise ``RangeOutside``."""
    if start < 0 or (length is not None and length < 0) or start > size:
        raise RangeOutside(size=size)
    rest = size - start
    return start, rest if length is None else min(length, rest)


@dataclass(frozen=True, slots=True)
class Download:
    """What a download link grants: one file, under a name, until an instant."""

    key: str
    filename: str
    media_type: str
    expires_at: datetime


def sign_download(key: str, filename: str, media_type: str, expires_at: datetime, *, secret: str) -> str:
    """Return a token with which the gateway streams one file without asking a service."""
    payload = _encode(orjson.dumps([checked_key(key), filename, media_type, int(expires_at.timestamp())]))
    return f"{payload}.{_encode(_signature(payload, secret))}"


def verify_download(token: str, *, secret: str) -> Download:
    """Return what a token grants. Raise ``DownloadRefused`` or ``DownloadExpired``."""
    payload, _, signature = token.partition(".")
    if not hmac.compare_digest(_encode(_signature(payload, secret)).encode(), signature.encode()):
        raise DownloadRefused
    key, filename, media_type, expires = orjson.loads(_decode(payload))
    expires_at = datetime.fromtimestamp(expires, UTC)
    if expires_at <= utc_now():
        raise DownloadExpired
    return Download(key, filename, media_type, expires_at)


def _parts(stream: Stream) -> Iterator[bytes]:
    if isinstance(stream, Iterable) and not hasattr(stream, "read"):
        yield from stream
        return
    assert hasattr(stream, "read")
    while chunk := stream.read(CHUNK):
        yield chunk


def _signature(payload: str, secret: str) -> bytes:
    return hmac.new(b"download:" + secret.encode(), payload.encode(), hashlib.sha256).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
