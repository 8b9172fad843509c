"""A broker administered by RabbitMQ's management API."""

import base64
import json
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from tools.broker_rights import EXCHANGE, Rights

_PATIENCE_SECONDS = 90


class Management:
    """RabbitMQ's management API, as far as it is needed here. Raises ``OSError`` where it does not do what is asked."""

    def __init__(self, address: str, user: str, password: str, vhost: str) -> None:
        self._address = address.rstrip("/")
        self._credentials = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
        self._vhost = quote(vhost, safe="")

    @classmethod
    def at(cls, url: str, vhost: str) -> "Management":
        """Return the API at ``http://user:password@host:15672``."""
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.hostname}:{parts.port or 15672}{parts.path}"
        return cls(host, unquote(parts.username or ""), unquote(parts.password or ""), vhost)

    def wait(self) -> None:
        """Return when the API answers, a little after the broker itself; raises ``OSError`` when it never does."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                self._send("GET", "whoami")
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(1)
            else:
                return

    def tags(self) -> dict[str, set[str]]:
        """Return every user with its tags."""
        # A text with commas in 3.8, a list since.
        return {
            user["name"]: set(user["tags"] if isinstance(user["tags"], list) else user["tags"].split(","))
            for user in self._send("GET", "users")
        }

    def make_user(self, name: str, password: str, tag: str, *, known: bool) -> None:  # noqa: ARG002 - one request does both
        """Create a user, or give it another password."""
        self._send("PUT", f"users/{name}", {"password": password, "tags": tag})

    def grant(self, name: str, rights: Rights) -> None:
        """Give a user these rights and no others."""
        granted = {"configure": rights.configure, "write": rights.write, "read": rights.read}
        self._send("PUT", f"permissions/{self._vhost}/{name}", granted)
        topic = {"exchange": EXCHANGE, "write": rights.publishes, "read": ".*"}
        self._send("PUT", f"topic-permissions/{self._vhost}/{name}", topic)

    def remove_user(self, name: str) -> None:
        """Remove a user; its connections are closed."""
        self._send("DELETE", f"users/{name}")

    def remove_belongings(self, name: str) -> None:
        """Remove the queues and exchanges whose names begin with the user's."""
        for kind in ("queues", "exchanges"):
            for found in self._send("GET", f"{kind}/{self._vhost}?columns=name"):
                if found["name"].startswith(f"{name}."):
                    self._send("DELETE", f"{kind}/{self._vhost}/{quote(found['name'], safe='')}")

    def _send(self, method: str, path: str, content: dict[str, str] | None = None) -> Any:
        headers = {"Authorization": f"Basic {self._credentials}", "Content-Type": "application/json"}
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"{self._address}/api/{path}", body, headers, method=method)  # noqa: S310 - our broker
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our broker
                received = answer.read()
                return json.loads(received) if answer.status == HTTPStatus.OK and received else None
        except urllib.error.HTTPError as refusal:
            reason = refusal.read().decode(errors="replace")
            raise OSError(f"{method} {path}: {refusal.code} {reason}") from refusal
