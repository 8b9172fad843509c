"""Where the broker is and under which name this program listens: given, or read from the environment."""

import os
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

URL = "TRATO_EVENTS_URL"
NAME = "TRATO_EVENTS_NAME"
_FITTING = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)*")


@dataclass(frozen=True)
class Account:
    """A subscriber at a broker. ``name`` names its queues: the user's name, or ``<user>.<word>`` for a further one."""

    url: str = field(repr=False)
    name: str

    @classmethod
    def of(cls, url: str | None = None, name: str | None = None) -> "Account":
        """Return the account from what is given, else from ``TRATO_EVENTS_URL`` and ``TRATO_EVENTS_NAME``.

        Raises ``ValueError`` with a sentence.
        """
        address = url or os.environ.get(URL, "")
        parts = urlsplit(address)
        if parts.scheme not in {"amqp", "amqps"} or not parts.hostname:
            raise ValueError(f"Name the broker: url=, or {URL} as amqp://user:password@host:5672/vhost.")
        user = unquote(parts.username or "")
        chosen = name or os.environ.get(NAME) or user
        if not _FITTING.fullmatch(chosen):
            raise ValueError(
                f"{chosen!r} cannot name a subscription: small letters, digits and -, words joined by dots."
            )
        return cls(address, chosen)
