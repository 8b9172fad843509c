"""A client of the public HTTP surface that asks again under the same Idempotency-Key until it is answered."""

import http.client
import json
import random
import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

_SECONDS: Final = 20.0  # for one attempt
_LATER: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class Unanswered(AssertionError):
    """The system refused what the story expects, or did not answer in time."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers in lower case, and the body, read where it is JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass
class Api:
    """Asks the gateway at ``address`` (``http://host:port``) with ``token``; ``patience`` is in seconds, per request.

    ``made`` collects the ids of all records that were created; ``repeated`` counts what had to be asked again, and
    ``replayed`` what had been done already then.
    """

    address: str
    token: str = ""
    patience: float = 120.0
    language: str = "es"
    made: set[str] = field(default_factory=set)
    repeated: int = 0
    replayed: int = 0

    def get(self, path: str, **parameters: str) -> Any:
        """Return the body that a GET answers. Raises ``Unanswered``."""
        return self.ask("GET", f"{path}?{urlencode(parameters)}" if parameters else path).body

    def every(self, path: str, **parameters: str) -> list[dict[str, Any]]:
        """Return the items of all pages of a list. Raises ``Unanswered``."""
        items: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, limit="200", **parameters, **cursor)
            items += page["items"]
            if page["next_cursor"] is None:
                return items
            cursor = {"cursor": page["next_cursor"]}

    def create(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Create a record and return it. Raises ``Unanswered``."""
        made: dict[str, Any] = self.ask("POST", path, body, expect=HTTPStatus.CREATED).body
        if "id" in made:
            self.made.add(made["id"])
        return made

    def do(self, path: str, body: Mapping[str, Any] | None = None, expect: int = HTTPStatus.OK) -> Any:
        """Do what a sub-resource stands for and return what is answered. Raises ``Unanswered``."""
        return self.ask("POST", path, {} if body is None else body, expect=expect).body

    def change(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Patch a record as it is now and return it. Raises ``Unanswered``."""
        present = self.ask("GET", path)
        changed: dict[str, Any] = self.ask("PATCH", path, body, if_match=present.headers["etag"]).body
        return changed

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        expect: int | Collection[int] = HTTPStatus.OK,
        if_match: str | None = None,
    ) -> Answer:
        """Ask until the answer is final, always under one Idempotency-Key.

        Raises ``Unanswered`` where it is another than ``expect``.
        """
        wanted = {expect} if isinstance(expect, int) else expect
        headers = {} if method == "GET" else {"Idempotency-Key": str(uuid.uuid4())}
        if if_match is not None:
            headers["If-Match"] = if_match
        end = time.monotonic() + self.patience
        while True:
            last: object
            try:
                answer = last = self.once(method, path, body, headers)
            except (OSError, http.client.HTTPException) as error:
                last = error
            else:
                # 409 with Retry-After: the first attempt is still running.
                still_running = answer.status == HTTPStatus.CONFLICT and "retry-after" in answer.headers
                if answer.status in wanted and not still_running:
                    self.replayed += "idempotent-replayed" in answer.headers
                    return answer
                if answer.status not in _LATER and "retry-after" not in answer.headers:
                    raise Unanswered(f"{method} {path}: {answer.status} instead of {expect}: {answer.body}")
            if time.monotonic() > end:
                raise Unanswered(f"{method} {path} is not answered after {self.patience:.0f} s; last: {last}")
            self.repeated += 1
            time.sleep(0.05 + random.random() * 0.25)  # noqa: S311 - spreads callers, keeps no secret

    def once(self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]) -> Answer:
        """Send one request and return what is answered. Raises ``OSError`` and http.client's own."""
        sent = {"Accept": "application/json", "Accept-Language": self.language, **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        content = None
        if body is not None:
            content, sent["Content-Type"] = json.dumps(body), "application/json"
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=_SECONDS)
        try:
            connection.request(method, path, content, sent)
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        kind = response.headers.get("Content-Type", "")
        read = json.loads(raw) if "json" in kind and raw else raw
        return Answer(response.status, {name.lower(): value for name, value in response.headers.items()}, read)
