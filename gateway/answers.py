"""What goes back to the caller: a status, headers and bytes."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Final

import orjson

JSON: Final = "application/json"

STATUS_LINES: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Answer:
    """``body`` is bytes for everything but files, which stream."""

    __slots__ = ("body", "headers", "status")

    def __init__(
        self, status: int, body: bytes | Iterable[bytes] = b"", headers: list[tuple[str, str]] | None = None
    ) -> None:
        self.status = status
        self.body = body
        self.headers = headers if headers is not None else []


def json_answer(content: Any, status: int = 200, headers: list[tuple[str, str]] | None = None) -> Answer:
    """Return ``content`` as JSON."""
    return Answer(status, orjson.dumps(content), [("Content-Type", JSON), *(headers or ())])
