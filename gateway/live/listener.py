"""One open connection: what its owner may hear, and how far it has been told."""

import fnmatch
import re
import socket
from time import monotonic
from typing import Final

from chassis.context import Actor
from gateway.live.ring import LiveEvent, Ring

CHUNK: Final = 65_536
RESET: Final = b"event: reset\ndata: {}\n\n"


class Wanted:
    """The filter ``types=``: names of event types, ``*`` matching any part, separated by commas."""

    __slots__ = ("_pattern",)

    def __init__(self, types: str) -> None:
        names = [_full(name.strip()) for name in types.split(",") if name.strip()]
        self._pattern = re.compile("|".join(map(fnmatch.translate, names))) if names else None

    def matches(self, event: LiveEvent) -> bool:
        return self._pattern is None or self._pattern.match(event.type) is not None


class Listener:
    """Holds no copy of any event: it is filled from the ring as fast as its owner reads."""

    __slots__ = ("_actor", "_last_id", "_pending", "_wanted", "cursor", "ends_at", "sock")

    def __init__(self, actor: Actor, wanted: Wanted, last_event_id: str | None, *, seconds: float) -> None:
        self._actor = actor
        self._wanted = wanted
        self._last_id = last_event_id
        self._pending = b""
        self.cursor = 0
        self.ends_at = monotonic() + seconds
        self.sock: socket.socket | None = None

    def start(self, sock: socket.socket, ring: Ring, head: bytes = b"") -> None:
        """Begin after the event that the owner saw last, or now; say ``reset`` where events are missing.

        ``head`` goes before all else: whoever has read it is told of whatever is published then.
        """
        self.sock = sock
        after = ring.after(self._last_id) if self._last_id else None
        self.cursor = ring.next if after is None else after
        self._pending = head + RESET if self._last_id and after is None else head

    def is_about(self, *, user: str | None, key: str | None, session: str | None) -> bool:
        """Whether this listener stands on that user, API key or session; all None means everybody."""
        actor = self._actor
        if user is None and key is None and session is None:
            return True
        return (
            (user is not None and str(actor.user_id) == user)
            or (key is not None and str(actor.key_id) == key)
            or (session is not None and str(actor.session_id) == session)
        )

    def is_overtaken(self, ring: Ring) -> bool:
        """Whether events that it was not told yet have fallen out of the ring."""
        return self.cursor < ring.first

    def pump(self, ring: Ring) -> bool:
        """Send what the socket takes without waiting; True where something is left. Raises ``OSError`` when gone."""
        assert self.sock is not None
        while True:
            if not self._pending:
                self._fill(ring)
            if not self._pending:
                return False
            try:
                sent = self.sock.send(self._pending)
            except BlockingIOError:
                return True
            self._pending = self._pending[sent:]

    def beat(self) -> None:
        """Queue a comment, so that proxies keep the connection and a dead peer is noticed."""
        if not self._pending:
            self._pending = b":\n\n"

    def hears(self, event: LiveEvent) -> bool:
        """Whether the owner asked for this event and may see the record that it is about."""
        if not self._wanted.matches(event):
            return False
        actor = self._actor
        scope = actor.scope(f"{event.resource}:read")
        if scope == "all":
            return True
        if scope is None:
            return False
        if event.owner is not None and event.owner == actor.user_id:
            return True
        return scope == "team" and event.group is not None and event.group in actor.teams

    def _fill(self, ring: Ring) -> None:
        frames: list[bytes] = []
        size = 0
        while self.cursor < ring.next and size < CHUNK:
            event = ring.at(self.cursor)
            self.cursor += 1
            if self.hears(event):
                frames.append(event.frame)
                size += len(event.frame)
        self._pending = b"".join(frames)


def _full(name: str) -> str:
    return name if name.startswith(("crm.", "*")) else f"crm.{name}"
