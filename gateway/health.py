"""Whether this gateway lives, whether it can answer, and who else is there."""

import threading
from time import monotonic
from typing import Any, Final

from chassis.bus.feed import Feed
from chassis.client import Client, PendingCall
from chassis.errors import DomainError, Refusal
from gateway.routes import ROUTES

SERVICES: Final = tuple(sorted({route.rpc.partition(".")[0] for route in ROUTES} - {"gateway"}))
_PING_SECONDS: Final = 0.5
_REMEMBERED_SECONDS: Final = 2.0


class Health:
    """Ready means that the broker is connected; which services answer is told as information.

    A gateway that gives up its place because a service is away would take all other services with it, and no other
    gateway would reach that one either.
    """

    def __init__(self) -> None:
        self._client: Client | None = None
        self._feed: Feed | None = None
        self._lock = threading.Lock()
        self._away: list[str] = []
        self._looked_at = -_REMEMBERED_SECONDS

    def watch(self, client: Client, feed: Feed) -> None:
        """Look at these connections from now on."""
        self._client, self._feed = client, feed

    def report(self) -> tuple[bool, dict[str, Any]]:
        """Return whether this gateway is ready, and what is known."""
        client, feed = self._client, self._feed
        connected = client is not None and client.is_connected
        away = self._services_away(client) if client is not None and connected else list(SERVICES)
        return connected, {
            "status": "ready" if connected else "not ready",
            "broker": connected,
            "event_feed": feed is not None and feed.connected.is_set(),
            "services_answering": [name for name in SERVICES if name not in away],
            "services_not_answering": away,
        }

    def _services_away(self, client: Client) -> list[str]:
        # Probes come often and from several sides; they must not become load of their own.
        with self._lock:
            if monotonic() - self._looked_at >= _REMEMBERED_SECONDS:
                pings = [(name, _ping(client, name)) for name in SERVICES]
                self._away = [name for name, ping in pings if not _is_answered(ping)]
                self._looked_at = monotonic()
            return list(self._away)


def _ping(client: Client, service: str) -> PendingCall | None:
    # No service has this operation; that it says so shows that it is there.
    try:
        return client.submit(f"{service}.ping", timeout=_PING_SECONDS)
    except DomainError:
        return None


def _is_answered(ping: PendingCall | None) -> bool:
    try:
        if ping is None:
            return False
        ping.result()
    except Refusal:
        return True
    except DomainError:
        return False
    return True
