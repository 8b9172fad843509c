"""What a caller hears who does not speak HTTP well enough for the application to be asked."""

from http import HTTPStatus
from typing import Final

import orjson
from gunicorn.http import errors

from chassis.ids import new_id

_STATUS: Final[tuple[tuple[type[BaseException], HTTPStatus], ...]] = (
    (errors.LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (errors.LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (errors.UnsupportedTransferCoding, HTTPStatus.NOT_IMPLEMENTED),
    (errors.ExpectationFailed, HTTPStatus.EXPECTATION_FAILED),
    (errors.ParseException, HTTPStatus.BAD_REQUEST),
)


def answer_for(error: BaseException) -> bytes | None:
    """Return the whole answer for a protocol error; None where the error is our own."""
    for kind, status in _STATUS:
        if isinstance(error, kind) and not isinstance(error, errors.InvalidResponseHeader):
            return _answer(status, f"malformed-http: {status.phrase}", "malformed-http")
    return None


def internal() -> bytes:
    """Return the whole answer for a failure outside the application."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _answer(status, status.phrase, "internal-error")


def _answer(status: HTTPStatus, detail: str, code: str) -> bytes:
    request_id = new_id().hex
    document = {
        "type": f"/docs#problem-{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    body = orjson.dumps(document)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n"
        f"X-Request-ID: {request_id}\r\n\r\n"
    )
    return head.encode() + body
