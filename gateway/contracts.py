"""The published descriptions of the API and the events, served as they lie in the folder ``contracts``."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson

from gateway.answers import JSON, Answer, json_answer
from gateway.refusals import NoSuchAddress
from gateway.request import Request

FOLDER: Final = Path(__file__).resolve().parent.parent / "contracts"


class Contracts:
    """Generated files, read once."""

    def openapi(self, request: Request) -> Answer:
        """Return the description of the HTTP API (OpenAPI 3.1)."""
        return _file("openapi.json", request)

    def asyncapi(self, request: Request) -> Answer:
        """Return the description of the events (AsyncAPI 3)."""
        return _file("asyncapi.json", request)

    def event_schema(self, request: Request) -> Answer:
        """Return the JSON Schema of one event's data; envelopes name it as their ``dataschema``."""
        schema = _schemas().get(request.ids[0])
        if schema is None:
            raise NoSuchAddress
        return json_answer(schema, headers=[("Cache-Control", "public, max-age=300")])


def _file(name: str, request: Request) -> Answer:
    content = _read(name)
    if content is None:
        raise NoSuchAddress
    body, etag = content
    headers = [("Content-Type", JSON), ("ETag", etag), ("Cache-Control", "public, max-age=60")]
    if request.header("IF_NONE_MATCH") == etag:
        return Answer(304, b"", headers[1:])
    return Answer(200, body, headers)


@cache
def _read(name: str) -> tuple[bytes, str] | None:
    path = FOLDER / name
    if not path.is_file():
        return None
    body = path.read_bytes()
    return body, f'"{hashlib.sha256(body).hexdigest()[:20]}"'


@cache
def _schemas() -> dict[str, Any]:
    content = _read("events.json")
    if content is None:
        return {}
    catalogue: dict[str, Any] = orjson.loads(content[0])
    return {type_: event["schema"] for type_, event in catalogue.items()}
